import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const root = join(__dirname, "..", "..", "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  name: string;
  version: string;
  scripts: Record<string, string>;
};

describe("tools/releaseCheck.mjs", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "release-check-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The errors about a packed file, without errors about the checkout. */
  function problems(
    files: Record<string, string>,
    name = `${manifest.name}-${manifest.version}.tgz`,
  ): string[] {
    for (const [path, text] of Object.entries({ "package.json": JSON.stringify(manifest), ...files })) {
      mkdirSync(join(folder, "package", dirname(path)), { recursive: true });
      writeFileSync(join(folder, "package", path), text);
    }
    execFileSync("tar", ["-czf", join(folder, name), "package"], { cwd: folder });
    const { stderr } = spawnSync(
      process.execPath,
      ["tools/releaseCheck.mjs", `v${manifest.version}`, join(folder, name)],
      { cwd: root, encoding: "utf8" },
    );
    return stderr.split("\n").filter((line) => /the file/.test(line));
  }

  it("rejects a tag that differs from the version", () => {
    const { status, stderr } = spawnSync(process.execPath, ["tools/releaseCheck.mjs", "v99.0.0"], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(status, 1);
    assert.match(stderr, /the tag is "v99\.0\.0"/);
  });

  it("accepts a file with everything that belongs in it", () => {
    assert.deepEqual(problems({ "dist/provider/index.js": "", "README.md": "", LICENSE: "" }), []);
  });

  it("rejects a file that runs a script when it is installed", () => {
    const scripts = { ...manifest.scripts, postinstall: "node dist/steal.js" };
    const found = problems({ "package.json": JSON.stringify({ ...manifest, scripts }) });
    assert.match(found.join("\n"), /runs "postinstall"/);
  });

  it("rejects a file with another version, another name, or unexpected files", () => {
    assert.match(
      problems({ "package.json": JSON.stringify({ ...manifest, version: "99.0.0" }) }).join("\n"),
      /holds pulumi-seam 99\.0\.0/,
    );
    assert.match(problems({}, "other.tgz").join("\n"), /the file is other\.tgz/);
    assert.match(problems({ ".npmrc": "x" }).join("\n"), /holds package\/\.npmrc/);
  });
});
