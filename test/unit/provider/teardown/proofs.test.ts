import assert from "node:assert/strict";
import { SeamClient } from "../../../../provider/seam/client";
import { DeletionWatcher } from "../../../../provider/teardown/deletionWatcher";
import { type TeardownOptions, tearDownUserIdentity } from "../../../../provider/teardown/teardown";
import { tearDownAcsUser } from "../../../../provider/teardown/acsUserTeardown";
import { quickPace } from "../../../engine";
import { SimulatedWorkspace } from "../../../simulatedWorkspace";
import { createPerson, ownedCollections } from "./people";

// A listing's filter is not proof: each listed object itself must show whose it is.

describe("a teardown that proves whose its dependents are", () => {
  let seam: SimulatedWorkspace;
  let client: SeamClient;

  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [20, 60], eventDelayMs: 5 }, 3);
    client = new SeamClient({ apiKey: seam.apiKey, endpoint: seam.url });
  });
  afterEach(() => seam.close());

  function tearDown(userIdentityId: string, more: Partial<TeardownOptions> = {}): Promise<void> {
    const watcher = new DeletionWatcher(client, quickPace);
    return tearDownUserIdentity({ client, watcher, userIdentityId, workspaceId: seam.workspaceId, ...more });
  }

  async function owned(): Promise<Record<string, unknown>> {
    const state = await seam.state();
    return Object.fromEntries(ownedCollections.map((name) => [name, state[name]]));
  }

  const filters: [route: string, parameter: string, kind: string][] = [
    ["/acs/users/list", "user_identity_id", "ACS users"],
    ["/acs/credentials/list", "acs_user_id", "credentials"],
    ["/access_grants/list", "user_identity_id", "access grants"],
    ["/user_identities/enrollment_automations/list", "user_identity_id", "enrollment automations"],
    ["/client_sessions/list", "user_identity_id", "client sessions"],
    ["/phones/list", "owner_user_identity_id", "phones"],
  ];
  for (const [route, parameter, kind] of filters) {
    it(`changes nothing if the filter of ${route} is lost`, async () => {
      const [jean] = [await createPerson(seam, "jean", 1), await createPerson(seam, "ada", 1)];
      const before = await owned();
      await seam.behave({ ignoredFilters: [`${route} ${parameter}`] });
      await assert.rejects(tearDown(jean.id), (error: Error) => {
        assert.equal(error.name, "ForeignDependentsError", error.message);
        assert.ok(error.message.includes(route) && error.message.includes(kind), error.message);
        assert.match(error.message, /Nothing was changed/);
        assert.doesNotMatch(error.message, /[0-9a-f]{8}-/);
        return true;
      });
      assert.deepEqual(await owned(), before);
      await seam.behave({ ignoredFilters: [] });
      await tearDown(jean.id);
    });
  }

  it("stops if a filter is lost after the first listings", async () => {
    const [jean, ada] = [await createPerson(seam, "jean"), await createPerson(seam, "ada")];
    const watcher = new DeletionWatcher(client, quickPace);
    let lost: Promise<unknown> | undefined;
    const onEvent = (): void => {
      lost ??= seam.behave({ ignoredFilters: ["/client_sessions/list user_identity_id"] });
    };
    const before = await seam.state();
    await assert.rejects(tearDown(jean.id, { watcher, onEvent }), /\/client_sessions\/list/);
    const after = await seam.state();
    const of = (state: typeof before): unknown[] => [
      state.client_sessions.filter((one) => JSON.stringify(one).includes(ada.id)),
      state.acs_credentials.filter((one) => ada.acsUserIds.includes(one.acs_user_id)),
      state.acs_users.filter((one) => ada.acsUserIds.includes(one.acs_user_id)),
    ];
    assert.deepEqual(of(after), of(before));
  });

  for (const [route, parameter] of filters.filter(([, parameter]) => parameter === "user_identity_id")) {
    it(`stops if the filter of ${route} is lost while the identity's deletion has no effect`, async () => {
      const jean = await createPerson(seam, "jean", 1);
      // Seam answers 404 for an identity that exists, so that it is looked again for what the app created.
      const match = { path: "/user_identities/delete", times: 1_000 };
      await seam.act("faults", { match, fault: { kind: "status", status: 404 } });
      const torn = assert.rejects(tearDown(jean.id, { timeoutSeconds: 30 }), (error: Error) => {
        assert.ok(error.message.includes(route), error.message);
        assert.doesNotMatch(error.message, /Nothing was changed/);
        return true;
      });
      while (!(await seam.requests()).some(({ path }) => path === match.path)) continue;
      await createPerson(seam, "ada", 1);
      const before = await owned();
      await seam.behave({ ignoredFilters: [`${route} ${parameter}`] });
      await torn;
      assert.deepEqual(await owned(), before);
    });
  }

  it("lists the phones of an unknown identity once per process, not once per teardown", async () => {
    const watcher = new DeletionWatcher(client, quickPace);
    const people = [await createPerson(seam, "jean"), await createPerson(seam, "ada")];
    await seam.act("reset_log");
    for (const { id } of people) await tearDown(id, { watcher });
    const owners = (await seam.requests())
      .filter((one) => one.path === "/phones/list")
      .map((one) => one.ids.owner_user_identity_id ?? "");
    const unknownIds = owners.filter((id) => !people.some((person) => person.id === id));
    assert.equal(unknownIds.length, 1);
  });

  it("fails for an ACS user if the credentials of others are listed", async () => {
    const [jean] = [await createPerson(seam, "jean"), await createPerson(seam, "ada")];
    const before = await owned();
    await seam.behave({ ignoredFilters: ["/acs/credentials/list acs_user_id"] });
    const watcher = new DeletionWatcher(client, quickPace);
    await assert.rejects(tearDownAcsUser({ client, watcher, acsUserId: jean.acsUserIds[0] ?? "" }), {
      name: "ForeignDependentsError",
    });
    assert.deepEqual(await owned(), before);
  });

  for (const [path, when] of [
    ["/acs/credentials/list", "before"],
    ["/acs/users/suspend", "after"],
    ["/acs/credentials/delete", "before"],
  ] as const) {
    for (const suspendedBefore of [false, true]) {
      it(`leaves an ACS user alone that is linked to another identity ${when} ${path}, and ${suspendedBefore ? "suspended, as it was" : "not suspended"}`, async () => {
        const jean = await createPerson(seam, "jean");
        const ada = await seam.createUserIdentity({ full_name: "ada" });
        const [acs_user_id = ""] = jean.acsUserIds;
        if (suspendedBefore) await seam.call("/acs/users/suspend", { acs_user_id });
        const elsewhere = { action: "link_elsewhere", acs_user_id, user_identity_id: ada };
        await seam.act("triggers", { match: { path }, when, do: elsewhere });
        await tearDown(jean.id);
        const { user_identities, acs_users } = await seam.state();
        assert.deepEqual(
          user_identities.map((one) => one.user_identity_id),
          [ada],
        );
        assert.deepEqual(
          acs_users.map((user) => [user.acs_user_id, user.user_identity_id, user.is_suspended]),
          [[acs_user_id, ada, suspendedBefore]],
        );
        // If it was linked before its credentials were first listed, all of them remain.
        const { acs_credentials } = await seam.state();
        if (path === "/acs/credentials/list") assert.equal(acs_credentials.length, 3);
      });
    }
  }

  it("ends the suspension of ACS users that a merge moved to another identity", async () => {
    await seam.behave({ identityDelete: "cascade" });
    const [jean, ada] = [
      await createPerson(seam, "jean"),
      await seam.createUserIdentity({ full_name: "ada" }),
    ];
    const merge = { action: "merge", from: jean.id, into: ada };
    await seam.act("triggers", { match: { path: "/acs/users/suspend", nth: 2 }, when: "after", do: merge });
    await assert.rejects(tearDown(jean.id), new RegExp(`merged into ${ada}`));
    const { acs_users } = await seam.state();
    for (const id of jean.acsUserIds) {
      const user = acs_users.find((one) => one.acs_user_id === id);
      assert.deepEqual([user?.user_identity_id, user?.is_suspended], [ada, false]);
    }
  });

  it("unlinks an ACS user that is kept, and suspends only the others", async () => {
    const jean = await createPerson(seam, "jean");
    const [kept = ""] = jean.acsUserIds;
    await seam.act("reset_log");
    await tearDown(jean.id, { keepAcsUserIds: (id) => id === kept });
    const { user_identities, acs_users, acs_credentials } = await seam.state();
    assert.deepEqual(user_identities, []);
    assert.deepEqual(
      acs_users.map((user) => [user.acs_user_id, user.user_identity_id, user.is_suspended]),
      [[kept, undefined, false]],
    );
    assert.equal(acs_credentials.filter((one) => one.acs_user_id === kept).length, 3);
    const suspended = (await seam.requests()).filter((one) => one.path === "/acs/users/suspend");
    assert.equal(suspended.length, 1);
  });
});
