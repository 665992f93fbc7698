import { attributes } from "../../../provider/resources/userIdentityAttributes";
import { text } from "../../../provider/resources/properties";
import { sameValue } from "../../../provider/seam/lookup";
import type { Handover, Step } from "./types";
import { isSecret, shownValues } from "./values";

/** Attributes that identify a person. A key that is derived from the resource's name only identifies the resource. */
const identifying = ["userIdentityKey", "emailAddress", "phoneNumber", "fullName"] as const;
type Identifying = (typeof identifying)[number];

/**
 * Finds the updates that hand an identity or ACS user over to another person: no identifying attribute stays the same, and
 * at least two of them change, or one gets a value that another resource of the plan had. Keys and phones that were issued
 * already then open doors for somebody else.
 */
export function findHandovers(steps: readonly Step[]): ReadonlyMap<Step, Handover> {
  const owners = formerOwners(steps);
  const handovers = new Map<Step, Handover>();
  for (const step of steps) {
    if (step.does !== "update" || !isPerson(step)) continue;
    const [before, after] = [shownIdentity(step, step.old), shownIdentity(step, step.new)];
    const changed = identifying.filter(
      (name) => before[name] !== undefined && after[name] !== undefined && !same(name, before, after),
    );
    const kept = identifying.some(
      (name) => before[name] !== undefined && after[name] !== undefined && same(name, before, after),
    );
    if (kept || changed.length === 0) continue;
    const hidden = identifying.filter((name) => isSecret(step.old[name]) && isSecret(step.new[name]));
    const from = changed
      .map((name) => owners.get(lookupKey(step, name, after[name])))
      .find((owner) => owner !== undefined && owner !== step);
    if (changed.length < 2 && from === undefined) continue;
    handovers.set(step, { from, byIndex: from !== undefined && areNumbered(step, from), hidden });
  }
  return handovers;
}

/** The steps that lose an identifying value in this plan, by that value. */
function formerOwners(steps: readonly Step[]): ReadonlyMap<string, Step> {
  const owners = new Map<string, Step>();
  for (const step of steps) {
    if (step.does === "create" || step.does === "same" || !isPerson(step)) continue;
    const [before, after] = [shownIdentity(step, step.old), shownIdentity(step, step.new)];
    for (const name of identifying) {
      const loses = step.does === "delete" || !same(name, before, after);
      if (before[name] !== undefined && loses) owners.set(lookupKey(step, name, before[name]), step);
    }
  }
  return owners;
}

function isPerson({ resource }: Step): boolean {
  return resource === "UserIdentity" || resource === "AcsUser";
}

function shownIdentity(
  step: Step,
  properties: Readonly<Record<string, unknown>>,
): Partial<Record<Identifying, string>> {
  const shown = shownValues(properties);
  return Object.fromEntries(
    identifying.flatMap((name) => {
      const value = text(shown[name]);
      const derived = name === "userIdentityKey" && value === text(shown.defaultUserIdentityKey);
      return value === undefined || derived ? [] : [[name, value]];
    }),
  );
}

function same(
  name: Identifying,
  one: Partial<Record<Identifying, string>>,
  other: Partial<Record<Identifying, string>>,
): boolean {
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
