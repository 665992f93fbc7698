import assert from "node:assert/strict";
import { type Declared, Engine } from "../../engine";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

describe("the provider", () => {
  let seam: SimulatedWorkspace;
  let engine: Engine;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [5, 20], eventDelayMs: 2 }, 1);
    engine = new Engine(seam.env);
  });
  afterEach(() => seam.close());

  const identity = (name: string, inputs: object): Declared => ({
    name,
    provider: "userIdentity",
    inputs: { ...inputs, declaredAs: { path: `pulumi:dev:people:${name}` } },
  });
  const link = (name: string, userIdentityId: string, acsUserId: string): Declared => ({
    name,
    provider: "acsUserLink",
    inputs: { userIdentityId, acsUserId, declaredAs: { path: `pulumi:dev:people:${name}` } },
  });
  const messages = (errors: readonly Error[]): string => errors.map((error) => error.message).join("\n");
  const identities = async () => (await seam.state()).user_identities;
  const linkedTo = async (id: string) =>
    (await seam.state()).acs_users.find((user) => user.acs_user_id === id)?.user_identity_id;

  const jean = { userIdentityKey: "jean", emailAddress: "jean@example.com", fullName: "Jean Doe" };

  it("fails for what another stack declares, and a destroy then tears nobody down", async () => {
    assert.deepEqual(await engine.up([identity("jean", jean)]), []);
    const other = new Engine(seam.env);
    const [created] = await identities();
    assert.match(
      messages(await other.up([identity("jean", jean)])),
      new RegExp(
        `${created?.user_identity_id} already, created .*another name before, give it an alias.*SEAM_TAKE_OVER=.*adopt: true`,
      ),
    );
    assert.deepEqual(await other.destroy(), []);
    assert.equal((await identities()).length, 1);
  });

  it("does not give a new stack of the same name the person of the old one", async () => {
    await seam.close();
    const key = "pulumi:dev:people:jean";
    seam = await SimulatedWorkspace.agedTwoHours((before) =>
      before.createUserIdentity({ user_identity_key: key, full_name: "Jean Doe" }),
    );
    const program = [identity("jean", { fullName: "Jean Doe", defaultUserIdentityKey: key })];
    engine = new Engine(seam.env);
    const [created] = await identities();
    const id = created?.user_identity_id ?? "";
    assert.match(messages(await engine.up(program)), new RegExp(`SEAM_TAKE_OVER=${id} pulumi up`));
    engine = new Engine({ ...seam.env, SEAM_TAKE_OVER: id });
    assert.deepEqual(await engine.up(program), []);
    assert.equal(engine.state.get("jean")?.id, id);
  });

  it("keeps a link that gets a new name, and rejects a second resource for it", async () => {
    const id = await seam.createUserIdentity({ full_name: "Jean" });
    const user = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com");
    const [before, after] = [link("old", id, user), link("new", id, user)];
    assert.deepEqual(await engine.up([before]), []);
    const refused = messages(await engine.up([before, after]));
    assert.match(refused, /the same pair of userIdentityId and acsUserId as AcsUserLink "old"/);
    assert.deepEqual(await engine.up([after]), []);
    assert.equal(await linkedTo(user), id);
    assert.deepEqual([...engine.state.keys()], ["new"]);
  });

  it("keeps a link if one of two resources for it, from an earlier version, is removed", async () => {
    const id = await seam.createUserIdentity({ full_name: "Jean" });
    const user = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com");
    const [one, two] = [link("one", id, user), link("two", id, user)];
    assert.deepEqual(await engine.up([one]), []);
    const recorded = engine.state.get("one");
    assert.ok(recorded !== undefined);
    engine.state.set("two", { ...recorded, name: "two" });
    assert.deepEqual(await engine.up([one, two]), []);
    assert.deepEqual(await engine.up([two]), []);
    assert.equal(await linkedTo(user), id);
    assert.deepEqual(await engine.up([]), []);
    assert.equal(await linkedTo(user), undefined);
  });

  it("does not adopt an identity that another resource has, and does not tear it down", async () => {
    assert.deepEqual(await engine.up([identity("a", jean)]), []);
    const b = identity("b", { userIdentityKey: "jean", adopt: true });
    assert.match(
      messages(await engine.up([identity("a", jean), b])),
      /the same userIdentityKey as UserIdentity/,
    );
    assert.deepEqual(await engine.up([b]), []);
    assert.equal((await identities()).length, 1);
    assert.deepEqual([...engine.state.keys()], ["b"]);
  });

  it("does not adopt an identity that is found by an attribute that its other resource does not set", async () => {
    const id = await seam.createUserIdentity({
      user_identity_key: "jean",
      email_address: "jean@example.com",
    });
    const a = identity("a", { userIdentityKey: "jean", adopt: true });
    const b = identity("b", { emailAddress: "jean@example.com", adopt: true });
    assert.deepEqual(await engine.up([a]), []);
    assert.match(messages(await engine.up([a, b])), new RegExp(`${id}.*UserIdentity "(a|b)"`));
    assert.equal((await identities()).length, 1);
  });

  it("has all links after an up in which they swapped their indexes", async () => {
    const id = await seam.createUserIdentity({ full_name: "Jean" });
    const a = await seam.createAcsUser(await seam.acsSystemId(0), "a@example.com");
    const b = await seam.createAcsUser(await seam.acsSystemId(1), "b@example.com");
    for (const unlinkTimeMs of [0, 200, 400]) {
      await seam.behave({ unlinkTimeMs: [unlinkTimeMs, unlinkTimeMs] });
      engine = new Engine(seam.env);
      assert.deepEqual(await engine.up([link("link-0", id, b)]), []);
      assert.deepEqual(await engine.up([link("link-0", id, a), link("link-1", id, b)]), []);
      assert.deepEqual(
        [await linkedTo(a), await linkedTo(b)],
        [id, id],
        `unlinking takes ${unlinkTimeMs} ms`,
      );
      assert.deepEqual(await engine.up([]), []);
    }
  });

  it("has both links after an up in which they swapped their ACS users", async () => {
    const [one, two] = [
      await seam.createUserIdentity({ full_name: "One" }),
      await seam.createUserIdentity({ full_name: "Two" }),
    ];
    const a = await seam.createAcsUser(await seam.acsSystemId(0), "a@example.com");
    const b = await seam.createAcsUser(await seam.acsSystemId(0), "b@example.com");
    assert.deepEqual(await engine.up([link("x", one, a), link("y", two, b)]), []);
    assert.deepEqual(await engine.up([link("x", one, b), link("y", two, a)]), []);
    assert.deepEqual([await linkedTo(a), await linkedTo(b)], [two, one]);
  });

  it("fails for two resources with one key, even if they cannot be named", async () => {
    const twice = [identity("one", jean), identity("two", jean)];
    assert.match(messages(await engine.up(twice)), /the same userIdentityKey as UserIdentity "one"/);
    await seam.behave({ latencyMs: 100 });
    engine = new Engine(seam.env);
    const nameless = ["one", "two"].map((name): Declared => ({
      name,
      provider: "userIdentity",
      inputs: { userIdentityKey: "ada", fullName: "Ada" },
    }));
    assert.equal((await engine.up(nameless)).length, 1);
    assert.equal(engine.state.size, 1);
  });

  it("fails for an adopted account that has another key", async () => {
    await seam.createUserIdentity({ user_identity_key: "emp-0007", email_address: "jean@example.com" });
    const hire = identity("hire", {
      userIdentityKey: "emp-1042",
      emailAddress: "jean@example.com",
      adopt: true,
    });
    assert.match(messages(await engine.up([hire])), /another userIdentityKey than the program gives/);
    assert.deepEqual(
      (await identities()).map((one) => one.user_identity_key),
      ["emp-0007"],
    );
  });

  it("fails for an adopted key that was merged into another identity's, and names that one", async () => {
    const from = await seam.createUserIdentity({ user_identity_key: "old" });
    const into = await seam.createUserIdentity({ user_identity_key: "new", full_name: "Jean" });
    await seam.act("merge", { from, into });
    const adopting = identity("jean", { userIdentityKey: "old", fullName: "Jane", adopt: true });
    assert.match(messages(await engine.up([adopting])), new RegExp(`${into}.*merged`));
    assert.deepEqual(
      (await identities()).map((one) => [one.user_identity_key, one.full_name]),
      [["new", "Jean"]],
    );
  });

  it("does not adopt an identity that is being deleted", async () => {
    await seam.behave({ identityDeletionTimeMs: 60_000 });
    const id = await seam.createUserIdentity({ user_identity_key: "jean" });
    await seam.call("/user_identities/delete", { user_identity_id: id });
    const adopting = identity("jean", { userIdentityKey: "jean", adopt: true });
    assert.match(messages(await engine.up([adopting])), new RegExp(`${id}: it is being deleted`));
  });

  it("creates nothing in a workspace other than the stack's own", async () => {
    assert.deepEqual(await engine.up([identity("jean", jean)]), []);
    const other = await seam.act<{ api_key: string; workspace_id: string }>("workspaces", { name: "Other" });
    const elsewhere = new Engine({ ...seam.env, SEAM_API_KEY: other.api_key });
    for (const [name, recorded] of engine.state) elsewhere.state.set(name, recorded);
    const errors = await elsewhere.up([identity("ada", { fullName: "Ada" }), identity("jean", jean)]);
    assert.match(messages(errors), new RegExp(`${seam.workspaceId}.*${other.workspace_id}`));
    assert.equal(elsewhere.state.size, 1);
    const pinned = new Engine(
      { ...seam.env, SEAM_API_KEY: other.api_key },
      { "seam:workspaceId": seam.workspaceId },
    );
    assert.match(
      messages(await pinned.up([identity("ada", { fullName: "Ada" })])),
      new RegExp(`seam:workspaceId .* is ${seam.workspaceId}, but .*${other.workspace_id}`),
    );
    assert.equal(pinned.state.size, 0);
  });

  it("explains the error for a name whose former resource keeps the derived key", async () => {
    const key = "pulumi:dev:people:jean";
    const bare = { fullName: "Jean", defaultUserIdentityKey: key };
    assert.deepEqual(await engine.up([identity("jean", bare)]), []);
    const renamed = engine.state.get("jean");
    assert.ok(renamed !== undefined);
    engine.state.delete("jean");
    engine.state.set("johanna", { ...renamed, name: "johanna" });
    const johanna = identity("johanna", { fullName: "Jean", defaultUserIdentityKey: `${key}2` });
    const errors = await engine.up([johanna, identity("jean", { ...bare, fullName: "Jean the Second" })]);
    assert.match(
      messages(errors),
      /the same userIdentityKey as UserIdentity "johanna".*a userIdentityKey of its own/,
    );
    assert.deepEqual(
      (await identities()).map((one) => one.full_name),
      ["Jean"],
    );
  });

  it("writes ids of a link in one form", async () => {
    const id = await seam.createUserIdentity({ full_name: "Jean" });
    const user = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com");
    const inUpperCase = link("jean", id.toUpperCase(), user.toUpperCase());
    assert.deepEqual(await engine.up([inUpperCase]), []);
    assert.equal(engine.state.get("jean")?.id, `${id}/${user}`);
    assert.deepEqual(await engine.refresh(), []);
    assert.deepEqual(await engine.up([link("jean", id, user)]), []);
  });

  describe("with values that move in one up", () => {
    const person = (name: string, inputs: object) => identity(name, { userIdentityKey: name, ...inputs });
    const addresses = async (): Promise<Record<string, string | null>> =>
      Object.fromEntries(
        (await identities()).map((one): [string, string | null] => [
          one.user_identity_key ?? "",
          one.email_address,
        ]),
      );

    it("swaps them between two people", async () => {
      const [a, b] = ["a@example.com", "b@example.com"];
      assert.deepEqual(
        await engine.up([person("one", { emailAddress: a }), person("two", { emailAddress: b })]),
        [],
      );
      const ids = (await identities()).map((one) => one.user_identity_id);
      assert.deepEqual(
        await engine.up([person("one", { emailAddress: b }), person("two", { emailAddress: a })]),
        [],
      );
      assert.deepEqual(await addresses(), { one: b, two: a });
      assert.deepEqual(
        (await identities()).map((one) => one.user_identity_id),
        ids,
      );
    });

    it("moves them from one person to another, and to a new one", async () => {
      const a = "a@example.com";
      assert.deepEqual(await engine.up([person("one", { emailAddress: a }), person("two", {})]), []);
      assert.deepEqual(await engine.up([person("two", { emailAddress: a }), person("one", {})]), []);
      assert.deepEqual(await addresses(), { one: null, two: a });
      const program = [person("three", { emailAddress: a }), person("two", {}), person("one", {})];
      assert.deepEqual(await engine.up(program), []);
      assert.deepEqual(await addresses(), { one: null, two: null, three: a });
    });

    it("moves them in the next run if the first one failed halfway", async () => {
      const [a, b] = ["a@example.com", "b@example.com"];
      assert.deepEqual(
        await engine.up([person("one", { emailAddress: a }), person("two", { emailAddress: b })]),
        [],
      );
      const swapped = [person("one", { emailAddress: b }), person("two", { emailAddress: a })];
      await seam.act("faults", {
        match: { path: "/user_identities/update", nth: 3, times: 20 },
        fault: { kind: "status", status: 403 },
      });
      assert.notEqual((await engine.up(swapped)).length, 0);
      await seam.act("faults", {}, "DELETE");
      assert.deepEqual(await engine.up(swapped), []);
      assert.deepEqual(await addresses(), { one: b, two: a });
    });

    it("fails if another person keeps the value", async () => {
      const a = "a@example.com";
      assert.deepEqual(await engine.up([person("one", { emailAddress: a }), person("two", {})]), []);
      const errors = await engine.up([
        person("one", { emailAddress: a }),
        person("two", { emailAddress: a }),
      ]);
      assert.match(messages(errors), /the same emailAddress as UserIdentity "one"/);
      assert.ok(!messages(errors).includes(a));
    });
  });

  it("tears down as many people as seam:maxTeardowns allows, and no more", async () => {
    const program = ["one", "two", "three"].map((name) => identity(name, { userIdentityKey: name }));
    engine = new Engine(seam.env, { "seam:maxTeardowns": "2" });
    assert.deepEqual(await engine.up(program), []);
    const [error, ...others] = await engine.destroy();
    assert.match(error?.message ?? "", /seam:maxTeardowns allows 2 in one operation/);
    assert.deepEqual([others.length, (await identities()).length, engine.state.size], [0, 1, 1]);
    assert.deepEqual(await engine.destroy(), []);
  });

  it("rejects what a transformation changed afterwards if a link depends on it", async () => {
    const reasons = async (provider: "userIdentity" | "acsUserLink", inputs: object) =>
      ((await engine.provider(provider).check({}, inputs)).failures ?? []).map((one) => one.reason).join();
    const declaredAs = { path: "pulumi:dev:people:jean" };
    const id = await seam.createUserIdentity({ full_name: "Jean" });
    const [one, two] = [await seam.createUserIdentity({}), await seam.createUserIdentity({})];
    const of = (more: object) => ({
      userIdentityId: id,
      acsUserId: one,
      declaredAs: { path: "pulumi:dev:people:link", deletedWith: declaredAs.path, ...more },
    });
    assert.equal(await reasons("userIdentity", { declaredAs }), "");
    assert.equal(await reasons("acsUserLink", of({})), "");
    assert.match(await reasons("acsUserLink", of({ acsUserId: two })), /acsUserId is not the one/);
    for (const changed of [{ deletionPolicy: "retain" }, { adopt: true }]) {
      assert.equal(await reasons("userIdentity", { declaredAs, ...changed }), "");
      const [name = ""] = Object.keys(changed);
      assert.match(
        await reasons("acsUserLink", of({})),
        new RegExp(`${name} of its UserIdentity "jean" was changed`),
      );
    }
  });

  it("rejects a code that a transformation adds, which would be in the state in plain text", async () => {
    const reasons = async (withoutCode: boolean | undefined, requests: object[]) => {
      const inputs = {
        userIdentityId: await seam.createUserIdentity({}),
        deviceIds: [await seam.createUserIdentity({})],
        requestedAccessMethods: requests,
        accessGrantKey: "k",
        declaredAs: { path: "pulumi:dev:people:jean", withoutCode },
      };
      const { failures = [] } = await engine.provider("accessGrant").check({}, inputs);
      return failures.map((one) => one.reason).join();
    };
    const code = [{ mode: "cloud_key" }, { mode: "code", code: "778811" }];
    const refused = await reasons(true, code);
    assert.match(refused, /a transformation added a code .* plain text/);
    assert.ok(!refused.includes("778811"));
    assert.equal(await reasons(undefined, code), "");
    assert.equal(await reasons(true, [{ mode: "code" }]), "");
  });

  it("keeps the derived key with ignoreChanges", async () => {
    const verbs = engine.provider("userIdentity");
    const key = "pulumi:dev:people:jean";
    const checked = async (olds: object, news: object): Promise<object> =>
      ((await verbs.check(olds, news)) as { inputs: object }).inputs;
    const inputs = await checked({}, { defaultUserIdentityKey: key });
    assert.deepEqual(await checked(inputs, { ...inputs }), inputs);
    const some = await checked(inputs, {
      userIdentityKey: key,
      defaultUserIdentityKey: `${key}2`,
    });
    assert.deepEqual(some, inputs);
  });
});
