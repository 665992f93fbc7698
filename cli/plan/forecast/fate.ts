import { text } from "../../../provider/resources/properties";
import { staysInSeam } from "../../../provider/resources/retention";
import type { Fate, Step } from "./types";

/**
 * The URN in a step's `deletedWith` because of which Pulumi skips its deletion, although nothing else deletes the object. Programs
 * can give that option, and parents hand it down. Undefined for a link or grant that is deleted with its own identity, and for a
 * membership that ends with its own ACS user. `deleted` has the deleted and replaced resources of the plan by URN, and
 * `deletedUrns` those of all packages.
 */
export function skippedWith(
  step: Step,
  deleted: ReadonlyMap<string, Step>,
  deletedUrns: ReadonlySet<string>,
): string | undefined {
  const { does, deletedWith } = step;
  if ((does !== "delete" && does !== "replace") || step.retained) return undefined;
  if (deletedWith === undefined || !deletedUrns.has(deletedWith)) return undefined;
  const owner = deleted.get(deletedWith);
  return owner !== undefined && endsWith(step, owner) ? undefined : deletedWith;
}

/** Whether an object ends with the object of another resource: a link or grant with its identity, a membership with its ACS user. */
function endsWith(step: Step, owner: Step): boolean {
  if (step.resource === "AcsAccessGroupMembership") {
    return owner.resource === "AcsUser" && !isKept(owner) && mayBelongTo(step.old.acsUserId, owner);
  }
  const hasIdentity = step.resource === "AcsUserLink" || step.resource === "AccessGrant";
  return hasIdentity && owner.resource === "UserIdentity" && mayBelongTo(step.old.userIdentityId, owner);
}

function mayBelongTo(recorded: unknown, { id }: Step): boolean {
  const ownerId = text(recorded);
  return ownerId === undefined || id === undefined || ownerId.toLowerCase() === id.toLowerCase();
}

/**
 * What happens to the object that a step deletes, as far as the preview shows it. `deleted` has the deleted resources of the
 * plan by URN.
 */
export function fateOf(step: Step, deleted: ReadonlyMap<string, Step>): Fate | undefined {
  if (step.does !== "delete" && step.does !== "replace") return undefined;
  if (step.resource === "AccessGrant") return fateOfGrant(step, deleted);
  if (step.resource === "AcsAccessGroupMembership") return step.retained ? "retained" : "removed";
  if (step.resource !== "AcsUserLink") return isKept(step) ? "retained" : "tornDown";
  if (step.retained) return "retained";
  if (step.does !== "delete") return "unlinked";
  const identity = step.deletedWith === undefined ? undefined : deleted.get(step.deletedWith);
  if (identity === undefined) return "unlinked";
  // Pulumi does nothing for a link whose identity is deleted, regardless of how the identity is deleted.
  return isKept(identity) ? "retained" : "withIdentity";
}

/** Pulumi does nothing for a grant whose identity is deleted: the identity's teardown deletes it, unless it retains grants. */
function fateOfGrant(step: Step, deleted: ReadonlyMap<string, Step>): Fate {
  const identity = step.deletedWith === undefined ? undefined : deleted.get(step.deletedWith);
  if (identity !== undefined && step.does === "delete") {
    return isKept(identity) || keepsAccessGrants(identity) ? "retained" : "withIdentity";
  }
  return isKept(step) ? "retained" : "tornDown";
}

/** Whether the teardown of an identity retains its access grants: `teardown.accessGrants: "retain"`. */
export function keepsAccessGrants({ old }: Step): boolean {
  const { teardown } = old;
  return (
    typeof teardown === "object" && teardown !== null && Reflect.get(teardown, "accessGrants") === "retain"
  );
}

/** Whether the object that the step deletes is retained in Seam. */
export function isKept(step: Step): boolean {
  return step.retained || staysInSeam(step.old);
}
