/** How the simulated workspace behaves. All times in milliseconds. */
export interface Behavior {
  /** How long each call takes before it is handled. */
  latencyMs: number;
  /** Up to this much is added to the latency at random. */
  latencyJitterMs: number;
  /** How long the deletion of an ACS user, credential, automation or phone takes, at least and at most. */
  deletionTimeMs: [number, number];
  /** How long an identity lives on after its deletion was accepted. */
  identityDeletionTimeMs: number;
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
  /** Whether the workspace still knows enrollment automations at all. */
  enrollmentAutomations: boolean;
  /** None, or a token bucket over all calls with one key. */
  rateLimit: null | { requestsPerSecond: number; burst: number; retryAfter: boolean };
  /** Seam does not document the error for a key, e-mail address or phone number that is taken. */
  conflictError: { status: number; type: string };
  /** How long a new object stays invisible to get and list. */
  listLagMs: number;
}

export const defaultBehavior: Behavior = {
  latencyMs: 0,
  latencyJitterMs: 0,
  deletionTimeMs: [0, 0],
  identityDeletionTimeMs: 0,
  eventDelayMs: 0,
  events: { dropRate: 0, duplicateRate: 0, reorder: false, premature: false },
  identityDelete: "refuse",
  acsUserDelete: "refuse",
  enrollmentAutomations: true,
  rateLimit: null,
  conflictError: { status: 409, type: "conflict" },
  listLagMs: 0,
};
