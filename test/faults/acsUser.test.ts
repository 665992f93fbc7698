import assert from "node:assert/strict";
import { type Declared, Engine } from "../engine";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { survivesEveryFault } from "./everyFault";

// As everyCall.test.ts, for ACS users: systems accept two people of the same name, so only care keeps a lost answer from
// giving somebody access twice.

const names = ["jean", "ada"] as const;

function program(acsSystemId: string, change: object): Declared[] {
  return names.map((name) => ({
    name,
    provider: "acsUser",
    inputs: { acsSystemId, fullName: name, emailAddress: `${name}@example.com`, ...change },
  }));
}

async function scenario(plan: (seam: SimulatedWorkspace) => Promise<void>): Promise<number> {
  const seam = await SimulatedWorkspace.start({ deletionTimeMs: [5, 25], eventDelayMs: 5 }, 7);
  try {
    const system = await seam.acsSystemId(0);
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
      engine.startPlugin();
      assert.deepEqual(await run(), [], "the next run did not converge");
    };
    await seam.act("reset_log");
    await plan(seam);

    await step(() => engine.up(program(system, {})));
    const made = (await seam.state()).acs_users;
    assert.equal(made.length, 2, "somebody has access twice");
    const known = [...engine.state.values()].map((one) => one.id).sort();
    assert.deepEqual(made.map((user) => user.acs_user_id).sort(), known);
    for (const { acs_user_id } of made) await seam.act("credentials", { acs_user_id, count: 2 });

    const changed = program(system, { fullName: "The Second", suspended: true });
    await step(() => engine.up(changed));
    await step(() => engine.refresh());
    assert.equal(engine.state.size, 2, "a refresh took something that exists out of the state");
    assert.deepEqual(await engine.up(changed), []);
    for (const user of (await seam.state()).acs_users as unknown as { is_suspended: boolean }[]) {
      assert.equal(user.is_suspended, true);
    }
    await step(() => engine.destroy());

    const calls = (await seam.requests()).length;
    const { acs_users, acs_credentials } = await seam.state();
    assert.deepEqual([acs_users, acs_credentials], [[], []]);
    assert.deepEqual(await seam.inspect("order_violations"), []);
    assert.deepEqual(tooEarly, [], "counted as deleted while it was still there");
    for (const error of errors) {
      assert.match(error.message, /^could not /);
      assert.doesNotMatch(error.message, /@example\.com/);
    }
    return calls;
  } finally {
    await seam.close();
  }
}

survivesEveryFault("ACS users", scenario);
