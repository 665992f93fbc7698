import fc from "fast-check";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { runSchedule, schedules } from "./schedule";

// Its own process: `runSchedules <runs> <seed> <shards>`. Each shard has a simulator, a seed and its share of the runs.
async function main(): Promise<void> {
  const [runs = 100, seed = 1, shards = 8] = process.argv.slice(2).map(Number);
  await Promise.all(
    Array.from({ length: shards }, async (_, shard) => {
      const seam = await SimulatedWorkspace.start({}, seed + shard);
      try {
        await fc.assert(
          fc.asyncProperty(schedules, (schedule) => runSchedule(seam, schedule)),
          {
            numRuns: Math.ceil(runs / shards),
            seed: seed + shard,
            interruptAfterTimeLimit: 25 * 60_000,
            markInterruptAsFailure: true,
          },
        );
      } finally {
        await seam.close();
      }
    }),
  );
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    // The message of fast-check has the values that it drew; the failure is in the cause.
    console.error(
      error instanceof Error ? error.message : String(error),
      error instanceof Error ? error.cause : "",
    );
    process.exit(1);
  },
);
