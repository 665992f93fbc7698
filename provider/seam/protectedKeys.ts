/** So much of a key, in characters, that finding it elsewhere by chance is out of the question; with a digit in it, or twice as much. */
const shortestPart = 8;
const shortestSegment = 12;

const keys = new Set<string>();
let forms: RegExp[] = [];

/** From here on {@link maskProtectedKeys} knows this API key. */
export function protectKey(key: string): void {
  if (key.length < shortestPart || keys.has(key)) return;
  keys.add(key);
  const parts = [...keys].flatMap(partsOf).sort((one, other) => other.length - one.length);
  forms = [
    new RegExp(parts.map(anySpelling).join("|"), "giu"),
    new RegExp(parts.flatMap(base64Forms).join("|"), "gu"),
    new RegExp(parts.map((part) => Buffer.from(part).toString("hex")).join("|"), "giu"),
  ];
}

/**
 * Replaces every API key in use, wherever and however it is written: as it is, percent-encoded, with JSON or HTML escapes,
 * in base64 or in hexadecimal, alone or as part of something longer, in any case, and without its prefix.
 */
export function maskProtectedKeys(text: string): string {
  return forms.reduce((masked, form) => masked.replace(form, "seam_***"), text);
}

/** The key without the prefix that all keys have, and what comes last in it. */
function partsOf(key: string): string[] {
  const bare = key.replace(/^seam_/, "");
  const segment = bare.slice(bare.lastIndexOf("_") + 1);
  const parts = bare.length >= shortestPart && /\d|.{16}/.test(bare) ? [`seam_${bare}`, bare] : [key];
  return segment.length >= shortestSegment && segment !== bare ? [...parts, segment] : parts;
}

/** A pattern for a text in which each character can be written in several ways. */
function anySpelling(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16).padStart(2, "0");
    const plain = `\\u{${hex}}`;
    return `(?:${plain}|%(?:25){0,2}${hex}|\\\\{1,2}u00${hex}|\\\\{1,2}x${hex}|&#x0{0,4}${hex};|&#0{0,4}${code};)\\ufffd?`;
  }).join("");
}

/** Patterns for a text in the base64 of something that contains it, which looks different at each of three offsets. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    // Only the characters that the bytes around the text have no part in.
    const own = bytes
      .toString("base64")
      .slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
    const either = own.replaceAll("+", "(?:[+\\-]|%2B)").replaceAll("/", "(?:[/_]|%2F)");
    return `[A-Za-z0-9+/_\\-]?${either}[A-Za-z0-9+/_\\-]?={0,2}`;
  });
}
