// Runs all tests: many at once, or in CI in three parts. Leaves the totals in the file that TEST_RESULTS names.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const all = ["--config", ".mocharc.yml"];
// In CI there are many more faults, which need their time undisturbed, and the tests of costs compare times.
const parts =
  process.env.CI === "true"
    ? [
        ["--config", "test/faults/mocharc.yml"],
        [...all, "--jobs", "2", "--ignore", "test/faults/**"],
        ["--config", "test/cost/mocharc.yml"],
      ]
    : [[...all, "test/cost/cost.test.ts"]];

const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-test-"));
const totals = { passes: 0, failures: 0, pending: 0 };
const errors = [];
let status = 0;
for (const [index, options] of parts.entries()) {
  const results = join(folder, `${index}.json`);
  const mocha = join(root, "node_modules", "mocha", "bin", "mocha.js");
  const run = spawnSync(process.execPath, [mocha, ...options], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, TEST_RESULTS: results },
  });
  if (run.status !== 0) status = 1;
  if (!existsSync(results)) {
    console.error(`mocha ${options.join(" ")} did not end`);
    status = 1;
    continue;
  }
  const counted = JSON.parse(readFileSync(results, "utf8"));
  for (const name of Object.keys(totals)) totals[name] += counted[name];
  errors.push(...counted.errors);
}
// Once more at the end: a long log is often kept without its beginning.
if (parts.length > 1) for (const error of errors) console.error(`\nfailed: ${error}`);
rmSync(folder, { recursive: true, force: true });
if (process.env.TEST_RESULTS) writeFileSync(process.env.TEST_RESULTS, JSON.stringify(totals));
process.exit(status);
