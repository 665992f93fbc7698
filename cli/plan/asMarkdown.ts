import type { Consequence } from "./consequences";
import { cell, code, escaped, fitted } from "./markdownText";
import { maskText } from "./personalData";
import { action, details, headline, lossLine, type Plan, plural, sorted, unseenWithoutKey } from "./report";

/** Together under the 65,000 characters that a comment can hold, with what stands around them. */
const room = {
  rows: { items: 100, characters: 22_000 },
  problems: { items: 50, characters: 14_000 },
  unchecked: { items: 20, characters: 6_000 },
  sections: { items: 50, characters: 18_000 },
};
const longestName = 80;
const longestLine = 600;
/** So many lines tell of one resource. */
const mostLines = 20;

/** For a comment on a pull request. The first line lets a pipeline find its own comment again. */
export function planAsMarkdown(plan: Plan): string {
  const { totals } = plan;
  const all = sorted(plan.consequences);
  const named = ({ step }: Consequence): string =>
    code(maskText(step.name, plan.showPersonalData), longestName);
  const line = (text: string): string => escaped(maskText(text, plan.showPersonalData), longestLine);
  const listed = (
    title: string,
    of: (one: Consequence) => string[],
    most: typeof room.problems,
  ): string[] => {
    const told = all.flatMap((one) => of(one).map((text) => ({ one, text })));
    const { shown, more } = fitted(told, ({ one, text }) => `- ${named(one)}: ${line(text)}`, most);
    return told.length === 0 ? [] : [`**${title}:**\n\n${[...shown, ...cut(more, "- ")].join("\n")}`];
  };

  const parts: string[] = ["<!-- pulumi-seam plan -->", `**Seam access:** ${headline(totals)}`];
  const loss = lossLine(totals);
  if (loss !== undefined) parts.push(`> [!WARNING]\n> ${loss}`);
  if (plan.beyond.length > 0) {
    parts.push(`> [!CAUTION]\n${plan.beyond.map((one) => `> Over the limit: ${line(one)}.`).join("\n")}`);
  }
  const rows = fitted(all, (one) => row(one, named(one)), room.rows);
  if (all.length > 0) {
    const head =
      "| | name | resource | what happens | what goes with it |\n| --- | --- | --- | --- | --- |\n";
    parts.push(`${head}${rows.shown.join("\n")}`, ...cut(rows.more));
  }
  parts.push(
    ...listed("Problems to solve before the apply", (one) => one.problems, room.problems),
    ...listed("Could not be checked", (one) => one.unchecked, room.unchecked),
  );
  const sections = all.flatMap((one) => {
    const lines = [...details(one, plan.showPersonalData), ...one.notes.map((note) => `note: ${note}`)];
    return lines.length === 0 ? [] : [{ one, lines }];
  });
  const section = ({ one, lines }: (typeof sections)[number]): string => {
    const shown = lines.slice(0, mostLines).map((text) => `- ${line(text)}`);
    const bullets = [...shown, ...cut(lines.length - mostLines, "- ")];
    return `${named(one)}: ${action(one)}\n${bullets.join("\n")}`;
  };
  if (sections.length > 0) {
    const { shown, more } = fitted(sections, section, room.sections);
    const text = [...shown, ...cut(more)].join("\n\n");
    parts.push(`<details>\n<summary>Details</summary>\n\n${text}\n\n</details>`);
  }
  if (!plan.askedSeam) parts.push(`> [!NOTE]\n> ${unseenWithoutKey}`);
  if (!plan.showPersonalData && all.length > 0) {
    parts.push("<sub>Personal data is masked. Names of resources are the program's own.</sub>");
  }
  return `${parts.join("\n\n")}\n`;
}

/** What a comment has no room for is said, not left out. */
function cut(more: number, before = ""): string[] {
  return more > 0 ? [`${before}… and ${more} more`] : [];
}

function row(one: Consequence, name: string): string {
  const cells = [markOf(one), name, one.step.resource, action(one), atStake(one)];
  return `| ${cells.map(cell).join(" | ")} |`;
}

function markOf(one: Consequence): string {
  if (one.problems.length > 0) return "❌";
  if (one.unchecked.length > 0) return "❔";
  if (one.fate === "tornDown") return "🔴";
  if (one.fate === "unlinked" || one.step.does === "update") return "🟡";
  return one.step.does === "create" ? "🟢" : "⚪";
}

function atStake({ fate, takes, keeps = [] }: Consequence): string {
  if (fate === "tornDown" && takes === undefined) return "not seen";
  if (takes === undefined) return "";
  const credentials = takes.acsUsers.reduce((sum, user) => sum + user.credentials, 0);
  const counts = [
    plural(credentials, "credential"),
    plural(takes.acsUsers.length, "ACS user"),
    plural(takes.phones, "phone"),
    plural(takes.clientSessions, "session"),
    plural(takes.enrollmentAutomations, "automation"),
  ].filter((text) => !text.startsWith("0 "));
  const kept = keeps.length === 0 ? "" : `; keeps ${plural(keeps.length, "ACS user")}`;
  return (counts.length === 0 ? "nothing" : counts.join(", ")) + kept;
}
