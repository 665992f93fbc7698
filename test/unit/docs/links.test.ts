import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = join(__dirname, "..", "..", "..");
const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "simulator/README.md"]
  .concat(
    readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`),
  )
  .concat(readdirSync(join(root, "examples")).map((name) => `examples/${name}/README.md`))
  .filter((name) => name.endsWith(".md") && existsSync(join(root, name)));

/** The anchor that GitHub makes for a heading. */
function anchor(heading: string): string {
  return heading
    .replace(/[`*]/g, "")
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

describe("the documentation", () => {
  for (const page of pages) {
    it(`${page} links only to files and headings that exist`, () => {
      const text = readFileSync(join(root, page), "utf8").replace(/```[^]*?```/g, "");
      for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [path = "", fragment] = target.split("#");
        const file = path === "" ? join(root, page) : resolve(root, dirname(page), path);
        assert.ok(existsSync(file), `${target}: there is no ${relative(root, file)}`);
        if (fragment === undefined || !file.endsWith(".md")) continue;
        const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map((match) =>
          anchor(match[1] ?? ""),
        );
        assert.ok(headings.includes(fragment), `${target}: no such heading`);
      }
    });
  }

  it("names no npm command that does not exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
    for (const page of ["README.md", "CONTRIBUTING.md"]) {
      for (const [, name = ""] of readFileSync(join(root, page), "utf8").matchAll(/npm run ([\w:]+)/g)) {
        assert.ok(name in scripts, `${page}: npm run ${name}`);
      }
    }
  });
});
