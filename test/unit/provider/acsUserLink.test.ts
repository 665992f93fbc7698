import assert from "node:assert/strict";
import { type Declared, Engine } from "../../engine";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

describe("AcsUserLink", () => {
  let seam: SimulatedWorkspace;
  let engine: Engine;
  let userIdentityId: string;
  let acsUserId: string;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    engine = new Engine(seam.env);
    userIdentityId = await seam.createUserIdentity({ full_name: "Jean" });
    acsUserId = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com");
  });
  afterEach(() => seam.close());

  const verbs = () => engine.providerAlone("acsUserLink");
  const create = () => verbs().create({ userIdentityId, acsUserId });
  const linked = async () => (await seam.state()).acs_users[0]?.user_identity_id;

  it("links, reads and unlinks, and deletes nobody", async () => {
    const created = await create();
    assert.equal(created.id, `${userIdentityId}/${acsUserId}`);
    assert.equal(await linked(), userIdentityId);
    const read = await verbs().read(created.id, created.outs as object);
    assert.deepEqual(read.props, created.outs);
    await verbs().delete(created.id, created.outs as object);
    assert.equal(await linked(), undefined);
    const { user_identities, acs_users } = await seam.state();
    assert.deepEqual([user_identities.length, acs_users.length], [1, 1]);
  });

  it("accepts a link that already exists", async () => {
    await create();
    assert.equal((await create()).id, `${userIdentityId}/${acsUserId}`);
  });

  it("keeps the link if its resource is renamed without an alias", async () => {
    const named = (...names: string[]) =>
      names.map((name): Declared => ({
        name,
        provider: "acsUserLink",
        inputs: { userIdentityId, acsUserId },
      }));
    for (const names of [["old"], ["new"]]) {
      assert.deepEqual(await engine.up(named(...names)), []);
      assert.deepEqual([...engine.state.keys()], names);
      assert.equal(await linked(), userIdentityId, `not linked any more with ${names.join()}`);
    }
    assert.deepEqual(await engine.up([]), []);
    assert.equal(await linked(), undefined);
  });

  it("is unlinked in an operation that compares it first, as `destroy --refresh` does", async () => {
    const created = await create();
    const outs = created.outs as object;
    const provider = engine.providerAlone("acsUserLink");
    assert.equal((await provider.diff(created.id, outs, outs)).changes, false);
    await provider.delete(created.id, outs);
    assert.equal(await linked(), undefined);
  });

  it("reports that its identity was merged into another, and that the person still has the access", async () => {
    const created = await create();
    const into = await seam.createUserIdentity({ full_name: "Jean Doe" });
    await seam.act("merge", { from: userIdentityId, into });
    assert.equal(await linked(), into);
    const says = new RegExp(`was merged into ${into}.*pulumi state delete`);
    await assert.rejects(verbs().read(created.id, created.outs as object), says);
    await assert.rejects(verbs().delete(created.id, created.outs as object), says);
    assert.equal(await linked(), into);
  });

  it("links to an identity that appears late", async () => {
    await seam.behave({ listLagMs: 200 });
    userIdentityId = await seam.createUserIdentity({ full_name: "Ada" });
    await create();
    assert.equal(await linked(), userIdentityId);
  });

  it("says what closes the person's doors now if Seam refuses to unlink the two", async () => {
    const created = await create();
    await seam.act("faults", {
      match: { path: "/user_identities/remove_acs_user", times: 50 },
      fault: { kind: "status", status: 403 },
    });
    await assert.rejects(verbs().delete(created.id, created.outs as object), (error: Error) => {
      const doing = `could not unlink ACS user ${acsUserId} from user identity ${userIdentityId}: `;
      assert.equal(error.message.slice(0, doing.length), doing);
      assert.match(error.message, /403.*may not use \/user_identities\/remove_acs_user/);
      assert.match(error.message, new RegExp(`npx pulumi-seam teardown ${userIdentityId}`));
      return true;
    });
    assert.equal(await linked(), userIdentityId);
  });

  it("promises nothing about doors if the key is refused", async () => {
    const created = await create();
    await seam.act("faults", {
      match: { path: "/user_identities/remove_acs_user", times: 50 },
      fault: { kind: "status", status: 401 },
    });
    await assert.rejects(verbs().delete(created.id, created.outs as object), (error: Error) => {
      assert.match(error.message, /Seam refuses the API key/);
      assert.doesNotMatch(error.message, /teardown/);
      return true;
    });
  });

  it("is removed from the state if its ACS user was deleted elsewhere, and does not fail a preview", async () => {
    const created = await create();
    await seam.call("/acs/users/delete", { acs_user_id: acsUserId });
    assert.deepEqual(await verbs().read(created.id, created.outs as object), {});
    await verbs().delete(created.id, created.outs as object);
  });

  it("leaves a link alone that was moved to another person", async () => {
    const created = await create();
    const other = await seam.createUserIdentity({ full_name: "Ada" });
    await seam.call("/user_identities/remove_acs_user", {
      user_identity_id: userIdentityId,
      acs_user_id: acsUserId,
    });
    await seam.call("/user_identities/add_acs_user", { user_identity_id: other, acs_user_id: acsUserId });
    assert.deepEqual(await verbs().read(created.id, created.outs as object), {});
    await verbs().delete(created.id, created.outs as object);
    assert.equal(await linked(), other);
  });

  it("is replaced, the old one first, when either end changes", async () => {
    const olds = { userIdentityId, acsUserId };
    for (const change of [{ userIdentityId: acsUserId }, { acsUserId: userIdentityId }]) {
      const diff = await verbs().diff("id", olds, { ...olds, ...change });
      assert.deepEqual(diff, { changes: true, replaces: Object.keys(change), deleteBeforeReplace: true });
    }
    assert.equal((await verbs().diff("id", olds, olds)).changes, false);
  });
});
