import assert from "node:assert/strict";
import { type Declared, Engine } from "../../engine";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

type Props = Record<string, unknown>;

describe("the access methods of an AccessGrant", () => {
  let seam: SimulatedWorkspace;
  let engine: Engine;
  let jean: string;
  let locks: string[];
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    engine = new Engine(seam.env);
    jean = await seam.createUserIdentity({ full_name: "Jean" });
    locks = (await seam.places()).devices.map((one) => one.device_id).sort();
  });
  afterEach(() => seam.close());

  const grant = (requestedAccessMethods: readonly Props[], more: Props = {}): Declared => ({
    name: "jean",
    provider: "accessGrant",
    inputs: {
      userIdentityId: jean,
      deviceIds: locks.slice(0, 1),
      requestedAccessMethods,
      accessGrantKey: "jean-door",
      ...more,
    },
  });
  const methods = async (grantId = engine.state.get("jean")?.id) =>
    (await seam.state()).access_methods.filter((one) => one.access_grant_id === grantId);
  const codes = async () =>
    (
      await seam.call<{ access_methods: { code?: string }[] }>("/access_methods/list", {
        access_grant_id: engine.state.get("jean")?.id,
      })
    ).access_methods.flatMap(({ code }) => code ?? []);
  const adasGrant = async (): Promise<string> => {
    const ada = await seam.createUserIdentity({ full_name: "Ada" });
    return seam.createGrant(ada, { deviceIds: locks.slice(0, 1) }, { access_grant_key: "ada-door" });
  };
  const withoutFilter = () => seam.behave({ ignoredFilters: ["/access_methods/list access_grant_id"] });

  it("are all deleted with their request, including those that a later door of a space added", async () => {
    const { space } = await seam.call<{ space: { space_id: string } }>("/spaces/create", {
      name: "Headquarters",
      device_ids: locks.slice(0, 1),
    });
    const place = { deviceIds: undefined, spaceIds: [space.space_id] };
    const both = [{ mode: "code" }, { mode: "cloud_key" }];
    assert.deepEqual(await engine.up([grant(both, place)]), []);
    await seam.call("/spaces/add_devices", { space_id: space.space_id, device_ids: locks.slice(1, 2) });
    assert.equal((await methods()).length, 4);
    assert.deepEqual(await engine.up([grant([{ mode: "cloud_key" }], place)]), []);
    assert.deepEqual(
      (await methods()).map(({ mode }) => mode),
      ["cloud_key", "cloud_key"],
    );
  });

  it("are deleted with their request even if a failed create recorded none of them", async () => {
    await seam.act("faults", {
      match: { path: "/access_methods/list", times: 50 },
      fault: { kind: "status", status: 403 },
    });
    const [failed] = await engine.up([grant([{ mode: "code" }, { mode: "cloud_key" }])]);
    assert.match(failed?.message ?? "", /could not create the access grant/);
    await seam.act("faults", {}, "DELETE");
    assert.deepEqual(await engine.up([grant([{ mode: "cloud_key" }])]), []);
    assert.deepEqual(
      (await methods()).map(({ mode }) => mode),
      ["cloud_key"],
    );
  });

  it("are not issued later for a request that was removed while its space had no door", async () => {
    const { space } = await seam.call<{ space: { space_id: string } }>("/spaces/create", { name: "Annex" });
    const { space_id } = space;
    const program = (...modes: string[]): Declared =>
      grant(
        modes.map((mode) => ({ mode })),
        { deviceIds: undefined, spaceIds: [space_id], issue: { timeoutSeconds: 1 } },
      );
    await seam.call("/spaces/add_devices", { space_id, device_ids: locks.slice(0, 1) });
    assert.deepEqual(await engine.up([program("code", "cloud_key")]), []);
    await seam.call("/spaces/remove_devices", { space_id, device_ids: locks.slice(0, 1) });
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.deepEqual(await engine.refresh(), []);
    const before = engine.state.get("jean");
    const [failed] = await engine.up([program("cloud_key")]);
    assert.match(failed?.message ?? "", /has not issued cloud_key within 1 seconds/);
    await seam.call("/spaces/add_devices", { space_id, device_ids: locks.slice(0, 1) });
    assert.deepEqual(
      (await methods()).map(({ mode }) => mode),
      ["cloud_key"],
    );
    assert.notEqual(engine.state.get("jean")?.id, before?.id);
  });

  it("are not left for Seam to issue after their request was removed", async () => {
    const { space } = await seam.call<{ space: { space_id: string } }>("/spaces/create", { name: "Annex" });
    const id = await seam.createGrant(jean, { spaceIds: [space.space_id], deviceIds: [] });
    const requests = [{ mode: "code" }, { mode: "cloud_key" }];
    const olds = { userIdentityId: jean, requestedAccessMethods: requests, accessMethods: [] };
    const verbs = engine.providerAlone("accessGrant");
    await assert.rejects(
      verbs.update(id, olds, {
        userIdentityId: jean,
        requestedAccessMethods: requests.slice(1),
        endsAt: "2099-01-01T00:00:00Z",
      }),
      /Seam has not issued code yet, and may do so .* Nothing was deleted\. .*--replace/,
    );
    assert.equal((await seam.state()).access_grants[0]?.ends_at, "2099-01-01T00:00:00.000Z", "it still ends");
  });

  it("are deleted even if their listing is not found", async () => {
    const more = { issue: { timeoutSeconds: 1 } };
    assert.deepEqual(await engine.up([grant([{ mode: "code" }, { mode: "cloud_key" }], more)]), []);
    await seam.act("faults", {
      match: { path: "/access_methods/list", times: 1000 },
      fault: { kind: "status", status: 404 },
    });
    await engine.up([grant([{ mode: "cloud_key" }], more)]);
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.deepEqual(
      (await methods()).map(({ mode }) => mode),
      ["cloud_key"],
    );
  });

  it("keep their request if the program lists the codes in another order", async () => {
    const given = (...all: string[]): Declared => grant(all.map((code) => ({ mode: "code", code })));
    assert.deepEqual(await engine.up([given("1111", "2222")]), []);
    assert.deepEqual(await engine.up([given("3333", "2222")]), []);
    assert.deepEqual((await codes()).sort(), ["2222", "3333"]);
    assert.deepEqual(await engine.up([given("2222")]), []);
    assert.deepEqual(await codes(), ["2222"]);
    assert.deepEqual(await engine.up([given("4444", "2222")]), []);
    assert.deepEqual(await engine.refresh(), []);
    assert.deepEqual(await engine.up([given("2222", "4444")]), []);
    assert.deepEqual(await engine.up([given("4444")]), []);
    assert.deepEqual(await codes(), ["4444"]);
  });

  it("of other grants are neither recorded nor deleted if a listing shows them", async () => {
    const ada = await adasGrant();
    await withoutFilter();
    assert.deepEqual(await engine.up([grant([{ mode: "code" }, { mode: "cloud_key" }])]), []);
    const recorded = engine.state.get("jean")?.outputs.accessMethods as { accessMethodId: string }[];
    const own = (await methods()).map((one) => one.access_method_id);
    assert.deepEqual(recorded.map((one) => one.accessMethodId).sort(), own.sort());
    assert.deepEqual(await engine.refresh(), []);
    await engine.up([grant([{ mode: "cloud_key" }])]);
    assert.equal((await methods(ada)).length, 1, "Ada's code is deleted");
  });

  it("of other grants are not deleted when a grant is deleted, alone or with its identity", async () => {
    const ada = await adasGrant();
    assert.deepEqual(await engine.up([grant([{ mode: "code" }])]), []);
    await withoutFilter();
    const [failed] = await engine.destroy();
    assert.match(failed?.message ?? "", /\/access_methods\/list showed those of others as well/);
    assert.equal((await methods(ada)).length, 1, "Ada's code is deleted");
    await seam.behave({ ignoredFilters: [] });
    assert.deepEqual(await engine.destroy(), []);
    const people: Declared[] = [
      { name: "kim", provider: "userIdentity", inputs: { userIdentityKey: "kim" } },
    ];
    assert.deepEqual(await engine.up(people), []);
    await seam.createGrant(engine.state.get("kim")?.id ?? "", { deviceIds: locks.slice(0, 1) });
    await withoutFilter();
    const [kept] = await engine.destroy();
    assert.match(kept?.message ?? "", /\/access_methods\/list showed those of others as well/);
    assert.equal((await methods(ada)).length, 1, "Ada's code is deleted");
  });
});
