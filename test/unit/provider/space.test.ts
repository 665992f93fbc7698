import assert from "node:assert/strict";
import { type Declared, Engine } from "../../engine";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

type Props = Record<string, unknown>;

describe("Space", () => {
  let seam: SimulatedWorkspace;
  let engine: Engine;
  let locks: string[];
  let entrances: string[];
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    engine = new Engine(seam.env);
    const places = await seam.places();
    locks = places.devices.map((one) => one.device_id).sort();
    entrances = places.acs_entrances.map((one) => one.acs_entrance_id).sort();
  });
  afterEach(() => seam.close());

  const verbs = () => engine.providerAlone("space");
  const args = (more: Props = {}): Props => ({
    name: "Headquarters",
    spaceKey: "hq",
    deviceIds: locks.slice(0, 2),
    acsEntranceIds: entrances.slice(0, 1),
    ...more,
  });
  const declared = (name: string, more: Props = {}): Declared => ({
    name,
    provider: "space",
    inputs: args(more),
  });
  const create = async (): Promise<{ id: string; outs: Props }> => {
    const created = await verbs().create(args());
    return { id: created.id, outs: created.outs as Props };
  };
  const spaces = async () => (await seam.state()).spaces;
  const inSpace = async (id: string | undefined): Promise<{ devices: string[]; entrances: string[] }> => {
    const { devices, acs_entrances } = await seam.places();
    const within = (one: { space_ids: string[] }): boolean => id !== undefined && one.space_ids.includes(id);
    return {
      devices: devices.filter(within).map((one) => one.device_id),
      entrances: acs_entrances.filter(within).map((one) => one.acs_entrance_id),
    };
  };
  const idOf = (name: string): string | undefined => engine.state.get(name)?.id;
  const paths = async (): Promise<string[]> =>
    (await seam.requests()).map(({ path }) => path).filter((path) => !/get|list/.test(path));
  const addSpace = async (more: Props = {}): Promise<string> => {
    const { space } = await seam.call<{ space: { space_id: string } }>("/spaces/create", {
      name: "Headquarters",
      space_key: "hq",
      ...more,
    });
    return space.space_id;
  };

  it("is created with its doors, read and deleted", async () => {
    const created = await create();
    const { outs } = created;
    assert.deepEqual(await inSpace(created.id), {
      devices: locks.slice(0, 2),
      entrances: entrances.slice(0, 1),
    });
    assert.deepEqual(
      [outs.spaceId, outs.workspaceId, outs.displayName, outs.spaceKey],
      [created.id, seam.workspaceId, "Headquarters", "hq"],
    );
    const read = await verbs().read(created.id, outs);
    assert.deepEqual(read.props, outs);
    assert.equal((await verbs().diff(created.id, read.props, args(outs))).changes, false);
    await verbs().delete(created.id, outs);
    assert.deepEqual(await spaces(), []);
    await verbs().delete(created.id, outs);
  });

  it("changes name and members in place by their differences, adding before removing", async () => {
    assert.deepEqual(await engine.up([declared("hq")]), []);
    const id = idOf("hq");
    await seam.act("reset_log");
    const later = {
      name: "Main building",
      deviceIds: locks.slice(1, 3),
      acsEntranceIds: entrances.slice(1, 2),
    };
    assert.deepEqual(await engine.up([declared("hq", later)]), []);
    assert.equal(idOf("hq"), id);
    assert.deepEqual(await inSpace(id), { devices: locks.slice(1, 3), entrances: entrances.slice(1, 2) });
    assert.deepEqual(await paths(), [
      "/spaces/add_acs_entrances",
      "/spaces/add_devices",
      "/spaces/remove_acs_entrances",
      "/spaces/remove_devices",
      "/spaces/update",
    ]);
    const { outputs = {} } = engine.state.get("hq") ?? {};
    assert.deepEqual([outputs.name, outputs.displayName], ["Main building", "Main building"]);
    assert.deepEqual(await engine.refresh(), []);
    const before = (await seam.requests()).length;
    assert.deepEqual(await engine.up([declared("hq", later)]), []);
    assert.equal((await seam.requests()).length, before, "an up without a change sends no request");
  });

  it("removes doors even if Seam adds none, and records what the space may have", async () => {
    const unknown = "0d000000-0000-4000-8000-0000000000ff";
    const { id, outs } = await create();
    const news = args({ deviceIds: [unknown, ...locks.slice(0, 1)], acsEntranceIds: [] });
    await assert.rejects(verbs().update(id, outs, news), (error: Error & { properties?: Props }) => {
      assert.match(
        error.message,
        /could not update space .*\/spaces\/add_devices with 404.*Check acsEntranceIds/,
      );
      assert.deepEqual(error.properties?.deviceIds, [unknown, ...locks.slice(0, 1)].sort());
      assert.deepEqual(error.properties?.acsEntranceIds, []);
      return true;
    });
    assert.deepEqual(await inSpace(id), { devices: locks.slice(0, 1), entrances: [] });
  });

  it("reports both failures if doors can be neither added nor removed", async () => {
    const { id, outs } = await create();
    for (const path of ["/spaces/add_devices", "/spaces/remove_devices"]) {
      await seam.act("faults", { match: { path, times: 9 }, fault: { kind: "status", status: 400 } });
    }
    await assert.rejects(
      verbs().update(id, outs, args({ deviceIds: locks.slice(1, 3) })),
      (error: Error & { properties?: Props }) => {
        assert.match(error.message, /\/spaces\/add_devices with 400.*; .*\/spaces\/remove_devices with 400/);
        assert.match(error.message, /Correct the arguments/);
        assert.deepEqual(error.properties?.deviceIds, locks.slice(0, 3));
        return true;
      },
    );
  });

  it("shows no change if members are in another order or in another case", async () => {
    assert.deepEqual(await engine.up([declared("hq")]), []);
    await seam.act("reset_log");
    const shuffled = locks.slice(0, 2).map((id) => id.toUpperCase());
    assert.deepEqual(await engine.up([declared("hq", { deviceIds: shuffled.reverse() })]), []);
    assert.deepEqual(await seam.requests(), []);
  });

  it("shows members that were added or removed elsewhere, and restores what is declared", async () => {
    assert.deepEqual(await engine.up([declared("hq")]), []);
    const space_id = idOf("hq");
    await seam.call("/spaces/add_devices", { space_id, device_ids: locks.slice(2, 3) });
    await seam.call("/spaces/remove_acs_entrances", { space_id, acs_entrance_ids: entrances.slice(0, 1) });
    await seam.call("/spaces/update", { space_id, name: "HQ" });
    assert.deepEqual(await engine.refresh(), []);
    const { inputs = {} } = engine.state.get("hq") ?? {};
    assert.deepEqual([inputs.name, inputs.deviceIds, inputs.acsEntranceIds], ["HQ", locks.slice(0, 3), []]);
    assert.deepEqual(await engine.up([declared("hq")]), []);
    assert.deepEqual(await inSpace(space_id), {
      devices: locks.slice(0, 2),
      entrances: entrances.slice(0, 1),
    });
    assert.equal((await spaces())[0]?.name, "Headquarters");
  });

  it("leaves members alone that the program never set, and removes those that it no longer sets", async () => {
    assert.deepEqual(await engine.up([declared("hq", { deviceIds: undefined })]), []);
    const space_id = idOf("hq");
    await seam.call("/spaces/add_devices", { space_id, device_ids: locks.slice(0, 1) });
    await seam.act("reset_log");
    assert.deepEqual(await engine.refresh(), []);
    assert.ok(!(await seam.requests()).some(({ path }) => path === "/devices/list"));
    assert.equal(engine.state.get("hq")?.inputs.deviceIds, undefined);
    const none = { deviceIds: undefined, acsEntranceIds: undefined, name: "HQ" };
    assert.deepEqual(await engine.up([declared("hq", none)]), []);
    assert.deepEqual(await inSpace(space_id), { devices: locks.slice(0, 1), entrances: [] });
    // A set that the program newly sets removes nothing that no preview has shown.
    assert.deepEqual(await engine.up([declared("hq", { deviceIds: locks.slice(1, 2) })]), []);
    assert.deepEqual((await inSpace(space_id)).devices, locks.slice(0, 2));
    assert.deepEqual(await engine.refresh(), []);
    assert.deepEqual(await engine.up([declared("hq", { deviceIds: locks.slice(1, 2) })]), []);
    assert.deepEqual((await inSpace(space_id)).devices, locks.slice(1, 2));
  });

  it("does not trust a listing whose filter was ignored", async () => {
    const { id, outs } = await create();
    await addSpace({ name: "Annex", space_key: "annex", device_ids: locks.slice(2, 3) });
    const jean = await seam.createUserIdentity({ full_name: "Jean" });
    await seam.createGrant(jean, { deviceIds: locks.slice(2, 3) });
    const ignored = [
      "/devices/list space_id",
      "/acs/entrances/list space_id",
      "/access_grants/list space_id",
    ];
    await seam.behave({ ignoredFilters: ignored });
    const before = await inSpace(id);
    await assert.rejects(verbs().read(id, outs), /not in it, so its members could not be checked/);
    await assert.rejects(
      verbs().update(id, outs, args({ deviceIds: [] })),
      /not in it, so its members could not be checked/,
    );
    await assert.rejects(
      verbs().delete(id, outs),
      /could not check which access grants use space .* shows 1 for other spaces/,
    );
    assert.deepEqual(await inSpace(id), before);
    assert.equal((await spaces()).length, 2);
  });

  it("is not deleted while grants use it, counts them, and is deleted when they are deleted", async () => {
    assert.deepEqual(await engine.up([declared("hq")]), []);
    const space = idOf("hq") ?? "";
    const jean = await seam.createUserIdentity({ full_name: "Jean" });
    const grants = [
      await seam.createGrant(jean, { spaceIds: [space] }),
      await seam.createGrant(jean, { spaceIds: [space] }),
    ];
    const [refused] = await engine.destroy();
    assert.match(refused?.message ?? "", /could not delete space .*: 2 access grants give access to it/);
    for (const id of grants) assert.match(refused?.message ?? "", new RegExp(id));
    assert.match(refused?.message ?? "", /Nothing was deleted.*deletionPolicy: "retain"/);
    assert.equal((await spaces()).length, 1);
    assert.equal(engine.state.size, 1);
    await seam.behave({ deletionTimeMs: [300, 300] });
    for (const access_grant_id of grants) await seam.call("/access_grants/delete", { access_grant_id });
    // Grants that Seam is deleting do not count.
    assert.deepEqual(await engine.destroy(), []);
    assert.deepEqual(await spaces(), []);
  });

  it("is not deleted if the listing of its grants is not found, which does not prove that there are none", async () => {
    assert.deepEqual(await engine.up([declared("hq")]), []);
    const jean = await seam.createUserIdentity({ full_name: "Jean" });
    await seam.createGrant(jean, { spaceIds: [idOf("hq") ?? ""] });
    await seam.act("faults", {
      match: { path: "/access_grants/list", times: 20 },
      fault: { kind: "status", status: 404 },
    });
    const [failed] = await engine.destroy();
    assert.match(failed?.message ?? "", /could not delete space .*answered \/access_grants\/list with 404/);
    assert.equal((await spaces()).length, 1);
    await seam.act("faults", {}, "DELETE");
  });

  it("is not deleted while a retained grant of its stack uses it, retained in this operation or before", async () => {
    const own = { spaceKey: undefined, defaultSpaceKey: "pulumi:dev:test:hq" };
    const people: Declared[] = [
      { name: "jean", provider: "userIdentity", inputs: { defaultUserIdentityKey: "pulumi:dev:test:jean" } },
    ];
    const program: Declared[] = [
      declared("hq", own),
      {
        name: "grant",
        provider: "accessGrant",
        inputs: (id) => ({
          userIdentityId: id("jean"),
          spaceIds: [id("hq")],
          defaultAccessGrantKey: "pulumi:dev:test:grant",
          deletionPolicy: "retain",
          requestedAccessMethods: [{ mode: "code" }],
        }),
      },
    ];
    for (const inSteps of [false, true]) {
      assert.deepEqual(await engine.up(people), []);
      assert.deepEqual(await engine.up([...people, ...program.slice(0, 1)]), []);
      assert.deepEqual(await engine.up([...people, ...program]), []);
      if (inSteps) assert.deepEqual(await engine.up([...people, ...program.slice(0, 1)]), []);
      const [refused] = await engine.up(people);
      assert.match(refused?.message ?? "", /could not delete space .*an access grant gives access to it/);
      assert.equal((await spaces()).length, 1);
      assert.deepEqual(await engine.destroy(), []);
      assert.deepEqual(await spaces(), []);
    }
  });

  it("waits for grants that are deleted in the same operation", async () => {
    const jean = await seam.createUserIdentity({ full_name: "Jean" });
    assert.deepEqual(await engine.up([declared("hq")]), []);
    const grant: Declared = {
      name: "jean",
      provider: "accessGrant",
      inputs: (id) => ({
        userIdentityId: jean,
        spaceIds: [id("hq")],
        accessGrantKey: "jean-hq",
        declaredAs: { path: "pulumi:dev:test:jean" },
        requestedAccessMethods: [{ mode: "code" }],
      }),
    };
    assert.deepEqual(await engine.up([declared("hq"), grant]), []);
    const [used] = await engine.up([grant]);
    assert.match(
      used?.message ?? "",
      /an access grant gives access to it \([^ ]+; AccessGrant "jean" of this program is one of them\)/,
    );
    await seam.behave({ latencyMs: 20 });
    assert.deepEqual(await engine.destroy(), []);
    assert.deepEqual([await spaces(), (await seam.state()).access_grants], [[], []]);
  });

  it("can gain, lose and swap doors, or have none, without drift of a grant for it", async () => {
    const jean = await seam.createUserIdentity({ full_name: "Jean" });
    const open = async () => (await seam.doors(jean)).open.flatMap((door) => door.device_id ?? []).sort();
    const program = (deviceIds: readonly string[]): Declared[] => [
      declared("hq", { deviceIds, acsEntranceIds: undefined }),
      {
        name: "jean",
        provider: "accessGrant",
        inputs: (id) => ({
          userIdentityId: jean,
          spaceIds: [id("hq")],
          accessGrantKey: "jean-hq",
          requestedAccessMethods: [{ mode: "code", code: "7788" }, { mode: "cloud_key" }],
        }),
      },
    ];
    const opened = (locks: readonly string[]): string[] => locks.flatMap((one) => [one, one]);
    assert.deepEqual(await engine.up(program(locks.slice(0, 1)).slice(0, 1)), []);
    for (const doors of [locks.slice(0, 1), locks.slice(0, 3), locks.slice(1, 2), [], locks.slice(2, 3)]) {
      assert.deepEqual(await engine.up(program(doors)), []);
      assert.deepEqual(await open(), opened(doors));
      assert.deepEqual(await engine.refresh(), []);
      await seam.act("reset_log");
      assert.deepEqual(await engine.up(program(doors)), []);
      assert.deepEqual(await seam.requests(), [], "a grant is changed for the doors of its space");
    }
    const recorded = engine.state.get("jean")?.outputs.accessMethods as { request: number }[];
    assert.deepEqual(recorded.map((one) => one.request).sort(), [0, 1]);
    assert.deepEqual(await engine.destroy(), []);
  });

  it("is replaced, the new one first, if its key changes", async () => {
    assert.deepEqual(await engine.up([declared("hq")]), []);
    const old = idOf("hq");
    await seam.act("reset_log");
    assert.deepEqual(await engine.up([declared("hq", { spaceKey: "other" })]), []);
    assert.notEqual(idOf("hq"), old);
    assert.deepEqual(await paths(), ["/spaces/create", "/spaces/delete"]);
    assert.deepEqual(
      (await spaces()).map((one) => one.space_key),
      ["other"],
    );
  });

  it("is not adopted if nothing proves that it belongs to the resource, and the error says what to do", async () => {
    const id = await addSpace({ device_ids: locks.slice(2, 3) });
    const [refused] = await engine.up([declared("hq")]);
    assert.match(refused?.message ?? "", new RegExp(`space ${id} has its spaceKey already`));
    assert.match(refused?.message ?? "", new RegExp(`give it an alias.*SEAM_TAKE_OVER=${id} pulumi up`));
    assert.equal(engine.state.size, 0);

    assert.deepEqual(await engine.up([declared("hq", { adopt: true })]), []);
    assert.equal(idOf("hq"), id);
    assert.deepEqual((await inSpace(id)).devices, locks.slice(0, 3), "adopting removes no door");
    assert.match(
      (await engine.up([declared("hq", { name: "HQ" })]))[0]?.message ?? "",
      /it was adopted, and nothing says whether it stays in Seam/,
    );
    assert.deepEqual(await engine.destroy(), []);
    assert.equal((await spaces()).length, 1, "an adopted space is released");

    const named = new Engine({ ...seam.env, SEAM_TAKE_OVER: id });
    assert.deepEqual(await named.up([declared("hq")]), []);
    assert.deepEqual(await named.destroy(), []);
    assert.deepEqual(await spaces(), []);
  });

  it("is found by its derived key after an interrupted run, unless grants use it or it has other doors", async () => {
    const derived = { spaceKey: undefined, defaultSpaceKey: "pulumi:dev:test:hq" };
    const id = await addSpace({ space_key: "pulumi:dev:test:hq", device_ids: locks.slice(0, 1) });
    const jean = await seam.createUserIdentity({ full_name: "Jean" });
    const access_grant_id = await seam.createGrant(jean, { spaceIds: [id] });
    assert.match((await engine.up([declared("hq", derived)]))[0]?.message ?? "", /nothing proves/);
    await seam.call("/access_grants/delete", { access_grant_id });
    await new Promise((resolve) => setTimeout(resolve, 30));
    const others = declared("hq", { ...derived, deviceIds: locks.slice(1, 2) });
    assert.match((await engine.up([others]))[0]?.message ?? "", /nothing proves/);
    assert.deepEqual(await engine.up([declared("hq", derived)]), []);
    assert.equal(idOf("hq"), id);
    assert.deepEqual((await inSpace(id)).devices, locks.slice(0, 2));
    // A renamed resource keeps its key.
    const renamed = { ...derived, defaultSpaceKey: "pulumi:dev:test:renamed" };
    assert.deepEqual(await engine.up([declared("hq", renamed)]), []);
    assert.equal(engine.state.get("hq")?.outputs.spaceKey, "pulumi:dev:test:hq");
  });

  it("is imported with all its members, and without a key if it has none", async () => {
    const id = await addSpace({ space_key: undefined, device_ids: locks.slice(0, 1) });
    const { props, inputs } = (await verbs().read(id, {})) as { props?: Props; inputs?: Props };
    assert.deepEqual(inputs, { name: "Headquarters", deviceIds: locks.slice(0, 1), acsEntranceIds: [] });
    const program = { ...inputs, defaultSpaceKey: "pulumi:dev:test:hq" };
    const checked = await verbs().check(inputs ?? {}, program);
    assert.deepEqual(checked.failures, []);
    assert.equal((await verbs().diff(id, props, checked.inputs as Props)).changes, false);
    await assert.rejects(verbs().read(locks[0] ?? "", {}), /there is none with this id/);
  });

  it("is removed from the state if somebody deleted it, and an update reports that", async () => {
    const { id, outs } = await create();
    await seam.call("/spaces/delete", { space_id: id });
    assert.deepEqual(await verbs().read(id, outs), {});
    await assert.rejects(verbs().update(id, outs, args({ name: "HQ" })), /is not in Seam any more/);
  });

  it("keeps the result of a partial update of members, so that the next run completes it", async () => {
    assert.deepEqual(await engine.up([declared("hq")]), []);
    const later = [declared("hq", { deviceIds: locks.slice(1, 3) })];
    await seam.act("faults", {
      match: { path: "/spaces/remove_devices", times: 1 },
      fault: { kind: "status", status: 401 },
    });
    assert.match((await engine.up(later))[0]?.message ?? "", /could not update space .*API key/);
    assert.deepEqual((await inSpace(idOf("hq"))).devices, locks.slice(0, 3));
    assert.deepEqual(await engine.up(later), []);
    assert.deepEqual((await inSpace(idOf("hq"))).devices, locks.slice(1, 3));
  });

  it("names the lists to check if a member does not exist", async () => {
    const nowhere = "00000000-0000-4000-8000-000000000000";
    const [failure] = await engine.up([declared("hq", { deviceIds: [nowhere] })]);
    assert.match(failure?.message ?? "", /could not create the space: .*Check acsEntranceIds and deviceIds/);
    assert.deepEqual(await spaces(), []);
  });

  it("rejects invalid arguments, and a second resource with the same key", async () => {
    const cases: [Props, RegExp][] = [
      [{ name: undefined }, /name is missing/],
      [{ name: " " }, /name must be a non-empty string/],
      [{ deviceIds: ["door 98765"] }, /deviceIds: item 1 must be a Seam id/],
      [{ acsEntranceIds: "x" }, /acsEntranceIds must be a list/],
      [{ devices: [] }, /there is no argument devices/],
      [{ deletionPolicy: "delete" }, /deletionPolicy must be/],
      [{ adopt: true, spaceKey: undefined }, /spaceKey is needed with adopt/],
    ];
    for (const [more, says] of cases) {
      const { failures = [] } = await verbs().check({}, args(more));
      const reasons = failures.map((one) => one.reason).join("; ");
      assert.match(reasons, says);
      assert.doesNotMatch(reasons, /987/);
    }
    const named = (name: string): Declared => ({
      ...declared(name),
      inputs: args({ declaredAs: { path: `pulumi:dev:test:${name}` } }),
    });
    const errors = await engine.up([named("one"), named("two")]);
    assert.match(errors[0]?.message ?? "", /the same spaceKey as Space "one"/);
    assert.equal((await spaces()).length, 1);
  });
});
