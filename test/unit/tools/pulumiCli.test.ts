import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { atLeast, cacheFolder, findPulumiCli, oldestVersion, wantedVersion } from "../../../tools/pulumiCli";

describe("finding the Pulumi CLI", () => {
  it("compares versions by number", () => {
    assert.ok(atLeast("3.259.0", "3.254.0"));
    assert.ok(atLeast("v3.254.0", "3.254.0"));
    assert.ok(atLeast("3.1000.0-dev", "3.254.0"));
    assert.ok(!atLeast("3.99.0", "3.254.0"));
    assert.ok(!atLeast("2.999.9", "3.0.0"));
    assert.ok(atLeast(wantedVersion, oldestVersion));
  });

  it("has a folder in the cache for each version", () => {
    assert.notEqual(cacheFolder("3.254.0"), cacheFolder("3.259.0"));
  });

  it("prefers the PATH, and ignores a CLI that is too old or incomplete", async function () {
    if (process.platform === "win32") this.skip();
    const folder = mkdtempSync(join(tmpdir(), "pulumi-cli-"));
    const path = process.env.PATH;
    try {
      const script = (name: string, text: string): void => {
        writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
        chmodSync(join(folder, name), 0o755);
      };
      process.env.PATH = [folder, path].join(delimiter);
      script("pulumi", "echo v3.999.0");
      assert.notEqual((await findPulumiCli()).binDir, folder, "there is no language host beside it");
      script("pulumi-language-nodejs", "true");
      const found = await findPulumiCli();
      assert.deepEqual([found.binDir, found.version, found.source], [folder, "3.999.0", "PATH"]);
      script("pulumi", "echo v3.100.0");
      assert.notEqual((await findPulumiCli()).binDir, folder, "it is too old");
    } finally {
      process.env.PATH = path;
      rmSync(folder, { recursive: true, force: true });
    }
  }).timeout(30 * 60_000);
});
