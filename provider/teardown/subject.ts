import type { SeamRejectedError } from "../seam/errors";
import type { Dependent } from "./dependent";
import type { DirectKind } from "./inventory";

/** The subject of a teardown: a user identity, or a single ACS user or access grant. Each method may throw a SeamError. */
export interface Subject {
  /** Its name in messages, as in "user identity …". */
  readonly name: string;
  readonly id: string;
  /** The kinds of direct dependents that are listed and then deleted or unlinked. `observe` may remove some of them. */
  readonly kinds: readonly DirectKind[];
  /**
   * Whether it exists, in the right workspace. Checked before anything that was listed is changed.
   *
   * @throws MergedUserIdentityError, WrongWorkspaceError
   */
  observe(): Promise<boolean>;
  /** Lists its dependents of one kind, shown to be its own. */
  list(kind: DirectKind): Promise<Dependent[]>;
  /** Whether an ACS user that was listed is still its own. */
  stillHas(acsUserId: string): Promise<boolean>;
  /** Unlinks an ACS user; false where there was nothing to unlink. */
  unlink(acsUserId: string): Promise<boolean>;
  /**
   * Deletes the subject itself, once no dependents are left.
   *
   * @param justObserved Whether it was observed a moment ago; otherwise it is observed first.
   */
  finish(justObserved: boolean): Promise<Finish>;
}

/** The outcome of the last step of a teardown. */
export type Finish =
  | { done: true }
  /** Seam refuses the deletion, because the subject still has dependents. */
  | { done: false; refusal: SeamRejectedError }
  /** The subject shows no sign of the request, which has to be repeated once its dependents are listed again. */
  | { done: false; lost: true }
  /** The subject is gone and these dependents are not. */
  | { done: false; left: readonly Dependent[] };
