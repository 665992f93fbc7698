import { action, details, headline, lossLine, type Plan, plural, sorted, unseenWithoutKey } from "./report";
import type { Consequence } from "./consequences";

/** So many rows stand in the table; GitHub refuses comments of more than 65,536 characters. */
const mostRows = 100;
const mostDetails = 50;

/** For a comment on a pull request. The first line lets a pipeline find its own comment again. */
export function planAsMarkdown(plan: Plan): string {
  const { totals } = plan;
  const parts: string[] = ["<!-- pulumi-seam plan -->", `**Seam access:** ${headline(totals)}`];
  const loss = lossLine(totals);
  if (loss !== undefined) parts.push(`> [!WARNING]\n> ${loss}`);
  if (plan.beyond.length > 0) {
    parts.push(`> [!CAUTION]\n${plan.beyond.map((one) => `> Over the limit: ${escaped(one)}.`).join("\n")}`);
  }
  const all = sorted(plan.consequences);
  if (all.length > 0) parts.push(table(all.slice(0, mostRows)));
  if (all.length > mostRows) parts.push(`… and ${all.length - mostRows} more.`);
  const problems = all.flatMap((one) =>
    one.problems.map((problem) => `- ${named(one)}: ${escaped(problem)}`),
  );
  if (problems.length > 0)
    parts.push(`**Will fail at apply:**\n\n${problems.slice(0, mostDetails).join("\n")}`);
  const sections = all.flatMap((one) => {
    const lines = [...details(one, plan.showPersonalData), ...one.notes.map((note) => `note: ${note}`)];
    return lines.length === 0
      ? []
      : [`${named(one)}: ${action(one)}\n${lines.map((line) => `- ${escaped(line)}`).join("\n")}`];
  });
  if (sections.length > 0) {
    const shown = sections.slice(0, mostDetails).join("\n\n");
    const more = sections.length > mostDetails ? `\n\n… and ${sections.length - mostDetails} more.` : "";
    parts.push(`<details>\n<summary>Details</summary>\n\n${shown}${more}\n\n</details>`);
  }
  if (!plan.askedSeam) parts.push(`> [!NOTE]\n> ${unseenWithoutKey}`);
  if (!plan.showPersonalData && all.length > 0) parts.push("<sub>Personal data is masked.</sub>");
  return `${parts.join("\n\n")}\n`;
}

function table(consequences: readonly Consequence[]): string {
  const rows = consequences.map((one) => {
    const mark = markOf(one);
    return `| ${mark} | ${named(one)} | ${one.step.resource} | ${action(one)} | ${atStake(one)} |`;
  });
  return `| | name | resource | what happens | what goes with it |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}`;
}

function markOf(one: Consequence): string {
  if (one.problems.length > 0) return "❌";
  if (one.fate === "tornDown") return "🔴";
  if (one.fate === "unlinked" || one.step.does === "update") return "🟡";
  return one.step.does === "create" ? "🟢" : "⚪";
}

function atStake({ fate, takes, keeps }: Consequence): string {
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
  const kept = keeps === undefined ? "" : `; keeps ${plural(keeps.length, "ACS user")}`;
  return (counts.length === 0 ? "nothing" : counts.join(", ")) + kept;
}

function named(one: Consequence): string {
  return `\`${one.step.name.replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}

/** Text from Seam or from a program must not become markup, a mention or a column. */
function escaped(text: string): string {
  return text.replace(/[\\<>*_[\]|~]/g, "\\$&").replace(/@(?=\w)/g, "@\u200b");
}
