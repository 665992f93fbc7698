import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { findPulumiCli } from "../../tools/pulumiCli";
import { packedPackage } from "./pulumiProject";

// The quick start of README.md, taken out of the page and pasted into shells, block by block. Two things differ from what a
// reader does: the package is the one of this work tree, and the simulator takes any free port.

const root = join(__dirname, "..", "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const section = /^## Quick start\n([^]*?)^##+ /m.exec(readme)?.[1] ?? "";
const blocks = [...section.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = "", text = ""]) => ({
  language,
  text,
}));

/** The one block with this text. */
function block(part: string): string {
  const found = blocks.filter(({ language, text }) => language === "sh" && text.includes(part));
  assert.equal(found.length, 1, `README.md's quick start has ${found.length} blocks with "${part}"`);
  return found[0]?.text ?? "";
}

/** A shell that blocks are pasted into. A command that fails ends it, and so fails the paste. */
class Terminal {
  private readonly shell: ChildProcessWithoutNullStreams;
  output = "";
  private pastes = 0;

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.shell = spawn("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail"], {
      cwd: folder,
      env,
      detached: true,
    });
    for (const stream of [this.shell.stdout, this.shell.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
    this.shell.stdin.on("error", () => undefined);
  }

  /** Pastes a block, and resolves with what it printed once it has ended. */
  async paste(text: string): Promise<string> {
    this.pastes += 1;
    const end = `pasted block ${this.pastes} has ended`;
    const start = this.output.length;
    // In two pieces, so that a shell that echoes the command has not printed the line yet.
    this.shell.stdin.write(`${text}\necho "pasted block" ${this.pastes} "has ended"\n`);
    await this.until(() => this.output.includes(end, start));
    return this.output.slice(start);
  }

  /** Pastes a command that runs until it is stopped, and resolves once it has printed this. */
  async start(text: string, printed: RegExp): Promise<string> {
    this.shell.stdin.write(`${text}\n`);
    await this.until(() => printed.test(this.output));
    return this.output;
  }

  private until(happened: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (happened()) resolve();
        else if (this.shell.exitCode !== null || this.shell.signalCode !== null) {
          reject(new Error(`the shell ended with ${this.shell.exitCode}\n${this.output}`));
        } else return;
        for (const stream of [this.shell.stdout, this.shell.stderr]) stream.off("data", look);
        this.shell.off("close", look);
      };
      for (const stream of [this.shell.stdout, this.shell.stderr]) stream.on("data", look);
      this.shell.on("close", look);
      look();
    });
  }

  /** Ends the shell and what it runs. */
  close(): void {
    if (this.shell.pid === undefined || this.shell.exitCode !== null) return;
    process.kill(-this.shell.pid, "SIGTERM");
  }
}

describe("the quick start of README.md", function () {
  this.timeout(20 * 60_000);

  let folder: string;
  let first: Terminal;
  let second: Terminal;
  let endpoint: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-seam-quick-start-"));
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      SEAM_API_KEY: undefined,
      SEAM_ENDPOINT: undefined,
      PULUMI_BACKEND_URL: undefined,
      PULUMI_CONFIG_PASSPHRASE: undefined,
      PATH: [(await findPulumiCli()).binDir, process.env.PATH].join(delimiter),
      PULUMI_HOME: join(folder, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      npm_config_prefer_offline: "true",
    };
    first = new Terminal(folder, env);
    second = new Terminal(folder, env);
  });
  after(() => {
    first?.close();
    second?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const state = async (): Promise<Record<string, Record<string, unknown>[]>> =>
    (await (await fetch(`${endpoint}/_simulator/state`)).json()) as Record<string, Record<string, unknown>[]>;

  it("has no block that this test does not run", () => {
    const languages = blocks.map(({ language }) => language);
    assert.deepEqual(languages, ["sh", "sh", "sh", "sh", "sh", "text"]);
  });

  it("packs the package in a clone", () => {
    assert.match(block("git clone"), /npm ci && npm pack\)/);
    mkdirSync(join(folder, "pulumi-seam"));
    cpSync(packedPackage(), join(folder, "pulumi-seam", basename(packedPackage())));
  });

  it("makes a project", async () => {
    await first.paste(block("npm install"));
  });

  it("starts a simulated workspace", async () => {
    const command = block("simulate").trim();
    const printed = await first.start(`${command} --port 0`, /Ctrl-C/);
    const exports = printed.match(/^ *export .*$/gm) ?? [];
    assert.equal(exports.length, 2);
    endpoint = /SEAM_ENDPOINT=(\S+)/.exec(printed)?.[1] ?? "";
    await second.paste(["cd doors", ...exports].join("\n"));
  });

  it("creates a person with access", async () => {
    await second.paste(block("pulumi up"));
    const {
      user_identities: [jean, ...others] = [],
      acs_users: users = [],
      access_methods: keys = [],
    } = await state();
    assert.deepEqual(others, []);
    assert.equal(jean?.full_name, "Jean Doe");
    assert.deepEqual(
      users.map((user) => user.user_identity_id),
      [jean.user_identity_id],
    );
    assert.deepEqual(
      keys.map(({ mode, is_issued }) => ({ mode, is_issued })),
      [{ mode: "mobile_key", is_issued: true }],
    );
  });

  it("shows what a destroy would do, as the page says, and destroys", async () => {
    const printed = await second.paste(block("pulumi destroy"));
    const shown = blocks.find(({ language }) => language === "text")?.text ?? "";
    for (const line of shown.split("\n"))
      assert.ok(printed.includes(line), `not printed: ${line}\n${printed}`);
    const { user_identities: identities, acs_users: users, access_methods: keys } = await state();
    assert.deepEqual([identities, users, keys], [[], [], []]);
  });
});
