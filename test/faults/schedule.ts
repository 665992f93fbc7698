import assert from "node:assert/strict";
import fc from "fast-check";
import { SeamClient } from "../../provider/seam/client";
import { DeletionWatcher } from "../../provider/teardown/deletionWatcher";
import { tearDownAcsUser } from "../../provider/teardown/acsUserTeardown";
import { tearDownUserIdentity } from "../../provider/teardown/teardown";
import { quickPace } from "../engine";
import type { SimulatedWorkspace } from "../simulatedWorkspace";
import { type WorkspaceState } from "../simulatedWorkspace";

const few = (most: number) => fc.integer({ min: 0, max: most });

const person = fc.record({
  credentials_per_acs_user: fc.array(few(3), { maxLength: 3 }),
  phones: few(2),
  client_sessions: few(2),
  enrollment_automations: few(1),
});

const tempers = fc.constantFrom("refuse" as const, "cascade" as const, "survive" as const);

const fault = fc.oneof(
  fc.constant({ kind: "reset-before" }),
  fc.constant({ kind: "reset-after" }),
  fc.constant({ kind: "bad-gateway" }),
  fc.constant({ kind: "truncated-json" }),
  fc.constant({ kind: "refuse", forMs: 20 }),
  fc.record({ kind: fc.constant("hang"), handled: fc.boolean() }),
  fc.record({ kind: fc.constant("status"), status: fc.constantFrom(401, 404, 429, 500, 503) }),
);

const routes = [
  "/client_sessions/delete",
  "/access_grants/list",
  "/access_grants/delete",
  "/acs/users/suspend",
  "/acs/credentials/list",
  "/acs/credentials/delete",
  "/acs/users/delete",
  "/phones/deactivate",
  "/user_identities/enrollment_automations/delete",
  "/user_identities/delete",
  "/events/list",
];

/** What the running app does, and to whom: an index into the people and then the visitors. */
const meanwhile = fc.record({
  path: fc.constantFrom(...routes),
  nth: fc.integer({ min: 1, max: 4 }),
  when: fc.constantFrom("before", "after"),
  action: fc.constantFrom(
    "phones",
    "client_sessions",
    "enrollment_automations",
    "credentials",
    "access_grants",
  ),
  whom: few(4),
});

