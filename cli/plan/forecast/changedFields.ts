import { isDeepStrictEqual } from "node:util";
import { comparedFields } from "../../../provider/resources/comparedFields";
import type { FieldChange, ResourceKind, Step } from "./types";
import { isSecret } from "./values";

const fields: Readonly<Record<ResourceKind, readonly string[]>> = {
  UserIdentity: comparedFields.userIdentity,
  AcsUser: comparedFields.acsUser,
  AcsUserLink: comparedFields.acsUserLink,
};

/** What an update or replacement changes; two secrets cannot be compared, so they are listed. */
export function changedFields(step: Step): FieldChange[] {
  if (step.does !== "update" && step.does !== "replace") return [];
  return fields[step.resource].flatMap((name) => {
    const [from, to] = [step.old[name], step.new[name]];
    return isDeepStrictEqual(from, to) && !isSecret(from) ? [] : [{ name, from, to }];
  });
}
