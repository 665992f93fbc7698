/** What hangs under a user identity, in Seam's terms. */
export type DependentKind = "clientSession" | "acsCredential" | "acsUser" | "enrollmentAutomation" | "phone";

/** What the kinds are called in messages. */
export const kindNames: Readonly<Record<DependentKind, string>> = {
  clientSession: "client session",
  acsCredential: "credential",
  acsUser: "ACS user",
  enrollmentAutomation: "enrollment automation",
  phone: "phone",
};

/** Every kind of object that a teardown takes away. */
export type TeardownKind = DependentKind | "userIdentity";

/** What must be confirmed gone before something may be taken away. */
export interface Precondition {
  kind: DependentKind;
  /** `all` under the identity, or only those of the `same` ACS user. */
  of: "identity" | "sameAcsUser";
}

/** What the program wants to become of the ACS users that are linked to the identity. */
export type AcsUsersPolicy = "delete" | "unlink";

/** Preconditions by kind. A kind that is missing is left alone. */
export type TeardownGraph = Readonly<Partial<Record<TeardownKind, readonly Precondition[]>>>;

const whole = (kind: DependentKind): Precondition => ({ kind, of: "identity" });

/**
 * What must go before what. Whatever is not named here goes side by side.
 *
 * Client sessions go first, so that the app is signed out before anything that it could ask for again is taken away.
 */
export const teardownGraph: Readonly<Record<AcsUsersPolicy, TeardownGraph>> = {
  delete: {
    clientSession: [],
    acsCredential: [whole("clientSession")],
    acsUser: [whole("clientSession"), { kind: "acsCredential", of: "sameAcsUser" }],
    enrollmentAutomation: [whole("clientSession")],
    phone: [whole("clientSession")],
    userIdentity: [whole("clientSession"), whole("acsUser"), whole("enrollmentAutomation"), whole("phone")],
  },
  // An unlinked ACS user keeps its credentials; an automation could link it again, so automations go first.
  unlink: {
    clientSession: [],
    acsUser: [whole("clientSession"), whole("enrollmentAutomation")],
    enrollmentAutomation: [whole("clientSession")],
    phone: [whole("clientSession")],
    userIdentity: [whole("clientSession"), whole("acsUser"), whole("enrollmentAutomation"), whole("phone")],
  },
};

/** What is gone as soon as Seam says so; the deletion of everything else takes its time. */
export const vanishesAtOnce: Readonly<Record<AcsUsersPolicy, readonly DependentKind[]>> = {
  delete: ["clientSession"],
  unlink: ["clientSession", "acsUser"],
};
