import { maskKeys, redact } from "../provider/seam/redaction";
import { printable } from "../provider/seam/printable";

// Everything that a command prints goes through here, except a plan in Markdown, which has rules of its own.

/** A line, with every value in it masked and printable. Its own colors belong around it, not into it. */
export function safeLine(text: string): string {
  return redact(printable(text));
}

/** Several lines, each of which no terminal and no CI log acts on. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map(printable).join("\n");
}

/** A report on standard output. API keys are masked; personal data is the caller's to mask: paths and commands have to work. */
export function printReport(text: string): void {
  console.log(maskKeys(printableLines(text)));
}

/** A message of the command on standard error, in lines. Keys and personal data are masked. */
export function printError(text: string): void {
  console.error(`pulumi-seam: ${redact(printableLines(text))}`);
}

/**
 * JSON in which every text, names of fields included, is masked. The whole document could not be: a mask could end within
 * an escape. Characters that act and do not show, and workflow commands, are escaped, which leaves the JSON the same.
 */
export function safeJson(document: unknown, mask: (text: string) => string = redact): string {
  const masked = (value: unknown): unknown => {
    if (typeof value === "string") return mask(value);
    if (Array.isArray(value)) return value.map(masked);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [mask(name), masked(inner)]));
  };
  return JSON.stringify(masked(document), null, 2)
    .replace(/(?!\n)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu, (character) =>
      [...Array(character.length).keys()]
        .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
        .join(""),
    )
    .replace(/##(?=\w{0,32}\[)/g, "#\\u0023");
}
