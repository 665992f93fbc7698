/** The kinds of dependents of a user identity, in Seam's terms. */
export type DependentKind =
  "clientSession" | "accessGrant" | "acsCredential" | "acsUser" | "enrollmentAutomation" | "phone";

/** The names of the kinds in messages. */
export const kindNames: Readonly<Record<ListedKind, string>> = {
  clientSession: "client session",
  accessGrant: "access grant",
  acsCredential: "credential",
  acsUser: "ACS user",
  enrollmentAutomation: "enrollment automation",
  phone: "phone",
  accessMethod: "access method",
};

/** The kinds that a teardown lists: dependents, and the access methods that a deleted grant left behind. */
export type ListedKind = DependentKind | "accessMethod";

/** The owners of the kinds, by their names in messages. */
export const ownerNames: Readonly<Record<ListedKind, string>> = {
  clientSession: "user identity",
  accessGrant: "user identity",
  acsCredential: "ACS user",
  acsUser: "user identity",
  enrollmentAutomation: "user identity",
  phone: "user identity",
  accessMethod: "access grant",
};

/** What happens to the ACS users that are linked to the identity. */
export type AcsUsersPolicy = "delete" | "unlink";

/** What happens to the identity's access grants. */
export type AccessGrantsPolicy = "delete" | "retain";

/**
 * The steps of a teardown, those that close doors first. Most delete the kind that they are named after. `suspension` suspends
 * an ACS user that will be deleted, `acsUserLink` unlinks one that is kept, and `accessMethod` deletes what a deleted grant
 * left behind.
 */
export const teardownSteps = [
  "suspension",
  "accessGrant",
  "acsCredential",
  "acsUser",
  "clientSession",
  "enrollmentAutomation",
  "phone",
  "acsUserLink",
  "accessMethod",
  "userIdentity",
] as const;
export type TeardownStep = (typeof teardownSteps)[number];

/** A condition that must hold before a step runs. */
export interface Precondition {
  step: TeardownStep;
  /** Whether it applies to everything of that step under the identity, or only to what belongs to the same ACS user. */
  of: "identity" | "sameAcsUser";
  /** Whether Seam must have accepted the deletion, or the objects must be confirmed gone. */
  until: "accepted" | "gone";
  /** Whether a failure of that step is ignored where waiting would leave a door open. */
  yieldsToDoors?: true;
}

/** The preconditions of each step. A step without preconditions runs at once. */
export type TeardownGraph = Readonly<Record<TeardownStep, readonly Precondition[]>>;

const accepted = (step: TeardownStep): Precondition => ({ step, of: "identity", until: "accepted" });
const gone = (step: TeardownStep): Precondition => ({ step, of: "identity", until: "gone" });

/**
 * The order of the steps; whatever is not ordered here runs in parallel. Steps that close doors are first and wait only for
 * each other.
 *
 * A grant that still exists may issue a deleted credential again, so credentials wait for the grants. The app is signed out
 * before automations and phones are deleted, because it could enroll again. An automation could link an unlinked ACS user
 * again.
 */
export const teardownGraph: TeardownGraph = {
  suspension: [],
  accessGrant: [],
  acsCredential: [{ ...accepted("accessGrant"), yieldsToDoors: true }],
  acsUser: [{ ...gone("acsCredential"), of: "sameAcsUser" }],
  clientSession: [],
  enrollmentAutomation: [gone("clientSession")],
  phone: [gone("clientSession")],
  acsUserLink: [gone("clientSession"), gone("enrollmentAutomation")],
  accessMethod: [gone("accessGrant")],
  userIdentity: [
    gone("clientSession"),
    gone("accessGrant"),
    accepted("accessMethod"),
    gone("acsUser"),
    gone("acsUserLink"),
    gone("enrollmentAutomation"),
    gone("phone"),
  ],
};

/** The steps whose objects are gone as soon as Seam accepts the request. All others finish later. */
export const goneOnceAccepted: ReadonlySet<TeardownStep> = new Set(["clientSession", "acsUserLink"]);
