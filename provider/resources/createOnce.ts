import { SeamError, SeamRejectedError } from "../seam/errors";
import { beforeSecondRead } from "../seam/retry";

/** The number of attempts of a create that may have happened. Before each further one, the object is looked up. */
const createAttempts = 4;

/** How to create an object with a key, by which the result of a create whose response was lost is found again. */
export interface KeyedCreate<Found, Created> {
  /** Finds the object that has the key now. */
  find: () => Promise<Found | undefined>;
  create: () => Promise<Created>;
  /**
   * Handles an object that has the key already; see ownership.ts.
   *
   * @param lostAt When the first create whose response was lost was sent, on `performance.now`'s clock.
   */
  onExisting: (found: Found, lostAt: number | undefined) => Promise<Created>;
}

/** Creates an object exactly once, even if responses are lost. */
export async function createOnce<Found, Created>({
  find,
  create,
  onExisting,
}: KeyedCreate<Found, Created>): Promise<Created> {
  const before = await find();
  if (before !== undefined) return onExisting(before, undefined);
  let lostAt: number | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const startedAt = performance.now();
    try {
      return await create();
    } catch (error) {
      if (!(error instanceof SeamError)) throw error;
      const rejected = error instanceof SeamRejectedError;
      if (!rejected && !error.mayHaveHappened) throw error;
      // What was created while the request still waited to be sent was not created by it.
      if (!rejected) lostAt ??= error.sentAt ?? startedAt;
      let found = await find();
      if (found === undefined) {
        // The conflicting object, or the one that the request created, can be late to appear.
        await beforeSecondRead();
        found = await find();
      }
      if (found !== undefined) return onExisting(found, lostAt);
      if (rejected || attempt >= createAttempts) throw error;
    }
  }
}
