import assert from "node:assert/strict";
import { execFile } from "node:child_process";
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
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { findPulumiCli } from "../../tools/pulumiCli";
import { pulumiNewTypescript } from "../pulumiNewTypescript";

// Runs the programs of docs/testing.md as a reader does, extracted from the page.

const root = join(__dirname, "..", "..");
const page = readFileSync(join(root, "docs", "testing.md"), "utf8");
const programs = new Map(
  [...page.matchAll(/```ts\n\/\/ (\S+\.ts)\n([^]*?)```/g)].map((match) => [match[1] ?? "", match[2] ?? ""]),
);

describe("docs/testing.md", function () {
  this.timeout(10 * 60_000);

  let kept: string;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  before(async () => {
    kept = mkdtempSync(join(tmpdir(), "pulumi-seam-testing-"));
    folder = join(kept, "project");
    mkdirSync(folder);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(pulumiNewTypescript));
    writeFileSync(join(folder, "index.ts"), "");
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "people", main: "index.ts" }));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
    for (const [name, text] of programs) writeFileSync(join(folder, name), text);
    env = {
      ...process.env,
      PATH: [(await findPulumiCli()).binDir, process.env.PATH].join(delimiter),
      PULUMI_HOME: join(kept, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
  });
  after(() => rmSync(kept, { recursive: true, force: true }));

  const tool = (name: string, ...args: string[]) =>
    promisify(execFile)(join(root, "node_modules", ".bin", name), args, { cwd: folder, env });

  it("has a program and two tests", () => {
    assert.deepEqual([...programs.keys()], ["people.ts", "people.mocks.test.ts", "people.simulator.test.ts"]);
  });

  it("has tests that pass with the command that it shows, and leave no files in the folder", async () => {
    assert.ok(page.includes("`npx mocha -r ts-node/register *.test.ts`"));
    const before = readdirSync(folder);
    const tests = [...programs.keys()].filter((name) => name.endsWith(".test.ts"));
    const { stdout } = await tool("mocha", "-r", "ts-node/register", ...tests);
    assert.match(stdout, /2 passing/);
    assert.deepEqual(readdirSync(folder), before);
  });
});
