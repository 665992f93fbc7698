import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { runSeamCommand } from "../../seamCommand";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

const root = join(__dirname, "..", "..", "..");

describe("pulumi-seam import", function () {
  this.timeout(60_000);

  let seam: SimulatedWorkspace;
  let folder: string;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    // In the checkout, so that the program finds pulumi-seam.
    mkdirSync(join(root, ".cache"), { recursive: true });
    folder = mkdtempSync(join(root, ".cache", "import-"));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await seam.close();
  });

  const run = (...args: string[]) => runSeamCommand(["import", "--out", folder, ...args], { env: seam.env });

  it("writes a program that compiles, whatever people are called", async () => {
    const keywords: string[] = [];
    for (let kind = ts.SyntaxKind.FirstKeyword; kind <= ts.SyntaxKind.LastKeyword; kind += 1)
      keywords.push(ts.tokenToString(kind) ?? "");
    const others = [
      "arguments",
      "eval",
      "require",
      "exports",
      "module",
      "seam",
      "pulumi",
      "123",
      "a b",
      "日本",
    ];
    const system = await seam.acsSystemId(0);
    const keys = [...new Set([...keywords, ...others])];
    for (const user_identity_key of keys) {
      const id = await seam.createUserIdentity({ user_identity_key });
      // Only what has a link needs a variable.
      await seam.createAcsUser(system, `${id}@example.com`, id);
    }
    const { status, stdout, stderr } = await run("--all");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /\n {2}pulumi up\n/);
    const program = join(folder, "seam-import.ts");
    const links = readFileSync(program, "utf8").match(/new seam\.AcsUserLink/g) ?? [];
    assert.equal(links.length, keys.length);
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext"];
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const compiled = spawnSync(process.execPath, [tsc, ...options, program], { cwd: root, encoding: "utf8" });
    assert.equal(compiled.status, 0, compiled.stdout);
  });

  it("does not understand to be told of nobody, and chooses between no two people", async () => {
    const nobody = await run();
    assert.equal(nobody.status, 2);
    assert.match(nobody.stderr, /name the identities to import, or give --all/);
    const byKey = await seam.createUserIdentity({ user_identity_key: "amb@example.com" });
    const byAddress = await seam.createUserIdentity({ email_address: "amb@example.com" });
    const both = await run("amb@example.com");
    assert.equal(both.status, 1);
    assert.match(both.stderr, new RegExp(`${byKey}.*${byAddress}.*Give the id`));
    assert.equal((await run(byAddress)).status, 0);
  });
});
