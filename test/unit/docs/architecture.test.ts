import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";

// Compares docs/architecture.md with the code.

const root = join(__dirname, "..", "..", "..");
const page = readFileSync(join(root, "docs", "architecture.md"), "utf8");
const files = ["provider", "cli", "simulator"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);

/** The boxes of the diagram that are files or folders, by the name that arrows use. */
const boxes = new Map(
  [...page.matchAll(/\b(\w+)\["([^"]+)"\]/g)]
    .map((match): [string, string] => [match[1] ?? "", match[2] ?? ""])
    .filter(([, path]) => existsSync(join(root, path))),
);

/** The box that a file belongs to. */
function boxOf(file: string): string | undefined {
  return [...boxes.values()].find((path) => file === path || file.startsWith(`${path}/`));
}

/** The imports of a file, including types and dynamic imports, as paths below the root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from |require\(|import\()"(\.[^"]*)"/g)].map((match) => {
    const path = relative(root, resolve(root, dirname(file), match[1] ?? ""));
    return existsSync(join(root, `${path}.ts`)) ? `${path}.ts` : `${path}/index.ts`;
  });
}

describe("docs/architecture.md", () => {
  it("has a box for every file of the package", () => {
    // Constants that every file may import are in no box.
    const without = files.filter((file) => boxOf(file) === undefined && file !== "provider/version.ts");
    assert.deepEqual(without, []);
  });

  it("has exactly the arrows that the imports make", () => {
    const drawn = [...page.matchAll(/^ +(\w+)(?:\["[^"]*"\])? -->(?:\|[^|]*\|)? (\w+)/gm)]
      .map((match) => [boxes.get(match[1] ?? ""), boxes.get(match[2] ?? "")])
      .filter(([from, to]) => from !== undefined && to !== undefined)
      .map(([from, to]) => `${from} → ${to}`);
    const created = files.flatMap((file) =>
      importsOf(file).flatMap((imported) => {
        const [from, to] = [boxOf(file), boxOf(imported)];
        return from === undefined || to === undefined || from === to ? [] : [`${from} → ${to}`];
      }),
    );
    assert.deepEqual(drawn.sort(), [...new Set(created)].sort());
  });

  it("names every file of the provider", () => {
    const unnamed = files.filter(
      (file) => file.startsWith("provider/") && !page.includes(`${basename(file, ".ts")}.ts`),
    );
    assert.deepEqual(unnamed, []);
  });

  it("names no file that does not exist", () => {
    for (const [, name = ""] of page.matchAll(/`(\w+\.ts)`/g)) {
      assert.ok(
        files.some((file) => basename(file) === name),
        name,
      );
    }
  });
});
