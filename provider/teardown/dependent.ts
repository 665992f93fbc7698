import type { Issue } from "../seam/model";
import { isBeingDeleted } from "../seam/beingDeleted";
import type { DependentKind } from "./graph";

/** An object that depends on a user identity, as Seam showed it last. */
export interface Dependent {
  kind: DependentKind;
  id: string;
  /** The ACS user that a credential belongs to; for an ACS user, its own id. */
  acsUserId?: string;
  /** Credentials only: the user identity that Seam shows the credential under, if any. */
  linkedTo?: string;
  /** ACS users and credentials only. */
  acsSystemId?: string;
  /** ACS users only: whether the user is suspended already, so that it opens no door. */
  suspended?: boolean;
  /** Whether Seam accepted the deletion and has not finished it. */
  beingDeleted: boolean;
  /** Seam's own errors on the object, as `code: message`. */
  problems: string[];
  /** Whether the access control system refused the deletion, so that waiting is of no use. */
  deletionFailed: boolean;
}

/** @param shown The errors and warnings that Seam shows on the object. */
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
