import { styled } from "../terminal";
import { action, details, headline, lossLine, type Plan, sorted, unseenWithoutKey } from "./report";

export function planAsText(plan: Plan): string {
  const lines: string[] = [styled("bold", headline(plan.totals))];
  const loss = lossLine(plan.totals);
  if (loss !== undefined) lines.push(styled("red", loss));
  lines.push("");
  for (const one of sorted(plan.consequences)) {
    lines.push(`${styled("cyan", one.step.name)} (${one.step.resource}): ${action(one)}`);
    for (const detail of details(one, plan.showPersonalData)) lines.push(`    ${detail}`);
    for (const problem of one.problems) lines.push(styled("red", `    will fail: ${problem}`));
    for (const note of one.notes) lines.push(styled("dim", `    note: ${note}`));
  }
  if (!plan.askedSeam) lines.push("", styled("yellow", unseenWithoutKey));
  for (const one of plan.beyond) lines.push("", styled("red", `Over the limit: ${one}.`));
  return `${lines.join("\n").trimEnd()}\n`;
}
