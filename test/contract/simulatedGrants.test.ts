import assert from "node:assert/strict";
import { SimulatedWorkspace } from "../simulatedWorkspace";

const entrance = "e0000000-0000-4000-8000-000000000001";

describe("access grants in the simulated workspace", () => {
  let seam: SimulatedWorkspace;
  let jean: string;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    jean = await seam.createUserIdentity({ full_name: "Jean Doe", user_identity_key: "jean" });
  });
  afterEach(() => seam.close());

  const openIds = async (identity?: string): Promise<(string | undefined)[]> =>
    (await seam.doors(identity)).open.map((door) => door.access_grant_id ?? door.acs_credential_id);
  const deleteGrant = (id: string) => seam.call("/access_grants/delete", { access_grant_id: id });
  const deleteIdentity = () => seam.call("/user_identities/delete", { user_identity_id: jean });

  it("open a smart lock by a code until they are deleted, and record when it closed", async () => {
    const before = Date.now();
    const grant = await seam.createGrant(jean);
    assert.deepEqual(await openIds(jean), [grant]);
    assert.deepEqual((await seam.doors(jean)).lastClosedAt, null);
    const { access_methods } = await seam.call<{ access_methods: { code: string }[] }>(
      "/access_methods/list",
      { access_grant_id: grant },
    );
    assert.match(access_methods[0]?.code ?? "", /^\d{4,9}$/);
    assert.ok(!JSON.stringify(await seam.state()).includes(access_methods[0]?.code ?? "none"));
    await deleteGrant(grant);
    const closed = await seam.doors(jean);
    assert.deepEqual(closed.open, []);
    assert.ok((closed.lastClosedAt ?? 0) >= before);
    assert.deepEqual((await seam.state()).access_methods, []);
    await assert.rejects(
      seam.call("/access_grants/get", { access_grant_id: grant }),
      /404.*access_grant_not_found/,
    );
  });

  it("issue a credential in an access control system, to an ACS user that they create", async () => {
    const grant = await seam.createGrant(jean, { acsEntranceIds: [entrance] });
    const { acs_users, acs_credentials } = await seam.state();
    assert.deepEqual(
      acs_users.map((user) => user.user_identity_id),
      [jean],
    );
    assert.equal(acs_credentials.length, 1);
    assert.deepEqual(await openIds(), [grant]);
    const user = { acs_user_id: acs_users[0]?.acs_user_id };
    await seam.call("/acs/users/suspend", user);
    assert.deepEqual(await openIds(), []);
    await seam.call("/acs/users/unsuspend", user);
    await deleteGrant(grant);
    assert.deepEqual((await seam.state()).acs_credentials, []);
    assert.deepEqual(await openIds(), []);
  });

  it("open the devices and entrances of a space", async () => {
    const { devices } = await seam.places();
    const { space } = await seam.call<{ space: { space_id: string; device_count: number } }>(
      "/spaces/create",
      {
        name: "Ground floor",
        space_key: "ground",
        device_ids: devices.slice(0, 2).map((device) => device.device_id),
        acs_entrance_ids: [entrance],
      },
    );
    assert.equal(space.device_count, 2);
    const grant = await seam.createGrant(jean, {}, { device_ids: [], space_keys: ["ground"] });
    assert.equal((await openIds(jean)).length, 3);
    const { batch } = await seam.call<{ batch: { devices: object[]; acs_entrances: object[] } }>(
      "/access_grants/get_related",
      { access_grant_ids: [grant], include: ["devices", "acs_entrances"] },
    );
    assert.deepEqual(
      [batch.devices.length, batch.acs_entrances.length, Object.keys(batch).length],
      [2, 1, 2],
    );
    await seam.call("/spaces/update", { space_key: "ground", device_ids: [] });
    assert.equal((await openIds(jean)).length, 1, "a grant follows its spaces");
    const { space_id } = space;
    const third = devices.slice(2, 3).map((device) => device.device_id);
    await seam.call("/spaces/add_devices", { space_id, device_ids: third });
    assert.deepEqual(
      (await seam.doors(jean)).open.flatMap((door) => door.device_id ?? []),
      third,
    );
    await seam.call("/spaces/remove_acs_entrances", { space_id, acs_entrance_ids: [entrance] });
    assert.equal((await seam.state()).acs_credentials.length, 0);
    await seam.call("/spaces/remove_devices", { space_id, device_ids: third });
    assert.deepEqual(await openIds(jean), []);
    await seam.call("/spaces/add_devices", { space_id, device_ids: third });
    assert.equal((await openIds(jean)).length, 1);
    const inSpace = await seam.call<{ devices: object[] }>("/devices/list", { space_id: space.space_id });
    assert.equal(inSpace.devices.length, 1);
  });

  it("block the deletion of their identity, are deleted with it, or survive it, as configured", async () => {
    const grant = await seam.createGrant(jean);
    await assert.rejects(deleteIdentity(), /user_identity_has_access_grants/);
    await seam.behave({ grantsOnIdentityDelete: "survive" });
    await deleteIdentity();
    assert.deepEqual(await openIds(jean), [grant]);
    await seam.call("/access_grants/get", { access_grant_id: grant });

    await seam.behave({ grantsOnIdentityDelete: "cascade" });
    jean = await seam.createUserIdentity({ full_name: "Ada" });
    await seam.createGrant(jean);
    await deleteIdentity();
    assert.deepEqual(await openIds(jean), []);
  });

  it("open doors until they are revoked, which can be later than the answer to the delete", async () => {
    await seam.behave({ deletionTimeMs: [20, 20], grantRevocationTimeMs: 80 });
    const grant = await seam.createGrant(jean);
    await deleteGrant(grant);
    const { warnings = [] } = (await seam.state()).access_grants[0] ?? {};
    assert.deepEqual(
      warnings.map((one) => one.warning_code),
      ["being_deleted"],
    );
    assert.deepEqual(await openIds(), [grant]);
    await eventually(async () => (await seam.state()).access_grants.length === 0);
    assert.deepEqual(await openIds(), []);
  });

  it("issue a credential again that is deleted before them, and that order is a violation", async () => {
    await seam.behave({ reissueCredentials: true });
    const grant = await seam.createGrant(jean, { acsEntranceIds: [entrance] });
    await seam.call("/access_grants/list", { user_identity_id: jean });
    const first = (await seam.state()).acs_credentials[0]?.acs_credential_id;
    await seam.call("/acs/credentials/delete", { acs_credential_id: first });
    assert.equal((await seam.inspect<string[]>("order_violations")).length, 1);
    await eventually(async () => (await seam.state()).acs_credentials.length === 1);
    assert.notEqual((await seam.state()).acs_credentials[0]?.acs_credential_id, first);
    await deleteGrant(grant);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual((await seam.state()).acs_credentials, []);
  });

  it("emit events", async () => {
    const grant = await seam.createGrant(jean);
    await deleteGrant(grant);
    const { events } = await seam.call<{ events: { event_type: string }[] }>("/events/list", {
      since: new Date(Date.now() - 10_000).toISOString(),
      access_grant_id: grant,
    });
    assert.deepEqual(
      events.map((event) => event.event_type),
      ["access_grant.created", "access_grant.deleted"],
    );
  });

  it("can be turned off in a workspace", async () => {
    await seam.behave({ accessGrants: false });
    await assert.rejects(
      seam.call("/access_grants/list", { user_identity_id: jean }),
      /404.*route_not_found/,
    );
  });
});

/** Polls until the condition holds; the test's own timeout limits the wait. */
async function eventually(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}
