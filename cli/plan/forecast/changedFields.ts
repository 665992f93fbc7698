import { isDeepStrictEqual } from "node:util";
import { sameArgument } from "../../../provider/resources/accessGrantArguments";
import { comparedFields } from "../../../provider/resources/comparedFields";
import { withoutCodes } from "./requestedMethods";
import type { FieldChange, ResourceKind, Step } from "./types";
import { isSecret } from "./values";

const fields: Readonly<Record<ResourceKind, readonly string[]>> = {
  UserIdentity: comparedFields.userIdentity,
  AcsUser: comparedFields.acsUser,
  AcsUserLink: comparedFields.acsUserLink,
  AccessGrant: comparedFields.accessGrant,
  Space: comparedFields.space,
  AcsAccessGroupMembership: comparedFields.acsAccessGroupMembership,
};

/** The fields that an update or replacement changes. Two secrets cannot be compared, so they are always listed. */
export function changedFields(step: Step): FieldChange[] {
  if (step.does !== "update" && step.does !== "replace") return [];
  return fields[step.resource].flatMap((name) => {
    const [from, to] = [step.old[name], step.new[name]];
    if (isSame(step, name) && !isSecret(from)) return [];
    // A preview that shows secrets also shows requested codes.
    return name === "requestedAccessMethods"
      ? [{ name, from: withoutCodes(from), to: withoutCodes(to) }]
      : [{ name, from, to }];
  });
}

/** Compares as the resource does; the order of places and of access methods does not matter. */
function isSame({ resource, old, new: inputs }: Step, name: string): boolean {
  const compare = resource === "AccessGrant" ? sameArgument : same;
  return compare(name, old[name], inputs[name]);
}

function same(_name: string, one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(one, other);
}
