import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { packedPackage } from "../e2e/pulumiProject";

const run = promisify(execFile);
const root = join(__dirname, "..", "..");
const bin = (name: string): string => join(root, "node_modules", ".bin", name);

interface PackageJson {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  files: string[];
}

describe("the packed package", function () {
  this.timeout(300_000);

  it("has types that both module systems and the old resolution find", async () => {
    await run(bin("attw"), [packedPackage(), "--format", "ascii", "--no-color"], { cwd: root });
  });

  it("has no errors that publint finds", async () => {
    const { stdout } = await run(bin("publint"), ["--strict"], {
      cwd: root,
      env: { ...process.env, NO_COLOR: "1" },
    });
    assert.match(stdout, /All good/);
  });

  it("contains the files that users need and no others", async () => {
    const { stdout } = await run("tar", ["tzf", packedPackage()]);
    const files = stdout
      .trim()
      .split("\n")
      .map((name) => name.replace(/^package\//, ""));
    const unexpected = files.filter(
      (name) =>
        !/^(dist\/(provider|cli|simulator)\/.*\.(js|d\.ts)|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/.test(
          name,
        ),
    );
    assert.deepEqual(unexpected, []);
    for (const needed of [
      "dist/provider/index.js",
      "dist/provider/plugin.js",
      "dist/cli/main.js",
      "LICENSE",
    ]) {
      assert.ok(files.includes(needed), needed);
    }
  });

  it("requires the packages that it declares, and declares the packages that it requires", async () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as PackageJson;
    const { stdout } = await run("grep", ["-rhoE", '(^|[^.])require\\("[^".][^"]*"\\)', "dist"], {
      cwd: root,
    });
    const required = new Set(
      [...stdout.matchAll(/require\("((?:@[^/"]+\/)?[^/"]+)/g)]
        .map((match) => match[1] ?? "")
        .filter((name) => !name.startsWith("node:") && !["pulumi-seam", "@pulumi"].includes(name)),
    );
    required.delete("@pulumi/pulumi");
    assert.deepEqual([...required].sort(), Object.keys(dependencies).sort());
  });
});
