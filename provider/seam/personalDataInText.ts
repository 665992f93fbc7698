/** What stands between the two parts of an e-mail address, encoded in a URL as well. */
const at = /[@\uff20]|%40/gu;
/** Characters of a part before the @ that is not in quotes (RFC 5321, and RFC 6531 for other scripts), and what hides among them. */
const localCharacter = /[\p{L}\p{N}\p{M}\p{Cf}\ufffd.!#$%&'*+/=?^_`{|}~-]/u;
const domainCharacter = /[\p{L}\p{N}\p{M}\p{Cf}\ufffd._\u3002\uff0e\uff61-]/u;
const letterOrDigit = /[\p{L}\p{N}]/u;
/** What follows the name of a package. */
const version = /^v?\d+\.\d+\.\d+(?:$|[-+]|\.tgz$)/u;
/** The longest part in quotes, or comment after a part, that is looked for, in UTF-16 units; the RFC allows 64 bytes. */
const longestQuoted = 256;

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

/** Where what is to be masked begins: at a letter, a digit or a quotation mark; at the @ if there is nothing. */
function startOfLocalPart(text: string, end: number, least: number): number {
  let start = startOfQuoted(text, end, Math.max(least, end - longestQuoted));
  let first = start;
  for (;;) {
    const character = characterBefore(text, start);
    if (start <= least || character === undefined || !localCharacter.test(character)) return first;
    start -= character.length;
    if (letterOrDigit.test(character)) first = start;
  }
}

/** Where the quoted part or the comment begins that ends here; `end` if there is none. */
function startOfQuoted(text: string, end: number, least: number): number {
  const opening = text[end - 1] === '"' ? '"' : text[end - 1] === ")" ? "(" : undefined;
  if (opening === undefined) return end;
  // In JSON the quotation marks around it are escaped as well.
  const backslashes = text[end - 2] === "\\" ? 1 : 0;
  for (let index = end - 2; index >= least; index -= 1) {
    if (text[index] !== opening) continue;
    const start = index - backslashes;
    if (text[start - 1] !== "\\" && (backslashes === 0 || text[start] === "\\")) return start;
  }
  return end;
}

/** Undefined where no domain of an address follows. */
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
/** How many digits an international number has, by E.164, and how many separators can come between two of them. */
const fewestDigits = 7;
const mostDigits = 15;
const mostSeparators = 2;

/** Masks telephone numbers that begin with their country's code, with separators or without: `+***10`. */
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

/** Undefined where it is not a number of a telephone. What follows after a separator and makes it too long is left out. */
function endOfNumber(text: string, start: number): number | undefined {
  let digits = 0;
  let separators = 0;
  let end: number | undefined;
  for (let index = start; digits <= mostDigits; index += 1) {
    const character = text[index] ?? "";
    if (digit.test(character)) {
      digits += 1;
      separators = 0;
      continue;
    }
    if (separators === 0 && digits >= fewestDigits) end = index;
    separators += 1;
    if (separators > mostSeparators || !separator.test(character)) return end;
  }
  return end;
}
