import { mayHandOver } from "../judge/handovers";
import { isNonZero, plural } from "../survey/stake";
import { effectsOf, sentence } from "./effects";
import type { Effects } from "./effectTypes";
import { peopleOf, type Person } from "./people";
import type { Plan } from "./plan";

/** One person and what the plan does to them. */
export interface Row {
  person: Person;
  effects: Effects;
  /** "loses Lobby (2 cards), the app". */
  text: string;
  problems: number;
  unchecked: number;
}

/** A row for each person whom the plan affects, in the order in which to review them. */
export function rowsOf(plan: Plan, now = new Date()): Row[] {
  const rows = peopleOf(plan.judgements, plan.unchanged).map((person): Row => {
    const effects = effectsOf(person, now);
    const findings = person.judgements.flatMap((one) => one.findings);
    const count = (kind: string): number => findings.filter((finding) => finding.kind === kind).length;
    return {
      person,
      effects,
      text: sentence(effects),
      problems: count("problem"),
      unchecked: count("unchecked"),
    };
  });
  const rank = ({ effects, problems, unchecked }: Row): number => {
    if (problems + unchecked > 0) return 0;
    if (effects.loses.length > 0) return 1;
    return effects.joins ? 3 : 2;
  };
  return rows
    .filter(({ text, problems, unchecked }) => text !== "" || problems + unchecked > 0)
    .sort((one, other) => rank(one) - rank(other) || compare(one.person.name, other.person.name));
}

/** By code points, so that the order is the same everywhere. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The first line: how many people lose which access, and what else happens. */
export function headline({ totals, judgements }: Plan, rows: readonly Row[]): string {
  const spaces = rows.filter(({ person }) => person.isSpace);
  const persons = rows.filter(({ person }) => !person.isSpace);
  const count = (test: (row: Row) => boolean): number => persons.filter(test).length;
  const losing = count(({ effects }) => effects.loses.length > 0);
  const joining = count(({ effects }) => effects.joins && effects.loses.length === 0);
  const changing = persons.length - losing - joining;
  const closing = spaces.filter(({ effects }) => effects.loses.length > 0).length;
  const parts: string[] = [];
  if (losing > 0) {
    const lost = lossesOf(totals).join(", ");
    parts.push(`${people(losing, "loses", "lose")} access${lost === "" ? "" : ` (${lost})`}`);
  }
  if (closing > 0) parts.push(closing === 1 ? "1 space loses doors" : `${closing} spaces lose doors`);
  const still = count(({ effects }) => effects.stillHas.some((one) => !one.endsWith("(no credentials)")));
  if (still > 0) parts.push(`${people(still, "leaves and still has", "leave and still have")} credentials`);
  const possible = judgements.filter(mayHandOver).length;
  const certain = totals.handovers - possible;
  if (certain > 0) parts.push(`${people(certain, "becomes", "become")} somebody else`);
  if (possible > 0) parts.push(`${people(possible, "may become", "may become")} somebody else`);
  if (totals.attributeRemovals > 0) {
    parts.push(
      `${people(totals.attributeRemovals, "is", "are")} left without a key, name, e-mail address or phone number`,
    );
  }
  if (joining > 0) parts.push(people(joining, "joins", "join"));
  if (changing > 0) parts.push(people(changing, "changes", "change"));
  const others = spaces.length - closing;
  if (others > 0) parts.push(others === 1 ? "1 space changes" : `${others} spaces change`);
  return parts.length === 0 ? "Nobody's access changes." : `${parts.join(". ")}.`;
}

function people(count: number, one: string, many: string): string {
  return count === 1 ? `1 person ${one}` : `${count} people ${many}`;
}

/** What is deleted with those who lose access: "11 credentials", "3 ACS users", … */
function lossesOf(totals: Plan["totals"]): string[] {
  return [
    plural(totals.credentials, "credential"),
    plural(totals.acsUsers, "ACS user"),
    plural(totals.accessGrants, "access grant"),
    plural(totals.phones, "phone"),
    plural(totals.clientSessions, "client session"),
    plural(totals.enrollmentAutomations, "enrollment automation"),
  ].filter(isNonZero);
}
