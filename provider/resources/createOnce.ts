import { SeamError, SeamRejectedError } from "../seam/errors";
import { beforeSecondRead } from "../seam/retry";

/** How often a create that may have happened is looked up and sent again. */
const createAttempts = 4;

/** How an object is created that has a key, by which a create whose answer was lost is found again. */
export interface KeyedCreate<Found, Made> {
  /** What has the key now. */
  find: () => Promise<Found | undefined>;
  create: () => Promise<Made>;
  /**
   * What becomes of an object that has the key already; see ownership.ts.
   *
   * @param lostAt When the first create whose answer was lost was sent, on `performance.now`'s clock.
   */
  meet: (found: Found, lostAt: number | undefined) => Promise<Made>;
}

/** Creates an object exactly once, whatever happens to the answers. */
export async function createOnce<Found, Made>({
  find,
  create,
  meet,
}: KeyedCreate<Found, Made>): Promise<Made> {
  const before = await find();
  if (before !== undefined) return meet(before, undefined);
  let lostAt: number | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const startedAt = performance.now();
    try {
      return await create();
    } catch (error) {
      if (!(error instanceof SeamError)) throw error;
      const rejected = error instanceof SeamRejectedError;
      if (!rejected && !error.mayHaveHappened) throw error;
      // What came to be while the request still waited to be sent is not its work.
      if (!rejected) lostAt ??= error.sentAt ?? startedAt;
      let found = await find();
      if (found === undefined) {
        // What is in the way, or what the request made, can be late to appear.
        await beforeSecondRead();
        found = await find();
      }
      if (found !== undefined) return meet(found, lostAt);
      if (rejected || attempt >= createAttempts) throw error;
    }
  }
}
