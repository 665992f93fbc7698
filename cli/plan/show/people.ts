import { text } from "../../../provider/resources/properties";
import type { Step } from "../forecast/types";
import { shownValues } from "../forecast/values";
import type { Judgement } from "../judge/types";

/** One person of a plan: a user identity, or an ACS user without one, with every step that is about them. */
export interface Person {
  /** The name of their resource in the program. */
  name: string;
  judgements: Judgement[];
}

/** The people of a plan, each with their steps, in the order of the steps. */
export function peopleOf(judgements: readonly Judgement[], unchanged: readonly Step[]): Person[] {
  const steps = [...judgements.map(({ step }) => step), ...unchanged];
  const identities = steps.filter(({ resource }) => resource === "UserIdentity");
  // What is to be created has no id, and an id that is not known yet is nobody's.
  const byId = new Map(
    identities.flatMap((step) => (step.id === undefined ? [] : [[step.id, step] as const])),
  );
  const byUrn = new Map(identities.map((step) => [step.urn, step]));
  const personOf = (link: Step): string | undefined => {
    const id = text(shownValues(link.new).userIdentityId) ?? link.id?.split("/")[0];
    const urns = [...link.comesAfter, ...link.dependsOn, link.deletedWith ?? ""];
    // An identity that does not change is not listed, and the link's dependencies name it all the same.
    return (
      (id === undefined ? undefined : byId.get(id)?.urn) ??
      urns.find((urn) => byUrn.has(urn) || /seam:UserIdentity::/.test(urn)) ??
      id
    );
  };
  /** The person that an ACS user of the program is linked to, by its id or its URN. */
  const linked = new Map<string, string>();
  for (const step of steps) {
    const person = step.resource === "AcsUserLink" ? personOf(step) : undefined;
    if (person === undefined) continue;
    const ids = [step.id?.split("/")[1], text(shownValues(step.new).acsUserId)];
    const urns = [...step.comesAfter, ...step.dependsOn].filter((urn) => /seam:AcsUser::/.test(urn));
    for (const acsUser of [...ids, ...urns]) if (acsUser !== undefined) linked.set(acsUser, person);
  }
  const people = new Map<string, Person>();
  for (const judgement of judgements) {
    const { step } = judgement;
    const person =
      step.resource === "UserIdentity"
        ? step.urn
        : step.resource === "AcsUserLink"
          ? personOf(step)
          : (linked.get(step.id ?? "") ?? linked.get(step.urn));
    const key = person ?? step.urn;
    const known = people.get(key);
    if (known !== undefined) known.judgements.push(judgement);
    else people.set(key, { name: nameOf(key, step), judgements: [judgement] });
  }
  return [...people.values()];
}

function nameOf(key: string, step: Step): string {
  const named = key.split("::").slice(3).join("::");
  return named === "" ? step.name : named;
}
