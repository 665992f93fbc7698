import assert from "node:assert/strict";
import { deep, itInCi } from "../depth";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject } from "./pulumiProject";

const imports = `
  import * as pulumi from "@pulumi/pulumi";
  import * as seam from "pulumi-seam";
`;

interface OtherWorkspace {
  workspace_id: string;
  api_key: string;
}

describe("Providers and lookups through the real CLI", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  let project: PulumiProject;
  /** The workspace of the key in a Provider; the environment's is another. */
  let other: OtherWorkspace;

  const program = (body: string): void => project.write("index.ts", `${imports}${body}`);
  const providerInState = async () =>
    (await project.resources()).find(
      ({ urn, type }) => type === "pulumi:providers:pulumi-nodejs" && urn.endsWith("::other"),
    );
  const people = async (workspaceId: string) =>
    (
      await seam.inspect<{ user_identities: { full_name: string }[] }>(`state?workspace_id=${workspaceId}`)
    ).user_identities.map((one) => one.full_name);

  before(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [20, 50], eventDelayMs: 10 });
    other = await seam.act<OtherWorkspace>("workspaces", { name: "Other" });
    project = await PulumiProject.create({ example: "basic", program: imports, env: seam.env });
    await project.configure({ otherKey: other.api_key }, "--secret");
    await project.configure({ endpoint: seam.url });
  });
  afterEach(async () => {
    if ((await project.resources()).length > 0) await project.destroy();
  });
  after(() => seam?.close());

  /** A Provider named "other" with this key, and a person of that workspace. */
  const withKey = (apiKey: string, more = ""): void =>
    program(`
      const config = new pulumi.Config();
      const provider = new seam.Provider("other", { apiKey: ${apiKey}, endpoint: config.require("endpoint") ${more} });
      new seam.UserIdentity("there", { userIdentityKey: "there", fullName: "There" }, { provider });
    `);

  it("an empty key of a Provider is an error in preview and apply, and nothing is created anywhere", async () => {
    const up = ["up", "--yes", "--skip-preview"];
    for (const [apiKey, commands] of [
      [`""`, deep ? [["preview"]] : []],
      [`pulumi.output(Promise.resolve(" "))`, deep ? [["preview"], up] : [up]],
    ] as const) {
      withKey(apiKey);
      for (const command of commands) {
        const { exitCode, stdout, stderr } = await project.run([...command], { mayFail: true });
        assert.notEqual(exitCode, 0, `${command.join(" ")} with ${apiKey}`);
        assert.match(`${stdout}${stderr}`, /apiKey of the Provider \\?"other\\?" is empty/);
        assert.doesNotMatch(`${stdout}${stderr}`, /unhandled exception|\n\s+at /);
        assert.ok(!`${stdout}${stderr}`.includes(seam.apiKey));
      }
    }
    assert.deepEqual([await people(seam.workspaceId), await people(other.workspace_id)], [[], []]);
  });

  itInCi(
    "a Provider that an earlier version wrote into the state with an empty key does not use the environment's",
    async () => {
      program(`
      const provider = new (class extends pulumi.ProviderResource {})("pulumi-nodejs", "other", { "seam:apiKey": "" });
      new seam.UserIdentity("there", { fullName: "There" }, { provider });
    `);
      const { stdout, stderr } = await project.run(["up", "--yes", "--skip-preview"], { mayFail: true });
      assert.match(`${stdout}${stderr}`, /could not create the user identity: the API key .* is empty/);
      assert.deepEqual(await people(seam.workspaceId), []);
    },
  );

  itInCi("a Provider in the state of an earlier version shows no update, and keeps working", async () => {
    program(`
      const config = new pulumi.Config();
      const provider = new (class extends pulumi.ProviderResource {})("pulumi-nodejs", "other", {
        "seam:apiKey": pulumi.secret(config.require("otherKey")),
        "seam:endpoint": config.require("endpoint"),
      });
      new seam.UserIdentity("there", { userIdentityKey: "there", fullName: "There" }, { provider });
    `);
    await project.up();
    const settings = async (): Promise<string[]> =>
      Object.keys((await providerInState())?.inputs ?? {}).sort();
    const earlier = await settings();
    withKey(`config.requireSecret("otherKey")`);
    await project.run(["preview", "--expect-no-changes"]);
    await project.up("--expect-no-changes");
    assert.deepEqual(await settings(), earlier);
    await project.refresh("--expect-no-changes");
    assert.deepEqual(await people(other.workspace_id), ["There"]);
    await project.destroy();
    assert.deepEqual(await people(other.workspace_id), []);
  });

  it("a new Provider is marked, and shows no change afterwards", async () => {
    withKey(`config.requireSecret("otherKey")`, `, workspaceId: "${other.workspace_id}"`);
    await project.up();
    assert.equal((await providerInState())?.inputs?.["seam:explicitProvider"], "true");
    assert.equal((await providerInState())?.inputs?.["seam:workspaceId"], other.workspace_id);
    if (deep) await project.run(["preview", "--expect-no-changes"]);
    assert.deepEqual(await people(other.workspace_id), ["There"]);
    assert.ok(!project.backendText().includes(other.api_key));
  });

  describe("whose key is not known in a preview", () => {
    // What a resource of the program has as an output: the key of a workspace that the same program creates, for example.
    const lookUp = (form: string): void =>
      program(`
        const config = new pulumi.Config();
        class Made extends pulumi.dynamic.Resource {
          declare readonly key: pulumi.Output<string>;
        }
        const create = async (inputs: { from: string }) => ({ id: "made", outs: { key: inputs.from } });
        const made = new Made({ create }, "made", { from: config.requireSecret("otherKey"), key: undefined });
        const provider = new seam.Provider("other", { apiKey: made.key, endpoint: config.require("endpoint") });
        ${form}
      `);
    before(() =>
      seam.call("/user_identities/create", { user_identity_key: "jean", full_name: "Jean" }, other.api_key),
    );

    it("the output form of a lookup is unknown there, and found in the apply", async () => {
      lookUp(`
        export const found = seam.getUserIdentityOutput({ userIdentityKey: "jean" }, { provider }).fullName;
        export const none = seam
          .getUserIdentityOutput({ userIdentityKey: "ada" }, { provider, ifMissing: "undefined" })
          .apply((ada) => ada === undefined);
      `);
      const { stdout, stderr } = await project.run(["preview"]);
      assert.doesNotMatch(`${stdout}${stderr}`, /promises were still active/);
      await project.up();
      const outputs: unknown = JSON.parse((await project.run(["stack", "output", "--json"])).stdout);
      // No secrets, although the key is one.
      assert.deepEqual(outputs, { found: "Jean", none: true });
    });

    itInCi("the promise form is an error that names the other form", async () => {
      lookUp(`
        const failed = (error: Error) => console.log(error.message);
        seam.getUserIdentity({ userIdentityKey: "jean" }, { provider }).catch(failed);
      `);
      const { stdout, stderr } = await project.run(["preview"]);
      assert.match(
        `${stdout}${stderr}`,
        /not known in this preview.*form of this lookup that ends in Output/s,
      );
      assert.doesNotMatch(`${stdout}${stderr}`, /promises were still active/);
    });
  });

  itInCi("two ACS users with one e-mail address fail a lookup in the preview, by their ids", async () => {
    const system = await seam.acsSystemId(0);
    const ids = [
      await seam.createAcsUser(system, "twice@example.com"),
      await seam.createAcsUser(system, "twice@example.com"),
    ];
    await seam.call("/acs/users/suspend", { acs_user_id: ids[0] });
    program(`
      const jean = new seam.UserIdentity("jean", { userIdentityKey: "jean", fullName: "Jean" });
      const acsUser = seam.getAcsUserOutput({ acsSystemId: "${system}", emailAddress: "twice@example.com" });
      new seam.AcsUserLink("twice", { userIdentity: jean, acsUserId: acsUser.acsUserId });
    `);
    const { stdout, stderr, exitCode } = await project.run(["preview"], { mayFail: true });
    assert.notEqual(exitCode, 0, stdout);
    assert.match(`${stdout}${stderr}`, new RegExp(`${ids[0]} \\(suspended\\), ${ids[1]}`));
    assert.doesNotMatch(`${stdout}${stderr}`, /unhandled exception|\n\s+at /);
  });

  it("an endpoint of the stack's file does not get the environment's key, in no operation", async () => {
    program(`new seam.UserIdentity("jean", { fullName: "Jean" });`);
    const elsewhere = await SimulatedWorkspace.start();
    await project.configure({ "seam:endpoint": elsewhere.url });
    try {
      const up = await project.run(["up", "--yes", "--skip-preview"], { mayFail: true });
      assert.match(`${up.stdout}${up.stderr}`, /seam:endpoint .*SEAM_ENDPOINT is another.*sent nowhere/s);
      assert.deepEqual(await elsewhere.requests(), []);
    } finally {
      await project.run(["config", "rm", "seam:endpoint"]);
      await elsewhere.close();
    }
  });
});
