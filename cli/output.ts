import { maskKeys, redact } from "../provider/seam/redaction";
import { printable } from "../provider/seam/printable";

// All output of the commands passes through here, except a plan in Markdown, which has its own escaping.

/** A line with every value masked and made printable. Apply colors to the result, not to the input. */
export function safeLine(text: string): string {
  return redact(printable(text));
}

/** Makes each line safe to print: terminals and CI logs do not interpret anything in it. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map(printable).join("\n");
}

/**
 * Prints a report on standard output. API keys are masked; the caller masks personal data, because paths and commands must stay
 * usable.
 */
export function printReport(text: string): void {
  console.log(maskKeys(printableLines(text)));
}

/** Prints a message of one or more lines on standard error. Keys and personal data are masked. */
export function printError(text: string): void {
  console.error(`pulumi-seam: ${redact(printableLines(text))}`);
}

/**
 * JSON in which every string is masked, field names included. Masking the serialized document instead could cut an escape
 * sequence. Invisible control characters and workflow commands are escaped, which does not change what the JSON means.
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
