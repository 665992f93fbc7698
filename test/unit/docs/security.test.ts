import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..", "..");
const page = readFileSync(join(root, "SECURITY.md"), "utf8");

describe("SECURITY.md", () => {
  const promises = page
    .slice(page.indexOf("## What this package promises"))
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (promise|-)/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, promise = "", tests = ""]) => ({ promise, tests: tests.match(/test\/[\w/.]+/g) ?? [] }));

  it("names a test for each promise", () => {
    assert.ok(promises.length >= 10);
    assert.deepEqual(
      promises.filter(({ tests }) => tests.length === 0),
      [],
    );
  });

  it("names only tests that exist", () => {
    for (const { promise, tests } of promises) {
      for (const file of tests) {
        assert.match(file, /\.test\.ts$/);
        assert.ok(existsSync(join(root, file)), `${promise}: there is no ${file}`);
      }
    }
  });
});
