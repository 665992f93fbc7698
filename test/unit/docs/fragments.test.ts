import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Script } from "node:vm";
import ts from "typescript";
import { parse } from "yaml";
import { pulumiNewTypescript } from "../../pulumiNewTypescript";

// TypeScript in the documentation compiles in a project that `pulumi new typescript` made. A fragment is a whole file, or is
// marked "ts part": then only the two usual imports are added to it. Fragments in other languages are at least well-formed.

const root = join(__dirname, "..", "..", "..");
const imports = 'import * as pulumi from "@pulumi/pulumi";\nimport * as seam from "pulumi-seam";\n';

interface Fragment {
  page: string;
  line: number;
  /** The name of its file in the project. */
  file: string;
  text: string;
}

function pages(): string[] {
  const docs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`);
  const examples = readdirSync(join(root, "examples"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `examples/${name}/README.md`);
  return [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "cli/plan/README.md",
    "simulator/README.md",
    ...docs,
    ...examples,
  ];
}

function fragments(page: string, text: string): Fragment[] {
  const lineOf = (index: number): number => text.slice(0, index).split("\n").length;
  const found: Fragment[] = [];
  for (const match of text.matchAll(/^( *)```(?:ts|typescript)\b *([^\n]*)\n([^]*?)^\1```$/gm)) {
    const [, indent = "", info = "", indented = ""] = match;
    const body = indented.replaceAll(new RegExp(`^${indent}`, "gm"), "");
    const line = lineOf(match.index);
    const file = /^\/\/ (\S+\.ts)\n/.exec(body)?.[1] ?? `line${line}.ts`;
    assert.ok(["", "part"].includes(info), `${page}:${line}: \`\`\`ts ${info}`);
    found.push({ page, line, file, text: info === "part" ? `${imports}${body}` : body });
  }
  for (const match of text.matchAll(/^cat > (\S+\.ts) <<'(\w+)'\n([^]*?)^\2$/gm)) {
    found.push({ page, line: lineOf(match.index), file: match[1] ?? "", text: match[3] ?? "" });
  }
  return found;
}

/** The compiler's errors about them. */
function compilerErrors(all: readonly Fragment[]): { page: string; compilerError: string }[] {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-fragments-"));
  try {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
    const files = new Map<string, Fragment>();
    for (const fragment of all) {
      const project = join(folder, fragment.page.replaceAll(/[/.]/g, "-"));
      mkdirSync(project, { recursive: true });
      const path = join(project, fragment.file);
      // A file without import or export would share its names with the other files.
      writeFileSync(path, `${fragment.text}\nexport {};\n`);
      files.set(path, fragment);
    }
    const { options, errors } = ts.convertCompilerOptionsFromJson(
      pulumiNewTypescript.compilerOptions,
      folder,
    );
    assert.deepEqual(errors, []);
    const types = ["node", "mocha"];
    const typeRoots = [join(root, "node_modules", "@types")];
    const program = ts.createProgram([...files.keys()], { ...options, noEmit: true, types, typeRoots });
    return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, "\n");
      const fragment = file && files.get(file.fileName);
      return fragment === undefined
        ? { page: file?.fileName ?? "", compilerError: text }
        : { page: fragment.page, compilerError: `line ${fragment.line}: ${text}` };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("TypeScript in the documentation", function () {
  this.timeout(5 * 60_000);

  // One run of the compiler for both tests: it reads the types of the whole SDK.
  let found: { page: string; compilerError: string }[];
  const wrong = [
    "```ts",
    'import * as seam from "pulumi-seam";',
    "seam.getAcsUserOutput({ acsSystemId: lobby, emailAddress: 'jean@example.com' });",
    "```",
    "```ts part",
    'new seam.UserIdentity("jean", { nickname: "jean" });',
    "```",
  ].join("\n");
  before(() => {
    const all = pages().flatMap((page) => fragments(page, readFileSync(join(root, page), "utf8")));
    const withFragments = new Set(all.map(({ page }) => page));
    for (const page of [
      "README.md",
      "docs/testing.md",
      "docs/user-identity.md",
      "docs/api/classes/AcsUser.md",
    ])
      assert.ok(withFragments.has(page), page);
    found = compilerErrors([...all, ...fragments("wrong.md", wrong)]);
  });

  it("compiles with the tsconfig.json of `pulumi new typescript`", () => {
    assert.deepEqual(
      found.filter(({ page }) => page !== "wrong.md"),
      [],
    );
  });

  it("does not compile if something is missing or an argument does not exist", () => {
    const [missing = "", unknown = "", ...more] = found
      .filter(({ page }) => page === "wrong.md")
      .map(({ compilerError }) => compilerError);
    assert.match(missing, /^line 1: Cannot find name 'lobby'/);
    assert.match(unknown, /^line 5: .*'nickname' does not exist/s);
    assert.deepEqual(more, []);
  });
});

/** Throws for a fragment that its language does not take. */
const wellFormed: Readonly<Record<string, (text: string) => unknown>> = {
  js: (text) => new Script(text),
  json: (text) => JSON.parse(text) as unknown,
  yaml: (text) => parse(text) as unknown,
  sh: (text) => {
    // What the reader puts in: <acs system id>.
    const input = text.replaceAll(/<[a-z][a-z ]*>/g, "value");
    const { status, stderr } = spawnSync("bash", ["-n"], { input, encoding: "utf8" });
    assert.equal(status, 0, stderr);
  },
  // Checked by what draws it, and output that a test compares or nobody runs.
  mermaid: () => undefined,
  text: () => undefined,
  // Above.
  ts: () => undefined,
};

function malformed(page: string, text: string): string[] {
  return [...text.matchAll(/^( *)```(\w*)[^\n]*\n([^]*?)^\1```$/gm)].flatMap((match) => {
    const [, indent = "", language = "", indented = ""] = match;
    const where = `${page}:${text.slice(0, match.index).split("\n").length}`;
    const check = wellFormed[language];
    if (check === undefined) return [`${where}: a fragment in "${language}"`];
    try {
      check(indented.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
      return [];
    } catch (error) {
      return [`${where}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
}

describe("fragments in other languages", () => {
  for (const page of pages()) {
    it(`are well-formed in ${page}`, () => {
      assert.deepEqual(malformed(page, readFileSync(join(root, page), "utf8")), []);
    });
  }

  it("are found where they are not", () => {
    const wrong = ["sh\nif true", "json\n{ a: 1 }", "yaml\na: [", "js\nexports.", "\nanything"];
    for (const fragment of wrong)
      assert.equal(malformed("wrong.md", `\`\`\`${fragment}\n\`\`\`\n`).length, 1, fragment);
  });

  it("of README.md are part of the example that it names", () => {
    const [, fragment = ""] =
      /^```yaml\n([^]*?)^```$/m.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
    const { people } = parse(readFileSync(join(root, "examples/access/company.yaml"), "utf8")) as {
      people: Record<string, unknown>;
    };
    const shown = Object.entries(parse(fragment) as Record<string, unknown>);
    assert.ok(shown.length > 0);
    for (const [key, person] of shown) assert.deepEqual(person, people[key]);
  });
});
