import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { providerText } from "../../provider/dynamic/stateReference";
import { version } from "../../provider/version";
import { itInCi } from "../depth";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject } from "./pulumiProject";

describe("resources through the real CLI", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 10 });
  });
  afterEach(() => seam.close());

  const linked = `
    import * as seam from "pulumi-seam";
    const jean = new seam.UserIdentity("jean", { fullName: "Jean Doe" });
    new seam.AcsUserLink("link", { userIdentity: jean, acsUserId: process.env.ACS_USER_ID! });
  `;

  for (const link of [false, true]) {
    (link ? itInCi : it)(
      `stores the same __provider text for ${link ? "a link to the repository" : "an installed copy"}`,
      async () => {
        const acsUser = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com");
        const env = { ...seam.env, ACS_USER_ID: acsUser };
        const project = await PulumiProject.create({ example: "basic", program: linked, env, link });
        await project.up();
        const texts = (await project.resources())
          .filter((resource) => resource.type.includes("seam:"))
          .map(({ type, inputs, outputs }) => [type, inputs?.__provider, outputs?.__provider]);
        const [identity, linkText] = [providerText("userIdentity"), providerText("acsUserLink")];
        assert.deepEqual(texts.sort(), [
          ["pulumi-nodejs:dynamic/seam:AcsUserLink", linkText, linkText],
          ["pulumi-nodejs:dynamic/seam:UserIdentity", identity, identity],
        ]);
        const command = join(project.folder, "node_modules", ".bin", "pulumi-seam");
        assert.equal(execFileSync(command, ["--version"], { encoding: "utf8" }).trim(), version);
        await project.refresh("--expect-no-changes");
        await project.destroy();
        assert.deepEqual((await seam.state()).user_identities, []);
      },
    );
  }

  it("names the property of a malformed argument in a preview", async () => {
    const program = `
      import * as seam from "pulumi-seam";
      new seam.UserIdentity("jean", { emailAddress: "jean at example.com" });
    `;
    const project = await PulumiProject.create({ example: "basic", program });
    const { exitCode, stdout, stderr } = await project.run(["preview"], { mayFail: true });
    assert.notEqual(exitCode, 0);
    assert.match(stdout + stderr, /emailAddress must be a plain e-mail address/);
  });

  itInCi("shows a failed refresh and a failed destroy once, without a stack trace", async () => {
    const program = `
      import * as seam from "pulumi-seam";
      new seam.UserIdentity("jean", { fullName: "Jean Doe" });
    `;
    const project = await PulumiProject.create({
      example: "basic",
      program,
      env: { SEAM_ENDPOINT: seam.url },
    });
    await project.run(["up", "--yes", "--skip-preview"], { env: { SEAM_API_KEY: seam.apiKey } });
    for (const verb of ["refresh", "destroy"]) {
      const { exitCode, stdout, stderr } = await project.run([verb, "--yes", "--skip-preview"], {
        mayFail: true,
        env: { SEAM_API_KEY: "seam_revoked_key" },
      });
      const terminal = stdout + stderr;
      assert.notEqual(exitCode, 0, verb);
      // Before its summary the CLI repeats the error of any provider in the progress of the resource.
      const summary = terminal.slice(terminal.indexOf("Diagnostics:"));
      assert.equal(summary.split("401 unauthorized").length - 1, 1, terminal);
      assert.match(terminal, /Check it in the Seam console/);
      assert.doesNotMatch(terminal, /^\s+at .*\.js/m);
      assert.doesNotMatch(terminal, /shown with the resource/);
      assert.ok(!terminal.includes("seam_revoked_key"));
    }
    await project.run(["destroy", "--yes", "--skip-preview"], { env: { SEAM_API_KEY: seam.apiKey } });
    assert.deepEqual((await seam.state()).user_identities, []);
  });

  itInCi("serves a second workspace through a Provider, lookups included", async () => {
    const other = await seam.act<{ workspace_id: string; api_key: string }>("workspaces", { name: "Other" });
    const program = `
      import * as pulumi from "@pulumi/pulumi";
      import * as seam from "pulumi-seam";
      const provider = new seam.Provider("other", {
        apiKey: new pulumi.Config().requireSecret("otherKey"),
        endpoint: process.env.SEAM_ENDPOINT,
      });
      const here = new seam.UserIdentity("here", { fullName: "Here" });
      const there = new seam.UserIdentity("there", { userIdentityKey: "there", fullName: "There" }, { provider });
      export const found = pulumi.all([there.id]).apply(() =>
        seam.getUserIdentityOutput({ userIdentityKey: "there" }, { provider }).displayName);
      export const workspaces = [here.workspaceId, there.workspaceId];
    `;
    const project = await PulumiProject.create({ example: "basic", program, env: seam.env });
    await project.configure({ otherKey: other.api_key }, "--secret");
    await project.up();
    const { stdout } = await project.run(["stack", "output", "--json"]);
    const outputs = JSON.parse(stdout) as { found: string; workspaces: string[] };
    assert.deepEqual(outputs, { found: "There", workspaces: [seam.workspaceId, other.workspace_id] });
    assert.ok(!project.backendText().includes(other.api_key));
    await project.destroy();
    const left = await seam.inspect<{ user_identities: unknown[] }>(
      `state?workspace_id=${other.workspace_id}`,
    );
    assert.deepEqual(left.user_identities, []);
  });

  itInCi("replaces a moved link, the old one first, and keeps the person's other ACS user", async () => {
    const system = await seam.acsSystemId(0);
    const [first, second] = [
      await seam.createAcsUser(system, "one@example.com"),
      await seam.createAcsUser(system, "two@example.com"),
    ];
    const project = await PulumiProject.create({ example: "basic", program: linked, env: seam.env });
    await project.run(["up", "--yes", "--skip-preview"], { env: { ACS_USER_ID: first } });
    const preview = await project.run(["preview"], { env: { ACS_USER_ID: second } });
    assert.match(preview.stdout, /1 to replace/);
    await project.run(["up", "--yes", "--skip-preview"], { env: { ACS_USER_ID: second } });
    const { acs_users } = await seam.state();
    assert.equal(acs_users.length, 2);
    assert.deepEqual(
      acs_users.filter((user) => user.user_identity_id).map((user) => user.acs_user_id),
      [second],
    );
  });

  it("removes the program's own link where the identity is only released", async () => {
    const user = await seam.createAcsUser(await seam.acsSystemId(1), "ada@example.com");
    const id = await seam.createUserIdentity({ user_identity_key: "adopted" });
    const program = `
      import * as seam from "pulumi-seam";
      const ada = new seam.UserIdentity("ada", { userIdentityKey: "adopted", adopt: true });
      new seam.AcsUserLink("ada", { userIdentity: ada, acsUserId: "${user}" });
    `;
    const project = await PulumiProject.create({ example: "basic", program, env: seam.env });
    await project.up();
    await project.destroy();
    const { user_identities, acs_users } = await seam.state();
    assert.deepEqual(user_identities.find((one) => one.user_identity_id === id)?.acs_user_ids, []);
    assert.ok(acs_users.some((one) => one.acs_user_id === user));
  });

  itInCi("keeps the derived key when a resource is renamed with an alias", async () => {
    const named = (name: string, alias: string): string => `
      import * as seam from "pulumi-seam";
      new seam.UserIdentity("${name}", { fullName: "Jean Doe" }, ${alias});
    `;
    const project = await PulumiProject.create({
      example: "basic",
      program: named("jean", "{}"),
      env: seam.env,
    });
    await project.up();
    const [before] = (await seam.state()).user_identities;
    assert.equal(before?.user_identity_key, "pulumi:test:seam-basic:jean");
    project.write("index.ts", named("johanna", '{ aliases: [{ name: "jean" }] }'));
    await project.preview("--expect-no-changes");
    await project.up();
    assert.deepEqual((await seam.state()).user_identities, [before]);
  });

  itInCi("keeps a secret e-mail address out of the state, and what Seam derives from it", async () => {
    const program = `
      import * as pulumi from "@pulumi/pulumi";
      import * as seam from "pulumi-seam";
      new seam.UserIdentity("jean", { emailAddress: pulumi.secret("jean@example.com") });
    `;
    const project = await PulumiProject.create({ example: "basic", program, env: seam.env });
    await project.up();
    await project.refresh();
    assert.ok(project.backendText().includes("UserIdentity"));
    assert.ok(!project.backendText().includes("jean@example.com"));
    await project.preview("--expect-no-changes");
  });
});
