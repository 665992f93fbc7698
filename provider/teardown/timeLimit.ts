import { TeardownTimeoutError } from "./errors";
import type { Dependent } from "./dependent";

/** How long a teardown may take unless the program says otherwise, in seconds. */
export const defaultTimeoutSeconds = 600;

/** How long the last check may take, which reports what is left when the time is up. In milliseconds. */
const lastCheckTime = 3_000;

/** The time of one teardown, from its start to its deadline. Times are on `performance.now`'s clock. */
export class TimeLimit {
  readonly deadline: number;
  private readonly startedAt = performance.now();

  constructor(readonly seconds = defaultTimeoutSeconds) {
    this.deadline = this.startedAt + seconds * 1000;
  }

  /** The time until which calls may be sent. */
  get callDeadline(): number {
    return this.deadline + lastCheckTime;
  }

  get passed(): boolean {
    return performance.now() >= this.deadline;
  }

  /** The milliseconds since the start. */
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
