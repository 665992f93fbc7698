import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { styled } from "../../../cli/terminal";
import { runSeamCommand } from "../../seamCommand";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

const root = join(__dirname, "..", "..", "..");

describe("pulumi-seam doctor", function () {
  this.timeout(60_000);

  let seam: SimulatedWorkspace;
  before(async () => {
    seam = await SimulatedWorkspace.start();
  });
  after(() => seam.close());

  /** A PATH with a `pulumi` that prints this version. */
  function pathWith(cli: string | undefined): string {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-doctor-"));
    if (cli !== undefined) {
      const file = join(folder, "pulumi");
      writeFileSync(file, `#!/bin/sh\necho ${cli}\n`);
      chmodSync(file, 0o755);
    }
    return folder;
  }
  const examine = (
    env: Record<string, string | undefined>,
    cli: string | undefined = "v3.259.0",
    cwd = root,
  ) => runSeamCommand(["doctor", "--cwd", cwd], { env: { PATH: pathWith(cli), ...env } });

  /** The same workspace behind a clock that is so many seconds ahead of the local one. */
  async function seamWithClock(seconds: number): Promise<{ url: string; close: () => Promise<void> }> {
    const server = createServer((request, response) => {
      const { authorization = "" } = request.headers;
      void fetch(`${seam.url}${request.url}`, { method: "POST", headers: { authorization } }).then(
        async (answer) => {
          const date = new Date(Date.now() + seconds * 1000).toUTCString();
          response.writeHead(answer.status, { "content-type": "application/json", date });
          response.end(await answer.text());
        },
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
    return { url: `http://127.0.0.1:${port}`, close };
  }

  it("succeeds if nothing is wrong", async () => {
    const { status, stdout } = await examine(seam.env);
    assert.equal(status, 0, stdout);
    assert.equal(stdout.match(/^ok /gm)?.length, 9, stdout);
    assert.ok(!stdout.includes(seam.apiKey));
  });

  it("reports a key that Seam refuses, without printing it", async () => {
    const { status, stdout } = await examine({ ...seam.env, SEAM_API_KEY: "seam_wrong_key" });
    assert.equal(status, 1);
    assert.match(stdout, /^FAIL {2}API key: .*refuses the API key/m);
    assert.ok(!stdout.includes("seam_wrong_key"));
  });

  it("reports a missing key, a missing CLI and an old CLI", async () => {
    const missing = await runSeamCommand(["doctor", "--cwd", root], { env: { PATH: pathWith(undefined) } });
    assert.equal(missing.status, 1);
    assert.match(missing.stdout, /^FAIL {2}configuration: there is no Seam API key/m);
    assert.match(missing.stdout, /^FAIL {2}Pulumi CLI: not on the PATH/m);
    const old = await examine(seam.env, "v3.200.0");
    assert.equal(old.status, 0);
    assert.match(old.stdout, /^warn {2}Pulumi CLI: 3\.200\.0/m);
  });

  it("reports an endpoint that does not answer", async () => {
    const { status, stdout } = await examine({ ...seam.env, SEAM_ENDPOINT: "http://127.0.0.1:9" });
    assert.equal(status, 1);
    assert.match(stdout, /^FAIL {2}API key: .*did not answer.*then run doctor again/m);
    assert.doesNotMatch(stdout, /continues from/, "a check has nothing to continue");
  });

  it("reads the program's runtime in every form that Pulumi accepts", async () => {
    for (const runtime of [
      "runtime: nodejs",
      'runtime: "nodejs"',
      "runtime: { name: nodejs }",
      "runtime:\n  options:\n    typescript: true\n  name: nodejs",
    ]) {
      const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-doctor-"));
      writeFileSync(join(folder, "Pulumi.yaml"), `name: people\n${runtime}\n`);
      const { stdout } = await examine(seam.env, "v3.259.0", folder);
      assert.match(stdout, /^ok {4}Pulumi program: /m, runtime);
    }
  });

  it("says what to do about an invalid endpoint", async () => {
    const { stdout } = await examine({ ...seam.env, SEAM_ENDPOINT: "http://example.com" });
    assert.match(stdout, /^FAIL {2}configuration: .*not encrypted/m);
    assert.match(stdout, /Correct SEAM_API_KEY or SEAM_ENDPOINT/);
  });

  it("ends without an error if its output is closed", async () => {
    const command = await runSeamCommand(["help", "plan"], {
      env: seam.env,
      onStart: (child) => child.stdout?.destroy(),
    });
    assert.equal(command.stderr, "");
  });

  it("reports a file that is not YAML", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-doctor-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: people\nruntime: [nodejs\n");
    const { stdout } = await examine(seam.env, "v3.259.0", folder);
    assert.match(stdout, /^FAIL {2}Pulumi program: .*cannot be read as YAML/m);
  });

  it("reports a clock that is ahead, behind, or close enough", async () => {
    for (const [seconds, expected] of [
      [-300, /^warn {2}clock: (299|300|301) s ahead of Seam's/m],
      [300, /^warn {2}clock: (299|300|301) s behind Seam's/m],
      [5, /^ok {4}clock: within 30 s/m],
    ] as const) {
      const { url, close } = await seamWithClock(seconds);
      const { status, stdout } = await examine({ ...seam.env, SEAM_ENDPOINT: url });
      await close();
      assert.match(stdout, expected);
      assert.equal(status, 0);
    }
  });

  it("prints colors only in a terminal, and not with NO_COLOR", async () => {
    assert.ok(!(await examine(seam.env)).stdout.includes("\u001b"));
    const terminal = { isTTY: true } as NodeJS.WriteStream;
    const before = { ...process.env };
    try {
      Object.assign(process.env, { TERM: "xterm" });
      delete process.env.NO_COLOR;
      assert.equal(styled("red", "FAIL", terminal), "\u001b[31mFAIL\u001b[39m");
      assert.equal(styled("red", "FAIL", { isTTY: false } as NodeJS.WriteStream), "FAIL");
      process.env.TERM = "dumb";
      assert.equal(styled("red", "FAIL", terminal), "FAIL");
      Object.assign(process.env, { TERM: "xterm", NO_COLOR: "1" });
      assert.equal(styled("red", "FAIL", terminal), "FAIL");
    } finally {
      for (const name of ["TERM", "NO_COLOR"]) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  });

  describe("for the stacks' settings", () => {
    /** A project with these files next to its Pulumi.yaml. */
    function project(files: Readonly<Record<string, string>>, yaml = ""): string {
      const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-doctor-"));
      writeFileSync(join(folder, "Pulumi.yaml"), `name: people\nruntime: nodejs\n${yaml}`);
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      return folder;
    }
    const key = "seam_plain_key_of_a_stack";
    const secure = "{ secure: v1:bm90IHNlY3JldA==:c2VhbV9ub3RfaGVyZQ== }";
    /** The lines about this check, for all stacks or one. */
    async function lines(
      folder: string,
      check: "stack settings" | "workspace" | "TLS",
      { env = {}, args = [] }: { env?: Record<string, string>; args?: string[] } = {},
    ): Promise<string[]> {
      const { stdout } = await runSeamCommand(["doctor", "--cwd", folder, ...args], {
        env: { PATH: pathWith("v3.259.0"), ...seam.env, ...env },
      });
      assert.ok(!stdout.includes(key), "the key is shown");
      return stdout.split("\n").filter((line) => line.slice(6).startsWith(`${check}: `));
    }

    it("fails for a key in plain text, in every place and under every name", async () => {
      for (const [files, yaml, where] of [
        [
          { "Pulumi.dev.yaml": `config:\n  seam:apiKey: ${key}\n` },
          "",
          "Pulumi.dev.yaml holds .*\\(seam:apiKey\\)",
        ],
        [{ "Pulumi.dev.yml": `config:\n  seam:apiKey: not-even-a-key\n` }, "", "\\(seam:apiKey\\)"],
        [{ "Pulumi.dev.yaml": `config:\n  people:berlinApiKey: ${key}\n` }, "", "\\(people:berlinApiKey\\)"],
        [{ "Pulumi.dev.yaml": `config:\n  people:keys:\n    - berlin: [${key}]\n` }, "", "\\(people:keys\\)"],
        [{}, `config:\n  seam:apiKey: ${key}\n`, "Pulumi.yaml holds"],
        [{}, `config:\n  berlin:\n    default: ${key}\n`, "Pulumi.yaml holds .*\\(people:berlin\\)"],
        [
          { "stacks/Pulumi.dev.yaml": `config:\n  seam:apiKey: ${key}\n` },
          "stackConfigDir: stacks\n",
          "Pulumi.dev",
        ],
        [{ "stacks/Pulumi.dev.yaml": `config:\n  seam:apiKey: ${key}\n` }, "config: stacks\n", "Pulumi.dev"],
      ] as const) {
        const found = await lines(project(files, yaml), "stack settings");
        assert.equal(found.length, 1, where);
        assert.match(found[0] ?? "", new RegExp(`^FAIL .*${where}`));
      }
    });

    it("succeeds for secrets, and for stacks without settings", async () => {
      const files = {
        "Pulumi.dev.yaml": `config:\n  seam:apiKey: ${secure}\n  people:keys:\n    berlin: ${secure}\n`,
        "Pulumi.empty.yaml": "",
        "Pulumi.salted.yaml": "encryptionsalt: v1:abc\n",
      };
      const found = await lines(project(files), "stack settings");
      assert.deepEqual(found, ["ok    stack settings: no API key in plain text in dev, empty, salted"]);
    });

    it("fails for a file that it cannot parse, and for a stack without a file", async () => {
      for (const text of ["config: [a, b]\n", "config:\n  - {\n", "just text"]) {
        const found = await lines(project({ "Pulumi.dev.yaml": text }), "stack settings");
        assert.match(found.join(), /^FAIL .*Pulumi\.dev\.yaml cannot be read/, text);
      }
      const none = await lines(project({}), "stack settings", { args: ["--stack", "dev"] });
      assert.match(none.join(), /^FAIL .*no readable file Pulumi\.dev\.yaml/);
    });

    it("fails for an endpoint to which the environment's key would not be sent", async () => {
      const endpoint = "config:\n  seam:endpoint: https://evil.example\n";
      const found = await lines(project({ "Pulumi.dev.yaml": endpoint }), "stack settings");
      assert.match(found.join(), /^FAIL .*stack dev sets seam:endpoint to https:\/\/evil\.example/);
      const own = `${endpoint}  seam:apiKey: ${secure}\n`;
      assert.match((await lines(project({ "Pulumi.dev.yaml": own }), "stack settings")).join(), /^ok /);
      const agreed = `config:\n  seam:endpoint: ${seam.url}/\n`;
      assert.match((await lines(project({ "Pulumi.dev.yaml": agreed }), "stack settings")).join(), /^ok /);
    });

    it("compares the workspace to which a stack is pinned with that of the key", async () => {
      const pinnedTo = (id: string) => `config:\n  seam:workspaceId: ${id}\n`;
      const [ours, another] = [seam.workspaceId.toUpperCase(), "00000000-0000-4000-8000-000000000000"];
      const dev = { "Pulumi.dev.yaml": pinnedTo(ours) };
      const prod = { "Pulumi.prod.yaml": pinnedTo(another) };
      assert.match((await lines(project(dev), "workspace")).join(), /^ok {4}workspace: stack dev is pinned/);
      const wrong = await lines(project(prod), "workspace");
      assert.match(wrong.join(), new RegExp(`^FAIL .*prod is pinned to the workspace ${another}`));
      const both = await lines(project({ ...dev, ...prod }), "workspace");
      assert.match(both.join(), /^ok .*stack dev.*,warn .*stack prod/);
      const chosen = await lines(project({ ...dev, ...prod }), "workspace", {
        args: ["--stack", "org/prod"],
      });
      assert.match(chosen.join(), /^FAIL .*stack prod/);
      const bad = await lines(project({ "Pulumi.dev.yaml": pinnedTo("production") }), "workspace");
      assert.match(bad.join(), /^FAIL .*not a UUID/);
      const ofProject = project({ "Pulumi.dev.yaml": "" }, pinnedTo(another));
      assert.match((await lines(ofProject, "workspace")).join(), /^FAIL .*stack dev/);
    });

    it("fails if certificates are not checked", async () => {
      const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0" };
      assert.match(
        (await lines(project({}), "TLS", { env })).join(),
        /^FAIL .*NODE_TLS_REJECT_UNAUTHORIZED=0/,
      );
      assert.match((await lines(project({}), "TLS")).join(), /^ok /);
    });
  });

  it("reads the pipelines of a checkout, and checks who can read the files of an import", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-doctor-"));
    mkdirSync(join(folder, ".git"));
    mkdirSync(join(folder, ".github", "workflows"), { recursive: true });
    const job = "jobs: { preview: { env: { SEAM_API_KEY: '${{ secrets.SEAM_API_KEY }}' } } }";
    writeFileSync(join(folder, ".github", "workflows", "ci.yml"), `on: pull_request\n${job}\n`);
    writeFileSync(join(folder, "seam-import.json"), "{}", { mode: 0o644 });
    writeFileSync(join(folder, "seam-import.ts"), "", { mode: 0o600 });
    const { status, stdout } = await examine(seam.env, undefined, folder);
    assert.equal(status, 1);
    assert.match(stdout, /^FAIL {2}pipelines: job preview of ci\.yml has SEAM_API_KEY on pull_request$/m);
    assert.match(stdout, /^warn {2}pipelines: there is no CODEOWNERS/m);
    assert.match(stdout, /^warn {2}personal data: seam-import\.json holds/m);
    assert.doesNotMatch(stdout, /seam-import\.ts/);
  });

  it("reports a folder without the packages, and prints JSON", async () => {
    const empty = mkdtempSync(join(tmpdir(), "pulumi-seam-doctor-"));
    writeFileSync(join(empty, "Pulumi.yaml"), "name: other\nruntime: python\n");
    const { status, stdout } = await runSeamCommand(["doctor", "--json", "--cwd", empty], {
      env: { ...seam.env, PATH: pathWith("v3.259.0") },
    });
    assert.equal(status, 1);
    const findings = JSON.parse(stdout) as { check: string; result: string; advice?: string }[];
    const failures = findings.filter((one) => one.result === "failure").map((one) => one.check);
    assert.deepEqual(failures, ["@pulumi/pulumi", "pulumi-seam", "Pulumi program"]);
    assert.ok(findings.every((one) => one.result === "ok" || one.advice !== undefined));
  });

  it("says how to install what package.json names, and what it does not name", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-doctor-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: other\nruntime: nodejs\n");
    writeFileSync(join(folder, "package.json"), `{ "dependencies": { "pulumi-seam": "*" } }`);
    const { stdout } = await runSeamCommand(["doctor", "--cwd", folder], { env: seam.env });
    assert.match(
      stdout,
      /FAIL {2}@pulumi\/pulumi: not installed here\n +Run `npm install @pulumi\/pulumi` in/,
    );
    assert.match(stdout, /FAIL {2}pulumi-seam: not installed here\n +Run `npm install` in/);
  });

  it("names the missing program of a folder, and no package to install there", async () => {
    const empty = mkdtempSync(join(tmpdir(), "pulumi-seam-doctor-"));
    const { status, stdout } = await runSeamCommand(["doctor", "--cwd", empty], { env: seam.env });
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^FAIL {2}Pulumi program: none in .*\n +Run this where Pulumi\.yaml is, or give --cwd/m,
    );
    assert.doesNotMatch(stdout, /npm install/);
  });
});
