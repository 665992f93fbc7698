import assert from "node:assert/strict";
import type { SimulatedWorkspace } from "../simulatedWorkspace";
import { callsToTry, faults, inParallel } from "./faultKinds";

/**
 * Runs a scenario with each kind of fault at each of its calls.
 *
 * @param scenario Checks that it succeeds, or that the next run converges, and returns how many calls there were. `plan` is run before the
 * first of them.
 */
export function survivesEveryFault(
  title: string,
  scenario: (plan: (seam: SimulatedWorkspace) => Promise<void>) => Promise<number>,
): void {
  describe(`${title}: every call × every fault`, function () {
    this.timeout(15 * 60_000);

    let calls = 0;
    before(async () => {
      calls = await scenario(async () => undefined);
      assert.ok(calls >= 20, `${calls} calls`);
    });

    for (const [name, fault] of Object.entries(faults)) {
      it(`survives ${name} at each call`, async () => {
        const tasks = callsToTry(calls, name).map((callNumber) => async () => {
          try {
            await scenario((seam) => seam.act("faults", { match: { callNumber }, fault }));
          } catch (error) {
            const reason = error instanceof Error ? error.message : String(error);
            throw new Error(`at call ${callNumber}: ${reason}`, { cause: error });
          }
        });
        await inParallel(12, tasks);
      });
    }
  });
}
