import assert from "node:assert/strict";
import { type Declared, Engine } from "../engine";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { survivesEveryFault } from "./everyFault";

// As everyCall.test.ts, for access grants: nobody has two or one that no state has, and nothing opens a door afterwards.

const names = ["jean", "ada"] as const;

async function scenario(plan: (seam: SimulatedWorkspace) => Promise<void>): Promise<number> {
  const seam = await SimulatedWorkspace.start({ deletionTimeMs: [5, 25], eventDelayMs: 5 }, 7);
  try {
    const { devices } = await seam.places();
    const deviceIds = devices.slice(0, 1).map((one) => one.device_id);
    const people = new Map<string, string>();
    for (const name of names) people.set(name, await seam.createUserIdentity({ full_name: name }));
    const program = (codes: readonly string[], more: object): Declared[] =>
      names.map((name) => ({
        name,
        provider: "accessGrant",
        inputs: {
          userIdentityId: people.get(name),
          deviceIds,
          requestedAccessMethods: [...codes.map((code) => ({ mode: "code", code })), { mode: "cloud_key" }],
          defaultAccessGrantKey: `pulumi:test:faults:${name}`,
          ...more,
        },
      }));
    const engine = new Engine(seam.env, { "seam:requestTimeoutSeconds": "1" });
    const errors: Error[] = [];
    const tooEarly: string[] = [];
    engine.onDeleted = async (id) => {
      if (JSON.stringify(await seam.doors()).includes(id)) tooEarly.push(id);
    };
    const step = async (run: () => Promise<Error[]>): Promise<void> => {
      const failures = await run();
      errors.push(...failures);
      if (failures.length === 0) return;
      engine.startPlugin();
      const again = (await run()).map((error) => error.message);
      assert.deepEqual(again, [], "the next run did not converge");
    };
    const issued = async (): Promise<string[]> =>
      (await seam.state()).access_methods.map(({ mode }) => mode).sort();
    await seam.act("reset_log");
    await plan(seam);

    await step(() => engine.up(program(["778811"], {})));
    const made = (await seam.state()).access_grants.map((grant) => grant.access_grant_id).sort();
    assert.deepEqual(made, [...engine.state.values()].map((one) => one.id).sort());
    assert.deepEqual(await issued(), ["cloud_key", "cloud_key", "code", "code"]);

    const changed = program(["778822"], { name: "Front door", endsAt: "2099-01-01T00:00:00Z" });
    await step(() => engine.up(changed));
    await step(() => engine.refresh());
    assert.equal(engine.state.size, 2, "a refresh took something that exists out of the state");
    assert.deepEqual(await engine.up(changed), []);
    assert.deepEqual(await issued(), ["cloud_key", "cloud_key", "code", "code"]);
    for (const { name, ends_at } of (await seam.state()).access_grants) {
      assert.deepEqual([name, ends_at], ["Front door", "2099-01-01T00:00:00.000Z"]);
    }
    const methodIds = (await seam.state()).access_methods.map((one) => one.access_method_id).sort();
    const recorded = [...engine.state.values()].flatMap(
      ({ outputs }) => outputs.accessMethods as { accessMethodId: string }[],
    );
    assert.deepEqual(recorded.map((one) => one.accessMethodId).sort(), methodIds);
    await step(() => engine.destroy());

    const calls = (await seam.requests()).length;
    const { access_grants, access_methods } = await seam.state();
    assert.deepEqual([access_grants, access_methods, (await seam.doors()).open], [[], [], []]);
    assert.deepEqual(tooEarly, [], "counted as deleted while it still opened a door");
    for (const error of errors) {
      assert.match(error.message, /^could not /);
      assert.doesNotMatch(error.message, /7788/);
    }
    return calls;
  } finally {
    await seam.close();
  }
}

survivesEveryFault("access grants", scenario);
