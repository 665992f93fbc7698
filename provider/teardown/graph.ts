/** What hangs under a user identity, in Seam's terms. */
export type DependentKind =
  "clientSession" | "accessGrant" | "acsCredential" | "acsUser" | "enrollmentAutomation" | "phone";

/** What the kinds are called in messages. */
export const kindNames: Readonly<Record<ListedKind, string>> = {
  clientSession: "client session",
  accessGrant: "access grant",
  acsCredential: "credential",
  acsUser: "ACS user",
  enrollmentAutomation: "enrollment automation",
  phone: "phone",
  accessMethod: "access method",
};

/** What a teardown lists: besides dependents, what a deleted grant left behind. */
export type ListedKind = DependentKind | "accessMethod";

/** Whose they are, as messages call it. */
export const ownerNames: Readonly<Record<ListedKind, string>> = {
  clientSession: "user identity",
  accessGrant: "user identity",
  acsCredential: "ACS user",
  acsUser: "user identity",
  enrollmentAutomation: "user identity",
  phone: "user identity",
  accessMethod: "access grant",
};

/** What becomes of the ACS users that are linked to the identity. */
export type AcsUsersPolicy = "delete" | "unlink";

/** What becomes of the identity's access grants. */
export type AccessGrantsPolicy = "delete" | "retain";

/**
 * The kinds of change that a teardown makes, those that close doors first. Most delete what they are named after; besides,
 * `suspension` suspends an ACS user that will be deleted, `acsUserLink` unlinks one that is kept, and `accessMethod`
 * deletes what a deleted grant left behind.
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

/** What must have happened before a step is taken. */
export interface Precondition {
  step: TeardownStep;
  /** Everything of that step under the identity, or only what belongs to the same ACS user. */
  of: "identity" | "sameAcsUser";
  /** Whether Seam must have accepted it, or it must be confirmed gone. */
  until: "accepted" | "gone";
  /** Whether a failure of it may be passed over rather than leave a door open. */
  yieldsToDoors?: true;
}

/** The preconditions of each step. A step with none is taken at once. */
export type TeardownGraph = Readonly<Record<TeardownStep, readonly Precondition[]>>;

const accepted = (step: TeardownStep): Precondition => ({ step, of: "identity", until: "accepted" });
const gone = (step: TeardownStep): Precondition => ({ step, of: "identity", until: "gone" });

/**
 * What must happen before what; whatever is not named here happens in parallel. Steps that close doors are first and wait
 * for nothing but each other.
 *
 * A living grant may issue a deleted credential again, so credentials wait for the grants. The app is signed out before
 * automations and phones are deleted, because it could enroll again; an automation could link an unlinked ACS user again.
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

/** What is gone as soon as Seam accepts it; everything else takes its time. */
export const goneOnceAccepted: ReadonlySet<TeardownStep> = new Set(["clientSession", "acsUserLink"]);
