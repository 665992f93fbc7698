/** How the simulated workspace behaves. All times are in milliseconds. */
export interface Behavior {
  /** How long each call takes before it is handled. */
  latencyMs: number;
  /** The maximum random time that is added to the latency. */
  latencyJitterMs: number;
  /** The minimum and maximum time that the deletion of an ACS user, credential, automation, phone or access grant takes. */
  deletionTimeMs: [number, number];
  /** How long an identity remains, with the warning `being_deleted`, after its deletion was accepted. */
  identityDeletionTimeMs: number;
  /** Whether the deletion of an identity that is being deleted is accepted again, or refused with 409. */
  repeatedIdentityDelete: "accept" | "refuse";
  /** The delay between the end of a deletion and its event. */
  eventDelayMs: number;
  /**
   * The fractions (0 to 1) of events that are dropped or duplicated, whether listings reorder events, and whether the event of a
   * deletion is emitted when it starts instead of when it is done.
   */
  events: { dropRate: number; duplicateRate: number; reorder: boolean; premature: boolean };
  /** What happens when an identity with dependents is deleted: older workspaces refuse, newer ones cascade. */
  identityDelete: "refuse" | "cascade";
  /** Whether the deletion of an ACS user with credentials is refused, or deletes them too. */
  acsUserDelete: "refuse" | "cascade";
  /**
   * What happens to an identity's access grants when the identity is deleted: its deletion is refused while there are any,
   * they are deleted with it, or they remain, and their access methods continue to open doors.
   */
  grantsOnIdentityDelete: "refuse" | "cascade" | "survive";
  /** Whether a grant issues a new credential soon after one of its credentials is gone. */
  reissueCredentials: boolean;
  /**
   * How long the access methods of a grant still open doors after its deletion was accepted. The grant remains listed for at
   * least as long.
   */
  grantRevocationTimeMs: number;
  /** The minimum and maximum time between the call of `remove_acs_user` and the unlink. */
  unlinkTimeMs: [number, number];
  /** Whether `remove_acs_user` returns at once, or after the unlink took effect. */
  unlinkAnswers: "at-once" | "when-done";
  /** Whether the workspace supports enrollment automations. */
  enrollmentAutomations: boolean;
  /** Whether the workspace supports access grants and access methods. */
  accessGrants: boolean;
  /** The ids of access control systems that cannot suspend ACS users. */
  systemsWithoutSuspension: string[];
  /** Filters that listings ignore, as if a proxy dropped them: `"/acs/users/list user_identity_id"`. */
  ignoredFilters: string[];
  /** A token bucket for all calls; null for no limit. */
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
