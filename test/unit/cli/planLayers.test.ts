import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const folder = join(__dirname, "..", "..", "..", "cli", "plan");

/** The parts of the pipeline, each with the parts that it may import. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "finding.ts": [],
  "resourceNames.ts": ["forecast"],
  "personalData.ts": ["forecast"],
  "runPreview.ts": ["preview"],
  forecast: [],
  preview: ["forecast"],
  survey: ["forecast", "finding.ts"],
  judge: ["survey", "preview", "forecast", "finding.ts", "resourceNames.ts", "personalData.ts"],
  "tally.ts": ["judge", "finding.ts"],
  show: ["tally.ts", "judge", "survey", "forecast", "finding.ts", "personalData.ts"],
};

const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
  name.endsWith(".ts"),
);
const partOf = (file: string): string => file.split("/")[0] ?? "";

/** The files in the same folder tree that a file imports, types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(folder, file), "utf8");
  return [...text.matchAll(/(?:from |import\()"(\.[^"]*)"/g)]
    .map((match) => `${relative(folder, resolve(folder, dirname(file), match[1] ?? ""))}.ts`)
    .filter((path) => !path.startsWith(".."));
}

describe("the pipeline of a plan", () => {
  it("has imports in one direction only", () => {
    for (const file of files.filter((name) => name !== "command.ts")) {
      const part = partOf(file);
      const allowed = [part, ...(mayImport[part] ?? assert.fail(`${part} is in no layer`))];
      for (const imported of importsOf(file)) {
        assert.ok(allowed.includes(partOf(imported)), `${file} imports ${imported}`);
      }
    }
  });

  it("has no circular imports, types included", () => {
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      assert.ok(!path.includes(file), `a circle: ${[...path, file].join(" → ")}`);
      if (done.has(file)) return;
      for (const imported of importsOf(file)) visit(imported, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  it("calls Seam only in the survey", () => {
    for (const file of files.filter((name) => !name.startsWith("survey/") && name !== "command.ts")) {
      assert.doesNotMatch(readFileSync(join(folder, file), "utf8"), /seam\/client"/, file);
    }
  });
});
