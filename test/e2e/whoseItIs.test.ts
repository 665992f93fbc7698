import assert from "node:assert/strict";
import { deep, itInCi } from "../depth";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject } from "./pulumiProject";

// What only the real engine shows: the order of its checks, creates and deletes, and its output.

/** Declares what declarations.json lists. A reference like `@jean` means the id of the resource of that name. */
const program = `
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as seam from "pulumi-seam";

type Args = Record<string, any>;
const declared: [string, string, Args, Args?][] = JSON.parse(readFileSync("declarations.json", "utf8"));
const made: Record<string, any> = {};
for (const [type, name, given, options] of declared) {
  const args: Args = {};
  for (const [key, value] of Object.entries(given)) {
    if (typeof value === "string" && value.startsWith("@")) args[key] = made[value.slice(1)].id;
    else if (typeof value === "string" && value.startsWith("$")) args[key] = made[value.slice(1)];
    else if (typeof value === "string" && value.startsWith("secret:")) args[key] = pulumi.secret(value.slice(7));
    else args[key] = value;
  }
  const opts: Args = { ...options };
  if (opts.retainByTransformation === true) {
    delete opts.retainByTransformation;
    opts.transformations = [
      ({ props, opts }: Args) => ({ props: { ...props, deletionPolicy: "retain" }, opts }),
    ];
  }
  made[name] = new (seam as any)[type](name, args, opts);
}
`;

type Declaration = [type: string, name: string, args: object, options?: object];

