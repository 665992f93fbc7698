import assert from "node:assert/strict";
import { type Declared, Engine } from "../../engine";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

describe("UserIdentity", () => {
  let seam: SimulatedWorkspace;
  let engine: Engine;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    engine = new Engine(seam.env);
  });
  afterEach(() => seam.close());

  const verbs = () => engine.providerAlone("userIdentity");
  const checked = async (olds: object, news: object): Promise<object> =>
    (await verbs().check(olds, news)).inputs as object;
  const names = async () => (await seam.state()).user_identities.map((one) => one.full_name);

  describe("with adopt", () => {
    const ways: [string, object, object][] = [
      ["key", { user_identity_key: "jean" }, { userIdentityKey: "jean" }],
      ["e-mail address", { email_address: "jean@example.com" }, { emailAddress: "Jean@Example.com" }],
      ["phone number", { phone_number: "+15555550110" }, { phoneNumber: "+15555550110" }],
    ];
    for (const [what, existing, inputs] of ways) {
      it(`adopts the identity with the ${what}, releases it on delete, and tears it down only with deletionPolicy: "teardown"`, async () => {
        const id = await seam.createUserIdentity({ ...existing, full_name: "Jean of the app" });
        const made = await verbs().create({ ...inputs, adopt: true });
        assert.equal(made.id, id);
        const outs = made.outs as Record<string, unknown>;
        assert.equal(outs.adopted, true);
        assert.deepEqual(await names(), ["Jean of the app"]);

        // Attributes that the program does not set are left alone, before and after a refresh.
        const read = await verbs().read(id, outs);
        assert.equal((read.props as Record<string, unknown>).fullName, undefined);
        const again = await checked({}, { ...inputs, adopt: true });
        assert.equal((await verbs().diff(id, read.props ?? {}, again)).changes, false);

        await verbs().delete(id, outs);
        assert.deepEqual(await names(), ["Jean of the app"]);
        await verbs().delete(id, { ...outs, deletionPolicy: "teardown" });
        assert.deepEqual(await names(), []);
      });
    }

    it("updates the attributes that the program sets", async () => {
      await seam.createUserIdentity({ user_identity_key: "jean", full_name: "Jean of the app" });
      await verbs().create({ userIdentityKey: "jean", fullName: "Jean Doe", adopt: true });
      assert.deepEqual(await names(), ["Jean Doe"]);
    });

    it("creates and owns an identity if there is none to adopt", async () => {
      const made = await verbs().create({ userIdentityKey: "jean", adopt: true });
      assert.equal((made.outs as Record<string, unknown>).adopted, undefined);
      await verbs().delete(made.id, made.outs as object);
      assert.deepEqual(await names(), []);
    });

    it("tears nobody down if the resource is renamed without an alias", async () => {
      const jean = (name: string): Declared => ({
        name,
        provider: "userIdentity",
        inputs: { userIdentityKey: "jean", adopt: true },
      });
      const id = await seam.createUserIdentity({ user_identity_key: "jean" });
      await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com", id);
      assert.deepEqual(await engine.up([jean("old")]), []);
      const [before] = (await seam.state()).user_identities;
      assert.deepEqual(await engine.up([jean("new")]), []);
      assert.deepEqual(
        [...engine.state.values()].map((one) => one.id),
        [before?.user_identity_id],
      );
      const { user_identities, acs_users } = await seam.state();
      assert.deepEqual([user_identities.length, acs_users.length], [1, 1]);
    });

    it("adopts and does not own an identity that appears late", async () => {
      await seam.behave({ listLagMs: 150 });
      await seam.createUserIdentity({ user_identity_key: "jean", full_name: "Jean" });
      const inputs = { userIdentityKey: "jean", fullName: "Jean", adopt: true };
      const made = await verbs().create(inputs);
      assert.equal((made.outs as Record<string, unknown>).adopted, true);
      await verbs().delete(made.id, made.outs as object);
      assert.deepEqual(await names(), ["Jean"]);
    });

    it("needs a deletionPolicy before adopt is removed, and sets no derived key on the app's account", async () => {
      await seam.createUserIdentity({ email_address: "jean@example.com" });
      const adopting = await checked({}, { emailAddress: "jean@example.com", adopt: true });
      const made = await verbs().create(adopting);
      const outs = made.outs as Record<string, unknown>;
      const plain = { emailAddress: "jean@example.com", defaultUserIdentityKey: "pulumi:dev:people:jean" };
      const without = await checked(adopting, plain);
      await assert.rejects(verbs().update(made.id, outs, without), /Keep adopt: true, or set deletionPolicy/);
      const decided = await checked(adopting, { ...plain, deletionPolicy: "teardown" });
      await verbs().update(made.id, outs, decided);
      assert.deepEqual(
        (await seam.state()).user_identities.map((one) => one.user_identity_key),
        [null],
      );
      assert.equal(
        ((await checked(decided, { ...plain, deletionPolicy: "teardown" })) as Record<string, unknown>)
          .userIdentityKey,
        undefined,
      );
    });

    it("does not choose between two people", async () => {
      await seam.createUserIdentity({ user_identity_key: "jean" });
      await seam.createUserIdentity({ email_address: "ada@example.com" });
      const inputs = { userIdentityKey: "jean", emailAddress: "ada@example.com", adopt: true };
      await assert.rejects(verbs().create(inputs), /more than one existing identity/);
    });
  });

  describe("an existing identity", () => {
    it("is reused if it has the key derived for this resource", async () => {
      const key = "pulumi:dev:people:jean";
      const id = await seam.createUserIdentity({ user_identity_key: key, full_name: "Jean" });
      const inputs = await checked({}, { fullName: "Jean", defaultUserIdentityKey: key });
      assert.equal((await verbs().create(inputs)).id, id);
    });

    it("is left alone despite the derived key if it has another name: a renamed resource may have it", async () => {
      const key = "pulumi:dev:people:jean";
      const id = await seam.createUserIdentity({ user_identity_key: key, full_name: "Johanna" });
      const inputs = await checked({}, { fullName: "Jean", defaultUserIdentityKey: key });
      await assert.rejects(verbs().create(inputs), new RegExp(`${id}.*userIdentityKey of its own`));
      assert.deepEqual(await names(), ["Johanna"]);
    });

    it("is left alone despite the derived key if an ACS user is linked to it: it is in another state", async () => {
      const key = "pulumi:dev:people:jean";
      const id = await seam.createUserIdentity({ user_identity_key: key, full_name: "Jean" });
      await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com", id);
      const inputs = await checked({}, { fullName: "Jean", defaultUserIdentityKey: key });
      await assert.rejects(verbs().create(inputs), new RegExp(id));
    });

    it("is left alone even if it is new, without dependents and identical: another stack may have created it", async () => {
      const id = await seam.createUserIdentity({ user_identity_key: "jean", full_name: "Jean" });
      const inputs = { userIdentityKey: "jean", fullName: "Jean" };
      await assert.rejects(verbs().create(inputs), new RegExp(`SEAM_TAKE_OVER=${id} pulumi up`));
      engine = new Engine({ ...seam.env, SEAM_TAKE_OVER: id });
      const made = await verbs().create(inputs);
      assert.deepEqual([made.id, (made.outs as Record<string, unknown>).adopted], [id, undefined]);
    });

    it("is never shared by two resources of one program", async () => {
      const inputs = { userIdentityKey: "jean", fullName: "Jean" };
      const program = ["one", "two"].map((name): Declared => ({ name, provider: "userIdentity", inputs }));
      const [error] = await engine.up(program);
      assert.match(error?.message ?? "", /its userIdentityKey belongs to user identity/);
      assert.equal(engine.state.size, 1);
    });

    it("stays with its resource if that is renamed without an alias", async () => {
      const inputs = { userIdentityKey: "jean", fullName: "Jean" };
      assert.deepEqual(await engine.up([{ name: "old", provider: "userIdentity", inputs }]), []);
      engine.continueOnError = true;
      const [created, deleted] = await engine.up([{ name: "new", provider: "userIdentity", inputs }]);
      assert.match(created?.message ?? "", /belongs to user identity/);
      assert.match(deleted?.message ?? "", /could not delete user identity .* give it an alias/);
      const ids = (await seam.state()).user_identities.map((one) => one.user_identity_id);
      assert.deepEqual(
        [...engine.state.values()].map((one) => one.id),
        ids,
      );
    });

    it("is left alone if it is old: neither a derived key nor the same attributes are proof then", async () => {
      await seam.close();
      const key = "pulumi:dev:people:jean";
      seam = await SimulatedWorkspace.agedTwoHours(async (before) => {
        await before.createUserIdentity({ user_identity_key: key, full_name: "Another's" });
        await before.createUserIdentity({ user_identity_key: "ada", full_name: "Ada" });
      });
      engine = new Engine(seam.env);
      const before = await seam.state();
      const inputs = await checked({}, { fullName: "Jean", defaultUserIdentityKey: key });
      for (const one of [inputs, { userIdentityKey: "ada", fullName: "Ada" }]) {
        await assert.rejects(verbs().create(one), /its userIdentityKey belongs to user identity/);
      }
      assert.deepEqual((await seam.state()).user_identities, before.user_identities);
    });

    it("is left alone if anything differs or it has a dependent", async () => {
      const id = await seam.createUserIdentity({ user_identity_key: "jean", full_name: "Jean" });
      await assert.rejects(verbs().create({ userIdentityKey: "jean", fullName: "Jane" }), new RegExp(id));
      await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com", id);
      await assert.rejects(verbs().create({ userIdentityKey: "jean", fullName: "Jean" }), new RegExp(id));
    });
  });

  it("sets removed attributes to null, in place", async () => {
    const made = await verbs().create({
      userIdentityKey: "jean",
      emailAddress: "jean@example.com",
      fullName: "Jean",
    });
    const updated = await verbs().update(made.id, made.outs as object, { userIdentityKey: "jean" });
    const [identity] = (await seam.state()).user_identities;
    assert.deepEqual(
      [identity?.user_identity_id, identity?.email_address, identity?.full_name],
      [made.id, null, null],
    );
    assert.equal((updated.outs as Record<string, unknown>).emailAddress, undefined);
  });

  it("shows no change if Seam writes an e-mail address in another case", async () => {
    const inputs = { emailAddress: "Jean@Example.com" };
    const made = await verbs().create(inputs);
    await seam.call("/user_identities/update", {
      user_identity_id: made.id,
      email_address: "jean@example.com",
    });
    const read = await verbs().read(made.id, made.outs as object);
    assert.equal((await verbs().diff(made.id, read.props ?? {}, inputs)).changes, false);
  });

  it("is retained without an API key and without a call", async () => {
    const made = await verbs().create({ fullName: "Jean", deletionPolicy: "retain" });
    engine = new Engine({});
    await verbs().delete(made.id, made.outs as object);
    assert.deepEqual(await names(), ["Jean"]);
  });

  it("has no derived key with defaultKey: false", async () => {
    const inputs = await checked({}, { fullName: "Jean", defaultKey: false });
    await verbs().create(inputs);
    assert.equal((await seam.state()).user_identities[0]?.user_identity_key, null);
  });

  it("keeps the first derived key even if a later program derives another one", async () => {
    const first = await verbs().check({}, { defaultUserIdentityKey: "pulumi:dev:people:jean" });
    const later = await verbs().check(first.inputs as object, {
      defaultUserIdentityKey: "pulumi:dev:people:johanna",
    });
    assert.deepEqual(later.inputs, first.inputs);
  });

  it("reports what a slow teardown waits for", async function () {
    this.timeout(40_000);
    await seam.behave({ deletionTimeMs: [11_000, 11_000] });
    const made = await verbs().create({ fullName: "Jean" });
    await seam.act("phones", { user_identity_id: made.id });
    await verbs().delete(made.id, made.outs as object);
    assert.equal(engine.printed.length, 1);
    assert.match(
      engine.printed[0] ?? "",
      new RegExp(`${made.id} is being torn down \\(10 s so far\\), waiting for phone`),
    );
  });
});
