import type { Group, Judgement } from "../judge/types";
import { systemName } from "./doorWords";
import type { Effects } from "./effectTypes";

/** Adds what the step of a membership does to the person in the group. */
export function membershipEffects(judgement: Judgement, effects: Effects): void {
  const { groups, access, system } = judgement;
  const where = system === undefined ? "" : ` in ${systemName(system)}`;
  if (groups?.leaves !== undefined && access.some(({ does }) => does === "leaveGroup")) {
    effects.loses.push(`${group(groups.leaves)}${where}`);
  }
  if (groups?.joins !== undefined) effects.gets.push(`${group(groups.joins)}${where}`);
}

/** "the access group Staff". */
export function group({ id, name }: Group): string {
  return `the access group ${name ?? id}`;
}
