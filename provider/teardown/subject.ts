import type { SeamRejectedError } from "../seam/errors";
import type { Dependent } from "./dependent";
import type { DirectKind } from "./inventory";

/** What is torn down: a user identity, or an ACS user by itself. Each method may throw a SeamError. */
export interface Subject {
  /** For messages, as in "user identity …". */
  readonly name: string;
  readonly id: string;
  /** The kinds that are listed directly under it and are to be deleted or unlinked. May become fewer once it is observed. */
  readonly kinds: readonly DirectKind[];
  /**
   * Whether it is there, and in the right workspace. Checked before anything that was listed is changed.
   *
   * @throws MergedUserIdentityError, WrongWorkspaceError
   */
  observe(): Promise<boolean>;
  /** What of one kind hangs under it, shown to be its own. */
  list(kind: DirectKind): Promise<Dependent[]>;
  /** Whether an ACS user that was listed is still its own, as of now. */
  stillHas(acsUserId: string): Promise<boolean>;
  /** Unlinks an ACS user; false where there was nothing to unlink. */
  unlink(acsUserId: string): Promise<boolean>;
  /**
   * Deletes the subject itself, when nothing is left under it.
   *
   * @param justObserved Whether it was observed a moment ago; otherwise it is observed first.
   */
  finish(justObserved: boolean): Promise<Finish>;
}

/** How the end of a teardown turned out. */
export type Finish =
  | { done: true }
  /** Seam refuses, because something hangs under the subject. */
  | { done: false; refusal: SeamRejectedError }
  /** The subject is gone and these are not. */
  | { done: false; left: readonly Dependent[] };
