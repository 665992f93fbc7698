import { attributes } from "../../../provider/resources/userIdentityAttributes";
import { text } from "../../../provider/resources/properties";
import { sameValue } from "../../../provider/seam/lookup";
import type { Handover, Step } from "./types";
import { isHidden } from "./values";

/** Attributes that identify a person. A key that is derived from the resource's name only identifies the resource. */
const identifying = ["userIdentityKey", "emailAddress", "phoneNumber", "fullName"] as const;
type Identifying = (typeof identifying)[number];

type Identity = Partial<Record<Identifying, string>>;

/**
 * Finds the updates that hand an identity or ACS user over to another person: no identifying attribute stays the same, as far
 * as the preview shows. A name alone that changes is a correction, unless another resource of the plan had the new one. Keys
 * and phones that were issued already then open doors for somebody else.
 */
export function findHandovers(steps: readonly Step[]): ReadonlyMap<Step, Handover> {
  const owners = formerOwners(steps);
  const handovers = new Map<Step, Handover>();
  for (const step of steps) {
    if (step.does !== "update" || !isPerson(step)) continue;
    const [before, after] = [identityIn(step.old), identityIn(step.new)];
    const inBoth = identifying.filter((name) => before[name] !== undefined && after[name] !== undefined);
    const hidden = inBoth.filter((name) => isHidden(before[name]) || isHidden(after[name]));
    const kept = inBoth.some((name) => !hidden.includes(name) && same(name, before, after));
    // Nobody was known before, or only attributes are removed.
    const isEmpty = Object.keys(before).length === 0 || Object.keys(after).length === 0;
    if (kept || isEmpty) continue;
    const from = identifying
      .map((name) => (isHidden(after[name]) ? undefined : owners.get(lookupKey(step, name, after[name]))))
      .find((owner) => owner !== undefined && owner !== step);
    const onlyName = Object.keys({ ...before, ...after }).every((name) => name === "fullName");
    if (onlyName && from === undefined) continue;
    handovers.set(step, { from, byIndex: from !== undefined && areNumbered(step, from), hidden });
  }
  return handovers;
}

/** The steps that lose an identifying value in this plan, by that value. */
function formerOwners(steps: readonly Step[]): ReadonlyMap<string, Step> {
  const owners = new Map<string, Step>();
  for (const step of steps) {
    if (step.does === "create" || step.does === "same" || !isPerson(step)) continue;
    const [before, after] = [identityIn(step.old), identityIn(step.new)];
    for (const name of identifying) {
      const loses = step.does === "delete" || !same(name, before, after);
      if (before[name] !== undefined && !isHidden(before[name]) && loses)
        owners.set(lookupKey(step, name, before[name]), step);
    }
  }
  return owners;
}

function isPerson({ resource }: Step): boolean {
  return resource === "UserIdentity" || resource === "AcsUser";
}

/** The identifying attributes; the values of some may be hidden. */
function identityIn(properties: Readonly<Record<string, unknown>>): Identity {
  return Object.fromEntries(
    identifying.flatMap((name) => {
      const value = text(properties[name]);
      const derived =
        name === "userIdentityKey" && !isHidden(value) && value === text(properties.defaultUserIdentityKey);
      return value === undefined || derived ? [] : [[name, value]];
    }),
  );
}

function same(name: Identifying, one: Identity, other: Identity): boolean {
  return sameValue(attributes[name], one[name], other[name]);
}

function lookupKey(step: Step, name: Identifying, value: string | undefined): string {
  const system = step.resource === "AcsUser" ? (step.new.acsSystemId ?? step.old.acsSystemId) : undefined;
  return JSON.stringify([step.resource, step.provider, system, name, value?.toLowerCase()]);
}

/** Whether two resources are named by their position in a list, such as `person-0` and `person-1`. */
function areNumbered(one: Step, other: Step): boolean {
  const stem = (name: string): string | undefined => /^(.*?)\d+$/su.exec(name)?.[1];
  return stem(one.name) !== undefined && stem(one.name) === stem(other.name);
}
