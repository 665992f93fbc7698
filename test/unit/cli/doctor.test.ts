import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

  /** A PATH with a `pulumi` that says that it has this version. */
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

  it("finds nothing wrong where nothing is", async () => {
    const { status, stdout } = await examine(seam.env);
    assert.equal(status, 0, stdout);
    assert.equal(stdout.match(/^ok /gm)?.length, 8, stdout);
    assert.ok(!stdout.includes(seam.apiKey));
  });

  it("tells of a key that Seam refuses, without showing it", async () => {
    const { status, stdout } = await examine({ ...seam.env, SEAM_API_KEY: "seam_wrong_key" });
    assert.equal(status, 1);
    assert.match(stdout, /^FAIL {2}API key: .*refuses the API key/m);
    assert.ok(!stdout.includes("seam_wrong_key"));
  });

  it("tells of a missing key, a missing CLI and an old CLI", async () => {
    const missing = await runSeamCommand(["doctor", "--cwd", root], { env: { PATH: pathWith(undefined) } });
    assert.equal(missing.status, 1);
    assert.match(missing.stdout, /^FAIL {2}configuration: there is no Seam API key/m);
    assert.match(missing.stdout, /^FAIL {2}Pulumi CLI: not on the PATH/m);
    const old = await examine(seam.env, "v3.200.0");
    assert.equal(old.status, 0);
    assert.match(old.stdout, /^warn {2}Pulumi CLI: 3\.200\.0/m);
  });

  it("tells of an endpoint that nobody answers at", async () => {
    const { status, stdout } = await examine({ ...seam.env, SEAM_ENDPOINT: "http://127.0.0.1:9" });
    assert.equal(status, 1);
    assert.match(stdout, /^FAIL {2}API key: .*did not answer/m);
  });

  it("tells of a folder without the packages, and prints JSON", async () => {
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
});
