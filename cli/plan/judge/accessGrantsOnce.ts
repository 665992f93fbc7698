import { type Finding, note, problem } from "../finding";
import { quoted } from "../resourceNames";
import type { AccessGrantAtStake } from "../survey/types";
import { withFindings } from "./judgement";
import type { Context, Judgement } from "./types";

/**
 * Counts each deleted grant once. The teardown of an identity deletes all its grants, and some of them may have a step of their
 * own, or a resource that stays. A grant that is deleted is not reported as kept.
 */
export function countAccessGrantsOnce(judgements: readonly Judgement[], context: Context): Judgement[] {
  const own = new Map(
    judgements
      .filter(({ step, fate }) => step.resource === "AccessGrant" && fate === "tornDown")
      .map((judgement) => [judgement.step.id ?? "", judgement]),
  );
  const deletedWith = new Map<string, Judgement>();
  const identities = judgements.map((judgement) => {
    const { step, takes } = judgement;
    if (step.resource !== "UserIdentity" || takes === undefined) return judgement;
    const elsewhere: { name: string; finding: Finding }[] = [];
    const accessGrants = takes.accessGrants.filter(({ accessGrantId }) => {
      const ownDeletion = own.get(accessGrantId);
      if (ownDeletion !== undefined) {
        const text = `access grant ${accessGrantId} is deleted with ${quoted(ownDeletion.step.name)}, and is counted there`;
        elsewhere.push({ name: ownDeletion.step.name, finding: note(text) });
        return false;
      }
      deletedWith.set(accessGrantId, judgement);
      const [holder] = context.holders("AccessGrant", accessGrantId);
      if (holder !== undefined) {
        const text = `access grant ${accessGrantId} is deleted with this identity, although ${quoted(holder.name)} of this program has it: give ${quoted(holder.name)} an identity that stays, or set \`teardown: { accessGrants: "retain" }\` in a run of its own first`;
        elsewhere.push({ name: holder.name, finding: problem(text) });
      }
      return true;
    });
    elsewhere.sort((one, other) => one.name.localeCompare(other.name));
    return withFindings(
      { ...judgement, takes: { ...takes, accessGrants } },
      elsewhere.map(({ finding }) => finding),
    );
  });
  return identities.map((judgement) => withoutDeleted(judgement, deletedWith));
}

/** Corrects a judgement that keeps grants which are deleted with an identity. */
function withoutDeleted(judgement: Judgement, deletedWith: ReadonlyMap<string, Judgement>): Judgement {
  if (judgement.keepsGrants === undefined) return judgement;
  const findings: Finding[] = [];
  const keepsGrants = judgement.keepsGrants.filter(({ accessGrantId }: AccessGrantAtStake) => {
    const other = deletedWith.get(accessGrantId);
    if (other === undefined) return true;
    const text = `access grant ${accessGrantId} does not stay: it is deleted with ${quoted(other.step.name)}`;
    findings.push(note(text));
    return false;
  });
  return withFindings({ ...judgement, keepsGrants }, findings);
}
