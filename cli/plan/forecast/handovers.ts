import { attributes } from "../../../provider/resources/userIdentityAttributes";
import { text } from "../../../provider/resources/properties";
import { sameValue } from "../../../provider/seam/lookup";
import type { Handover, Step } from "./types";
import { isSecret, shownValues } from "./values";

/** What tells who somebody is. A key that is derived from the resource's name tells only which resource it is. */
const identifying = ["userIdentityKey", "emailAddress", "phoneNumber", "fullName"] as const;
type Identifying = (typeof identifying)[number];

/**
 * Finds the updates that make somebody else of an identity or ACS user: nothing that identifies the person stays the same, and
 * at least two such attributes change, or it gets what another resource of the plan has had. Whatever keys and phones are
 * out then open doors for somebody else.
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

/** Who has had each value of those that lose it in this plan. */
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

/** `person-0` and `person-1`: named by their place in a list. */
function areNumbered(one: Step, other: Step): boolean {
  const stem = (name: string): string | undefined => /^(.*?)\d+$/su.exec(name)?.[1];
  return stem(one.name) !== undefined && stem(one.name) === stem(other.name);
}
