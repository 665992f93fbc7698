import { text } from "../../../provider/resources/properties";
import type { Step } from "../forecast/types";
import { shownValues } from "../forecast/values";
import type { Judgement } from "../judge/types";

/**
 * One person of a plan, with every step about them: a user identity, or an ACS user without one. Spaces are listed like people.
 */
export interface Person {
  isSpace: boolean;
  /** The name of the person's resource in the program. */
  name: string;
  judgements: Judgement[];
  /** Of a replacement that moves to another person: which half of it is about this one. */
  halves: Map<Judgement, Half>;
}

export type Half = "old" | "new";

/** The people of a plan, each with their steps, in the order of the steps. */
export function peopleOf(judgements: readonly Judgement[], unchanged: readonly Step[]): Person[] {
  const steps = [...judgements.map(({ step }) => step), ...unchanged];
  const identities = steps.filter(({ resource }) => resource === "UserIdentity");
  // A resource that is not created yet has no id, so its steps cannot be matched by id.
  const byId = new Map(
    identities.flatMap((step) => (step.id === undefined ? [] : [[step.id, step] as const])),
  );
  const byUrn = new Map(identities.map((step) => [step.urn, step]));
  // An unchanged identity may not be listed, but dependencies still name it.
  const personBy = (id: string | undefined, urns: readonly string[]): string | undefined =>
    (id === undefined ? undefined : byId.get(id)?.urn) ??
    urns.find((urn) => byUrn.has(urn) || /seam:UserIdentity::/.test(urn)) ??
    id;
  const personOf = (link: Step): string | undefined => {
    const id = text(shownValues(link.new).userIdentityId) ?? link.id?.split("/")[0];
    return personBy(id, [...link.comesAfter, ...link.dependsOn, link.deletedWith ?? ""]);
  };
  const formerGrantee = ({ old, dependsOn, deletedWith }: Step): string | undefined =>
    personBy(text(shownValues(old).userIdentityId), [...dependsOn, deletedWith ?? ""]);
  const newGrantee = (step: Step): string | undefined =>
    personBy(text(shownValues(step.new).userIdentityId), step.comesAfter);
  /** The person that an ACS user of the program is linked to, by its id or its URN. */
  const linked = new Map<string, string>();
  for (const step of steps) {
    const person = step.resource === "AcsUserLink" ? personOf(step) : undefined;
    if (person === undefined) continue;
    const ids = [step.id?.split("/")[1], text(shownValues(step.new).acsUserId)];
    const urns = [...step.comesAfter, ...step.dependsOn].filter((urn) => /seam:AcsUser::/.test(urn));
    for (const acsUser of [...ids, ...urns]) if (acsUser !== undefined) linked.set(acsUser, person);
  }
  const acsUsers = new Map(
    steps.flatMap(({ resource, id, urn }) => (resource === "AcsUser" && id !== undefined ? [[id, urn]] : [])),
  );
  const memberOf = ({ step, identityInSeam }: Judgement): string | undefined => {
    const id = step.id?.split("/")[1] ?? text(shownValues(step.new).acsUserId) ?? "";
    const urn = [...step.comesAfter, ...step.dependsOn].find((one) => /seam:AcsUser::/.test(one));
    return linked.get(id) ?? linked.get(urn ?? "") ?? urn ?? acsUsers.get(id) ?? personBy(identityInSeam, []);
  };
  const people = new Map<string, Person>();
  const add = (judgement: Judgement, who: string | undefined, half?: Half): void => {
    const key = who ?? judgement.step.urn;
    const person = people.get(key) ?? {
      isSpace: judgement.step.resource === "Space",
      name: nameOf(key, judgement.step),
      judgements: [],
      halves: new Map<Judgement, Half>(),
    };
    people.set(key, person);
    person.judgements.push(judgement);
    if (half !== undefined) person.halves.set(judgement, half);
  };
  for (const judgement of judgements) {
    const { step } = judgement;
    if (step.resource === "UserIdentity" || step.resource === "Space") add(judgement, step.urn);
    else if (step.resource === "AcsUserLink") add(judgement, personOf(step));
    else if (step.resource === "AcsAccessGroupMembership") add(judgement, memberOf(judgement));
    else if (step.resource === "AcsUser") {
      add(judgement, linked.get(step.id ?? "") ?? linked.get(step.urn));
    } else {
      const [former, next] = [formerGrantee(step), newGrantee(step)];
      if (step.does === "replace" && former !== next) {
        add(judgement, former, "old");
        add(judgement, next, "new");
      } else add(judgement, step.does === "create" ? next : (former ?? next));
    }
  }
  return [...people.values()];
}

function nameOf(key: string, step: Step): string {
  const named = key.split("::").slice(3).join("::");
  return named === "" ? step.name : named;
}
