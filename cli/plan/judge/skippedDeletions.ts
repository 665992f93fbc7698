import { problem } from "../finding";
import type { ResourceKind } from "../forecast/types";
import { objectWords, quoted } from "../resourceNames";
import { withFindings } from "./judgement";
import type { Judgement } from "./types";

/** What it means that an object stays. */
const consequences: Readonly<Record<ResourceKind, string>> = {
  UserIdentity: "with everything under it, and its doors stay open",
  AcsUser: "and still opens doors",
  AcsUserLink: "and keeps what its ACS user opens",
  AccessGrant: "and still opens doors",
  AcsAccessGroupMembership: "so the ACS user still opens the doors of the group",
  Space: "no longer managed",
};

/** Reports objects that nothing deletes: Pulumi skips a resource that is deleted with another one, whatever that one is. */
export function reportSkippedDeletions(judgements: readonly Judgement[]): Judgement[] {
  return judgements.map((judgement) => {
    const { step, skippedWith } = judgement;
    if (skippedWith === undefined) return judgement;
    const name = quoted(skippedWith.split("::").slice(3).join("::"));
    return withFindings(judgement, [
      problem(
        `${objectWords[step.resource]} ${step.id} stays in Seam, ${consequences[step.resource]}: in the state it is deleted with ${name}, so Pulumi does nothing for it when ${name} is deleted. Remove the option \`deletedWith\`, which parents hand down, in a run of its own first`,
      ),
    ]);
  });
}
