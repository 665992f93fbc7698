import type { Finding } from "../finding";
import type { Judgement } from "../judge/types";
import { action, details } from "./details";
import { sorted } from "./json";
import { printable } from "../../../provider/seam/printable";
import { code, codeCell, escaped, fitted } from "./markdownText";
import { maskText } from "../personalData";
import { type Plan, notQueriedNotice } from "./plan";
import { headline, type Row, rowsOf } from "./summary";

/** Limits of each part. Their sum, with the text around them, fits into the 65,000 characters of a comment. */
const limits = {
  rows: { items: 100, characters: 22_000 },
  problems: { items: 50, characters: 14_000 },
  unchecked: { items: 20, characters: 6_000 },
  sections: { items: 50, characters: 18_000 },
};
const maxNameLength = 80;
const maxLineLength = 600;
/** The maximum number of lines about one resource. */
const maxLines = 20;

/** The plan for a comment on a pull request. The first line lets a pipeline find its own comment again. */
export function planAsMarkdown(plan: Plan): string {
  const rows = rowsOf(plan);
  const name = (text: string): string =>
    code(maskText(printable(text), plan.showPersonalData), maxNameLength);
  const line = (text: string): string =>
    escaped(maskText(printable(text), plan.showPersonalData), maxLineLength);

  const parts: string[] = ["<!-- pulumi-seam plan -->", `**Seam access:** ${headline(plan, rows)}`];
  for (const one of plan.overLimit) parts.push(`> [!CAUTION]\n> Over the limit: ${one}.`);
  const table = fitted(rows, (row) => tableRow(row, plan), limits.rows);
  if (rows.length > 0) {
    parts.push(
      `| | who | what happens |\n| --- | --- | --- |\n${table.shown.join("\n")}`,
      ...andMore(table.more),
    );
  }
  parts.push(
    ...findings("Problems to solve before the apply", "problem", plan, limits.problems, name, line),
    ...findings("Could not be checked", "unchecked", plan, limits.unchecked, name, line),
  );
  parts.push(...collapsedDetails(plan, name, line));
  if (!plan.askedSeam) parts.push(`> [!NOTE]\n> ${notQueriedNotice}`);
  if (!plan.showPersonalData && plan.judgements.length > 0) {
    parts.push("<sub>Personal data is masked. Names of resources are the program's own.</sub>");
  }
  return `${parts.join("\n\n")}\n`;
}

type Shown = (text: string) => string;

/** A line that says how many items the comment has no room for. */
function andMore(more: number, before = ""): string[] {
  return more > 0 ? [`${before}… and ${more} more`] : [];
}

function tableRow(row: Row, { showPersonalData }: Plan): string {
  const shown = (text: string): string => maskText(printable(text), showPersonalData);
  const name = codeCell(shown(row.person.name), maxNameLength);
  return `| ${symbolOf(row)} | ${name} | ${escaped(shown(row.text), maxLineLength, "table")} |`;
}

function symbolOf({ effects, problems, unchecked }: Row): string {
  const loses = effects.loses.length > 0 ? "🔴" : "";
  if (problems > 0) return `${loses}❌`;
  if (unchecked > 0) return `${loses}❔`;
  return loses || (effects.joins ? "🟢" : "🟡");
}

function findings(
  title: string,
  kind: Finding["kind"],
  plan: Plan,
  most: typeof limits.problems,
  name: Shown,
  line: Shown,
): string[] {
  const own = plan.findings.map((finding) => ({ of: undefined, finding }));
  const ofSteps = sorted(plan.judgements).flatMap((one) =>
    one.findings.map((finding) => ({ of: one.step.name, finding })),
  );
  const all = [...own, ...ofSteps].filter(({ finding }) => finding.kind === kind);
  if (all.length === 0) return [];
  const { shown, more } = fitted(
    all,
    ({ of, finding }) => `- ${of === undefined ? "" : `${name(of)}: `}${line(finding.text)}`,
    most,
  );
  return [`**${title}:**\n\n${[...shown, ...andMore(more, "- ")].join("\n")}`];
}

/** A collapsed section with resources and reasons, which only some readers need. */
function collapsedDetails(plan: Plan, name: Shown, line: Shown): string[] {
  const section = (one: Judgement): string => {
    const notes = one.findings.filter(({ kind }) => kind === "note");
    const lines = [...details(one, plan.showPersonalData), ...notes.map(({ text }) => `note: ${text}`)];
    const shown = lines.slice(0, maxLines).map((text) => `- ${line(text)}`);
    const bullets = [...shown, ...andMore(lines.length - maxLines, "- ")];
    return [`${name(one.step.name)} (${one.step.resource}): ${action(one)}`, "", ...bullets]
      .join("\n")
      .trim();
  };
  const notes = plan.findings
    .filter(({ kind }) => kind === "note")
    .map(({ text }) => `- note: ${line(text)}`);
  const { shown, more } = fitted(sorted(plan.judgements), section, limits.sections);
  if (shown.length + notes.length === 0) return [];
  const text = [...(notes.length === 0 ? [] : [notes.join("\n")]), ...shown, ...andMore(more)].join("\n\n");
  return [`<details>\n<summary>Resources and reasons</summary>\n\n${text}\n\n</details>`];
}
