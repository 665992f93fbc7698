/** The number of characters of a key that cannot occur elsewhere by chance, if there is a digit among them; otherwise twice as many. */
const shortestPart = 8;
const shortestSegment = 12;

const mask = "seam_***";
const keys = new Set<string>();
/** The strings to search for: the keys and their parts in lower case, in the base64 of any text around them, and in hexadecimal. */
const needles = { plain: new Set<string>(), base64: new Set<string>(), hex: new Set<string>() };

/** Adds an API key to those that {@link maskProtectedKeys} masks. */
export function protectKey(key: string): void {
  if (key.length < shortestPart || keys.has(key)) return;
  keys.add(key);
  for (const part of partsOf(key)) {
    needles.plain.add(part.toLowerCase());
    for (const form of base64Forms(part)) needles.base64.add(form);
    needles.hex.add(Buffer.from(part).toString("hex"));
  }
}

/**
 * Replaces every API key in use, in whatever form: unchanged, percent-encoded, with JSON or HTML escapes, in base64 or in
 * hexadecimal, alone or as part of a longer string, in any case, and without its prefix. Takes time proportional to the length
 * of the text.
 */
export function maskProtectedKeys(text: string): string {
  if (keys.size === 0) return text;
  const plain = maskFound(text, decoded(text), needles.plain);
  const base64 = maskFound(plain, inOneAlphabet(plain), needles.base64, base64Ends);
  return maskFound(base64, inLowerCase(base64), needles.hex);
}

/** The text in another spelling, with the position in the original of each of its characters. */
interface Spelling {
  text: string;
  starts: number[];
  ends: number[];
}

/** An escaped character in a URL (encoded up to three times), in JSON or JavaScript, or in HTML. */
const escape =
  /%(?:25){0,2}([0-9a-f]{2})|\\{1,2}u00([0-9a-f]{2})|\\{1,2}x([0-9a-f]{2})|&#x0{0,4}([0-9a-f]{2});|&#0{0,4}(\d{2,3});|\ufffd/gi;

/** Returns the text with all escapes resolved, in lower case. Replacement characters are omitted. */
function decoded(text: string): Spelling {
  return respelled(text, escape, ([, url, unicode, hex, html, decimal]) => {
    const code = url ?? unicode ?? hex ?? html;
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16)).toLowerCase();
    return decimal === undefined ? "" : String.fromCharCode(Number(decimal)).toLowerCase();
  });
}

/** Returns the text with the two alphabets of base64 unified, also where their characters are percent-encoded. */
function inOneAlphabet(text: string): Spelling {
  return respelled(text, /%2[bf]|[-_]/gi, ([found]) => (/^(?:%2b|-)$/i.test(found) ? "+" : "/"), false);
}

function inLowerCase(text: string): Spelling {
  return respelled(text, /(?!)/g, () => "");
}

function respelled(
  text: string,
  pattern: RegExp,
  spell: (found: RegExpMatchArray) => string,
  lowerCase = true,
): Spelling {
  const spelling: Spelling = { text: "", starts: [], ends: [] };
  const pieces: string[] = [];
  const add = (piece: string, start: number, end: number): void => {
    pieces.push(piece);
    for (let index = 0; index < piece.length; index += 1) {
      spelling.starts.push(start + (end === start ? index : 0));
      spelling.ends.push(end === start ? start + index + 1 : end);
    }
  };
  let last = 0;
  // One character at a time, because some change their length with their case.
  const addPlain = (until: number): void => {
    for (let index = last; index < until; index += 1) {
      const character = text.charAt(index);
      const lower = lowerCase ? character.toLowerCase() : character;
      add(lower.length === 1 ? lower : character, index, index);
    }
  };
  for (const found of text.matchAll(pattern)) {
    addPlain(found.index);
    add(spell(found), found.index, found.index + found[0].length);
    last = found.index + found[0].length;
  }
  addPlain(text.length);
  spelling.text = pieces.join("");
  return spelling;
}

/** Masks the parts of the text that contain a needle in its other spelling. */
function maskFound(
  text: string,
  spelling: Spelling,
  needlesToFind: ReadonlySet<string>,
  widen: (text: string, start: number, end: number) => [number, number] = (_, start, end) => [start, end],
): string {
  const places: [number, number][] = [];
  for (const needle of needlesToFind) {
    for (let at = spelling.text.indexOf(needle); at !== -1; at = spelling.text.indexOf(needle, at + 1)) {
      const start = spelling.starts[at] ?? 0;
      const end = spelling.ends[at + needle.length - 1] ?? text.length;
      places.push(widen(text, start, end));
    }
  }
  if (places.length === 0) return text;
  places.sort(([one], [other]) => one - other);
  let masked = "";
  let last = 0;
  for (const [start, end] of places) {
    if (start >= last) masked += text.slice(last, start) + mask;
    last = Math.max(last, end);
  }
  return masked + text.slice(last);
}

/** Extends a match in base64: the characters before and after it share bits with the key, and the padding belongs to it. */
function base64Ends(text: string, start: number, end: number): [number, number] {
  const alphabet = /[A-Za-z0-9+/_-]/;
  const from = start > 0 && alphabet.test(text.charAt(start - 1)) ? start - 1 : start;
  let to = alphabet.test(text.charAt(end)) ? end + 1 : end;
  for (let padding = 0; padding < 2 && text.charAt(to) === "="; padding += 1) to += 1;
  return [from, to];
}

/** Returns the key, the key without the prefix that all keys have, and its last segment. */
function partsOf(key: string): string[] {
  const bare = key.replace(/^seam_/, "");
  const segment = bare.slice(bare.lastIndexOf("_") + 1);
  const parts = bare.length >= shortestPart && /\d|.{16}/.test(bare) ? [`seam_${bare}`, bare] : [key];
  return segment.length >= shortestSegment && segment !== bare ? [...parts, segment] : parts;
}

/** Returns the base64 of the text inside of a longer text, which differs at each of three offsets. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    // Only the characters that do not depend on the bytes around the text.
    return bytes.toString("base64").slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
  });
}
