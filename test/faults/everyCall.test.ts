import assert from "node:assert/strict";
import { type Declared, Engine } from "../engine";
import type { Behavior } from "../../simulator";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { ownedCollections } from "../unit/provider/teardown/people";
import { callsToTry, faults, inParallel } from "./faultKinds";

const people = ["jean", "ada"] as const;

/** What kind of workspace the scenario runs in, and what its program does with ACS users. */
interface Setting {
  behavior: Partial<Behavior>;
  acsUsers: "delete" | "unlink";
  /** Access grants of each person. */
  grants?: number;
}

const settings: Record<string, Setting> = {
  "a workspace that refuses to delete what is in use": { behavior: {}, acsUsers: "delete" },
  "a workspace that cascades and lists late, ACS users unlinked": {
    behavior: { identityDelete: "cascade", acsUserDelete: "cascade", listLagMs: 50 },
    acsUsers: "unlink",
  },
  "a workspace where grants outlive their identity, with two grants each": {
    behavior: { grantsOnIdentityDelete: "survive" },
    acsUsers: "delete",
    grants: 2,
  },
};

/** Two identities, each with an ACS user linked; one has a key of its own, the other the derived one. */
async function program(
  seam: SimulatedWorkspace,
  { acsUsers }: Setting,
  name: (person: string) => string,
): Promise<Declared[]> {
  const users = (await seam.state()).acs_users;
  return people.flatMap((person): Declared[] => [
    {
      name: person,
      provider: "userIdentity",
      inputs: {
        emailAddress: `${person}@example.com`,
        fullName: name(person),
        teardown: { acsUsers },
        ...(person === "jean"
          ? { userIdentityKey: "jean" }
          : { defaultUserIdentityKey: "pulumi:test:faults:ada" }),
      },
    },
    {
      name: `${person}-link`,
      provider: "acsUserLink",
      deletedWith: person,
      inputs: (idOf) => ({
        userIdentityId: idOf(person),
        acsUserId: users.find((user) => user.email_address === `${person}@example.com`)?.acs_user_id,
      }),
    },
  ]);
}

interface Outcome {
  calls: number;
  errors: Error[];
}

/** Runs up, use, update, refresh and destroy. After an error the same step must succeed the second time. */
async function scenario(
  setting: Setting,
  plan: (seam: SimulatedWorkspace) => Promise<void>,
): Promise<Outcome> {
  const seam = await SimulatedWorkspace.start(
    { deletionTimeMs: [5, 25], identityDeletionTimeMs: 20, eventDelayMs: 5, ...setting.behavior },
    7,
  );
  try {
    const system = await seam.acsSystemId(0);
    for (const person of people) await seam.createAcsUser(system, `${person}@example.com`);
    const engine = new Engine(seam.env, { "seam:requestTimeoutSeconds": "0.25" });
    const errors: Error[] = [];
    const tooEarly: string[] = [];
    engine.onDeleted = async (id) => {
      if (JSON.stringify(await seam.state()).includes(id)) tooEarly.push(id);
    };
    const step = async (run: () => Promise<Error[]>): Promise<void> => {
      const failures = await run();
      errors.push(...failures);
      if (failures.length === 0) return;
      const messages = (await run()).map((error) => error.message);
      assert.deepEqual(messages, [], `the next run did not converge: ${messages.join("; ")}`);
    };
    await seam.act("reset_log");
    await plan(seam);

    await step(async () => engine.up(await program(seam, setting, (person) => person)));
    const made = await seam.state();
    const known = [...engine.state.values()].map((one) => one.id);
    for (const identity of made.user_identities) assert.ok(known.includes(identity.user_identity_id));
    assert.equal(made.user_identities.length, 2);
    for (const identity of made.user_identities) {
      assert.equal(identity.acs_user_ids.length, 1);
      const under = { user_identity_id: identity.user_identity_id };
      await seam.act("phones", { ...under, count: 2 });
      await seam.act("client_sessions", under);
      await seam.act("enrollment_automations", under);
      await seam.act("credentials", { acs_user_id: identity.acs_user_ids[0], count: 2 });
      if (setting.grants !== undefined) await seam.act("access_grants", { ...under, count: setting.grants });
    }

    const renamed = await program(seam, setting, (person) => `${person} the Second`);
    await step(() => engine.up(renamed));
    await step(() => engine.refresh());
    assert.equal(engine.state.size, 4, "a refresh took something that exists out of the state");
    assert.deepEqual(await engine.up(renamed), []);
    for (const identity of (await seam.state()).user_identities)
      assert.match(identity.full_name ?? "", /Second$/);
    await step(() => engine.destroy());

    const calls = (await seam.requests()).length;
    const left = await seam.state();
    assert.equal(engine.state.size, 0);
    const { acs_users, acs_credentials } = left;
    for (const kind of ownedCollections) {
      if (kind !== "acs_users" && kind !== "acs_credentials")
        assert.deepEqual(left[kind], [], `${kind} are left`);
    }
    const kept = setting.acsUsers === "unlink";
    assert.equal(acs_users.length, kept ? 2 : 0);
    assert.equal(acs_credentials.length, kept ? 4 : 0);
    assert.ok(acs_users.every((user) => user.user_identity_id === undefined && !user.is_suspended));
    if (!kept) assert.deepEqual((await seam.doors()).open, [], "a door is open after success");
    assert.deepEqual(await seam.inspect("order_violations"), []);
    assert.deepEqual(tooEarly, [], "counted as deleted while it was still there");
    for (const error of errors) {
      assert.match(error.message, /^could not /);
      assert.ok(!error.message.includes(seam.apiKey));
      assert.doesNotMatch(error.message, /@example\.com/);
    }
    return { calls, errors };
  } finally {
    await seam.close();
  }
}

for (const [where, setting] of Object.entries(settings)) {
  describe(`one fault at each call of up, update, refresh and destroy, in ${where}`, function () {
    this.timeout(15 * 60_000);
    let calls = 0;

    before(async () => {
      const smooth = await scenario(setting, async () => undefined);
      assert.deepEqual(smooth.errors, []);
      calls = smooth.calls;
      assert.ok(calls > 40, `only ${calls} calls`);
    });

    const losses: Record<string, object> = {
      "events that never come": { dropRate: 1, duplicateRate: 0, reorder: false, premature: false },
      "events twice and out of order": { dropRate: 0, duplicateRate: 1, reorder: true, premature: false },
      "events before their time": { dropRate: 0, duplicateRate: 0, reorder: false, premature: true },
    };
    for (const [name, events] of Object.entries(losses)) {
      it(`${name}: nothing fails`, async () => {
        const { errors } = await scenario(
          setting,
          async (seam) => void (await seam.behave({ events: events as never })),
        );
        assert.deepEqual(errors, []);
      });
    }

    for (const [name, fault] of Object.entries(faults)) {
      it(`${name}: it succeeds, or the next run converges`, async () => {
        const numbers = callsToTry(calls, name);
        const tasks = numbers.map((callNumber) => async () => {
          try {
            await scenario(setting, (seam) => seam.act("faults", { match: { callNumber }, fault }));
          } catch (error) {
            throw new Error(`at call ${callNumber} of ${calls}: ${(error as Error).message}`, {
              cause: error,
            });
          }
        });
        await inParallel(12, tasks);
      });
    }
  });
}
