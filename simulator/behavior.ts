/** How the simulated workspace behaves. All times in milliseconds. */
export interface Behavior {
  /** How long each call takes before it is handled. */
  latencyMs: number;
  /** Up to this much is added to the latency at random. */
  latencyJitterMs: number;
  /** How long the deletion of an ACS user, credential, automation, phone or access grant takes, at least and at most. */
  deletionTimeMs: [number, number];
  /** How long an identity stays, with the warning `being_deleted`, after its deletion was accepted. */
  identityDeletionTimeMs: number;
  /** Whether the deletion of an identity that is being deleted is accepted again, or refused with 409. */
  repeatedIdentityDelete: "accept" | "refuse";
  /** How long after a deletion is done its event appears. */
  eventDelayMs: number;
  /**
   * Shares (0 to 1) of events that never appear or appear twice, whether listings mix their order, and whether a deletion
   * is told of when it begins instead of when it is done.
   */
  events: { dropRate: number; duplicateRate: number; reorder: boolean; premature: boolean };
  /** What becomes of an identity with something under it: older workspaces refuse, newer ones cascade. */
  identityDelete: "refuse" | "cascade";
  /** Whether an ACS user with credentials is refused its deletion, or takes them along. */
  acsUserDelete: "refuse" | "cascade";
  /**
   * What becomes of an identity's access grants when the identity is deleted: its deletion is refused while there are any,
   * they are deleted with it, or they stay, and what they issued goes on opening doors.
   */
  grantsOnIdentityDelete: "refuse" | "cascade" | "survive";
  /** Whether a grant issues another credential soon after one that it had issued is gone. */
  reissueCredentials: boolean;
  /**
   * How long after the deletion of a grant was accepted its access methods still open doors. The grant stays listed for at
   * least as long.
   */
  grantRevocationTimeMs: number;
  /** How long after `remove_acs_user` was accepted the unlink takes effect, at least and at most. */
  unlinkTimeMs: [number, number];
  /** Whether `remove_acs_user` answers before the unlink takes effect, or when it has. */
  unlinkAnswers: "at-once" | "when-done";
  /** Whether the workspace still has enrollment automations at all. */
  enrollmentAutomations: boolean;
  /** Whether the workspace has access grants and access methods at all. */
  accessGrants: boolean;
  /** The ids of access control systems that refuse to suspend. */
  systemsWithoutSuspension: string[];
  /** Filters that listings ignore, as a proxy would drop them: `"/acs/users/list user_identity_id"`. */
  ignoredFilters: string[];
  /** None, or a token bucket over all calls with one key. */
  rateLimit: null | { requestsPerSecond: number; burst: number; retryAfter: boolean };
  /**
   * The error for a key, e-mail address or phone number that is taken. Without a type, it is the published
   * `user_identity_email_or_phone_conflict` for the latter two. Seam publishes neither the status nor a type for keys.
   */
  conflictError: { status: number; type?: string };
  /** How long a new object stays invisible to get and list. */
  listLagMs: number;
}

export const defaultBehavior: Behavior = {
  latencyMs: 0,
  latencyJitterMs: 0,
  deletionTimeMs: [0, 0],
  identityDeletionTimeMs: 0,
  repeatedIdentityDelete: "accept",
  eventDelayMs: 0,
  events: { dropRate: 0, duplicateRate: 0, reorder: false, premature: false },
  identityDelete: "refuse",
  acsUserDelete: "refuse",
  grantsOnIdentityDelete: "refuse",
  reissueCredentials: false,
  grantRevocationTimeMs: 0,
  unlinkTimeMs: [0, 0],
  unlinkAnswers: "at-once",
  enrollmentAutomations: true,
  accessGrants: true,
  systemsWithoutSuspension: [],
  ignoredFilters: [],
  rateLimit: null,
  conflictError: { status: 409 },
  listLagMs: 0,
};