/** People who are torn down at once while all kinds of faults happen. */
export const schedules = fc.record({
  people: fc.array(
    fc.record({
      under: person,
      grants: few(2),
      acsUsers: fc.constantFrom("delete" as const, "unlink" as const),
    }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
  /** ACS users without an identity, torn down with the people: how many credentials each has. */
  visitors: fc.array(few(3), { maxLength: 2 }),
  faults: fc.array(fc.record({ callNumber: fc.integer({ min: 1, max: 70 }), fault }), { maxLength: 5 }),
  meanwhile: fc.array(meanwhile, { maxLength: 4 }),
  behavior: fc.record({
    deletionTimeMs: fc.tuple(few(5), few(15)).map(([least, more]): [number, number] => [least, least + more]),
    identityDeletionTimeMs: fc.constantFrom(0, 0, 10),
    eventDelayMs: few(10),
    listLagMs: fc.constantFrom(0, 0, 20),
    identityDelete: fc.constantFrom("refuse" as const, "cascade" as const),
    acsUserDelete: fc.constantFrom("refuse" as const, "cascade" as const),
    accessGrants: fc.constantFrom(true, true, false),
    grantsOnIdentityDelete: tempers,
    grantRevocationTimeMs: few(5),
    systemsWithoutSuspension: fc.boolean(),
    events: fc.record({
      dropRate: fc.constantFrom(0, 0, 0.5, 1),
      duplicateRate: fc.constantFrom(0, 0.5),
      reorder: fc.boolean(),
      premature: fc.boolean(),
    }),
  }),
});

export type Schedule = typeof schedules extends fc.Arbitrary<infer T> ? T : never;

interface Made {
  user_identity_id: string;
  acs_user_ids: string[];
}

/** Runs one schedule in an empty workspace and checks what must hold in every case. */
export async function runSchedule(seam: SimulatedWorkspace, schedule: Schedule): Promise<void> {
  await seam.act("reset");
  const { systemsWithoutSuspension: unsuspendable, accessGrants, ...behavior } = schedule.behavior;
  const listLagMs = nobodyCanSee(schedule) ? 0 : schedule.behavior.listLagMs;
  const systemsWithoutSuspension = unsuspendable ? [await seam.acsSystemId(0)] : [];
  await seam.behave({ ...behavior, accessGrants, systemsWithoutSuspension, listLagMs: 0 });
  const bystander = {
    credentials_per_acs_user: [1, 1],
    phones: 1,
    client_sessions: 1,
    enrollment_automations: 1,
  };
  const other = await seam.act<Made>("person", { full_name: "Bystander", ...bystander });
  const people: Made[] = [];
  for (const [index, { under, grants }] of schedule.people.entries()) {
    const made = await seam.act<Made>("person", { full_name: `Person ${index}`, ...under });
    people.push(made);
    for (let grant = 0; accessGrants && grant < grants; grant += 1)
      await seam.createGrant(made.user_identity_id);
  }
  if (accessGrants) await seam.createGrant(other.user_identity_id);
  const visitors: string[] = [];
  for (const [index, count] of schedule.visitors.entries()) {
    const acs_user_id = await seam.createAcsUser(
      await seam.acsSystemId(index),
      `visitor${index}@example.com`,
    );
    if (count > 0) await seam.act("credentials", { acs_user_id, count });
    visitors.push(acs_user_id);
  }
  const before = await seam.state();
  // Only what is created during the teardown is late to appear.
  await seam.behave({ listLagMs });
  await seam.act("reset_log");
  for (const one of schedule.faults) {
    await seam.act("faults", { match: { callNumber: one.callNumber }, fault: one.fault });
  }
  for (const { path, nth, when, action, whom } of schedule.meanwhile) {
    const index = whom % (people.length + visitors.length);
    const made = people[index];
    const acs_user_id = made?.acs_user_ids[0] ?? visitors[index - people.length] ?? "none";
    if (action === "access_grants" && !accessGrants) continue;
    const body = { action, user_identity_id: made?.user_identity_id ?? "none", acs_user_id };
    await seam.act("triggers", { match: { path, nth }, when, do: body });
  }

  const client = new SeamClient({
    apiKey: seam.apiKey,
    endpoint: seam.url,
    requestTimeout: 1_500,
    retries: { firstDelay: 10 },
  });
  const watcher = new DeletionWatcher(client, quickPace);
  const shared = { client, watcher, workspaceId: seam.workspaceId, timeoutSeconds: 15 };
  const tooEarly: string[] = [];
  const doorsOf = async (id: string): Promise<number> => (await seam.doors(id)).open.length;
  const madeMeanwhile = schedule.meanwhile.length > 0;
  /** Each fault happens once, so there are not more failed runs than faults. */
  const untilDone = async (id: string, tearDown: () => Promise<void>): Promise<void> => {
    for (let run = 1; ; run += 1) {
      const openBefore = await doorsOf(id);
      try {
        await tearDown();
        const { user_identities, acs_users } = await seam.state();
        const there = [
          ...user_identities.map((one) => one.user_identity_id),
          ...acs_users.map((one) => one.acs_user_id),
        ];
        if (there.includes(id)) tooEarly.push(id);
        return;
      } catch (error) {
        const openAfter = await doorsOf(id);
        assert.ok(
          madeMeanwhile || openAfter <= openBefore,
          `${openAfter} doors open after a failure, ${openBefore} before`,
        );
        if (run > schedule.faults.length) throw error;
      }
    }
  };
  await Promise.all([
    ...people.map(({ user_identity_id: userIdentityId }, index) =>
      untilDone(userIdentityId, () =>
        tearDownUserIdentity({ ...shared, userIdentityId, acsUsers: schedule.people[index]?.acsUsers }),
      ),
    ),
    ...visitors.map((acsUserId) => untilDone(acsUserId, () => tearDownAcsUser({ ...shared, acsUserId }))),
  ]);

  assert.deepEqual(tooEarly, [], "done while it was still there");
  const after = await settled(seam);
  assert.deepEqual(await seam.inspect("order_violations"), []);
  assert.deepEqual(
    after.user_identities.map((one) => one.user_identity_id),
    [other.user_identity_id],
  );
  const kept = new Set([
    ...other.acs_user_ids,
    ...people.flatMap((made, index) =>
      schedule.people[index]?.acsUsers === "unlink" ? made.acs_user_ids : [],
    ),
  ]);
  assert.deepEqual(new Set(after.acs_users.map((user) => user.acs_user_id)), kept);
  const credentials = before.acs_credentials.filter((one) => kept.has(one.acs_user_id));
  const left = new Set(after.acs_credentials.map((one) => one.acs_credential_id));
  for (const one of credentials)
    assert.ok(left.has(one.acs_credential_id), "a credential that was kept is gone");
  assert.deepEqual(
    [after.phones.length, after.client_sessions.length, after.enrollment_automations.length],
    [1, 1, 1],
  );
  assert.ok(after.access_grants.every((grant) => grant.user_identity_id === other.user_identity_id));
  for (const [index, made] of people.entries()) {
    if (schedule.people[index]?.acsUsers === "unlink") continue;
    assert.deepEqual((await seam.doors(made.user_identity_id)).open, [], "a door is open after success");
  }
}

/**
 * Whether a grant that the app makes while its identity is being deleted would open doors afterwards without being listed in time:
 * no answer of Seam shows it; see `docs/teardown.md`.
 */
function nobodyCanSee({ behavior, meanwhile }: Schedule): boolean {
  const made = meanwhile.some(({ action }) => action === "access_grants");
  return made && behavior.accessGrants && behavior.grantsOnIdentityDelete === "survive";
}

/** What was created at the last moment is deleted with the identity, in a server that cascades, a little later. */
async function settled(seam: SimulatedWorkspace): Promise<WorkspaceState> {
  for (;;) {
    const state = await seam.state();
    if (!JSON.stringify(state).includes("being_deleted")) return state;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
