import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { runSeamCommand } from "../seamCommand";
import { deep, itInCi } from "../depth";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject } from "./pulumiProject";

// Pulumi's own options on these resources, as docs/pulumi-options.md describes them.

describe("Pulumi's options", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  let project: PulumiProject;
  before(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 5 }, 1);
    project = await PulumiProject.create({ example: "basic", env: seam.env, program: "" });
  });
  after(() => seam?.close());
  beforeEach(async () => {
    await seam.act("reset");
    // The states of the tests before are about people who are not there any more.
    project.forgetResources();
  });

  const program = (body: string): void =>
    project.write(
      "index.ts",
      `import * as pulumi from "@pulumi/pulumi";\nimport * as seam from "pulumi-seam";\n${body}`,
    );
  const names = async () => (await seam.state()).user_identities.map((one) => one.full_name).sort();
  const urns = async (type: string) =>
    (await project.resources()).filter((one) => one.type.endsWith(type)).map((one) => one.urn);

  const team = (options = "{}"): string => `
    class Team extends pulumi.ComponentResource {
      constructor(name: string, people: string[], opts?: pulumi.ComponentResourceOptions) {
        super("acme:index:Team", name, {}, opts);
        for (const person of people) new seam.UserIdentity(person, { fullName: person }, { parent: this });
      }
    }
    new Team("team", ["Ada", "Jean"], ${options});
  `;

  itInCi("component resources are parents, and hand their options down", async () => {
    program(team("{ protect: true }"));
    await project.up();
    for (const urn of await urns("seam:UserIdentity")) assert.match(urn, /acme:index:Team\$pulumi-nodejs/);
    const keys = (await seam.state()).user_identities.map((one) => one.user_identity_key).sort();
    assert.deepEqual(keys, [
      "pulumi:test:seam-basic:acme:index:Team$Ada",
      "pulumi:test:seam-basic:acme:index:Team$Jean",
    ]);
    const { exitCode } = await project.run(["destroy", "--yes", "--skip-preview"], { mayFail: true });
    assert.notEqual(exitCode, 0);
    assert.deepEqual(await names(), ["Ada", "Jean"], "protected");
  });

  itInCi("component resources hand their provider down", async () => {
    const other = await seam.act<{ api_key: string }>("workspaces", { name: "Berlin" });
    program(`
      const berlin = new seam.Provider("berlin", { apiKey: "${other.api_key}", endpoint: "${seam.url}" });
      ${team("{ provider: berlin }")}
    `);
    await project.up();
    assert.deepEqual(await names(), [], "nobody is in the stack's own workspace");
    const berliners = async () =>
      (
        await seam.call<{ user_identities: { full_name: string }[] }>(
          "/user_identities/list",
          {},
          other.api_key,
        )
      ).user_identities
        .map((one) => one.full_name)
        .sort();
    assert.deepEqual(await berliners(), ["Ada", "Jean"]);
    await project.destroy();
    assert.deepEqual(await berliners(), []);
  });

  itInCi("an alias keeps an identity that moves into a component", async () => {
    program(`new seam.UserIdentity("Ada", { fullName: "Ada" });`);
    await project.up();
    const [before] = (await seam.state()).user_identities;
    program(`
      class Team extends pulumi.ComponentResource {
        constructor() {
          super("acme:index:Team", "team");
          new seam.UserIdentity("Ada", { fullName: "Ada" }, {
            parent: this,
            aliases: [{ parent: pulumi.rootStackResource }],
          });
        }
      }
      new Team();
    `);
    const { stdout } = await project.run(["preview"]);
    assert.match(stdout, /\+ 1 to create\n\s+2 unchanged/, "the component alone is new");
    await project.up();
    assert.deepEqual((await seam.state()).user_identities, [before]);
  });

  itInCi("transforms change arguments", async () => {
    // Inline by the Automation API, which needs no language host: the one that can be built from Go modules is older than transforms.
    project.write(
      "inline.js",
      `const pulumi = require("@pulumi/pulumi");
      const { LocalWorkspace } = require("@pulumi/pulumi/automation");
      const seam = require("pulumi-seam");
      const retain = ({ type, props, opts }) =>
        type.endsWith("seam:UserIdentity") ? { props: { ...props, deletionPolicy: "retain" }, opts } : undefined;
      const program = async () => {
        new seam.UserIdentity("ada", { fullName: "Ada" }, { transforms: [retain] });
        new seam.UserIdentity("gone", { fullName: "Gone" });
        pulumi.runtime.registerResourceTransform(({ props, opts }) =>
          props.fullName === "Jean" ? { props: { ...props, fullName: "Jean Doe" }, opts } : undefined);
        new seam.UserIdentity("jean", { fullName: "Jean", deletionPolicy: "retain" });
      };
      LocalWorkspace.selectStack({ stackName: "test", projectName: "seam-basic", program }, { workDir: __dirname })
        .then(async (stack) => {
          await stack.up();
          await stack.destroy();
        })
        .catch((error) => {
          console.error(error);
          process.exitCode = 1;
        });`,
    );
    await promisify(execFile)(process.execPath, ["inline.js"], {
      cwd: project.folder,
      env: { ...process.env, ...project.environment() },
    });
    assert.deepEqual(await names(), ["Ada", "Jean Doe"]);
  });

  it("retainOnDelete leaves the identity in Seam without a request, and so does a transformation, the older form of a transform", async () => {
    program(`
      pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) =>
        type.endsWith("seam:UserIdentity") && name === "jean"
          ? { props: { ...props, deletionPolicy: "retain" }, opts }
          : undefined);
      new seam.UserIdentity("ada", { fullName: "Ada" }, { retainOnDelete: true });
      new seam.UserIdentity("jean", { fullName: "Jean" });
    `);
    await project.up();
    await seam.act("reset_log");
    await project.destroy();
    assert.deepEqual(await seam.requests(), []);
    assert.deepEqual(await names(), ["Ada", "Jean"]);
  });

  it("deletedWith is set on a link of an identity of the program to an ACS user that no program declares", async () => {
    const acsSystemId = await seam.acsSystemId(0);
    const users = await Promise.all(
      ["ada@example.com", "jean@example.com"].map((address) => seam.createAcsUser(acsSystemId, address)),
    );
    program(`
      const [ada, jean, sam] = ["Ada", "Jean", "Sam"].map((name) => new seam.UserIdentity(name, { fullName: name }));
      const own = new seam.AcsUser("sam", { acsSystemId: "${acsSystemId}", fullName: "Sam" });
      new seam.AcsUserLink("ada", { userIdentity: ada, acsUserId: "${users[0]}" });
      new seam.AcsUserLink("jean", { userIdentityId: jean.id, acsUserId: "${users[1]}" });
      new seam.AcsUserLink("sam", { userIdentity: sam, acsUser: own });
    `);
    await project.up();
    const links = (await project.resources()).filter((one) => one.type.endsWith("seam:AcsUserLink"));
    const deletedWith: Record<string, string> = {};
    for (const link of links as { urn: string; deletedWith?: string }[]) {
      deletedWith[link.urn.split("::").at(-1) ?? ""] = link.deletedWith ?? "";
    }
    const all = await urns("seam:UserIdentity");
    const [ada, jean] = ["Ada", "Jean"].map((name) => all.find((urn) => urn.endsWith(`::${name}`)));
    assert.deepEqual(deletedWith, { ada, jean, sam: "" });
    await seam.act("reset_log");
    await project.destroy();
    const unlinked = (await seam.requests())
      .filter((call) => call.path === "/user_identities/remove_acs_user")
      .map((call) => call.ids.acs_user_id);
    assert.equal(unlinked.length, 1, "a link with deletedWith takes no step of its own");
    assert.ok(!users.some((user) => unlinked.includes(user)));
    assert.deepEqual((await seam.state()).acs_users, [], "an identity is deleted with its ACS users");
  });

  it("a refused unlink stops the teardowns that wait for it, and its error says what closes the doors meanwhile", async () => {
    const acsSystemId = await seam.acsSystemId(0);
    program(`
      const jean = new seam.UserIdentity("jean", { fullName: "Jean" });
      const badge = new seam.AcsUser("badge", { acsSystemId: "${acsSystemId}", fullName: "Jean" });
      new seam.AcsUserLink("badge", { userIdentity: jean, acsUser: badge });
    `);
    await project.up();
    const [user] = (await seam.state()).acs_users;
    const [jean] = (await seam.state()).user_identities;
    await seam.act("credentials", { acs_user_id: user?.acs_user_id, count: 1 });
    await seam.act("faults", {
      match: { path: "/user_identities/remove_acs_user", times: 1_000 },
      fault: { kind: "status", status: 403 },
    });
    const { exitCode, stdout, stderr } = await project.run(["destroy", "--yes", "--skip-preview"], {
      mayFail: true,
    });
    assert.notEqual(exitCode, 0);
    assert.equal((await seam.state()).acs_users.length, 1, "nothing is deleted before the unlink");
    assert.notDeepEqual((await seam.doors()).open, [], "nothing closed a door");
    const [, named] =
      /`npx pulumi-seam teardown ([0-9a-f-]+)`/.exec((stdout + stderr).replace(/\s+/g, " ")) ?? [];
    assert.equal(named, jean?.user_identity_id);
    const teardown = await runSeamCommand(["teardown", named ?? "", "--yes"], { env: seam.env });
    assert.equal(teardown.status, 0, teardown.stderr);
    assert.deepEqual((await seam.doors()).open, []);
    // Seam still refuses to unlink anybody, and there is nothing left to unlink.
    await project.destroy();
    assert.deepEqual((await seam.state()).acs_users, []);
    await seam.act("faults", {}, "DELETE");
  });

  // A link with `deletedWith` on its ACS user would be skipped here, and the teardown of the identity would delete an ACS user that stays.
  for (const [what, args, options] of [
    ["deletionPolicy", `deletionPolicy: "retain"`, "{}"],
    ["retainOnDelete", "", "{ retainOnDelete: true }"],
  ] as const) {
    (what === "retainOnDelete" ? itInCi : it)(
      `an ACS user that stays by ${what} survives its identity, even if its link was not part of the last update`,
      async () => {
        const acsSystemId = await seam.acsSystemId(0);
        const person = (more: string, opts: string): void =>
          program(`
          const jean = new seam.UserIdentity("jean", { fullName: "Jean" });
          const badge = new seam.AcsUser("badge", { acsSystemId: "${acsSystemId}", fullName: "Jean", ${more} }, ${opts});
          new seam.AcsUserLink("badge", { userIdentity: jean, acsUser: badge });
        `);
        person("", "{}");
        await project.up();
        person(args, options);
        const [badge] = await urns("seam:AcsUser");
        await project.up("--target", badge ?? "");
        // One at a time, the identity is deleted before the ACS user.
        await project.destroy("--parallel", "1");
        const { user_identities, acs_users } = await seam.state();
        assert.deepEqual([user_identities.length, acs_users.length], [0, 1]);
        assert.equal(acs_users[0]?.is_suspended, false);
        assert.equal(acs_users[0]?.user_identity_id, undefined);
      },
    );
  }

  it("deletedWith is not set on a link whose identity stays, may stay or is only read: the link is removed by itself", async () => {
    const acsSystemId = await seam.acsSystemId(0);
    const ofTheApp = await seam.createUserIdentity({ full_name: "App" });
    const users: string[] = [];
    for (const name of ["read", "retained", "perhaps", "lookedUp"]) {
      users.push(await seam.createAcsUser(acsSystemId, `${name}@example.com`));
    }
    program(`
      const person = (name: string, args: object, opts: object = {}) => new seam.UserIdentity(name, { fullName: name, ...args }, opts);
      const read = seam.UserIdentity.get("read", "${ofTheApp}");
      new seam.AcsUserLink("read", { userIdentity: read, acsUserId: "${users[0]}" });
      new seam.AcsUserLink("retained", { userIdentity: person("retained", {}, { retainOnDelete: true }), acsUserId: "${users[1]}" });
      const perhaps = person("perhaps", { deletionPolicy: pulumi.output("retain") });
      new seam.AcsUserLink("perhaps", { userIdentity: perhaps, acsUserId: "${users[2]}" });
      const lookedUp = seam.AcsUser.get("lookedUp", "${users[3]}");
      new seam.AcsUserLink("lookedUp", { userIdentity: person("leaves", {}), acsUser: lookedUp });
    `);
    await project.up();
    await project.destroy();
    const { acs_users, user_identities } = await seam.state();
    assert.deepEqual(
      acs_users.map((user) => [user.acs_user_id, user.user_identity_id]),
      users.slice(0, 3).map((id) => [id, undefined]),
      "an identity that stays loses its link; an ACS user that is only read is deleted with its identity",
    );
    assert.deepEqual(user_identities.map((one) => one.full_name).sort(), ["App", "perhaps", "retained"]);
  });

  itInCi("a link is kept when it is renamed without an alias", async () => {
    const acsUser = await seam.createAcsUser(await seam.acsSystemId(0), "ada@example.com");
    for (const name of ["before", "after"]) {
      program(`
        const ada = new seam.UserIdentity("ada", { fullName: "Ada" });
        new seam.AcsUserLink("${name}", { userIdentity: ada, acsUserId: "${acsUser}" });
      `);
      await project.up();
    }
    const [link] = (await project.resources()).filter((one) => one.type.endsWith("seam:AcsUserLink"));
    assert.ok(link?.urn.endsWith("::after"));
    const [user] = (await seam.state()).acs_users;
    assert.equal(`${user?.user_identity_id}/${acsUser}`, link?.id);
  });

  itInCi(
    "additionalSecretOutputs keeps outputs out of the state; a transformation has to give displayName itself",
    async () => {
      const hide = (options: string): void =>
        program(`
        pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
          type.endsWith("seam:UserIdentity")
            ? { props: { ...props, fullName: pulumi.secret(props.fullName) }, opts: pulumi.mergeOptions(opts, ${options}) }
            : undefined);
        new seam.UserIdentity("ada", { userIdentityKey: "a1", fullName: "Ada Lovelace" });
      `);
      const shown = async () =>
        (await project.resources()).find((one) => one.type.endsWith("seam:UserIdentity"))?.outputs;
      hide("{}");
      await project.up();
      assert.equal(
        (await shown())?.displayName,
        "Ada Lovelace",
        "made secret too late for the package to see",
      );
      await project.destroy();
      hide(`{ additionalSecretOutputs: ["displayName", "createdAt"] }`);
      await project.up();
      await project.refresh();
      const outputs = await shown();
      for (const name of ["fullName", "displayName", "createdAt"]) {
        assert.equal(typeof outputs?.[name], "object", `${name} is encrypted`);
      }
      assert.ok(!project.stateText().includes("Ada Lovelace"));
    },
  );

  itInCi("dependsOn orders creates and deletes", async () => {
    program(`
      const ada = new seam.UserIdentity("ada", { fullName: "Ada" });
      new seam.UserIdentity("jean", { fullName: "Jean" }, { dependsOn: [ada] });
    `);
    await project.up();
    const [ada, jean] = ["Ada", "Jean"].map(async (name) =>
      (await seam.state()).user_identities.find((one) => one.full_name === name),
    );
    const ids = [(await ada)?.user_identity_id, (await jean)?.user_identity_id];
    await seam.act("reset_log");
    await project.destroy();
    const deleted = (await seam.requests())
      .filter((call) => call.path === "/user_identities/delete")
      .map((call) => call.ids.user_identity_id);
    assert.deepEqual(deleted, ids.reverse());
  });

  itInCi(
    "ignoreChanges keeps what is in the state; replaceOnChanges replaces nobody: an identity changes in place",
    async () => {
      const surname = (added: string): void =>
        program(`
        new seam.UserIdentity("ada", { fullName: "Ada${added}" }, { ignoreChanges: ["fullName"] });
        new seam.UserIdentity("jean", { fullName: "Jean${added}" }, { replaceOnChanges: ["fullName"] });
      `);
      const ids = async () => (await seam.state()).user_identities.map((one) => one.user_identity_id).sort();
      surname("");
      await project.up();
      const before = await ids();
      surname(" Doe");
      const { stdout } = await project.up();
      assert.match(stdout, /~ 1 updated\n\s+2 unchanged/);
      assert.deepEqual(await ids(), before);
      assert.deepEqual(await names(), ["Ada", "Jean Doe"]);
    },
  );

  itInCi(
    "--target-replace replaces, the old one first; --target touches the named resource alone",
    async () => {
      program(
        `for (const name of ["Ada", "Jean"]) new seam.UserIdentity(name, { userIdentityKey: name, fullName: name });`,
      );
      await project.up();
      const identity = async (name: string) =>
        (await seam.state()).user_identities.find((one) => one.full_name === name)?.user_identity_id;
      const before = await identity("Ada");
      const all = await urns("seam:UserIdentity");
      const [ada = "", jean = ""] = ["Ada", "Jean"].map((name) =>
        all.find((urn) => urn.endsWith(`::${name}`)),
      );
      await project.up("--target-replace", ada);
      assert.deepEqual(await names(), ["Ada", "Jean"]);
      assert.notEqual(await identity("Ada"), before);
      await project.destroy("--target", jean);
      assert.deepEqual(await names(), ["Ada"]);
    },
  );

  it("a secret stays one in inputs, outputs, differences and the state, through refresh and update", async () => {
    const ada = (address: string): void =>
      program(`
        export const ada = new seam.UserIdentity("ada", { emailAddress: pulumi.secret("${address}"), fullName: "Ada" });
        export const shown = ada.displayName;
        export const mail = ada.emailAddress;
      `);
    ada("ada@example.com");
    await project.up();
    if (deep) await project.refresh();
    ada("lovelace@example.com");
    const preview = await project.preview();
    assert.match(preview.stdout, /emailAddress\s*: \[secret\]/);
    const up = await project.up();
    if (deep) await project.run(["preview", "--refresh", "--expect-no-changes"]);
    const { stdout: outputs } = await project.run(["stack", "output", "--json"]);
    assert.match(outputs, /\[secret\]/);
    const everything = [project.backendText(), preview.stdout, up.stdout, up.stderr, outputs].join("\n");
    for (const text of ["ada@example.com", "lovelace@example.com", seam.apiKey]) {
      assert.ok(!everything.includes(text), `${text} stands in plain text`);
    }
    assert.equal((await seam.state()).user_identities[0]?.email_address, "lovelace@example.com");
  });

  itInCi("a key in the stack's configuration is in no state in plain text", async () => {
    program(`new seam.UserIdentity("ada", { fullName: "Ada" });`);
    await project.run(["config", "set", "--secret", "seam:apiKey", seam.apiKey]);
    await project.run(["up", "--yes", "--skip-preview"], { env: { SEAM_API_KEY: undefined } });
    await project.run(["refresh", "--yes", "--skip-preview"], { env: { SEAM_API_KEY: undefined } });
    assert.deepEqual(await names(), ["Ada"]);
    assert.ok(!project.backendText().includes(seam.apiKey));
  });

  itInCi("no token of a client session is in any state, through refresh, update and destroy", async () => {
    const ada = (name: string): void =>
      program(
        `export const ada = new seam.UserIdentity("ada", { userIdentityKey: "ada", fullName: "${name}" });`,
      );
    ada("Ada");
    await project.up();
    const [identity] = (await seam.state()).user_identities;
    const tokens = [];
    for (let count = 0; count < 2; count += 1) {
      const { client_session } = await seam.call<{ client_session: { token: string } }>(
        "/client_sessions/create",
        { user_identity_id: identity?.user_identity_id },
      );
      tokens.push(client_session.token);
    }
    assert.equal(new Set(tokens.filter((token) => token.length > 10)).size, 2);
    const said = [await project.refresh()];
    ada("Ada Lovelace");
    said.push(await project.up("--refresh"), await project.destroy());
    assert.deepEqual((await seam.state()).client_sessions, []);
    const everything = [project.backendText(), ...said.flatMap(({ stdout, stderr }) => [stdout, stderr])];
    for (const token of [...tokens, seam.apiKey]) assert.ok(!everything.join("\n").includes(token));
  });
});
