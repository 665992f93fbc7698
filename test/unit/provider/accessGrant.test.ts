import assert from "node:assert/strict";
import { withoutCodes } from "../../../provider/resources/accessGrantArguments";
import { unknownValue } from "../../../provider/resources/properties";
import { type Declared, Engine } from "../../engine";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

type Props = Record<string, unknown>;

describe("AccessGrant", () => {
  let seam: SimulatedWorkspace;
  let engine: Engine;
  let userIdentityId: string;
  let deviceIds: string[];
  let acsEntranceIds: string[];
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    engine = new Engine(seam.env);
    userIdentityId = await seam.createUserIdentity({ full_name: "Jean" });
    const places = await seam.places();
    deviceIds = places.devices.slice(0, 1).map((one) => one.device_id);
    acsEntranceIds = places.acs_entrances.slice(0, 1).map((one) => one.acs_entrance_id);
  });
  afterEach(() => seam.close());

  const verbs = () => engine.providerAlone("accessGrant");
  const args = (more: Props = {}): Props => ({
    userIdentityId,
    deviceIds,
    requestedAccessMethods: [{ mode: "code" }],
    accessGrantKey: "jean-door",
    ...more,
  });
  const create = async (more: Props = {}) => {
    const created = await verbs().create(args(more));
    return { id: created.id, outs: created.outs as Props };
  };
  const grants = async () => (await seam.state()).access_grants;
  const methods = async () => (await seam.state()).access_methods;
  const open = async () => (await seam.doors(userIdentityId)).open.length;
  const declared = (name: string, more: Props = {}): Declared => ({
    name,
    provider: "accessGrant",
    inputs: args(more),
  });

  it("stores the modes as requestedModes if a code makes the requests secret, and reads them back", async () => {
    const check = async (requests: unknown, more: Props = {}) =>
      (await verbs().check({}, args({ requestedAccessMethods: requests, ...more }))).inputs as Props;
    const withCode = [{ mode: "code", code: "12345" }, { mode: "cloud_key" }];
    const inputs = await check(withCode);
    assert.deepEqual(inputs.requestedModes, ["cloud_key", "code"]);
    assert.equal((await check([{ mode: "code" }])).requestedModes, undefined);
    assert.equal((await check([{ mode: unknownValue }, ...withCode])).requestedModes, undefined);
    // With ignoreChanges, the engine passes the value of the state.
    assert.equal((await check([{ mode: "code" }], { requestedModes: ["card"] })).requestedModes, undefined);
    const { id, outs } = await create(inputs);
    const grant = (await grants())[0];
    const cloudKey = (await methods()).find((one) => one.mode === "cloud_key");
    assert.equal(grant?.access_grant_id, id);
    const modesRead = async () =>
      ((await verbs().read(id, outs)) as { inputs?: Props }).inputs?.requestedModes;
    assert.deepEqual(await modesRead(), ["cloud_key", "code"]);
    await seam.call("/access_methods/delete", { access_method_id: cloudKey?.access_method_id });
    assert.deepEqual(await modesRead(), ["code"]);
  });

  it("opens the doors, reads and closes them, and has no code, token or link in its state", async () => {
    const { id, outs } = await create({ requestedAccessMethods: [{ mode: "code" }, { mode: "cloud_key" }] });
    assert.equal(await open(), 2);
    const { accessMethods, workspaceId, accessGrantId } = outs as {
      accessMethods: { mode: string; issued: boolean; request: number }[];
      workspaceId: string;
      accessGrantId: string;
    };
    assert.deepEqual([workspaceId, accessGrantId], [seam.workspaceId, id]);
    assert.deepEqual(
      accessMethods.map(({ mode, issued, request }) => [mode, issued, request]),
      [
        ["code", true, 0],
        ["cloud_key", true, 1],
      ],
    );
    const read = await verbs().read(id, outs);
    assert.deepEqual(read.props, outs);
    assert.equal((await verbs().diff(id, read.props, args(outs))).changes, false);
    const secrets = await Promise.all(
      accessMethods.map(async (_, index) => {
        const { access_methods } = await seam.call<{ access_methods: { code?: string }[] }>(
          "/access_methods/list",
          { access_grant_id: id },
        );
        return access_methods[index]?.code;
      }),
    );
    for (const code of secrets.filter((one) => one !== undefined)) {
      assert.ok(!JSON.stringify([outs, read]).includes(code), "a code of Seam's is in the state");
    }
    await verbs().delete(id, outs);
    assert.deepEqual([await grants(), await methods(), await open()], [[], [], 0]);
    await verbs().delete(id, outs);
  });

  it("is deleted only when its doors are closed", async () => {
    const { id, outs } = await create();
    await seam.behave({ grantRevocationTimeMs: 150 });
    await verbs().delete(id, outs);
    assert.equal(await open(), 0);
  });

  it("issues a card in an access control system, and deletes its credential", async () => {
    const { deviceIds: _, ...elsewhere } = args({
      acsEntranceIds,
      requestedAccessMethods: [{ mode: "card" }],
    });
    const created = await verbs().create(elsewhere);
    const { id, outs } = { id: created.id, outs: created.outs as Props };
    assert.equal((await seam.state()).acs_credentials.length, 1);
    assert.deepEqual((await verbs().read(id, outs)).props, outs);
    await verbs().delete(id, outs);
    assert.equal((await seam.state()).acs_credentials.length, 0);
  });

  it("reports what Seam does not issue, and keeps the grant for the next run", async () => {
    const [failure] = await engine.up([declared("jean", { requestedAccessMethods: [{ mode: "card" }] })]);
    assert.match(
      failure?.message ?? "",
      /could not create the access grant .*Seam does not issue card \(cannot_create_requested_access_methods\)/,
    );
    assert.equal(engine.state.size, 1);
    assert.deepEqual(await engine.destroy(), []);
    assert.deepEqual(await grants(), []);
  });

  it("changes its name, times and access methods in place, closing doors first", async () => {
    const program = (more: Props) => [declared("jean", more)];
    assert.deepEqual(
      await engine.up(program({ name: "Door", requestedAccessMethods: [{ mode: "code", code: "123456" }] })),
      [],
    );
    const id = engine.state.get("jean")?.id;
    const later = {
      endsAt: "2099-01-01T00:00:00+01:00",
      requestedAccessMethods: [{ mode: "code", code: "654321" }, { mode: "cloud_key" }],
    };
    assert.deepEqual(await engine.up(program(later)), []);
    assert.equal(engine.state.get("jean")?.id, id);
    const [grant] = await grants();
    assert.deepEqual([grant?.name, grant?.ends_at], [null, "2098-12-31T23:00:00.000Z"]);
    const { access_methods } = await seam.call<{ access_methods: { mode: string; code?: string }[] }>(
      "/access_methods/list",
      { access_grant_id: id },
    );
    assert.deepEqual(access_methods.map(({ mode, code }) => code ?? mode).sort(), ["654321", "cloud_key"]);
    assert.deepEqual(await engine.refresh(), []);
    const before = (await seam.requests()).length;
    assert.deepEqual(await engine.up(program(later)), []);
    assert.equal((await seam.requests()).length, before, "an up without a change sends no request");
    assert.deepEqual(await engine.up(program({ requestedAccessMethods: [{ mode: "cloud_key" }] })), []);
    assert.deepEqual(
      (await methods()).map(({ mode }) => mode),
      ["cloud_key"],
    );
    assert.equal((await grants())[0]?.ends_at, null);
  });

  it("ends earlier even if Seam refuses another change, and records that", async () => {
    const refused = 7;
    const [name, endsAt] = ["Door", "2999-01-01T00:00:00Z"];
    const { id, outs } = await create({ name, endsAt, startsAt: "2020-01-01T00:00:00Z" });
    assert.equal(await open(), 1);
    const news = args({ name: refused, startsAt: "2020-01-01T00:00:00Z", endsAt: "2021-01-01T00:00:00Z" });
    await assert.rejects(verbs().update(id, outs, news), (error: Error & { properties?: Props }) => {
      assert.match(error.message, /could not update access grant/);
      assert.deepEqual([error.properties?.name, error.properties?.endsAt], [name, news.endsAt]);
      return true;
    });
    assert.equal(await open(), 0);
  });

  it("sends one request where its times alone change, or give more access", async () => {
    const updates = async () =>
      (await seam.requests()).filter((one) => one.path === "/access_grants/update").length;
    const before = { name: "Door", endsAt: "2098-01-01T00:00:00Z" };
    const { id, outs } = await create(before);
    for (const [more, requests] of [
      [{ ...before, endsAt: "2097-01-01T00:00:00Z" }, 1],
      [{ name: "Gate", endsAt: "2099-01-01T00:00:00Z" }, 1],
      [{ name: "Gate", endsAt: "2097-01-01T00:00:00Z" }, 2],
    ] as const) {
      await seam.act("reset_log");
      await verbs().update(id, outs, args(more));
      assert.equal(await updates(), requests, JSON.stringify(more));
    }
  });

  it("ends earlier when it is adopted even if Seam refuses another change", async () => {
    await seam.createGrant(userIdentityId, { deviceIds }, { access_grant_key: "jean-door" });
    const refused = 7;
    const more = { adopt: true, name: refused, endsAt: "2999-01-01T00:00:00Z" };
    await assert.rejects(verbs().create(args(more)), /could not create the access grant/);
    assert.equal((await grants())[0]?.ends_at, "2999-01-01T00:00:00.000Z");
  });

  it("distinguishes two codes of one grant", async () => {
    const codes = (...all: string[]) => ({
      requestedAccessMethods: all.map((code) => ({ mode: "code", code })),
    });
    const shown = async () =>
      (
        await seam.call<{ access_methods: { code: string }[] }>("/access_methods/list", {
          access_grant_id: engine.state.get("jean")?.id,
        })
      ).access_methods.map(({ code }) => code);
    assert.deepEqual(await engine.up([declared("jean", codes("1111", "2222"))]), []);
    assert.deepEqual(await engine.up([declared("jean", codes("2222"))]), []);
    assert.deepEqual(await shown(), ["2222"]);
    assert.deepEqual(await engine.up([declared("jean", codes("2222", "3333"))]), []);
    assert.deepEqual(await engine.up([declared("jean", codes("3333"))]), []);
    assert.deepEqual(await shown(), ["3333"]);
  });

  it("is replaced, the old one first, if an argument changes that is fixed at creation", async () => {
    const olds = (await create()).outs;
    for (const [name, value] of [
      ["userIdentityId", acsEntranceIds[0]],
      ["accessGrantKey", "other"],
      ["deviceIds", acsEntranceIds],
      ["acsEntranceIds", acsEntranceIds],
      ["spaceIds", acsEntranceIds],
      ["reservationKey", "r-1"],
    ] as const) {
      const diff = await verbs().diff("id", olds, args({ [name]: value }));
      assert.deepEqual(diff, { changes: true, replaces: [name], deleteBeforeReplace: true }, name);
    }
  });

  it("says that the person has no access if the replacement could not be created", async () => {
    const program = (places: readonly string[]): Declared[] => [
      declared("jean", { deviceIds: places, declaredAs: { path: "pulumi:dev:test:jean" } }),
    ];
    const [first] = await engine.up(program([userIdentityId]));
    assert.match(first?.message ?? "", /Check spaceIds, acsEntranceIds and deviceIds/);
    assert.doesNotMatch(first?.message ?? "", /without this access/);
    assert.deepEqual(await engine.up(program(deviceIds)), []);
    const [failed] = await engine.up(program([userIdentityId]));
    assert.match(
      failed?.message ?? "",
      /The grant that it replaces is deleted, so the person is without this/,
    );
    assert.deepEqual(await grants(), []);
    assert.deepEqual(await engine.up(program(deviceIds)), []);
    assert.equal(await open(), 1);
  });

  it("shows what was deleted or changed elsewhere, and no drift for arguments that were never set", async () => {
    const methodsOf = { requestedAccessMethods: [{ mode: "code" }, { mode: "cloud_key" }] };
    const { id, outs } = await create({ ...methodsOf, name: "Door" });
    await seam.call("/access_grants/update", {
      access_grant_id: id,
      name: "Gate",
      ends_at: "2099-01-01T00:00:00Z",
    });
    const [first] = outs.accessMethods as { accessMethodId: string }[];
    await seam.call("/access_methods/delete", { access_method_id: first?.accessMethodId });
    await new Promise((resolve) => setTimeout(resolve, 30));
    const { inputs } = (await verbs().read(id, outs)) as { inputs?: Props };
    assert.equal(inputs?.name, "Gate");
    assert.equal(inputs?.endsAt, undefined);
    assert.deepEqual(inputs?.requestedAccessMethods, [{ mode: "cloud_key" }]);
    await seam.call("/access_grants/delete", { access_grant_id: id });
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.deepEqual(await verbs().read(id, outs), {});
    await assert.rejects(verbs().update(id, outs, args()), /is not in Seam any more/);
  });

  it("is not adopted if nothing proves that it belongs to the resource, and the error says what to do", async () => {
    const id = await seam.createGrant(userIdentityId, { deviceIds }, { access_grant_key: "jean-door" });
    const [refused] = await engine.up([declared("jean")]);
    assert.match(refused?.message ?? "", new RegExp(`access grant ${id} has its accessGrantKey already`));
    assert.match(refused?.message ?? "", new RegExp(`give it an alias.*SEAM_TAKE_OVER=${id} pulumi up`));
    assert.equal(engine.state.size, 0);
    assert.equal((await grants()).length, 1);

    assert.deepEqual(await engine.up([declared("jean", { adopt: true })]), []);
    assert.equal(engine.state.get("jean")?.id, id);
    assert.deepEqual(await engine.destroy(), []);
    assert.equal((await grants()).length, 1, "an adopted grant is released");

    const named = new Engine({ ...seam.env, SEAM_TAKE_OVER: id });
    assert.deepEqual(await named.up([declared("jean")]), []);
    assert.deepEqual(await named.destroy(), []);
    assert.deepEqual(await grants(), []);
  });

  it("is not adopted if it belongs to another person or opens another door", async () => {
    const other = await seam.createUserIdentity({ full_name: "Ada" });
    await seam.createGrant(other, { deviceIds }, { access_grant_key: "jean-door" });
    const [refused] = await engine.up([declared("jean", { adopt: true })]);
    assert.match(
      refused?.message ?? "",
      /has another user identity, which cannot be changed in an existing grant/,
    );
    assert.equal((await grants())[0]?.user_identity_id, other);
  });

  it("is found by its derived key after an interrupted run", async () => {
    const derived = { accessGrantKey: undefined, defaultAccessGrantKey: "pulumi:dev:test:jean" };
    const id = await seam.createGrant(
      userIdentityId,
      { deviceIds },
      { access_grant_key: "pulumi:dev:test:jean" },
    );
    assert.deepEqual(await engine.up([declared("jean", derived)]), []);
    assert.equal(engine.state.get("jean")?.id, id);
    assert.equal((await methods()).length, 1, "nothing is issued twice");
    // A renamed resource keeps its key.
    const renamed = { ...derived, defaultAccessGrantKey: "pulumi:dev:test:renamed" };
    assert.deepEqual(await engine.up([declared("jean", renamed)]), []);
    assert.equal(engine.state.get("jean")?.outputs.accessGrantKey, "pulumi:dev:test:jean");
  });

  it("is not created for an identity that does not exist or is being deleted", async () => {
    await assert.rejects(create({ userIdentityId: deviceIds[0] }), /there is no user identity/);
    await seam.behave({ identityDeletionTimeMs: 10_000 });
    await seam.call("/user_identities/delete", { user_identity_id: userIdentityId });
    await assert.rejects(create(), /is being deleted in Seam.*Nothing was created/);
    assert.deepEqual(await grants(), []);
  });

  it("reports that its identity was merged into another, and that the person still has the access", async () => {
    const { id, outs } = await create();
    const into = await seam.createUserIdentity({ full_name: "Jean Doe" });
    await seam.act("merge", { from: userIdentityId, into });
    await assert.rejects(verbs().read(id, outs), new RegExp(`was merged into ${into}`));
    await verbs().delete(id, outs);
    assert.deepEqual(await grants(), []);
  });

  it("counts as a teardown for seam:maxTeardowns", async () => {
    engine = new Engine(seam.env, { "seam:maxTeardowns": "1" });
    const two = [declared("a", { accessGrantKey: "a" }), declared("b", { accessGrantKey: "b" })];
    assert.deepEqual(await engine.up(two), []);
    assert.match((await engine.destroy())[0]?.message ?? "", /seam:maxTeardowns allows 1/);
    assert.equal((await grants()).length, 1);
  });

  it("rejects invalid arguments without quoting the value", async () => {
    const cases: [Props, RegExp][] = [
      [{ requestedAccessMethods: [{ mode: "code", code: "987" }] }, /4 to 9 digits/],
      [{ requestedAccessMethods: [{ mode: "code", code: "98765432x" }] }, /4 to 9 digits/],
      [{ requestedAccessMethods: [{ mode: "code", code: 98765 }] }, /4 to 9 digits/],
      [{ requestedAccessMethods: [{ mode: "card", code: "98765" }] }, /a code only where its mode is "code"/],
      [{ requestedAccessMethods: [{ mode: "key" }] }, /mode must be "code" or "card"/],
      [{ requestedAccessMethods: [{}] }, /needs a mode/],
      [{ requestedAccessMethods: [] }, /missing or empty/],
      [{ deviceIds: [] }, /it names no door/],
      [{ deviceIds: undefined }, /it names no door/],
      [{ deviceIds: ["door 98765"] }, /deviceIds: item 1 must be a Seam id/],
      [{ startsAt: "2026-12-01T00:00:00" }, /startsAt must include a time zone/],
      [{ endsAt: "2026-02-30T00:00:00Z" }, /endsAt must be (an existing date|a time)/],
      [
        { startsAt: "2026-12-01T00:00:00Z", endsAt: "2026-12-01T00:30:00+01:00" },
        /endsAt must be after startsAt/,
      ],
      [{ userIdentityId: undefined }, /userIdentityId is missing/],
      [{ spaceNames: ["x"] }, /there is no argument spaceNames/],
      [{ adopt: true, accessGrantKey: undefined }, /accessGrantKey is needed with adopt/],
    ];
    for (const [more, says] of cases) {
      const { failures = [] } = await verbs().check({}, args(more));
      const reasons = failures.map((one) => one.reason).join("; ");
      assert.match(reasons, says);
      assert.doesNotMatch(reasons, /987/);
      assert.ok(failures.every((one) => one.property === ""));
    }
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const preview = args({ deviceIds: [unknown], userIdentityId: unknown, requestedAccessMethods: unknown });
    assert.deepEqual((await verbs().check({}, preview)).failures, []);
  });

  it("keeps a requested code out of an error in which Seam quotes it", () => {
    const requests = [{ mode: "card" }, { mode: "code", code: "778899" }];
    assert.equal(
      withoutCodes("The code 778899 is in use (778899)", requests),
      "The code *** is in use (***)",
    );
  });

  it("rejects a second resource with the same key", async () => {
    const named = (name: string): Declared => ({
      ...declared(name),
      inputs: args({ declaredAs: { path: `pulumi:dev:test:${name}` } }),
    });
    const errors = await engine.up([named("one"), named("two")]);
    assert.match(errors[0]?.message ?? "", /the same accessGrantKey as AccessGrant "one"/);
    assert.equal((await grants()).length, 1);
  });
});
