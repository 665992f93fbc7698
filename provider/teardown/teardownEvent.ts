import type { Dependent } from "./dependent";

/** What a teardown reports while it runs. `after` is the time since its start in milliseconds. */
export type TeardownEvent =
  /** More dependents of the identity were found. */
  | { type: "found"; dependents: readonly Dependent[]; after: number }
  | { type: "deleting"; dependent: Dependent; after: number }
  /** Seam confirmed that these no longer exist. `goneAfter`: when it first showed that of each, by id; see `after` for the others. */
  | { type: "gone"; dependents: readonly Dependent[]; after: number; goneAfter: ReadonlyMap<string, number> }
  /**
   * Nothing that will be deleted opens a door anymore: every ACS user is suspended or has no credentials left, and Seam
   * accepted the deletion of every access grant. Reported once.
   */
  | { type: "doorsClosed"; after: number }
  /** The identity itself no longer exists. This is the last event. */
  | { type: "identityGone"; after: number };
