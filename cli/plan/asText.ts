import { styled } from "../terminal";
import { maskText } from "./personalData";
import { action, details, headline, lossLine, type Plan, sorted, unseenWithoutKey } from "./report";
import { oneLine } from "./resourceNames";

/** For people in a terminal. */
export function planAsText(plan: Plan): string {
  const shown = (text: string): string => oneLine(maskText(text, plan.showPersonalData));
  const lines: string[] = [styled("bold", headline(plan.totals))];
  const loss = lossLine(plan.totals);
  if (loss !== undefined) lines.push(styled("red", loss));
  lines.push("");
  for (const one of sorted(plan.consequences)) {
    lines.push(`${styled("cyan", shown(one.step.name))} (${one.step.resource}): ${action(one)}`);
    for (const detail of details(one, plan.showPersonalData)) lines.push(`    ${shown(detail)}`);
    for (const problem of one.problems) lines.push(styled("red", `    problem: ${shown(problem)}`));
    for (const what of one.unchecked)
      lines.push(styled("yellow", `    could not be checked: ${shown(what)}`));
    for (const note of one.notes) lines.push(styled("dim", `    note: ${shown(note)}`));
  }
  if (!plan.askedSeam) lines.push("", styled("yellow", unseenWithoutKey));
  for (const one of plan.beyond) lines.push("", styled("red", `Over the limit: ${one}.`));
  return `${lines.join("\n").trimEnd()}\n`;
}
