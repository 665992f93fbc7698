// Checks the sources and runs all tests: many at once, or in CI in three parts. Leaves the totals in the file that TEST_RESULTS names.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const inCi = process.env.CI === "true";
const all = ["--config", ".mocharc.yml"];
// In CI there are many more faults, which need their time undisturbed, and the tests of costs compare times.
const parts = inCi
  ? [
      ["--config", "test/faults/mocharc.yml"],
      [...all, "--jobs", "2", "--ignore", "test/faults/**"],
      ["--config", "test/cost/mocharc.yml"],
    ]
  : [[...all, "test/cost/cost.test.ts"]];

// Elsewhere the check runs at the same time as the tests, which leave a processor idle now and then.
const checked = check();
if (inCi) await assertChecked();

const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-test-"));
const totals = { passes: 0, failures: 0, pending: 0 };
const errors = [];
let status = 0;
for (const [index, options] of parts.entries()) {
  const results = join(folder, `${index}.json`);
  const mocha = join(root, "node_modules", "mocha", "bin", "mocha.js");
  const run = await ended(process.execPath, [mocha, ...options], "inherit", { TEST_RESULTS: results });
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
await assertChecked();
process.exit(status);

async function assertChecked() {
  if (await checked) return;
  console.error("npm run check failed, see above; npm run fix corrects what can be corrected automatically");
  process.exit(1);
}

/**
 * Runs linter, formatter and type checker, prints what they say once they have ended, and returns whether they passed. A check that
 * does not end is run once more: a formatter was seen to wait forever for a file to be closed, though no thread was closing one.
 */
async function check() {
  const run = () => ended("npm", ["run", "--silent", "check"], "pipe", {}, 10);
  let { status, output } = await run();
  if (status === undefined) {
    console.error("npm run check did not end within ten minutes, and is run once more");
    ({ status, output } = await run());
  }
  if (output !== "") console.error(output);
  return status === 0;
}

/** Runs a command. With a limit in minutes, the status is undefined if it was stopped then. */
function ended(command, args, stdio, env = {}, minutes) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", stdio, stdio],
      env: { ...process.env, ...env },
      shell: process.platform === "win32" && command === "npm",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text) => (output += text));
    const stop = () => {
      child.kill();
      resolve({ status: undefined, output });
    };
    const timer = minutes === undefined ? undefined : setTimeout(stop, minutes * 60_000);
    child.on("error", (error) => resolve({ status: 1, output: error.message }));
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({ status, output });
    });
  });
}
