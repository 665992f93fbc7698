import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject } from "./pulumiProject";

// The npm scripts that the pipelines of examples/gitops run, in their order.

describe("examples/gitops through the real CLI", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  let project: PulumiProject;
  before(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 10 });
    project = await PulumiProject.create({ example: "gitops", env: seam.env });
  });
  after(() => seam?.close());

  /** Runs a script as a pipeline does; answers how it ended. */
  function script(
    name: string,
    env: Readonly<Record<string, string | undefined>> = {},
  ): Promise<number | null> {
    const base = { ...project.environment(), ...env };
    const path = [join(project.folder, "node_modules", ".bin"), base.PATH].join(delimiter);
    return new Promise((resolve, reject) => {
      const child = spawn("npm", ["run", "--silent", name], {
        cwd: project.folder,
        env: { ...base, PATH: path },
        stdio: "ignore",
      });
      child.on("error", reject).on("close", resolve);
    });
  }
  const file = (name: string): string => readFileSync(join(project.folder, name), "utf8");
  const people = (...keys: string[]): void =>
    project.write(
      "people.json",
      JSON.stringify(keys.map((key) => ({ key, fullName: key, emailAddress: `${key}@example.com` }))),
    );
  const keys = async () => (await seam.state()).user_identities.map((one) => one.user_identity_key).sort();

  it("previews a pull request, comments on it, and lets it pass", async () => {
    assert.equal(await script("preview"), 0);
    assert.equal(await script("comment"), 0);
    assert.match(file("comment.md"), /User identities: 2 created/);
    assert.equal(await script("guard"), 0);
    assert.deepEqual(await keys(), []);
  });

  it("applies the plan that was made, and nothing else", async () => {
    people("ada", "jean", "sam", "kim", "lee", "max", "zoe");
    assert.equal(await script("plan"), 0);
    people("ada", "somebody_else");
    assert.notEqual(await script("apply"), 0, "the program is not what was planned");
    people("ada", "jean", "sam", "kim", "lee", "max", "zoe");
    assert.equal(await script("apply"), 0);
    assert.deepEqual(await keys(), ["ada", "jean", "kim", "lee", "max", "sam", "zoe"]);
  });

  it("finds no drift, then what somebody did by hand", async () => {
    assert.equal(await script("drift"), 0);
    const [first] = (await seam.state()).user_identities;
    await seam.call("/user_identities/update", {
      ...{ user_identity_id: first?.user_identity_id },
      full_name: "By hand",
    });
    assert.notEqual(await script("drift"), 0);
    assert.match(file("drift.txt"), /By hand/);
    await seam.call("/user_identities/update", {
      user_identity_id: first?.user_identity_id,
      full_name: first?.full_name,
    });
  });

  it("holds a merge that takes too many people away", async () => {
    people("ada");
    assert.equal(await script("preview"), 0);
    assert.equal(await script("guard"), 3);
    assert.equal(await script("comment"), 0);
    assert.match(file("comment.md"), /6 torn down/);
  });

  it("previews a fork's pull request without any secret", async () => {
    people("ada", "jean");
    mkdirSync(join(project.folder, ".fork"), { recursive: true });
    const without = {
      SEAM_API_KEY: undefined,
      PULUMI_BACKEND_URL: `file://${join(project.folder, ".fork")}`,
      PULUMI_CONFIG_PASSPHRASE: "nothing secret is in this stack",
    };
    assert.equal(await script("preview:fork", without), 0);
    assert.equal(await script("comment", without), 0);
    assert.match(file("comment.md"), /2 created/);
    assert.match(file("comment.md"), /nobody asked Seam/);
  });
});
