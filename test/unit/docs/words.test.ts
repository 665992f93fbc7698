import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

// Documentation and messages are plain technical English. These words are the ones that once were everywhere and made readers
// stop; docs/glossary.md has the terms to use.

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
];

/** The words to avoid in a text, by line. */
function findings(name: string, text: string): string[] {
  return text
    .split("\n")
    .flatMap((line, index) =>
      wordsToAvoid
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

const inFolder = (folder: string, extension: string, recursive: boolean): string[] =>
  readdirSync(join(root, folder), { recursive, encoding: "utf8" })
    .filter((name) => name.endsWith(extension))
    .map((name) => `${folder}/${name}`);

describe("the words of", () => {
  const pages = [
    "README.md",
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
    const files = [...inFolder("provider", ".ts", true), ...inFolder("cli", ".ts", true)];
    assert.ok(files.length > 50);
    assert.deepEqual(
      files.flatMap((file) => findings(file, literals(join(root, file)))),
      [],
    );
  });

  it("an odd text are found, with what to write instead", () => {
    assert.deepEqual(findings("page.md", "fine\nit takes them away, and goes on from here"), [
      "page.md:2: takes them away → remove, delete",
      "page.md:2: goes on from here → continue",
    ]);
  });
});