describe("whose an object is, through the real CLI", function () {
  this.timeout(600_000);
  let seam: SimulatedWorkspace;
  let lobby: string;
  let user: string;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [20, 60], eventDelayMs: 5 }, 1);
    lobby = await seam.acsSystemId(0);
    user = await seam.createAcsUser(lobby, "jean@example.com");
    await seam.act("credentials", { acs_user_id: user });
  });
  afterEach(() => seam.close());

  const project = (env: Record<string, string> = {}) =>
    PulumiProject.create({ example: "basic", program, env: { ...seam.env, ...env } });
  const declare = (one: PulumiProject, ...declarations: Declaration[]): void =>
    one.write("declarations.json", JSON.stringify(declarations));
  const fails = async (one: PulumiProject, ...command: string[]): Promise<string> => {
    const outcome = await one.run([...command, "--yes", "--skip-preview"], { mayFail: true });
    assert.notEqual(outcome.exitCode, 0, outcome.stdout);
    return `${outcome.stdout}\n${outcome.stderr}`;
  };
  const linkedTo = async () => (await seam.state()).acs_users.find((one) => one.acs_user_id === user);

  const args = { userIdentityKey: "jean_doe", emailAddress: "jean@example.com", fullName: "Jean Doe" };
  const jean: Declaration = ["UserIdentity", "jean", args];
  const link = (name: string): Declaration => [
    "AcsUserLink",
    name,
    { userIdentity: "$jean", acsUserId: user },
  ];

  it("keeps two stacks that declare the same person apart", async () => {
    const [first, second] = [await project(), await project()];
    declare(first, jean);
    declare(second, jean, link("jean-lobby"));
    await first.up();
    const [made] = (await seam.state()).user_identities;
    const id = made?.user_identity_id ?? "";
    const printed = await fails(second, "up");
    assert.match(printed, new RegExp(`SEAM_TAKE_OVER=${id} pulumi up`));
    assert.ok(!printed.includes("jean@example.com"), "a personal address is printed");
    declare(first, jean, link("jean-lobby"));
    await first.up();
    if (deep) await fails(second, "up");
    await second.destroy();
    const { user_identities, acs_credentials } = await seam.state();
    assert.deepEqual([user_identities.length, acs_credentials.length], [1, 1]);
    assert.equal((await linkedTo())?.user_identity_id, id);
    if (deep) {
      const { stdout } = await first.preview("--expect-no-changes", "--refresh");
      assert.match(stdout, /2 unchanged|3 unchanged/);
    }
    await first.destroy();
    assert.deepEqual((await seam.state()).user_identities, []);
  });

  itInCi("takes over what a person names for one run, and only then", async () => {
    const id = await seam.createUserIdentity({ user_identity_key: "jean_doe", full_name: "J. Doe" });
    const one = await project();
    declare(one, ["UserIdentity", "jean", { userIdentityKey: "jean_doe", fullName: "Jean Doe" }]);
    await fails(one, "up");
    await one.run(["up", "--yes", "--skip-preview"], { env: { SEAM_TAKE_OVER: id } });
    assert.equal((await one.resources()).find((resource) => resource.type.endsWith("UserIdentity"))?.id, id);
    await one.destroy();
    assert.deepEqual((await seam.state()).user_identities, []);
  });

  it("keeps a link that another link has, whichever is removed", async () => {
    const one = await project();
    declare(one, jean, link("old"));
    await one.up();
    declare(one, jean, link("old"), link("new"));
    assert.match(
      await fails(one, "up"),
      /the same pair of userIdentityId and acsUserId as AcsUserLink "(?:old|new)"/,
    );
    declare(one, jean, link("new"));
    await one.up();
    assert.notEqual((await linkedTo())?.user_identity_id, undefined);
    if (deep) {
      await one.preview("--expect-no-changes", "--refresh");
      // The id of the identity means the same as the identity itself: it is deleted with it.
      declare(one, jean, ["AcsUserLink", "new", { userIdentityId: "@jean", acsUserId: user }]);
      await one.preview("--expect-no-changes");
      await one.up();
    }
    await one.destroy();
    const { user_identities, acs_users, acs_credentials } = await seam.state();
    assert.deepEqual([user_identities, acs_users, acs_credentials], [[], [], []]);
  });

  it("keeps an ACS user that the program declares when the identity is removed", async () => {
    const one = await project();
    const own: Declaration = ["AcsUser", "card", { acsSystemId: lobby, fullName: "Jean's card" }];
    declare(one, own, jean, ["AcsUserLink", "link", { userIdentityId: "@jean", acsUserId: "@card" }]);
    await one.up();
    declare(one, own);
    await one.up();
    const { user_identities, acs_users } = await seam.state();
    assert.deepEqual([user_identities.length, acs_users.length], [0, 2]);
    if (deep) await one.preview("--expect-no-changes", "--refresh");
  });

  it("deletes nothing that a resource under another name needs and could not get", async () => {
    const one = await project();
    declare(one, jean, link("jean-lobby"));
    await one.up();
    declare(one, ["UserIdentity", "jean-doe", args]);
    assert.match(await fails(one, "up", "--continue-on-error"), /give it an alias/);
    const { user_identities, acs_credentials } = await seam.state();
    assert.deepEqual([user_identities.length, acs_credentials.length], [1, 1]);
    declare(one, ["UserIdentity", "jean-doe", args, { aliases: [{ name: "jean" }] }]);
    await one.up();
    assert.equal((await seam.state()).user_identities.length, 1);
  });

  itInCi("refuses what a transformation changes, and prints no value of a secret argument", async () => {
    const one = await project();
    declare(one, ["UserIdentity", "jean", args, { retainByTransformation: true }], link("link"));
    assert.match(
      await fails(one, "up"),
      /deletionPolicy of its UserIdentity "jean" was changed by a transformation/,
    );
    await one.destroy();
    declare(one, ["UserIdentity", "jean", { emailAddress: "secret:hush.doe@example" }]);
    const { stdout, stderr } = await one.run(["preview", "--diff"], { mayFail: true });
    assert.match(stdout + stderr, /emailAddress must be a plain e-mail address/);
    assert.doesNotMatch(stdout + stderr, /hush/);
  });

  itInCi("replaces on request, ignores changes and swaps addresses without losing anybody", async () => {
    const one = await project();
    const two: Declaration = ["UserIdentity", "ada", { emailAddress: "ada@example.com" }];
    declare(one, ["UserIdentity", "jean", { emailAddress: "jean@example.com" }], two);
    await one.up();
    // Two resources are created in either order.
    const addresses = async (): Promise<[string, string | null][]> =>
      (await seam.state()).user_identities.map((each) => [each.user_identity_id, each.email_address]);
    const before = await addresses();
    for (const ignoreChanges of [["userIdentityKey"], ["*"]]) {
      declare(one, ["UserIdentity", "jean", { emailAddress: "jean@example.com" }, { ignoreChanges }], two);
      await one.preview("--expect-no-changes");
      await one.up();
    }
    declare(
      one,
      ["UserIdentity", "jean", { emailAddress: "ada@example.com" }],
      ["UserIdentity", "ada", { emailAddress: "jean@example.com" }],
    );
    await one.up();
    const swap: Record<string, string> = {
      "jean@example.com": "ada@example.com",
      "ada@example.com": "jean@example.com",
    };
    assert.deepEqual(
      await addresses(),
      before.map(([id, address]) => [id, swap[address ?? ""]]),
    );
    await one.preview("--expect-no-changes", "--refresh");
    const urn = (await one.resources()).find((resource) => resource.urn.endsWith("::jean"))?.urn ?? "";
    await one.up("--replace", urn);
    assert.equal((await seam.state()).user_identities.length, 2);
    await one.destroy();
    assert.deepEqual((await seam.state()).user_identities, []);
  });

  itInCi("creates nothing with a key for another workspace", async () => {
    const one = await project();
    declare(one, jean);
    await one.up();
    const other = await seam.act<{ api_key: string }>("workspaces", { name: "Other" });
    declare(one, ["UserIdentity", "ada", { fullName: "Ada" }], jean);
    const wrong = await one.run(["up", "--yes", "--skip-preview"], {
      mayFail: true,
      env: { SEAM_API_KEY: other.api_key },
    });
    assert.match(
      wrong.stdout + wrong.stderr,
      /it was created in the Seam workspace|belongs to the workspace/,
    );
    await one.up();
    await one.destroy();
    assert.deepEqual((await seam.state()).user_identities, []);
  });
});
