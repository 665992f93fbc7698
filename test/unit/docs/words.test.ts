import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

// Documentation, messages, comments and test titles are plain technical English. These are the odd words that were frequent once and
// made readers stop; docs/glossary.md has the terms to use.

const root = join(__dirname, "..", "..", "..");

const wordsToAvoid: readonly { pattern: RegExp; instead: string }[] = [
  { pattern: /\b(?:take|takes|taken|took|taking) (?:\w+ )?away\b/i, instead: "remove, delete" },
  { pattern: /\b(?:take|takes|taken|took|taking) up\b/i, instead: "reuse, adopt" },
  { pattern: /\breckon\w*/i, instead: "calculate" },
  { pattern: /\banew\b/i, instead: "again" },
  { pattern: /\bfor ever\b/i, instead: "always" },
  { pattern: /\b(?:mend|mends|mended|mending)\b/i, instead: "fix" },
  { pattern: /\b(?:go|goes|going|went) on(?: from (?:here|there))?\b/i, instead: "continue" },
  { pattern: /\b(?:come|comes|came|coming) into being\b/i, instead: "be created" },
  { pattern: /\b(?:lets|let|letting) go of\b/i, instead: "release" },
  { pattern: /\b(?:is|are|was|were) asked for\b/i, instead: "request" },
  { pattern: /\btold apart\b|\btells? apart\b/i, instead: "distinguish" },
  { pattern: /\bside by side\b/i, instead: "in parallel" },
  { pattern: /\bthat is not empty\b/i, instead: "a non-empty string" },
  { pattern: /\bnot (?:its|our|your) business\b/i, instead: "left alone" },
  { pattern: /\bbe it (?:that|a)\b/i, instead: "whether" },
  { pattern: /\bwhat is out\b/i, instead: "what is issued" },
  { pattern: /\ba text\b/i, instead: "a string, the text" },
  { pattern: /\bfixed for (?:its |the )?life\b/i, instead: "immutable" },
  { pattern: /\bask(?:s|ed|ing)? Seam\b/i, instead: "request, query, look up" },
  { pattern: /(?<!\bthere )\bis no (?!longer|more|less|fewer)[a-z]+/i, instead: "is not a" },
];

/** Words that have a plain meaning in documentation, and were used for something else in comments and titles. */
const wordsToAvoidInCode: typeof wordsToAvoid = [
  ...wordsToAvoid,
  { pattern: /\bwhat (?:becomes|became) of\b/i, instead: "what happens to" },
  { pattern: /\b(?:tells?|told)\b/i, instead: "report, show, name" },
  { pattern: /\bask(?:s|ed|ing)? (?:for|anybody)\b/i, instead: "request, query" },
  { pattern: /\b(?:whoever|whomever)\b/i, instead: "the person who" },
  { pattern: /\bstands? (?:alone|for|there|around|beside|in)\b/i, instead: "means, is" },
  { pattern: /\b(?:goes?|going|went|gone) on\b/i, instead: "continue" },
  { pattern: /\bhangs? (?:on|under|below)\b/i, instead: "belongs to" },
  { pattern: /\blives? on\b/i, instead: "is kept" },
  { pattern: /\bto the letter\b/i, instead: "exactly" },
  { pattern: /\bunder way\b/i, instead: "running, in progress" },
  { pattern: /\bsays so\b/i, instead: "reports it" },
  { pattern: /\bbeside\b/i, instead: "next to, with" },
  { pattern: /\bsets? (?:it|them) right\b/i, instead: "correct, restore" },
];

/** The words to avoid that the text has, by line. */
function findings(name: string, text: string, words = wordsToAvoid): string[] {
  return text
    .split("\n")
    .flatMap((line, index) =>
      words
        .filter(({ pattern }) => pattern.test(line))
        .map(({ pattern, instead }) => `${name}:${index + 1}: ${pattern.exec(line)?.[0]} → ${instead}`),
    );
}

/** The texts that a source file can print: its literals, each on the line where it begins. */
function literals(path: string): string {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
  const lines: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isStringLiteral(node) ||
      ts.isNoSubstitutionTemplateLiteral(node) ||
      ts.isTemplateExpression(node)
    ) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      lines[line] = `${lines[line] ?? ""} ${node.getText().replaceAll("\n", " ")}`;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return Array.from(lines, (line: string | undefined) => line ?? "").join("\n");
}

/** The comments of a source file, and the titles if it has tests, each on its line. */
function commentsAndTitles(path: string): string {
  const text = readFileSync(path, "utf8");
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const lines = text.split("\n").map(() => "");
  const add = (position: number, found: string): void => {
    const { line } = source.getLineAndCharacterOfPosition(position);
    for (const [index, part] of found.split("\n").entries()) {
      lines[line + index] = `${lines[line + index] ?? ""} ${part}`;
    }
  };
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) {
      if (!seen.has(pos)) add(pos, text.slice(pos, end));
      seen.add(pos);
    }
    if (
      ts.isCallExpression(node) &&
      ts.isIdentifier(node.expression) &&
      ["it", "itInCi", "describe"].includes(node.expression.text)
    ) {
      const [title] = node.arguments;
      if (title !== undefined) add(title.getStart(), title.getText());
    }
    node.getChildren().forEach(visit);
  };
  visit(source);
  return lines.join("\n");
}

const inFolder = (folder: string, extension: string, recursive: boolean): string[] =>
  readdirSync(join(root, folder), { recursive, encoding: "utf8" })
    .filter((name) => name.endsWith(extension))
    .map((name) => `${folder}/${name}`);

const sources = (folder: string): string[] =>
  [".ts", ".mjs"]
    .flatMap((extension) => inFolder(folder, extension, true))
    .filter((name) => !name.includes("node_modules"));

describe("the words of", () => {
  const pages = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "simulator/README.md",
    "cli/plan/README.md",
    ...inFolder("docs", ".md", false),
    ...inFolder("examples", "README.md", true).filter((name) => !name.includes("node_modules")),
  ];
  for (const page of pages) {
    it(`${page} are plain`, () => {
      assert.deepEqual(findings(page, readFileSync(join(root, page), "utf8")), []);
    });
  }

  it("messages are plain", () => {
    const files = ["provider", "cli", "simulator", "tools", "examples"].flatMap(sources);
    assert.ok(files.length > 100, String(files.length));
    assert.ok(files.some((file) => file.endsWith(".mjs")));
    assert.deepEqual(
      files.flatMap((file) => findings(file, literals(join(root, file)))),
      [],
    );
  });

  for (const folder of ["provider", "cli", "simulator", "tools", "bench", "test", "examples"]) {
    it(`comments and titles in ${folder} are plain`, () => {
      const files = sources(folder);
      assert.ok(files.length > 3);
      const texts = files.map((file) => [file, commentsAndTitles(join(root, file))] as const);
      assert.deepEqual(
        texts.flatMap(([file, text]) => findings(file, text, wordsToAvoidInCode)),
        [],
      );
    });
  }

  it("odd words are found, with what to write instead", () => {
    assert.deepEqual(findings("page.md", "fine\nit takes them away, and goes on from here"), [
      "page.md:2: takes them away → remove, delete",
      "page.md:2: goes on from here → continue",
    ]);
  });
});
