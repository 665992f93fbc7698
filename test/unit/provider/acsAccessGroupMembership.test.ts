import assert from "node:assert/strict";
import { answeringSeam } from "../../answeringSeam";
import { type Declared, Engine } from "../../engine";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

describe("AcsAccessGroupMembership", () => {
  let seam: SimulatedWorkspace;
  let engine: Engine;
  let acsAccessGroupId: string;
  let acsSystemId: string;
  let acsUserId: string;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    engine = new Engine(seam.env);
    const [group] = (await seam.places()).acs_access_groups;
    acsAccessGroupId = group?.acs_access_group_id ?? "";
    acsSystemId = group?.acs_system_id ?? "";
    acsUserId = await seam.createAcsUser(acsSystemId, "jean@example.com");
  });
  afterEach(() => seam.close());

  const verbs = () => engine.providerAlone("acsAccessGroupMembership");
  const create = () => verbs().create({ acsAccessGroupId, acsUserId });
  const members = async () =>
    (await seam.places()).acs_access_groups.find((one) => one.acs_access_group_id === acsAccessGroupId)
      ?.acs_user_ids;

  it("adds, reads and removes one member, and nobody else", async () => {
    const other = await seam.createAcsUser(acsSystemId, "ada@example.com");
    await seam.call("/acs/access_groups/add_user", {
      acs_access_group_id: acsAccessGroupId,
      acs_user_id: other,
    });
    const created = await create();
    assert.equal(created.id, `${acsAccessGroupId}/${acsUserId}`);
    assert.deepEqual((await members())?.sort(), [acsUserId, other].sort());
    assert.deepEqual(created.outs, {
      acsAccessGroupId,
      acsUserId,
      acsSystemId,
      workspaceId: seam.workspaceId,
    });
    const read = await verbs().read(created.id, created.outs);
    assert.deepEqual(read.props, created.outs);
    await verbs().delete(created.id, created.outs);
    assert.deepEqual(await members(), [other]);
    assert.equal((await seam.state()).acs_users.length, 2);
  });

  it("keeps an existing membership, also under a new resource name", async () => {
    const named = (...names: string[]) =>
      names.map((name): Declared => ({
        name,
        provider: "acsAccessGroupMembership",
        inputs: { acsAccessGroupId, acsUserId },
      }));
    for (const names of [["old"], ["new"]]) {
      assert.deepEqual(await engine.up(named(...names)), []);
      assert.deepEqual(await members(), [acsUserId], names.join());
    }
    assert.match(
      (await engine.up(named("new", "twin")))[0]?.message ?? "",
      /two resources cannot have one object/,
    );
    assert.deepEqual(await members(), [acsUserId]);
    assert.deepEqual(await engine.up([]), []);
    assert.deepEqual(await members(), []);
  });

  it("is removed from the state if somebody removed it, its ACS user or both, and does not fail a preview", async () => {
    const created = await create();
    const outs = created.outs as object;
    const pair = { acs_access_group_id: acsAccessGroupId, acs_user_id: acsUserId };
    await seam.call("/acs/access_groups/remove_user", pair);
    assert.deepEqual(await verbs().read(created.id, outs), {});
    await verbs().delete(created.id, outs);
    await seam.call("/acs/users/delete", { acs_user_id: acsUserId });
    assert.deepEqual(await verbs().read(created.id, outs), {});
    await verbs().delete(created.id, outs);
  });

  it("fails with a reason if it cannot be created", async () => {
    const elsewhere = await seam.createAcsUser(
      await seam.acsSystemId(acsSystemId === (await seam.acsSystemId(0)) ? 1 : 0),
      "sam@example.com",
    );
    await assert.rejects(
      verbs().create({ acsAccessGroupId, acsUserId: elsewhere }),
      /is in the access control system .* Give an ACS user of the group's system/,
    );
    await assert.rejects(
      verbs().create({ acsAccessGroupId: elsewhere, acsUserId }),
      /The access group is not in the API key's workspace/,
    );
    await assert.rejects(
      verbs().create({ acsAccessGroupId, acsUserId: acsAccessGroupId }),
      /there is no such ACS user/,
    );
    await assert.rejects(
      verbs().read(`${acsAccessGroupId}/${acsUserId}`, {}),
      /the ACS user is not in the group/,
    );
    await assert.rejects(verbs().read("nonsense", {}), /two UUIDs/);
  });

  it("accepts a change that the system defers", async () => {
    const fake = await answeringSeam();
    const deferred = (variant?: "adding" | "removing"): void => {
      const user = { acs_user_id: acsUserId, acs_system_id: acsSystemId, workspace_id: seam.workspaceId };
      const pending = {
        mutation_code: "deferring_group_membership_update",
        acs_access_group_id: acsAccessGroupId,
        variant,
      };
      const pending_mutations = variant === undefined ? [] : [pending];
      fake.answers["/acs/users/get"] = { acs_user: { ...user, pending_mutations } };
    };
    fake.answers["/workspaces/get"] = { workspace: { workspace_id: seam.workspaceId } };
    fake.answers["/acs/access_groups/list"] = { acs_access_groups: [] };
    try {
      engine = new Engine({ SEAM_API_KEY: seam.apiKey, SEAM_ENDPOINT: fake.url });
      deferred("adding");
      const created = await create();
      assert.deepEqual((await verbs().read(created.id, created.outs as object)).props, created.outs);
      deferred("removing");
      assert.deepEqual(await verbs().read(created.id, created.outs as object), {});
      await verbs().delete(created.id, created.outs as object);
    } finally {
      await fake.close();
    }
  });

  it("is created if a listing ignores its filter and shows every group", async () => {
    await seam.behave({ ignoredFilters: ["/acs/access_groups/list acs_user_id"] });
    await create();
    assert.deepEqual(await members(), [acsUserId]);
  });

  it("is removed even if a listing does not show it yet", async () => {
    const fake = await answeringSeam();
    const user = { acs_user_id: acsUserId, acs_system_id: acsSystemId, workspace_id: seam.workspaceId };
    fake.answers["/acs/users/get"] = { acs_user: user };
    fake.answers["/acs/access_groups/list"] = { acs_access_groups: [] };
    fake.answers["/acs/access_groups/remove_user"] = {};
    try {
      engine = new Engine({ SEAM_API_KEY: seam.apiKey, SEAM_ENDPOINT: fake.url });
      const outs = { acsAccessGroupId, acsUserId, acsSystemId, workspaceId: seam.workspaceId };
      await verbs().delete(`${acsAccessGroupId}/${acsUserId}`, outs);
      assert.ok(fake.requests.includes("/acs/access_groups/remove_user"), fake.requests.join());
    } finally {
      await fake.close();
    }
  });

  it("says what closes the doors now if Seam refuses to remove the ACS user", async () => {
    const made = await create();
    await seam.act("faults", {
      match: { path: "/acs/access_groups/remove_user", times: 50 },
      fault: { kind: "status", status: 403 },
    });
    await assert.rejects(verbs().delete(made.id, made.outs), (error: Error) => {
      assert.match(error.message, /403.*may not use \/acs\/access_groups\/remove_user/);
      assert.match(error.message, new RegExp(`Suspending ACS user ${acsUserId} `));
      return true;
    });
    assert.deepEqual(await members(), [acsUserId]);
  });

  it("is replaced when either end changes, and ignores the case of ids", async () => {
    const olds = { acsAccessGroupId, acsUserId };
    for (const change of [{ acsAccessGroupId: acsUserId }, { acsUserId: acsAccessGroupId }]) {
      const diff = await verbs().diff("id", olds, { ...olds, ...change });
      assert.deepEqual(diff, { changes: true, replaces: Object.keys(change), deleteBeforeReplace: true });
    }
    const upper = { acsAccessGroupId: acsAccessGroupId.toUpperCase(), acsUserId };
    assert.deepEqual((await verbs().check({}, upper)).inputs, olds);
  });

  it("rejects an invalid id, and names the argument", async () => {
    const { failures = [] } = await verbs().check({}, { acsAccessGroupId: "staff", nonsense: 1 });
    const reasons = failures.map((one) => one.reason).join("\n");
    assert.match(reasons, /acsAccessGroupId must be a Seam id/);
    assert.match(reasons, /acsUserId is missing/);
    assert.match(reasons, /there is no argument nonsense/);
  });
});
