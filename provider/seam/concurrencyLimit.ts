import { beforeDeadline } from "./deadline";
import { Turns } from "./turns";

/** The time after which a request no longer counts, in milliseconds: a route that hangs must not delay others. */
const maxCountedTime = 3_000;

/**
 * Limits the number of concurrent requests, so that those that wait can still be put in order. A request that closes a door
 * never waits.
 */
export class ConcurrencyLimit {
  private active = 0;
  private readonly turns = new Turns();

  constructor(private readonly limit: number) {}

  /**
   * Runs `send` as soon as the limit allows, or at once if it closes a door.
   *
   * @param deadline On `performance.now`'s clock.
   * @returns undefined if the deadline passed first, and `send` was not called.
   */
  async run<T>(send: () => Promise<T>, closesDoors: boolean, deadline: number): Promise<T | undefined> {
    let abandoned = false;
    const slot = this.slot(closesDoors, () => abandoned);
    const entered = await beforeDeadline(slot, deadline);
    if (entered === undefined) {
      abandoned = true;
      return undefined;
    }
    let counted = true;
    const release = (): void => {
      if (counted) this.active -= 1;
      counted = false;
      this.startNext();
    };
    const timer = setTimeout(release, maxCountedTime);
    try {
      return await send();
    } finally {
      clearTimeout(timer);
      release();
    }
  }

  /** Resolves once a slot is free, and occupies it. */
  private slot(closesDoors: boolean, isAbandoned: () => boolean): Promise<true> {
    return new Promise((resolve) => {
      const enter = (): void => {
        if (isAbandoned()) return this.startNext();
        this.active += 1;
        resolve(true);
      };
      if (closesDoors || this.active < this.limit) enter();
      else this.turns.add(enter);
    });
  }

  private startNext(): void {
    if (this.active < this.limit) this.turns.next();
  }
}
