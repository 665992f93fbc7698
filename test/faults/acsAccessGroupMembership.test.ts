import assert from "node:assert/strict";
import { type Declared, Engine } from "../engine";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { survivesEveryFault } from "./everyFault";

// As everyCall.test.ts, for memberships of access groups: who is no longer declared opens no door of the group.

async function scenario(plan: (seam: SimulatedWorkspace) => Promise<void>): Promise<number> {
  const seam = await SimulatedWorkspace.start({}, 7);
  try {
    const [group] = (await seam.places()).acs_access_groups;
    const acsAccessGroupId = group?.acs_access_group_id ?? "";
    const people = ["jean", "ada", "sam"];
    const ids = await Promise.all(
      people.map((name) => seam.createAcsUser(group?.acs_system_id ?? "", `${name}@example.com`)),
    );
    const program = (count: number): Declared[] =>
      ids.slice(0, count).map((acsUserId, index) => ({
        name: people[index] ?? "",
        provider: "acsAccessGroupMembership",
        inputs: { acsAccessGroupId, acsUserId },
      }));
    const members = async (): Promise<readonly string[]> =>
      (await seam.places()).acs_access_groups.find((one) => one.acs_access_group_id === acsAccessGroupId)
        ?.acs_user_ids ?? [];
    const engine = new Engine(seam.env, { "seam:requestTimeoutSeconds": "0.25" });
    const errors: Error[] = [];
    const step = async (run: () => Promise<Error[]>): Promise<void> => {
      const failures = await run();
      errors.push(...failures);
      if (failures.length > 0) assert.deepEqual(await run(), [], "the next run did not converge");
    };
    await seam.act("reset_log");
    await plan(seam);

    await step(() => engine.up(program(3)));
    assert.deepEqual([...(await members())].sort(), [...ids].sort());
    await step(() => engine.refresh());
    assert.equal(engine.state.size, 3, "a refresh took something that exists out of the state");
    await step(() => engine.up(program(1)));
    assert.deepEqual(await members(), ids.slice(0, 1));
    await step(() => engine.destroy());
    assert.deepEqual(await members(), []);
    assert.equal((await seam.state()).acs_users.length, 3);
    for (const error of errors) {
      assert.match(error.message, /^could not /);
      assert.doesNotMatch(error.message, /@example\.com/);
    }
    return (await seam.requests()).length;
  } finally {
    await seam.close();
  }
}

survivesEveryFault("memberships of access groups", scenario);
