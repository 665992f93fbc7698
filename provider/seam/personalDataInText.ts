/** The separator of the two parts of an e-mail address, also as encoded in a URL. */
const at = /[@\uff20]|%40/gu;
/** The characters of an unquoted part before the @ (RFC 5321, and RFC 6531 for other scripts), including invisible ones. */
const localCharacter = /[\p{L}\p{N}\p{M}\p{Cf}\ufffd.!#$%&'*+/=?^_`{|}~-]/u;
const domainCharacter = /[\p{L}\p{N}\p{M}\p{Cf}\ufffd._\u3002\uff0e\uff61-]/u;
const letterOrDigit = /[\p{L}\p{N}]/u;
/** A version, as it follows the name of a package. */
const version = /^v?\d+\.\d+\.\d+(?:$|[-+]|\.tgz$)/u;
/** The longest quoted part, or comment after a part, that is recognized, in UTF-16 units; the RFC allows 64 bytes. */
const maxQuotedLength = 256;

/** Masks e-mail addresses: `j***@example.com`. The names of packages with a version, as in `pkg@1.2.3`, are left alone. */
export function maskEmailAddresses(text: string): string {
  let masked = "";
  let done = 0;
  for (const match of text.matchAll(at)) {
    const afterAt = match.index + match[0].length;
    const domainEnd = endOfDomain(text, afterAt);
    if (domainEnd === undefined) continue;
    const start = startOfLocalPart(text, match.index, done);
    if (start === match.index) continue;
    const first = String.fromCodePoint(text.codePointAt(start) ?? 0);
    masked += `${text.slice(done, start)}${letterOrDigit.test(first) ? first : ""}***@${text.slice(afterAt, domainEnd)}`;
    done = domainEnd;
  }
  return masked + text.slice(done);
}

/** Returns the start of the text to mask: a letter, a digit or a quotation mark; the @ itself if there is none. */
function startOfLocalPart(text: string, end: number, least: number): number {
  let start = startOfQuoted(text, end, Math.max(least, end - maxQuotedLength));
  let first = start;
  for (;;) {
    const character = characterBefore(text, start);
    if (start <= least || character === undefined || !localCharacter.test(character)) return first;
    start -= character.length;
    if (letterOrDigit.test(character)) first = start;
  }
}

/** Returns the start of the quoted part or comment that ends at `end`; `end` if there is none. */
function startOfQuoted(text: string, end: number, least: number): number {
  const opening = text[end - 1] === '"' ? '"' : text[end - 1] === ")" ? "(" : undefined;
  if (opening === undefined) return end;
  // In JSON, the quotation marks around it are escaped too.
  const backslashes = text[end - 2] === "\\" ? 1 : 0;
  for (let index = end - 2; index >= least; index -= 1) {
    if (text[index] !== opening) continue;
    const start = index - backslashes;
    if (text[start - 1] !== "\\" && (backslashes === 0 || text[start] === "\\")) return start;
  }
  return end;
}

/** Returns the end of the domain that starts at `start`; undefined if there is none. */
function endOfDomain(text: string, start: number): number | undefined {
  if (text[start] === "[") {
    const literal = /^\[[0-9A-Za-z:.-]{2,64}\]/.exec(text.slice(start, start + 66));
    return literal === null ? undefined : start + literal[0].length;
  }
  let end = start;
  for (;;) {
    const character = characterAt(text, end);
    if (character === undefined || !domainCharacter.test(character)) break;
    end += character.length;
  }
  while (end > start && !/[\p{L}\p{N}\p{M}]/u.test(characterBefore(text, end) ?? "a")) {
    end -= characterBefore(text, end)?.length ?? 1;
  }
  return isDomain(text.slice(start, end), text[end]) ? end : undefined;
}

function isDomain(domain: string, following: string | undefined): boolean {
  const labels = domain.split(/[.\u3002\uff0e\uff61]/u);
  if (labels.length < 2 || labels.includes("") || version.test(domain + (following === "+" ? "+" : "")))
    return false;
  const top = labels.at(-1) ?? "";
  const isName = /^\p{L}/u.test(top) && (top.length >= 2 || /\P{ASCII}/u.test(top));
  return isName || (labels.length === 4 && labels.every((label) => /^\d{1,3}$/.test(label)));
}

function characterAt(text: string, index: number): string | undefined {
  const code = text.codePointAt(index);
  return code === undefined ? undefined : String.fromCodePoint(code);
}

function characterBefore(text: string, index: number): string | undefined {
  if (index <= 0) return undefined;
  const pair = index >= 2 ? characterAt(text, index - 2) : undefined;
  return pair?.length === 2 ? pair : text[index - 1];
}

const plus = /[+\uff0b](?=[\p{Nd}(])/gu;
const digit = /\p{Nd}/u;
const separator = /[ ().\-/\u00a0\u2009\u202f\u2010-\u2015]/u;
/** The number of digits of an international number according to E.164, and the most separators between two of them. */
const minDigits = 7;
const maxDigits = 15;
const maxSeparators = 2;

/** Masks phone numbers that start with a country code, with or without separators: `+***10`. */
export function maskPhoneNumbers(text: string): string {
  let masked = "";
  let done = 0;
  for (const match of text.matchAll(plus)) {
    const end = match.index < done ? undefined : endOfNumber(text, match.index + 1);
    if (end === undefined) continue;
    masked += `${text.slice(done, match.index)}+***${text.slice(end - 2, end)}`;
    done = end;
  }
  return (masked + text.slice(done)).replace(/\(\d{3}\) ?\d{3}-\d{2}(\d{2})(?!\d)/g, "(***) ***-**$1");
}

/**
 * Returns the end of a phone number; undefined if there is none. Digits after a separator that would make it too long are not
 * part of it.
 */
function endOfNumber(text: string, start: number): number | undefined {
  let digits = 0;
  let separators = 0;
  let end: number | undefined;
  for (let index = start; digits <= maxDigits; index += 1) {
    const character = text[index] ?? "";
    if (digit.test(character)) {
      digits += 1;
      separators = 0;
      continue;
    }
    if (separators === 0 && digits >= minDigits) end = index;
    separators += 1;
    if (separators > maxSeparators || !separator.test(character)) return end;
  }
  return end;
}
