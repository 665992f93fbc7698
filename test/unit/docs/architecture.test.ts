import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";

// What docs/architecture.md says of the code, against the code.

const root = join(__dirname, "..", "..", "..");
const page = readFileSync(join(root, "docs", "architecture.md"), "utf8");
const files = ["provider", "cli", "simulator"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);

/** The boxes of the diagram that are files or folders, by the name that arrows give them. */
const boxes = new Map(
  [...page.matchAll(/\b(\w+)\["([^"]+)"\]/g)]
    .map((match): [string, string] => [match[1] ?? "", match[2] ?? ""])
    .filter(([, path]) => existsSync(join(root, path))),
);

/** The box that a file belongs to. */
function boxOf(file: string): string | undefined {
  return [...boxes.values()].find((path) => file === path || file.startsWith(`${path}/`));
}

/** What a file imports, types and what it loads late included, as paths below the root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from |require\(|import\()"(\.[^"]*)"/g)].map((match) => {
    const path = relative(root, resolve(root, dirname(file), match[1] ?? ""));
    return existsSync(join(root, `${path}.ts`)) ? `${path}.ts` : `${path}/index.ts`;
  });
}

describe("docs/architecture.md", () => {
  it("has a box for every file of the package", () => {
    // A constant that everybody may read.
    const without = files.filter((file) => boxOf(file) === undefined && file !== "provider/version.ts");
    assert.deepEqual(without, []);
  });

  it("has the arrows that the imports make, and no others", () => {
    const drawn = [...page.matchAll(/^ +(\w+)(?:\["[^"]*"\])? -->(?:\|[^|]*\|)? (\w+)/gm)]
      .map((match) => [boxes.get(match[1] ?? ""), boxes.get(match[2] ?? "")])
      .filter(([from, to]) => from !== undefined && to !== undefined)
      .map(([from, to]) => `${from} → ${to}`);
    const made = files.flatMap((file) =>
      importsOf(file).flatMap((imported) => {
        const [from, to] = [boxOf(file), boxOf(imported)];
        return from === undefined || to === undefined || from === to ? [] : [`${from} → ${to}`];
      }),
    );
    assert.deepEqual(drawn.sort(), [...new Set(made)].sort());
  });

  it("names every file of the provider", () => {
    const unnamed = files.filter(
      (file) => file.startsWith("provider/") && !page.includes(`${basename(file, ".ts")}.ts`),
    );
    assert.deepEqual(unnamed, []);
  });

  it("names no file that is not there", () => {
    for (const [, name = ""] of page.matchAll(/`(\w+\.ts)`/g)) {
      assert.ok(
        files.some((file) => basename(file) === name),
        name,
      );
    }
  });
});
