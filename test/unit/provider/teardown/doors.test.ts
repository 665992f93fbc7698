import assert from "node:assert/strict";
import { explain } from "../../../../provider/resources/resourceErrors";
import { SeamClient } from "../../../../provider/seam/client";
import { DeletionWatcher } from "../../../../provider/teardown/deletionWatcher";
import {
  type TeardownEvent,
  type TeardownOptions,
  tearDownUserIdentity,
} from "../../../../provider/teardown/teardown";
import { quickPace } from "../../../engine";
import { SimulatedWorkspace } from "../../../simulatedWorkspace";
import { assertNobodyLeft, createPerson, type Person } from "./people";

// A teardown closes doors first, whatever else fails.

describe("a teardown that closes doors first", () => {
  let seam: SimulatedWorkspace;

  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [20, 60], eventDelayMs: 5 }, 3);
  });
  afterEach(() => seam.close());

  function tearDown(userIdentityId: string, more: Partial<TeardownOptions> = {}): Promise<void> {
    const client = new SeamClient({
      apiKey: seam.apiKey,
      endpoint: seam.url,
      requestTimeout: 300,
      retries: { firstDelay: 5 },
    });
    const watcher = new DeletionWatcher(client, quickPace);
    return tearDownUserIdentity({ client, watcher, userIdentityId, workspaceId: seam.workspaceId, ...more });
  }

  it("suspends ACS users and deletes grants before anything else is changed", async () => {
    const { id } = await createPerson(seam, "jean", 2);
    await seam.act("reset_log");
    await tearDown(id);
    const paths = (await seam.requests()).map((one) => one.path);
    const changes = paths.filter((path) => !/\/(list|get)$/.test(path));
    const first = changes.slice(0, 4).sort();
    assert.deepEqual(first, [
      "/access_grants/delete",
      "/access_grants/delete",
      "/acs/users/suspend",
      "/acs/users/suspend",
    ]);
    await assertNobodyLeft(seam);
  });

  it("reports once that no door is open, and then none is", async () => {
    await seam.behave({ deletionTimeMs: [200, 300] });
    const { id } = await createPerson(seam, "jean", 1);
    const events: TeardownEvent[] = [];
    let open: Promise<unknown[]> | undefined;
    const onEvent = (event: TeardownEvent): void => {
      events.push(event);
      if (event.type === "doorsClosed") open = seam.doors(id).then((doors) => doors.open);
    };
    await tearDown(id, { onEvent });
    assert.deepEqual(await open, []);
    const closed = events.findIndex((event) => event.type === "doorsClosed");
    assert.equal(events.filter((event) => event.type === "doorsClosed").length, 1);
    const credentialDeleted = events.findIndex(
      (event) => event.type === "gone" && event.dependents.some((one) => one.kind === "acsCredential"),
    );
    assert.ok(closed >= 0 && closed < credentialDeleted);
  });

  it("closes the doors of a system that cannot suspend by deleting its credentials", async () => {
    const systems = [await seam.acsSystemId(0), await seam.acsSystemId(1)];
    await seam.behave({ systemsWithoutSuspension: systems });
    const { id } = await createPerson(seam, "jean", 1);
    const events: TeardownEvent[] = [];
    await tearDown(id, { onEvent: (event) => events.push(event) });
    await assertNobodyLeft(seam);
    const types = events.map((event) => event.type);
    assert.ok(types.indexOf("doorsClosed") > types.indexOf("gone"));
  });

  // Not 429, which delays all calls of a process.
  const statuses = [400, 401, 403, 404, 410, 500] as const;
  const others = [
    "/phones/list",
    "/phones/deactivate",
    "/client_sessions/list",
    "/client_sessions/delete",
    "/user_identities/enrollment_automations/list",
    "/user_identities/enrollment_automations/delete",
    "/events/list",
  ];
  for (const path of others) {
    it(`closes doors even if ${path} always fails, reports the failure, and finishes the next time`, async function () {
      this.timeout(180_000);
      for (const status of statuses) {
        const { id } = await createPerson(seam, "jean", 1);
        await seam.act("faults", { match: { path, times: 1_000_000 }, fault: { kind: "status", status } });
        // A 404 for the deletion of something that is still listed is retried until the timeout.
        const patience = status === 404 ? { timeoutSeconds: 2 } : {};
        const failure = await tearDown(id, patience).then(
          () => undefined,
          (error: unknown) => explain("tear it down", error).message,
        );
        const what = `${path} ${status}: ${failure}`;
        assert.deepEqual((await seam.doors(id)).open, [], what);
        const state = await seam.state();
        assert.deepEqual([state.acs_users, state.acs_credentials, state.access_grants], [[], [], []], what);
        // Missing events, a 404 for a deletion, and a missing route for automations do not fail the teardown.
        if (failure !== undefined) {
          if (status !== 404) assert.ok(failure.includes(path), what);
          if (status === 403) assert.doesNotMatch(failure, /refuses the API key/);
          assert.match(failure, /No door is left open/, what);
          assert.equal(state.user_identities.length, 1, what);
        } else {
          assert.ok(path === "/events/list" || status === 404, what);
        }
        await seam.act("faults", {}, "DELETE");
        await tearDown(id);
        await assertNobodyLeft(seam);
      }
    });
  }

  it("keeps the order for what the app creates while a dependent before it cannot be deleted", async () => {
    const { id } = await createPerson(seam, "jean", 1);
    const path = "/client_sessions/delete";
    await seam.act("faults", { match: { path, times: 1_000_000 }, fault: { kind: "status", status: 401 } });
    const enrolled = { action: "phones", user_identity_id: id };
    await seam.act("triggers", { match: { path: "/acs/users/delete" }, when: "before", do: enrolled });
    await assert.rejects(tearDown(id), (error: Error) => {
      assert.ok(error.message.includes(path), error.message);
      assert.equal(
        error.message.match(/phone [0-9a-f-]{36} \(not being deleted\)/g)?.length,
        3,
        error.message,
      );
      return true;
    });
    assert.deepEqual(await seam.inspect("order_violations"), []);
    assert.equal((await seam.state()).phones.length, 3);
    await seam.act("faults", {}, "DELETE");
    await tearDown(id);
    await assertNobodyLeft(seam);
  });

  for (const path of [
    "/acs/users/list",
    "/access_grants/list",
    "/access_grants/delete",
    "/acs/users/delete",
  ]) {
    it(`closes the other doors if ${path} is forbidden`, async () => {
      const { id } = await createPerson(seam, "jean", 1);
      await seam.act("faults", {
        match: { path, times: 1_000_000 },
        fault: { kind: "status", status: 403 },
      });
      await assert.rejects(tearDown(id), (error: Error) => {
        assert.ok(error.message.includes(path), error.message);
        if (path !== "/acs/users/delete") assert.match(error.message, /open doors/);
        return true;
      });
      const { open } = await seam.doors(id);
      const grants = path.startsWith("/access_grants");
      assert.ok(open.every((door) => (grants ? door.access_grant_id : door.acs_user_id) !== undefined));
      assert.deepEqual((await seam.state()).client_sessions, []);
    });
  }

  for (const grantsOnIdentityDelete of ["refuse", "cascade", "survive"] as const) {
    for (const acsUsers of ["delete", "unlink"] as const) {
      it(`leaves no grant if Seam's deletion of an identity makes grants ${grantsOnIdentityDelete} and acsUsers is ${acsUsers}`, async () => {
        await seam.behave({ grantsOnIdentityDelete, reissueCredentials: true });
        const { id, grantIds } = await createPerson(seam, "jean", 2);
        grantIds.push(
          await seam.createGrant(id, {
            acsEntranceIds: [(await seam.places()).acs_entrances[0]?.acs_entrance_id ?? ""],
          }),
        );
        // A grant that the app creates just before the identity is deleted.
        const late = { action: "access_grants", user_identity_id: id };
        await seam.act("triggers", { match: { path: "/user_identities/delete" }, when: "before", do: late });
        await tearDown(id, { acsUsers });
        const { access_grants, access_methods, user_identities } = await seam.state();
        assert.deepEqual([access_grants, access_methods, user_identities], [[], [], []]);
        assert.deepEqual(await seam.inspect("order_violations"), []);
        const { open } = await seam.doors();
        assert.ok(open.every((door) => acsUsers === "unlink" && door.access_grant_id === undefined));
        if (acsUsers === "delete") await assertNobodyLeft(seam);
      });
    }
  }

  it("works in a workspace without access grants", async () => {
    await seam.behave({ accessGrants: false });
    const { id } = await createPerson(seam, "jean");
    await tearDown(id);
    await assertNobodyLeft(seam);
  });

  it('keeps grants with accessGrants: "retain", and names them if Seam refuses to delete the identity', async () => {
    await seam.behave({ grantsOnIdentityDelete: "survive" });
    const jean = await createPerson(seam, "jean", 1);
    await tearDown(jean.id, { accessGrants: "retain" });
    assert.equal((await seam.state()).access_grants.length, 1);
    await seam.behave({ grantsOnIdentityDelete: "refuse" });
    const ada = await createPerson(seam, "ada", 1);
    await assert.rejects(tearDown(ada.id, { accessGrants: "retain" }), (error: Error) => {
      assert.ok(error.message.includes(`${ada.grantIds[0]}`), error.message);
      assert.match(error.message, /accessGrants: "retain"/);
      return true;
    });
    assert.equal((await seam.state()).access_grants.length, 2);
  });

  it("deletes the grants of an identity that is already deleted", async () => {
    await seam.behave({ grantsOnIdentityDelete: "survive", identityDelete: "cascade" });
    const { id } = await createPerson(seam, "jean", 2);
    await seam.call("/user_identities/delete", { user_identity_id: id });
    assert.equal((await seam.state()).access_grants.length, 2);
    await tearDown(id);
    const { access_grants, access_methods } = await seam.state();
    assert.deepEqual([access_grants, access_methods], [[], []]);
  });

  describe("of an identity that is gone while its ACS users are not", () => {
    let jean: Person;

    beforeEach(async () => {
      await seam.close();
      seam = await SimulatedWorkspace.withoutIdentities(async (before) => {
        jean = await createPerson(before, "jean", 1);
      });
      assert.ok((await seam.doors()).open.length > 0);
    });
    const acsUsers = async () => (await seam.state()).acs_users.map((user) => user.acs_user_id);

    it("deletes them with their credentials, suspends them first, and names them if that fails", async () => {
      const [refused = ""] = jean.acsUserIds;
      await seam.act("faults", {
        match: { path: "/acs/users/delete", times: 100 },
        fault: { kind: "status", status: 403 },
      });
      await assert.rejects(tearDown(jean.id), new RegExp(`ACS user ${refused} .*run the same command again`));
      assert.deepEqual((await seam.doors()).open, []);
      await seam.act("faults", {}, "DELETE");
      await tearDown(jean.id);
      const { acs_users, acs_credentials, access_grants } = await seam.state();
      assert.deepEqual([acs_users, acs_credentials, access_grants], [[], [], []]);
    });

    it("leaves those alone that are kept", async () => {
      const [kept = ""] = jean.acsUserIds;
      await tearDown(jean.id, { acsUsers: "unlink" });
      assert.deepEqual(await acsUsers(), jean.acsUserIds);
      await tearDown(jean.id, { keepAcsUserIds: (id) => id === kept });
      assert.deepEqual(await acsUsers(), [kept]);
      const left = (await seam.state()).acs_credentials;
      assert.ok(left.length > 0 && left.every((one) => one.acs_user_id === kept));
    });

    it("does not delete the ACS users of others if the filter of their listing is ignored", async () => {
      await createPerson(seam, "ada");
      await seam.behave({ ignoredFilters: ["/acs/users/list user_identity_id"] });
      const before = await acsUsers();
      await assert.rejects(tearDown(jean.id), /Nothing was changed/);
      assert.deepEqual(await acsUsers(), before);
    });

    it("fails if it cannot list them, unless they are kept, and deletes the grants nevertheless", async () => {
      await seam.act("faults", {
        match: { path: "/acs/users/list", times: 100 },
        fault: { kind: "status", status: 403 },
      });
      await assert.rejects(tearDown(jean.id), /Whether any ACS users still open doors is not known/);
      assert.deepEqual((await seam.state()).access_grants, []);
      await tearDown(jean.id, { acsUsers: "unlink" });
    });

    it("succeeds with one request for each kind that opens doors where there are none, found or not", async () => {
      await tearDown(jean.id);
      await seam.act("reset_log");
      await tearDown(jean.id);
      const paths = (await seam.requests()).map(({ path }) => path);
      const sent = (path: string) => paths.filter((one) => one === path).length;
      for (const path of [
        "/user_identities/get",
        "/user_identities/list",
        "/access_grants/list",
        "/acs/users/list",
      ])
        assert.equal(sent(path), 1, `${path} of ${paths.join(" ")}`);
      // Nobody waits for the automations, which are listed again after a 404.
      const automations = sent("/user_identities/enrollment_automations/list");
      assert.ok(automations <= 2 && paths.length - automations <= 8, paths.join(" "));
      for (const status of [400, 404]) {
        await seam.act("faults", {
          match: { path: "/acs/users/list", times: 2 },
          fault: { kind: "status", status },
        });
        await tearDown(jean.id);
        await seam.act("faults", {}, "DELETE");
      }
    });
  });

  for (const repeatedIdentityDelete of ["accept", "refuse"] as const) {
    it(`requests the deletion of a slow identity once, and waits (a repeated request: ${repeatedIdentityDelete})`, async () => {
      await seam.behave({ identityDeletionTimeMs: 1_500, repeatedIdentityDelete });
      const { id } = await createPerson(seam, "jean");
      await seam.act("reset_log");
      await tearDown(id);
      await assertNobodyLeft(seam);
      const requests = (await seam.requests()).filter((one) => one.path === "/user_identities/delete");
      assert.equal(requests.length, 1);
    });
  }

  it("waits for a slow identity whose deletion an earlier run requested", async () => {
    await seam.behave({ identityDeletionTimeMs: 1_500, identityDelete: "cascade" });
    const id = await seam.createUserIdentity({ full_name: "jean" });
    await seam.call("/user_identities/delete", { user_identity_id: id });
    await seam.act("reset_log");
    await tearDown(id);
    await assertNobodyLeft(seam);
    assert.ok(!(await seam.requests()).some((one) => one.path === "/user_identities/delete"));
  });

  it("does not suspend ACS users that it unlinks", async () => {
    const { id } = await createPerson(seam, "jean", 1);
    await seam.act("reset_log");
    await tearDown(id, { acsUsers: "unlink" });
    assert.ok(!(await seam.requests()).some((one) => one.path === "/acs/users/suspend"));
    assert.ok((await seam.state()).acs_users.every((user) => !user.is_suspended));
  });
});
