import { text } from "../../../provider/resources/properties";
import { type Finding, note, problem, unchecked } from "../finding";
import type { Handover } from "../forecast/types";
import { shownValues } from "../forecast/values";
import { maskField } from "../personalData";
import { quoted } from "../resourceNames";
import { isNothing, keysOf } from "../survey/stake";
import { withFindings } from "./judgement";
import type { Context, Judgement } from "./types";

/** Reports what happens to keys, phones and sessions if an update hands an identity or ACS user over to another person. */
export function findHandovers(judgements: readonly Judgement[], context: Context): Judgement[] {
  return judgements.map((judgement) =>
    judgement.handover === undefined ? judgement : withFindings(judgement, [handover(judgement, context)]),
  );
}

/** Whether an update hands over issued keys, phones or sessions, or may do so because they could not be listed. */
export function handsOver({ handover: somebodyElse, touches }: Judgement): boolean {
  return somebodyElse !== undefined && (touches === undefined || !isNothing(touches));
}

/** Whether an update hands something over only if attributes change that the preview does not show. */
export function mayHandOver(judgement: Judgement): boolean {
  return handsOver(judgement) && !isCertain(judgement.handover);
}

export function isCertain(handover: Handover | undefined): boolean {
  return handover !== undefined && handover.hidden.length === 0;
}

function handover({ step, handover: found, touches }: Judgement, { survey }: Context): Finding {
  const { from, hidden = [], byIndex = false } = found ?? {};
  const shown = hidden.length === 0 ? "" : "shown ";
  const becomes =
    from === undefined
      ? `it becomes somebody else (no ${shown}key, e-mail address, phone number or name stays the same)`
      : `it becomes who ${quoted(from.name)} is now`;
  const who =
    hidden.length === 0
      ? becomes
      : `${becomes}, unless its ${hidden.join(" or ")} stays the same, which is secret or known only at the apply`;
  if (touches === undefined) {
    const why = `${who}, and what is handed over could not be seen`;
    return survey.asked || hidden.length > 0 ? unchecked(why) : problem(`${why}. ${wayOut(byIndex)}`);
  }
  if (isNothing(touches)) return note(`${who}; nothing that opens a door is handed over`);
  if (hidden.length > 0) return unchecked(`${who}, and its ${keysOf(touches)} may be handed over`);
  const [before, after] = [personIn(step.old), personIn(step.new)];
  return problem(`${who}: ${after} gets the ${keysOf(touches)} of ${before}. ${wayOut(byIndex)}`);
}

/** The first identifying attribute that the preview shows, masked. */
function personIn(properties: Readonly<Record<string, unknown>>): string {
  const shown = shownValues(properties);
  for (const name of ["fullName", "emailAddress", "phoneNumber", "userIdentityKey"] as const) {
    const value = text(maskField(name, shown[name]));
    if (value !== undefined) return value;
  }
  return "somebody else";
}

function wayOut(byIndex: boolean): string {
  return byIndex
    ? "The people are named by their place in a list, and the list has moved: name each resource after something that stays with the person, such as a key, and give the present resources `aliases`"
    : "If this is another person, declare them as a resource of their own. If it is the same person, keep one of key, e-mail address, phone number and name in this run, and change it in the next; if it has only one, add another in a run of its own first";
}
