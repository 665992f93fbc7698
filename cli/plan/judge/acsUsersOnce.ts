import { type Finding, note, problem } from "../finding";
import { quoted } from "../resourceNames";
import type { AcsUserAtStake } from "../survey/types";
import { withFindings } from "./judgement";
import { keeperOf } from "./otherHolders";
import type { Context, Judgement } from "./types";

/**
 * Counts each ACS user once, as deleted or as kept. An ACS user of a deleted identity may be unlinked first or have a step of its
 * own, and one that a deleted link or identity would keep may be deleted by another step.
 */
export function countAcsUsersOnce(judgements: readonly Judgement[], context: Context): Judgement[] {
  const ownDeletions = byId(
    judgements,
    ({ step, fate }) => step.resource === "AcsUser" && fate === "tornDown",
  );
  const unlinked = byId(
    judgements,
    ({ step, fate }) => step.resource === "AcsUserLink" && fate === "unlinked",
  );
  const deletedWith = new Map(ownDeletions);
  const identities = judgements.map((judgement) => {
    const { step, takes } = judgement;
    if (step.resource !== "UserIdentity" || takes === undefined) return judgement;
    const elsewhere: { name: string; finding: Finding }[] = [];
    const findings: Finding[] = [];
    const kept: AcsUserAtStake[] = [...(judgement.keeps ?? [])];
    const acsUsers = takes.acsUsers.filter((user) => {
      const { acsUserId } = user;
      const own = ownDeletions.get(acsUserId);
      if (own !== undefined) {
        elsewhere.push({
          name: own.step.name,
          finding: note(
            `ACS user ${acsUserId} is deleted with ${quoted(own.step.name)}, and is counted there`,
          ),
        });
        return false;
      }
      const holders = context.holders("AcsUser", acsUserId);
      const holder = keeperOf(holders, step);
      if (holder === undefined && holders[0] !== undefined) {
        const { name } = holders[0];
        findings.push(problem(deletedThroughAnotherProvider(acsUserId, name)));
        return true;
      }
      if (holder !== undefined) {
        elsewhere.push({
          name: holder.name,
          finding: note(`ACS user ${acsUserId} stays, because ${quoted(holder.name)} of this program has it`),
        });
        kept.push(user);
        return false;
      }
      const link = unlinked.get(`${step.id}/${acsUserId}`);
      if (link === undefined) return true;
      if (isUnlinkedFirst(link, judgement)) return false;
      findings.push(note(notCertain(acsUserId, link, context)));
      return true;
    });
    for (const { acsUserId } of acsUsers) deletedWith.set(acsUserId, judgement);
    const settled: Judgement = {
      ...judgement,
      takes: { ...takes, acsUsers },
      keeps: kept.length > 0 ? kept : judgement.keeps,
    };
    // Sorted, because Seam's order differs, and a comment must not change from run to run.
    elsewhere.sort((one, other) => one.name.localeCompare(other.name));
    return withFindings(settled, [...elsewhere.map(({ finding }) => finding), ...findings]);
  });
  return identities.map((judgement) => {
    if (judgement.keeps === undefined) return judgement;
    const findings: Finding[] = [];
    const keeps = judgement.keeps.filter(({ acsUserId }) => {
      const other = deletedWith.get(acsUserId);
      if (other === undefined || other.step === judgement.step) return true;
      findings.push(
        note(`ACS user ${acsUserId} does not stay: it is deleted with ${quoted(other.step.name)}`),
      );
      return false;
    });
    const access = keeps.length === 0 && judgement.keeps.length > 0 ? [] : judgement.access;
    return withFindings({ ...judgement, keeps, access }, findings);
  });
}

function deletedThroughAnotherProvider(acsUserId: string, name: string): string {
  return `ACS user ${acsUserId} is deleted with this identity, although ${quoted(name)} of this program has it: that one has another provider. Give both the same provider in a run of its own first, or set \`teardown: { acsUsers: "unlink" }\` there`;
}

function byId(
  judgements: readonly Judgement[],
  test: (judgement: Judgement) => boolean,
): Map<string, Judgement> {
  return new Map(judgements.filter(test).map((judgement) => [judgement.step.id ?? "", judgement]));
}

/**
 * Whether a link is deleted before its identity: Pulumi does so if the state records the dependency, and otherwise deletes both
 * at the same time.
 */
function isUnlinkedFirst({ step: link }: Judgement, { step: identity }: Judgement): boolean {
  const replaced = link.does === "replace";
  // Replacements happen during a run, deletions at its end.
  if (replaced && identity.does === "delete") return true;
  return link.dependsOn.includes(identity.urn) && (replaced || identity.does === "delete");
}

function notCertain(acsUserId: string, link: Judgement, { showsDependencies }: Context): string {
  const silent = showsDependencies
    ? `the state does not say that ${quoted(link.step.name)} depends on this identity`
    : `this form of the preview does not say whether ${quoted(link.step.name)} depends on this identity`;
  return `whether ACS user ${acsUserId} stays is not certain: ${silent}, so they may be deleted at the same time. It is counted as deleted. To be sure, ${showsDependencies ? "remove the link in a run of its own first" : "give what `pulumi preview --json` prints without PULUMI_ENABLE_STREAMING_JSON_PREVIEW"}`;
}
