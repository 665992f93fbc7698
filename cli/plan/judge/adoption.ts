import { adoptionChanges } from "../forecast/accessChanges";
import type { Step } from "../forecast/types";
import { isHidden } from "../forecast/values";
import { type Finding, problem, unchecked } from "../finding";
import type { Observation } from "../survey/types";
import { hasProblem } from "./judgement";
import type { Context, Judgement } from "./types";

/** A create conflicts with an existing object, and whether it adopts that object is known only at the apply. */
export function adoptionNotKnown(conflict: string): Finding {
  return unchecked(
    `${conflict}, and whether it adopts that one is not known yet: the value of \`adopt\` is known at the apply`,
  );
}

/** What a create finds in Seam. */
export interface Existing {
  findings: readonly Finding[];
  /** The object that it adopts or takes over, or may adopt, as far as the program manages its access. */
  object?: { id: string; access: Readonly<Record<string, unknown>>; isCertain: boolean } | undefined;
}

export function fails(why: string): Existing {
  return { findings: [problem(why)] };
}

/** The part of a create's judgement that is about an existing object: how its access changes. */
export function adoptionOf(
  step: Step,
  { findings, object }: Existing,
  observation: Observation,
  /** The arguments by which an existing object is found. */
  identifiedBy: readonly string[],
  context: Context,
): Partial<Judgement> {
  if (object?.isCertain === true) {
    const access = adoptionChanges(step, object.access, context.now);
    return { existing: object.id, touches: observation.adopted, access };
  }
  const mayAdopt = step.new.adopt === true || isHidden(step.new.adopt) || context.takeOver.size > 0;
  if (!mayAdopt || hasProblem(findings)) return {};
  const isSeen =
    context.survey.asked &&
    observation.findings.length === 0 &&
    !identifiedBy.some((name) => isHidden(step.new[name]));
  if (object === undefined && isSeen) return {};
  // An object that is not seen may have access without limits.
  const changes = adoptionChanges(step, object?.access ?? {}, context.now);
  return changes.some(({ does }) => losses.includes(does)) ? { access: [{ does: "unknown" }] } : {};
}

const losses: readonly string[] = ["suspend", "shorten", "reschedule", "unknown"];
