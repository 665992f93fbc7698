import { staysInSeam } from "../../../provider/resources/retention";
import type { Fate, Step } from "./types";

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
