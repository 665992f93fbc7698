import type { Dependent } from "./dependent";

/** What a teardown reports while it runs. `after` is milliseconds since its beginning. */
export type TeardownEvent =
  /** More of what hangs under the identity. */
  | { type: "found"; dependents: readonly Dependent[]; after: number }
  | { type: "deleting"; dependent: Dependent; after: number }
  /** Seam confirmed that these are no longer there. */
  | { type: "gone"; dependents: readonly Dependent[]; after: number }
  /**
   * Nothing that is to be deleted opens a door any more: every ACS user is suspended or has no credentials left, and Seam
   * accepted the deletion of every access grant. Reported once.
   */
  | { type: "doorsClosed"; after: number }
  /** The identity itself is no longer there: the end. */
  | { type: "identityGone"; after: number };
