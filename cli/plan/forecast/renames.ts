import { isDeepStrictEqual } from "node:util";
import { attributes, uniqueAttributes } from "../../../provider/resources/userIdentityAttributes";
import { text } from "../../../provider/resources/properties";
import { sameValue } from "../../../provider/seam/lookup";
import { isKept } from "./fate";
import type { Step } from "./types";
import { shownValues } from "./values";

/**
 * Finds resources that were renamed without an alias. To Pulumi they are a create and a delete, and the create comes first.
 *
 * @returns for each create that matches a deleted resource, that resource.
 */
export function findRenames(steps: readonly Step[]): ReadonlyMap<Step, Step> {
  const deleted = new Map<string, Step[]>();
  for (const step of steps) {
    if (step.does !== "delete") continue;
    for (const mark of matchKeys(step, shownValues(step.old), step.id)) {
      const have = deleted.get(mark);
      if (have === undefined) deleted.set(mark, [step]);
      else have.push(step);
    }
  }
  const renames = new Map<Step, Step>();
  for (const step of steps) {
    if (step.does !== "create") continue;
    const wanted = shownValues(step.new);
    const old = matchKeys(step, wanted, pairOf(step, wanted))
      .flatMap((mark) => deleted.get(mark) ?? [])
      .find((candidate) => isSame(candidate, wanted));
    if (old !== undefined) renames.set(step, old);
  }
  return renames;
}

/** The id that a link or membership will have. */
function pairOf({ resource }: Step, wanted: Readonly<Record<string, unknown>>): string {
  const first = resource === "AcsAccessGroupMembership" ? wanted.acsAccessGroupId : wanted.userIdentityId;
  return `${text(first)}/${text(wanted.acsUserId)}`;
}

/** Index keys that two steps about the same person share. They keep the comparison linear. */
function matchKeys(
  step: Step,
  values: Readonly<Record<string, unknown>>,
  pair: string | undefined,
): string[] {
  const mark = (...parts: unknown[]): string => JSON.stringify([step.resource, step.provider, ...parts]);
  if (isPair(step)) return [mark(pair)];
  if (step.resource === "AccessGrant") {
    const key = text(values.accessGrantKey);
    return key === undefined ? [] : [mark(key)];
  }
  if (step.resource === "Space") {
    const key = text(values.spaceKey);
    return key === undefined ? [] : [mark(key)];
  }
  if (step.resource === "AcsUser") {
    return values.acsSystemId === undefined || values.fullName === undefined
      ? []
      : [mark(values.acsSystemId, values.fullName)];
  }
  return uniqueAttributes.flatMap((name) => {
    const value = text(values[name]);
    return value === undefined ? [] : [mark(name, value.toLowerCase())];
  });
}

function isPair({ resource }: Step): boolean {
  return resource === "AcsUserLink" || resource === "AcsAccessGroupMembership";
}

function isSame(old: Step, wanted: Readonly<Record<string, unknown>>): boolean {
  const values = shownValues(old.old);
  if (isPair(old)) return !old.retained;
  if (old.resource === "AccessGrant" || old.resource === "Space")
    return !(wanted.adopt === true && isKept(old));
  if (old.resource === "AcsUser") {
    return (
      values.phoneNumber === wanted.phoneNumber &&
      sameValue("email_address", text(values.emailAddress), text(wanted.emailAddress)) &&
      isDeepStrictEqual(values.accessSchedule, wanted.accessSchedule)
    );
  }
  // A retained object can be adopted, so this is not a conflict.
  if (wanted.adopt === true && isKept(old)) return false;
  return uniqueAttributes.some((name) => {
    const value = text(wanted[name]);
    return value !== undefined && sameValue(attributes[name], text(values[name]), value);
  });
}
