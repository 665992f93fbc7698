import type { Issue } from "../seam/model";
import { isBeingDeleted } from "../seam/beingDeleted";
import type { DependentKind } from "./graph";

/** One thing that hangs under a user identity, as Seam showed it last. */
export interface Dependent {
  kind: DependentKind;
  id: string;
  /** The ACS user that a credential belongs to; of an ACS user, its own id. */
  acsUserId?: string;
  /** Of credentials: the user identity that Seam shows it under, where it does. */
  linkedTo?: string;
  /** Of ACS users and credentials. */
  acsSystemId?: string;
  /** Of ACS users: whether their doors are closed already. */
  suspended?: boolean;
  /** Seam accepted its deletion and has not finished it. */
  beingDeleted: boolean;
  /** Seam's own errors on the object, `code: message`. */
  problems: string[];
  /** The access control system refused the deletion, so waiting is of no use. */
  deletionFailed: boolean;
}

/** @param shown The object as Seam shows it, as far as it says how it is. */
export function dependent(
  kind: DependentKind,
  id: string,
  shown: { errors?: Issue[]; warnings?: Issue[] },
): Dependent {
  const errors = shown.errors ?? [];
  return {
    kind,
    id,
    beingDeleted: isBeingDeleted(shown),
    problems: errors.map((error) => `${error.error_code ?? "error"}: ${error.message}`),
    deletionFailed: errors.some((error) => error.error_code === "failed_to_delete_on_acs_system"),
  };
}
