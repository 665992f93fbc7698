import assert from "node:assert/strict";
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
import ts from "typescript";
import { pulumiNewTypescript } from "../../pulumiNewTypescript";

// TypeScript in the documentation compiles in a project that `pulumi new typescript` made. A fragment is a whole file, or is
// marked "ts part": then only the two usual imports are added to it.

const root = join(__dirname, "..", "..", "..");
const imports = 'import * as pulumi from "@pulumi/pulumi";\nimport * as seam from "pulumi-seam";\n';

interface Fragment {
  page: string;
  line: number;
  /** Its name in the project. */
  file: string;
  text: string;
}

function pages(): string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`);
  const examples = readdirSync(join(root, "examples"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `examples/${name}/README.md`);
  return ["README.md", "simulator/README.md", ...inFolder("docs"), ...examples];
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

/** What the compiler says of them. */
function complaints(all: readonly Fragment[]): { page: string; complaint: string }[] {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-fragments-"));
  try {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
    const files = new Map<string, Fragment>();
    for (const fragment of all) {
      const project = join(folder, fragment.page.replaceAll(/[/.]/g, "-"));
      mkdirSync(project, { recursive: true });
      const path = join(project, fragment.file);
      // A file without import or export would share its names with the others.
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
        ? { page: file?.fileName ?? "", complaint: text }
        : { page: fragment.page, complaint: `line ${fragment.line}: ${text}` };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("TypeScript in the documentation", function () {
  this.timeout(5 * 60_000);

  // One run of the compiler for both tests: it reads the types of the whole SDK.
  let found: { page: string; complaint: string }[];
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
    for (const page of ["README.md", "docs/testing.md", "docs/user-identity.md"])
      assert.ok(withFragments.has(page), page);
    found = complaints([...all, ...fragments("wrong.md", wrong)]);
  });

  it("compiles with the tsconfig.json of `pulumi new typescript`", () => {
    assert.deepEqual(
      found.filter(({ page }) => page !== "wrong.md"),
      [],
    );
  });

  it("is rejected where something is missing, or an argument does not exist", () => {
    const [missing = "", unknown = "", ...more] = found
      .filter(({ page }) => page === "wrong.md")
      .map(({ complaint }) => complaint);
    assert.match(missing, /^line 1: Cannot find name 'lobby'/);
    assert.match(unknown, /^line 5: .*'nickname' does not exist/s);
    assert.deepEqual(more, []);
  });
});
