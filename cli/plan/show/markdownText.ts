import { printable } from "../../../provider/seam/printable";

/** A name in a code span of at most `most` characters. */
export function code(text: string, most: number): string {
  return `\`${shortened(printable(text).replaceAll("`", "'"), most)}\``;
}

/** A name in a code span for a table cell. */
export function codeCell(text: string, most: number): string {
  return codeInTable(code(text, most));
}

/**
 * Escapes bars in a code span of a table: a bar ends the cell, also inside a code span, unless it has a backslash before it. Another
 * backslash before that one would cancel it, so existing backslashes are replaced.
 */
function codeInTable(span: string): string {
  return span.replace(/(\\*)\|/g, (_, before: string) => `${before.replaceAll("\\", "\u29f5")}\\|`);
}

/** Escapes text from Seam or a program, so that it does not become markup, a mention or a reference. Code spans are kept. */
export function escaped(text: string, most: number, where: "text" | "table" = "text"): string {
  const line = shortened(printable(text).replace(/`{2,}/g, "'"), most);
  return line
    .split(/(`[^`]*`)/)
    .map((part, index) => {
      if (index % 2 === 0) return escapedPart(part);
      return where === "table" ? codeInTable(part) : part;
    })
    .join("");
}

function escapedPart(text: string): string {
  return (
    text
      .replace(/[\\<>*_[\]~`&!|]/g, "\\$&")
      // Mentions, references, and addresses that would become links.
      .replace(/([@#])(?=[\p{L}\p{N}_])/gu, "$1\u200b")
      .replace(/\b(https?|ftp):(?=\/\/)/gi, "$1\u200b:")
      .replace(/\bwww\./gi, "www\u200b.")
  );
}

function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/** As many of the items as fit, and how many more there are. Items that do not fit are not formatted. */
export function fitted<Item>(
  items: readonly Item[],
  format: (item: Item) => string,
  { items: mostItems, characters }: { items: number; characters: number },
): { shown: string[]; more: number } {
  const shown: string[] = [];
  let room = characters;
  for (const item of items.slice(0, mostItems)) {
    const text = format(item);
    room -= text.length + 2;
    if (room < 0) break;
    shown.push(text);
  }
  return { shown, more: items.length - shown.length };
}
