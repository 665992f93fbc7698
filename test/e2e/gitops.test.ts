import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { itInCi } from "../depth";
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
    await project.run(["stack", "init", "prod"]);
    await project.run(["stack", "select", "test"]);
    const lobby = await seam.acsSystemId(0);
    jeanInTheLobby = await seam.createAcsUser(lobby, "jean@example.com");
    await seam.act("credentials", { acs_user_id: jeanInTheLobby, count: 1 });
  });
  after(() => seam?.close());

  /** Runs a script as a pipeline does and returns its exit code. */
  function script(
    name: string,
    env: Readonly<Record<string, string | undefined>> = {},
    args: readonly string[] = [],
  ): Promise<number | null> {
    const base = { ...project.environment(), ...env };
    const path = [join(project.folder, "node_modules", ".bin"), base.PATH].join(delimiter);
    return new Promise((resolve, reject) => {
      const child = spawn("npm", ["run", "--silent", name, "--", ...args], {
        cwd: project.folder,
        env: { ...base, PATH: path },
        stdio: "ignore",
      });
      child.on("error", reject).on("close", resolve);
    });
  }
  /** A preview runs the code of a pull request: it gets no key. */
  const withoutKey = { SEAM_API_KEY: undefined };
  const file = (name: string): string => readFileSync(join(project.folder, name), "utf8");
  let jeanInTheLobby: string;
  const people = (...keys: string[]): void =>
    project.write(
      "people.json",
      JSON.stringify(
        keys.map((key) => ({
          key,
          fullName: key,
          emailAddress: `${key}@example.com`,
          acsUsers: key === "jean" ? { lobby: jeanInTheLobby } : {},
        })),
      ),
    );
  const keys = async () => (await seam.state()).user_identities.map((one) => one.user_identity_key).sort();

  itInCi("installs with npm ci once npm install has written the lock file, as README.md says", () => {
    const clone = mkdtempSync(join(tmpdir(), "pulumi-seam-gitops-"));
    const npm = (...args: string[]) =>
      spawnSync("npm", [...args, "--prefer-offline", "--no-audit", "--no-fund"], { cwd: clone });
    try {
      copyFileSync(join(project.folder, "package.json"), join(clone, "package.json"));
      assert.notEqual(npm("ci", "--dry-run").status, 0, "there is no lock file yet");
      assert.equal(npm("install", "--package-lock-only").status, 0);
      assert.equal(npm("ci", "--dry-run").status, 0);
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  });

  it("selects the stack that README.md says to create", async () => {
    assert.equal(await script("stack"), 0);
    const { stdout } = await project.run(["stack", "--show-name"]);
    assert.equal(stdout.trim(), "prod");
  });

  itInCi("fails the guard for the people of the example, whose ACS user does not exist", async () => {
    assert.equal(await script("preview", withoutKey), 0);
    assert.equal(await script("comment"), 0);
    assert.match(file("comment.md"), /2 people join/);
    assert.equal(await script("guard"), 3);
  });

  it("previews a pull request without a key, comments on it, and passes the guard", async () => {
    people("ada", "jean");
    assert.equal(await script("preview", withoutKey), 0);
    // As the job of the default branch gets it.
    mkdirSync(join(project.folder, "uploaded"));
    renameSync(join(project.folder, "preview.json"), join(project.folder, "uploaded", "preview.json"));
    assert.equal(await script("receive", {}, ["uploaded"]), 0);
    assert.equal(await script("comment"), 0);
    assert.match(file("comment.md"), /2 people join/);
    assert.equal(await script("summary", { GITHUB_STEP_SUMMARY: join(project.folder, "summary.md") }), 0);
    assert.equal(file("summary.md"), file("comment.md"));
    assert.equal(await script("guard"), 0);
    assert.deepEqual(await keys(), []);
  });

  it("applies the plan that was approved, and nothing else", async () => {
    people("ada", "jean", "sam", "kim", "lee", "max", "zoe");
    assert.equal(await script("plan", withoutKey), 0);
    assert.equal(await script("comment"), 0);
    assert.equal(await script("digest"), 0);
    const approved = { APPROVED_PLAN: /Digest of this plan: `([^`]+)`/.exec(file("comment.md"))?.[1] };
    assert.equal(await script("approved", approved), 0);
    const plan = file("plan.json");
    project.write("plan.json", plan.replace("ada", "eve"));
    assert.notEqual(await script("approved", approved), 0, "the plan is not what was approved");
    project.write("plan.json", plan);
    people("ada", "somebody_else");
    assert.notEqual(await script("apply"), 0, "the program is not what was planned");
    people("ada", "jean", "sam", "kim", "lee", "max", "zoe");
    assert.equal(await script("apply"), 0);
    assert.deepEqual(await keys(), ["ada", "jean", "kim", "lee", "max", "sam", "zoe"]);
    const { acs_users } = await seam.state();
    assert.ok(acs_users[0]?.user_identity_id !== undefined, "jean is linked to the lobby");
  });

  itInCi("finds no drift, then a change made by hand", async () => {
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

  it("blocks a merge that removes too many people", async () => {
    people("ada");
    assert.equal(await script("preview", withoutKey), 0);
    assert.equal(await script("guard"), 3);
  });

  it("names the door that a leaver can no longer open", async () => {
    assert.equal(await script("comment"), 0);
    assert.match(file("comment.md"), /6 people lose access/);
    assert.match(file("comment.md"), /1 credential/);
    const [lobby] = (await seam.state()).acs_systems;
    assert.ok(file("comment.md").includes(lobby?.name ?? "?"));
  });

  itInCi("names the entry of people.json that is wrong, and not what is in it", async () => {
    project.write("people.json", JSON.stringify([{ key: "ada", fullName: "Ada", emailAddress: 7 }]));
    const { exitCode, stdout, stderr } = await project.run(["preview"], { mayFail: true });
    assert.notEqual(exitCode, 0);
    assert.match(stdout + stderr, /people\.json, entry 1: "emailAddress" must be a non-empty string/);
  });

  itInCi("comments on a preview that failed, without quoting anybody", async () => {
    project.write(
      "people.json",
      JSON.stringify([{ key: "ada", fullName: "Ada", emailAddress: "no address", acsUsers: {} }]),
    );
    assert.notEqual(await script("preview"), 0);
    assert.equal(await script("comment", { RUN_URL: "https://example.com/run/7" }), 0);
    assert.match(
      file("comment.md"),
      /^<!-- pulumi-seam plan -->\n[^]*the preview failed[^]*example\.com\/run\/7/,
    );
    assert.doesNotMatch(file("comment.md"), /no address|Ada/);
    assert.notEqual(await script("guard"), 0);
  });

  itInCi("writes a plan with addresses, and with no secret in plain text", async () => {
    const program = file("index.ts");
    project.write(
      "index.ts",
      `import * as pulumi from "@pulumi/pulumi";
       import * as seam from "pulumi-seam";
       new seam.UserIdentity("one", { emailAddress: "plain@example.com" });
       new seam.UserIdentity("two", { emailAddress: pulumi.secret("secret@example.com") });`,
    );
    assert.equal(await script("plan"), 0);
    assert.match(file("plan.json"), /plain@example\.com/);
    assert.doesNotMatch(file("plan.json"), /secret@example\.com/);
    project.write("index.ts", program);
  });

  it("previews a fork's pull request without any secret", async () => {
    people("ada", "jean");
    mkdirSync(join(project.folder, ".empty"), { recursive: true });
    const without = {
      ...withoutKey,
      UNSEEN: "fork",
      PULUMI_BACKEND_URL: `file://${join(project.folder, ".empty")}`,
      PULUMI_CONFIG_PASSPHRASE: "nothing secret is in this stack",
    };
    assert.equal(await script("preview:empty", without), 0);
    assert.equal(await script("comment", without), 0);
    assert.match(
      file("comment.md"),
      /\*\*This comes from a fork[^]*```text\n[^]*2 people join[^]*jean: joins, gets an access control system[^]*```\n$/,
    );
    assert.match(file("comment.md"), /Seam was not queried/);
  });
});
