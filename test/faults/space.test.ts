import assert from "node:assert/strict";
import { type Declared, Engine } from "../engine";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { survivesEveryFault } from "./everyFault";

// As everyCall.test.ts, for spaces: each is created once and has the declared doors, and unchanged doors at all times.

const names = ["headquarters", "annex"] as const;

async function scenario(plan: (seam: SimulatedWorkspace) => Promise<void>): Promise<number> {
  const seam = await SimulatedWorkspace.start({}, 7);
  try {
    const places = await seam.places();
    const locks = places.devices.map((one) => one.device_id).sort();
    const entrances = places.acs_entrances.map((one) => one.acs_entrance_id).sort();
    const program = (from: number, to: number, more: object = {}): Declared[] =>
      names.map((name) => ({
        name,
        provider: "space",
        inputs: {
          name,
          deviceIds: locks.slice(from, to),
          acsEntranceIds: entrances.slice(from, to),
          defaultSpaceKey: `pulumi:test:faults:${name}`,
          ...more,
        },
      }));
    const assertDoors = async (from: number, to: number): Promise<void> => {
      const { devices, acs_entrances } = await seam.places();
      for (const { id } of engine.state.values()) {
        const within = (one: { space_ids: string[] }): boolean => one.space_ids.includes(id);
        assert.deepEqual(
          [
            devices.filter(within).map((one) => one.device_id),
            acs_entrances.filter(within).map((one) => one.acs_entrance_id),
          ],
          [locks.slice(from, to), entrances.slice(from, to)],
        );
      }
    };
    const engine = new Engine(seam.env, { "seam:requestTimeoutSeconds": "1" });
    const errors: Error[] = [];
    const step = async (run: () => Promise<Error[]>): Promise<void> => {
      const failures = await run();
      errors.push(...failures);
      if (failures.length === 0) return;
      for (const { id } of engine.state.values()) {
        const { devices } = await seam.places();
        const kept = devices.find((one) => one.device_id === locks[1]);
        // What is to be deleted has lost its doors with the space, if it is gone.
        const exists = (await seam.state()).spaces.some((one) => one.space_id === id);
        assert.equal(kept?.space_ids.includes(id), exists, "a door that stays was removed in between");
      }
      const again = (await run()).map((error) => error.message);
      assert.deepEqual(again, [], "the next run did not converge");
    };
    await seam.act("reset_log");
    await plan(seam);

    await step(() => engine.up(program(0, 2)));
    const made = (await seam.state()).spaces.map((one) => one.space_id).sort();
    assert.deepEqual(made, [...engine.state.values()].map((one) => one.id).sort());
    await assertDoors(0, 2);

    await step(() => engine.up(program(1, 3, { name: "Renamed" })));
    await step(() => engine.refresh());
    assert.equal(engine.state.size, 2, "a refresh took something that exists out of the state");
    assert.deepEqual(await engine.up(program(1, 3, { name: "Renamed" })), []);
    await assertDoors(1, 3);
    assert.deepEqual(
      (await seam.state()).spaces.map((one) => one.name),
      ["Renamed", "Renamed"],
    );

    await step(() => engine.up(program(1, 3, { name: "Renamed" }).slice(0, 1)));
    assert.equal((await seam.state()).spaces.length, 1);
    await step(() => engine.destroy());

    assert.deepEqual((await seam.state()).spaces, []);
    for (const error of errors) assert.match(error.message, /^could not /);
    return (await seam.requests()).length;
  } finally {
    await seam.close();
  }
}

survivesEveryFault("spaces", scenario);
