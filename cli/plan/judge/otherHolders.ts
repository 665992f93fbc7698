import { note, problem } from "../finding";
import type { Fate, Step } from "../forecast/types";
import { objectWords as words, quoted, quotedList } from "../resourceNames";
import { withFindings } from "./judgement";
import type { Context, Judgement } from "./types";

const deleting: readonly (Fate | undefined)[] = ["tornDown", "unlinked", "removed", "withIdentity"];

/**
 * The holder of an object that keeps it from a step which deletes it. Each provider is a process of its own, which knows nothing
 * of what the program declares with the others.
 */
export function keeperOf(holders: readonly Step[], { provider }: Step): Step | undefined {
  return holders.find((holder) => holder.provider === provider);
}

/** Keeps objects that another resource of the program has, and reports resources that have the same object. */
export function respectOtherHolders(judgements: readonly Judgement[], context: Context): Judgement[] {
  return judgements.map((judgement) => {
    const { step, fate } = judgement;
    if (step.id === undefined) return judgement;
    const others = context.holders(step.resource, step.id).filter(({ urn }) => urn !== step.urn);
    const keeper = keeperOf(others, step);
    const other = keeper ?? others[0];
    if (other === undefined) return judgement;
    const what = `${words[step.resource]} ${step.id}`;
    if (step.does === "update") {
      const names = quotedList([step.name, ...others.map(({ name }) => name)]);
      return withFindings(judgement, [
        problem(
          `${names} have one ${what}, and each changes what the other wants: keep one of these resources; Seam keeps the object when the others are removed from the program`,
        ),
      ]);
    }
    if (!deleting.includes(fate)) return judgement;
    // The identity's teardown deletes all of its grants, regardless of which resource has them; see accessGrantsOnce.ts.
    if (step.resource === "AccessGrant" && fate === "withIdentity") return judgement;
    if (keeper === undefined) {
      return withFindings(judgement, [
        problem(
          `${quoted(other.name)} has the same ${words[step.resource]} through another provider, which does not keep this delete from it: let one of the two have it, and set \`retainOnDelete\` for the other in a run of its own first`,
        ),
      ]);
    }
    const stays = note(`${quoted(other.name)} has the same ${words[step.resource]}, so it stays in Seam`);
    const { takes, keeps, keepsGrants } = judgement;
    const kept: Judgement = {
      ...judgement,
      fate: "retained",
      takes: undefined,
      keeps: keeps ?? takes?.acsUsers,
      keepsGrants: keepsGrants ?? takes?.accessGrants,
      access: [],
    };
    return withFindings(kept, [stays]);
  });
}
