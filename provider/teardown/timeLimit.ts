import { TeardownTimeoutError } from "./errors";
import type { Dependent } from "./dependent";

/** How long a teardown may take unless the program says otherwise, in seconds. */
export const defaultTimeoutSeconds = 600;

/** How long the last look may take, which is to tell what is left when the time is up. Milliseconds. */
const lastLook = 3_000;

/** The time of one teardown, from its beginning to its deadline. Times on `performance.now`'s clock. */
export class TimeLimit {
  readonly deadline: number;
  private readonly startedAt = performance.now();

  constructor(readonly seconds = defaultTimeoutSeconds) {
    this.deadline = this.startedAt + seconds * 1000;
  }

  /** Until when calls may be sent. */
  get lastCall(): number {
    return this.deadline + lastLook;
  }

  get passed(): boolean {
    return performance.now() >= this.deadline;
  }

  /** Milliseconds since the beginning. */
  elapsed(): number {
    return performance.now() - this.startedAt;
  }

  /** @throws TeardownTimeoutError when the time is up, which names what is left */
  async pause(milliseconds: number, left: readonly Dependent[] = []): Promise<void> {
    const remaining = this.deadline - performance.now();
    if (remaining <= 0) throw new TeardownTimeoutError(this.seconds, left);
    await new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, remaining)));
  }
}
