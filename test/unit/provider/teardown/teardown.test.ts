import assert from "node:assert/strict";
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

describe("teardown of a user identity", () => {
  let seam: SimulatedWorkspace;
  let client: SeamClient;
  let watcher: DeletionWatcher;

  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [20, 60], eventDelayMs: 5 }, 3);
    client = new SeamClient({ apiKey: seam.apiKey, endpoint: seam.url });
    watcher = new DeletionWatcher(client, quickPace);
  });
  afterEach(() => seam.close());

  function person(name: string): Promise<Person> {
    return createPerson(seam, name);
  }

  function tearDown(userIdentityId: string, more: Partial<TeardownOptions> = {}): Promise<void> {
    return tearDownUserIdentity({ client, watcher, userIdentityId, workspaceId: seam.workspaceId, ...more });
  }

  function assertEverythingDeleted(): Promise<void> {
    return assertNobodyLeft(seam);
  }

  it("deletes everything in order, and reports it", async () => {
    const { id } = await person("jean");
    const events: TeardownEvent[] = [];
    await tearDown(id, { onEvent: (event) => events.push(event) });
    await assertEverythingDeleted();
    const gone = events.flatMap((event) => (event.type === "gone" ? event.dependents : []));
    assert.equal(gone.length, 2 + 6 + 2 + 1 + 2);
    assert.equal(events.at(-1)?.type, "identityGone");
    const requested = events.flatMap((event) => (event.type === "deleting" ? [event.dependent.kind] : []));
    assert.equal(requested.length, gone.length);
    assert.deepEqual(requested.slice(-2), ["acsUser", "acsUser"]);
    for (const later of ["enrollmentAutomation", "phone"] as const) {
      assert.ok(requested.lastIndexOf("clientSession") < requested.indexOf(later), requested.join(" "));
    }
    assert.equal(events.filter((event) => event.type === "doorsClosed").length, 1);
  });

  for (const identityDelete of ["refuse", "cascade"] as const) {
    for (const enrollmentAutomations of [true, false]) {
      it(`works where identities with dependents ${identityDelete}, ${enrollmentAutomations ? "with" : "without"} enrollment automations`, async () => {
        const { id } = await person("jean");
        if (!enrollmentAutomations) {
          const [automation] = (await seam.state()).enrollment_automations;
          const { enrollment_automation_id } = automation ?? {};
          await seam.call("/user_identities/enrollment_automations/delete", { enrollment_automation_id });
        }
        await seam.act("reset_log");
        await seam.behave({ identityDelete, enrollmentAutomations });
        await tearDown(id);
        const { user_identities, acs_users, acs_credentials, phones } = await seam.state();
        assert.deepEqual([user_identities, acs_users, acs_credentials, phones], [[], [], [], []]);
      });
    }
  }

  it("waits for nothing if the identity has no dependents", async () => {
    const id = await seam.createUserIdentity({ full_name: "Jean" });
    await seam.act("reset_log");
    await tearDown(id);
    const paths = (await seam.requests()).map((request) => request.path);
    assert.ok(!paths.includes("/events/list"));
    assert.ok(paths.length <= 9, paths.join(" "));
  });

  it("succeeds for an identity that does not exist", async () => {
    await tearDown("00000000-0000-4000-8000-000000000000");
  });

  it('keeps ACS users and their credentials with acsUsers: "unlink"', async () => {
    const { id, acsUserIds, credentialIds } = await person("jean");
    await seam.behave({ identityDelete: "cascade" });
    await tearDown(id, { acsUsers: "unlink" });
    const left = await seam.state();
    assert.deepEqual(
      left.acs_users.map((user) => user.acs_user_id),
      acsUserIds,
    );
    assert.deepEqual(
      left.acs_credentials.map((one) => one.acs_credential_id),
      credentialIds,
    );
    assert.deepEqual([left.user_identities, left.phones, left.client_sessions], [[], [], []]);
  });

  it("deletes nobody else if the identity is merged into another during the teardown", async () => {
    await seam.behave({ identityDelete: "cascade" });
    const [jean, ada] = [await person("jean"), await person("ada")];
    const merge = { action: "merge", from: jean.id, into: ada.id };
    await seam.act("triggers", { match: { path: "/acs/users/delete", nth: 2 }, when: "after", do: merge });
    await assert.rejects(tearDown(jean.id), new RegExp(`merged into ${ada.id}`));
    const { user_identities, acs_users } = await seam.state();
    assert.deepEqual(
      user_identities.map((one) => one.user_identity_id),
      [ada.id],
    );
    assert.ok(ada.acsUserIds.every((id) => acs_users.some((user) => user.acs_user_id === id)));
  });

  it("deletes a credential that the app issues before it is signed out", async () => {
    const { id, acsUserIds } = await person("jean");
    const issued = { action: "credentials", acs_user_id: acsUserIds[0] };
    await seam.act("triggers", { match: { path: "/client_sessions/delete" }, when: "before", do: issued });
    await seam.act("reset_log");
    await tearDown(id);
    await assertEverythingDeleted();
    const deletions = (await seam.requests()).filter((one) => one.path === "/acs/credentials/delete");
    assert.equal(deletions.length, 7);
  });

  it("does not trust a single 404 of a listing", async () => {
    await seam.behave({ identityDelete: "cascade" });
    const paths = [
      "/user_identities/enrollment_automations/list",
      "/phones/list",
      "/client_sessions/list",
      "/acs/users/list",
      "/acs/credentials/list",
    ];
    for (const path of paths) {
      const { id } = await person("jean");
      await seam.act("reset_log");
      await seam.act("faults", { match: { path }, fault: { kind: "status", status: 404 } });
      await tearDown(id);
      await assertEverythingDeleted();
      const requested = (await seam.requests()).map((one) => one.path);
      assert.ok(requested.includes("/user_identities/enrollment_automations/delete"), path);
    }
  });

  describe("after its timeout", () => {
    it("ends even if the app creates things as fast as they are deleted, and limits its requests", async () => {
      const { id } = await person("jean");
      const again = { action: "client_sessions", user_identity_id: id };
      const match = { path: "/client_sessions/delete", times: 1_000_000 };
      await seam.act("triggers", { match, when: "after", do: again });
      await seam.act("reset_log");
      await assert.rejects(tearDown(id, { timeoutSeconds: 2 }), (error: Error) => {
        assert.equal(error.name, "TeardownTimeoutError");
        assert.match(error.message, /client session/);
        return true;
      });
      const { total } = await seam.inspect<{ total: number }>("counts");
      assert.ok(total < 200, `${total} requests`);
    });

    for (const [what, fault] of [
      ["does not answer", { kind: "hang" }],
      ["has too many requests", { kind: "status", status: 429, retryAfter: 60 }],
      ["is out of order for a while", { kind: "status", status: 503, retryAfter: 60 }],
    ] as const) {
      it(`ends even if Seam ${what}`, async () => {
        const { id } = await person("jean");
        await seam.act("faults", { match: { path: "/phones/list", times: 1_000 }, fault });
        await assert.rejects(tearDown(id, { timeoutSeconds: 1 }), /timeout|after 1 s|\/phones\/list/);
      });
    }
  });

  it("deletes nothing of other people", async () => {
    const [jean, ada] = [await person("jean"), await person("ada")];
    const before = await seam.state();
    await tearDown(jean.id);
    const after = await seam.state();
    assert.deepEqual(
      after.user_identities.map((one) => one.user_identity_id),
      [ada.id],
    );
    assert.deepEqual(
      after.acs_credentials,
      before.acs_credentials.filter((one) => ada.acsUserIds.includes(one.acs_user_id)),
    );
  });

  const losses: [string, object][] = [
    ["never arrive", { dropRate: 1, duplicateRate: 0, reorder: false, premature: false }],
    ["arrive twice and out of order", { dropRate: 0, duplicateRate: 1, reorder: true, premature: false }],
    ["are half lost", { dropRate: 0.5, duplicateRate: 0.3, reorder: true, premature: false }],
  ];
  for (const [what, events] of losses) {
    it(`ends even if events ${what}`, async () => {
      await seam.behave({ events: events as never });
      await tearDown((await person("jean")).id);
      await assertEverythingDeleted();
    });
  }

  it("does not trust an event about something that still exists", async () => {
    const events = { dropRate: 0, duplicateRate: 0, reorder: false, premature: true };
    await seam.behave({ deletionTimeMs: [150, 250], eventDelayMs: 0, events });
    const { id } = await person("jean");
    await tearDown(id);
    await assertEverythingDeleted();
  });

  it("deletes what the app creates during the teardown", async () => {
    const { id, acsUserIds } = await person("jean");
    const meanwhile: [string, object][] = [
      ["/acs/credentials/delete", { action: "credentials", acs_user_id: acsUserIds[0] }],
      ["/acs/users/delete", { action: "phones", user_identity_id: id }],
      ["/user_identities/delete", { action: "client_sessions", user_identity_id: id }],
      ["/acs/users/delete", { action: "credentials", acs_user_id: acsUserIds[1] }],
    ];
    for (const [path, act] of meanwhile)
      await seam.act("triggers", { match: { path }, when: "before", do: act });
    await tearDown(id);
    await assertEverythingDeleted();
  });

  it("ends at once if the access control system refuses a deletion, and continues after the cause is fixed", async () => {
    const { id, credentialIds } = await person("jean");
    const [stuck = ""] = credentialIds;
    await seam.act("fail_deletion", { id: stuck });
    await assert.rejects(tearDown(id, { timeoutSeconds: 30 }), (error: Error) => {
      assert.equal(error.name, "DeletionRefusedError", error.message);
      assert.match(error.message, new RegExp(`credential ${stuck}`));
      assert.match(
        error.message,
        /failed_to_delete_on_acs_system: The access control system did not delete it/,
      );
      return true;
    });
    // Everything else that could be deleted is deleted.
    const left = await seam.state();
    assert.ok(left.user_identities.length === 1 && left.client_sessions.length === 0);
    await seam.act("fail_deletion", { id: stuck, fails: false });
    await tearDown(id);
    await assertEverythingDeleted();
  });

  it("names after a timeout what still exists, and the next run continues", async () => {
    await seam.behave({ deletionTimeMs: [3_000, 3_000] });
    const { id } = await person("jean");
    await assert.rejects(tearDown(id, { timeoutSeconds: 0.3 }), (error: Error) => {
      assert.equal(error.name, "TeardownTimeoutError");
      assert.match(error.message, /after 0\.3 s still there: .*credential [0-9a-f-]{36} \(being deleted\)/);
      assert.match(error.message, /run the same command again/);
      return true;
    });
    await tearDown(id);
    await assertEverythingDeleted();
  });

  it("requests a deletion again that had no effect", async () => {
    const { id } = await person("jean");
    // Seam answers 404 once for a credential that exists.
    const fault = { kind: "status", status: 404 };
    await seam.act("faults", { match: { path: "/acs/credentials/delete" }, fault });
    await tearDown(id);
    await assertEverythingDeleted();
  });

  it("keeps the order for what the app creates before a deletion is requested again", async () => {
    const { id } = await person("jean");
    const fault = { kind: "status", status: 404 };
    await seam.act("faults", { match: { path: "/phones/deactivate", times: 2 }, fault });
    for (const action of ["client_sessions", "enrollment_automations"]) {
      const created = { action, user_identity_id: id };
      await seam.act("triggers", { match: { path: "/acs/users/delete" }, when: "after", do: created });
    }
    await tearDown(id);
    await assertEverythingDeleted();
  });

  for (const [what, route] of [
    ["access_grants", "/access_grants/delete"],
    ["client_sessions", "/client_sessions/delete"],
    ["phones", "/phones/deactivate"],
    ["an ACS user", "/acs/users/delete"],
  ] as const) {
    it(`deletes ${what.replace("_", " ")} of a busy app before it requests the identity's deletion again`, async () => {
      const { id } = await person("jean");
      await seam.behave({ identityDelete: "cascade", grantsOnIdentityDelete: "cascade" });
      const meanwhile =
        what === "an ACS user"
          ? {
              action: "link_elsewhere",
              acs_user_id: await seam.createAcsUser(await seam.acsSystemId(0), "jean2@example.com"),
            }
          : { action: what };
      // Seam answers 404 once for an identity that exists, and the app continues.
      const match = { path: "/user_identities/delete" };
      await seam.act("faults", { match, fault: { kind: "status", status: 404 } });
      await seam.act("triggers", { match, when: "before", do: { ...meanwhile, user_identity_id: id } });
      await tearDown(id);
      await assertEverythingDeleted();
      const requests = await seam.requests();
      const [first, second, ...others] = requests.filter(({ path }) => path === match.path);
      assert.deepEqual([first?.status, second?.status, others.length], [404, 200, 0]);
      const between = requests.filter(
        ({ number }) => number > (first?.number ?? 0) && number < (second?.number ?? 0),
      );
      assert.ok(
        between.some(({ path }) => path === route),
        between.map(({ path }) => path).join(" "),
      );
    });
  }

  it("learns from other teardowns that deletions are immediate, and then waits for none", async () => {
    await seam.behave({ deletionTimeMs: [0, 0] });
    const slowWatcher = new DeletionWatcher(client);
    const people = await Promise.all(Array.from({ length: 12 }, (_, index) => person(`p${index}`)));
    const waiting = [...people];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await tearDownUserIdentity({ client, watcher: slowWatcher, userIdentityId: next.id });
      }
    };
    await Promise.all([worker(), worker()]);
    await assertEverythingDeleted();
    // The first ones have to wait for events. If nothing were learned, each of them would.
    const eventsRead = (await seam.requests()).filter(({ path }) => path === "/events/list").length;
    assert.ok(eventsRead <= people.length / 2, `events were read ${eventsRead} times`);
  });

  for (const [grants, most] of [
    [0, 40],
    [2, 46],
  ] as const) {
    it(`reads no events if it is the only one, and sends at most ${most} requests with ${grants} grants`, async () => {
      const { id } = await createPerson(seam, "jean", grants);
      await seam.behave({ deletionTimeMs: [1500, 1500] });
      await seam.act("reset_log");
      await tearDown(id, { watcher: new DeletionWatcher(client) });
      const paths = (await seam.requests()).map((request) => request.path);
      assert.ok(!paths.includes("/events/list"));
      assert.equal(paths.filter((path) => path === "/access_methods/list").length, grants);
      assert.ok(paths.length <= most, `${paths.length} requests`);
      await assertEverythingDeleted();
    });
  }

  for (const [count, pollsPerSecond] of [
    [1, 2],
    [6, 6],
    [20, 8],
  ] as const) {
    it(`reads events at most ${pollsPerSecond} times a second while ${count} wait${count === 1 ? "s" : ""}`, async () => {
      await seam.behave({ deletionTimeMs: [100, 900] });
      const people = await Promise.all(Array.from({ length: count }, (_, index) => person(`p${index}`)));
      await seam.act("reset_log");
      const startedAt = performance.now();
      await Promise.all(people.map(({ id }) => tearDown(id)));
      const seconds = (performance.now() - startedAt) / 1000;
      const polls = (await seam.requests()).filter((request) => request.path === "/events/list").length;
      assert.ok(polls >= 1 && polls <= pollsPerSecond * seconds + 2, `${polls} polls in ${seconds} s`);
      await assertEverythingDeleted();
    });
  }
});
