import { text } from "../../../provider/resources/properties";
import { type Finding, note, problem, unchecked } from "../finding";
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

function handover({ step, handover: found, touches }: Judgement, { survey }: Context): Finding {
  const from = found?.from;
  const who =
    from === undefined
      ? "it becomes somebody else (no key, e-mail address, phone number or name stays the same)"
      : `it becomes who ${quoted(from.name)} is now`;
  if (touches === undefined) {
    const why = `${who}, and what is handed over could not be seen`;
    return survey.asked ? unchecked(why) : problem(`${why}. ${wayOut(found?.byIndex === true)}`);
  }
  if (found !== undefined && found.hidden.length > 0 && !isNothing(touches)) {
    return unchecked(
      `${who}, unless its ${found.hidden.join(" and ")} stays the same, which is secret, and its ${keysOf(touches)} may be handed over`,
    );
  }
  if (isNothing(touches)) return note(`${who}; nothing that opens a door is handed over`);
  const [before, after] = [personIn(step.old), personIn(step.new)];
  return problem(
    `${who}: ${after} gets the ${keysOf(touches)} of ${before}. ${wayOut(found?.byIndex === true)}`,
  );
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
    : "If this is another person, declare them as a resource of their own. If it is the same person, keep one of key, e-mail address, phone number and name in this run, and change it in the next";
}
