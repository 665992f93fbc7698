/** Options of a {@link RateLimiter}. */
export interface RateLimiterOptions {
  /** The longest time, in milliseconds, that one `Retry-After` can hold everybody back. Default 60,000. */
  retryAfterCap?: number;
}

/** After a 429 the pace is this share of what was seen to get through. */
const backOff = 0.95;
/** Requests a second: the slowest first guess, and what further 429s can bring it down to. */
const slowestGuess = 10;
const slowest = 1;
/** The span over which accepted requests are counted, in milliseconds. */
const window = 1000;

/**
 * Shares one workspace's rate limit among all callers of a process, first come, first served.
 *
 * Everything passes at once until Seam first answers 429. From then on callers leave at a pace a little under what Seam
 * was seen to accept, and the pace grows again, hesitantly at first, for as long as no further 429 comes.
 */
export class RateLimiter {
  private readonly retryAfterCap: number;
  private readonly queue: (() => void)[] = [];
  private readonly accepted: number[] = [];
  /** Requests a second at `pacedSince`; undefined while no limit is known. */
  private pace: number | undefined;
  private pacedSince = 0;
  private nextAt = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: RateLimiterOptions = {}) {
    this.retryAfterCap = options.retryAfterCap ?? 60_000;
  }

  /** Whether Seam has shown that it has a limit, so that callers wait their turn. */
  get limited(): boolean {
    return this.pace !== undefined;
  }

  /** Waits for a turn. Answers when the turn came, which `onLimited` wants back. */
  acquire(): Promise<number> {
    return new Promise((resolve) => {
      this.queue.push(() => resolve(performance.now()));
      if (this.timer === undefined) this.letPass();
    });
  }

  /** Seam took a request. */
  onAccepted(): void {
    const now = performance.now();
    this.accepted.push(now);
    this.forgetAcceptedBefore(now - window);
  }

  /** Seam answered 429 to a request whose turn came at `turn`; `retryAfter` is what Seam said, in milliseconds. */
  onLimited(turn: number, retryAfter: number | undefined): void {
    const now = performance.now();
    if (retryAfter !== undefined) {
      this.nextAt = Math.max(this.nextAt, now + Math.min(retryAfter, this.retryAfterCap));
    }
    // A request that left before the pace was set says nothing about that pace.
    if (this.pace === undefined || turn >= this.pacedSince) {
      const floor = this.pace === undefined ? slowestGuess : slowest;
      this.pace = Math.max(floor, backOff * this.seenPace(now));
      this.pacedSince = Math.max(now, this.nextAt);
      this.nextAt = Math.max(this.nextAt, now + 1000 / this.pace);
    }
  }

  private letPass(): void {
    this.timer = undefined;
    for (;;) {
      if (this.queue.length === 0) return;
      const now = performance.now();
      if (now < this.nextAt) {
        this.timer = setTimeout(() => this.letPass(), this.nextAt - now);
        return;
      }
      this.queue.shift()?.();
      const pace = this.currentPace(now);
      // A timer that fires late is caught up with, but an idle spell earns no burst.
      if (pace !== undefined) this.nextAt = Math.max(this.nextAt, now - 100) + 1000 / pace;
    }
  }

  private currentPace(now: number): number | undefined {
    if (this.pace === undefined) return undefined;
    const seconds = Math.max(0, now - this.pacedSince) / 1000;
    return this.pace * 1.01 ** (seconds + seconds ** 2 / 8);
  }

  private seenPace(now: number): number {
    const span = this.pace === undefined ? window : Math.min(window, now - this.pacedSince);
    const believed = this.currentPace(now);
    if (believed !== undefined && span < window / 4) return believed;
    this.forgetAcceptedBefore(now - span);
    const seen = (this.accepted.length * 1000) / span;
    return Math.min(seen, believed ?? seen);
  }

  private forgetAcceptedBefore(time: number): void {
    const stale = this.accepted.findIndex((at) => at >= time);
    this.accepted.splice(0, stale === -1 ? this.accepted.length : stale);
  }
}
