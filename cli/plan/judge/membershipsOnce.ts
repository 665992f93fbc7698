import { note } from "../finding";
import { quoted } from "../resourceNames";
import { withFindings } from "./judgement";
import type { Judgement } from "./types";

/** Counts a membership with its ACS user if the same plan deletes that: the membership ends with it. */
export function countMembershipsOnce(judgements: readonly Judgement[]): Judgement[] {
  const deletedWith = new Map<string, Judgement>();
  for (const judgement of judgements) {
    for (const { acsUserId } of judgement.takes?.acsUsers ?? []) deletedWith.set(acsUserId, judgement);
    const { step, fate } = judgement;
    if (step.resource === "AcsUser" && fate === "tornDown" && step.id !== undefined) {
      deletedWith.set(step.id, judgement);
    }
  }
  return judgements.map((judgement) => {
    const { step, fate } = judgement;
    if (step.resource !== "AcsAccessGroupMembership" || fate !== "removed") return judgement;
    const other = deletedWith.get(step.id?.split("/")[1] ?? "");
    if (other === undefined) return judgement;
    return withFindings({ ...judgement, access: [] }, [
      note(`its ACS user is deleted with ${quoted(other.step.name)}, and is counted there`),
    ]);
  });
}
