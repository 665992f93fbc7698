import { printableLines } from "../../output";
import { colored, columns, styled, wrapped } from "../../terminal";
import { action, details } from "./details";
import { maskText } from "../personalData";
import { type Plan, notQueriedNotice } from "./plan";
import { printable } from "../../../provider/seam/printable";
import { headline, type Row, rowsOf } from "./summary";

/** The plan for people in a terminal. */
export function planAsText(plan: Plan): string {
  const shown = (text: string): string => maskText(printable(text), plan.showPersonalData);
  const rows = rowsOf(plan);
  const lines: string[] = [styled("bold", headline(plan, rows)), ""];
  for (const { kind, text } of plan.findings) lines.push(finding(kind, shown(text), ""));
  for (const row of rows) lines.push(...person(row, plan, shown));
  const shownPeople = new Set(rows.flatMap(({ person: one }) => one.judgements));
  for (const one of plan.judgements) {
    if (shownPeople.has(one)) continue;
    lines.push(styled("dim", resource(one, shown, "")), ...notes(one, shown, "  "));
  }
  if (!plan.askedSeam) lines.push("", styled("yellow", notQueriedNotice));
  const text = wrapped(lines.join("\n").trimEnd(), columns());
  return `${colored() ? text : printableLines(text)}\n`;
}

function person(row: Row, plan: Plan, shown: (text: string) => string): string[] {
  const losing = row.effects.loses.length > 0;
  const lines = [
    `${styled("cyan", shown(row.person.name))}: ${styled(losing ? "red" : "reset", shown(row.text))}`,
  ];
  for (const one of row.person.judgements) {
    for (const { kind, text } of one.findings) {
      if (kind === "note") continue;
      const about = one.step.name === row.person.name ? "" : `${one.step.name}: `;
      lines.push(finding(kind, shown(`${about}${text}`), "    "));
    }
  }
  for (const one of row.person.judgements) {
    // The lines of the identity already show it.
    if (one.fate === "withIdentity" && one.findings.length === 0) continue;
    lines.push(styled("dim", resource(one, shown, "    ")));
    for (const detail of details(one, plan.showPersonalData))
      lines.push(styled("dim", `      ${shown(detail)}`));
    lines.push(...notes(one, shown, "      "));
  }
  return lines;
}

function resource(one: Plan["judgements"][number], shown: (text: string) => string, indent: string): string {
  return `${indent}${shown(one.step.name)} (${one.step.resource}): ${action(one)}`;
}

function notes(
  { findings }: Plan["judgements"][number],
  shown: (text: string) => string,
  indent: string,
): string[] {
  return findings
    .filter(({ kind }) => kind === "note")
    .map(({ kind, text }) => finding(kind, shown(text), indent));
}

function finding(kind: string, text: string, indent: string): string {
  if (kind === "problem") return styled("red", `${indent}problem: ${text}`);
  if (kind === "unchecked") return styled("yellow", `${indent}could not be checked: ${text}`);
  return styled("dim", `${indent}note: ${text}`);
}
