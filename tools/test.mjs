// Runs all tests: many at once first, then, in CI, those that compare times. Leaves the totals in the file that TEST_RESULTS names.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Only in CI do the tests of costs compare times, so only there they run alone.
const parts =
  process.env.CI === "true"
    ? [
        ["--config", ".mocharc.yml"],
        ["--config", "test/cost/mocharc.yml"],
      ]
    : [["--config", ".mocharc.yml", "test/cost/cost.test.ts"]];

const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-test-"));
const totals = { passes: 0, failures: 0, pending: 0 };
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
}
rmSync(folder, { recursive: true, force: true });
if (process.env.TEST_RESULTS) writeFileSync(process.env.TEST_RESULTS, JSON.stringify(totals));
process.exit(status);
