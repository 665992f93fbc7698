import type { LimiterClock, RateLimiter } from "../../../../provider/seam/rateLimiter";

// Runs limiters against a rate limit on a virtual clock: minutes pass in a moment, and a run always has the same result.

/** Times are in milliseconds since the simulation began. */
export class VirtualClock implements LimiterClock {
  private time = 0;
  private order = 0;
  private readonly heap: { at: number; order: number; run: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(milliseconds: number, run: () => void): void {
    const { heap } = this;
    const entry = { at: this.time + Math.max(0, milliseconds), order: (this.order += 1), run };
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, heap[parent])) break;
      heap[index] = heap[parent] ?? entry;
      index = parent;
    }
    heap[index] = entry;
  }

  /** Runs what is due until that time, in order. */
  async runUntil(end: number): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    for (let next = this.heap[0]; next !== undefined && next.at <= end; next = this.heap[0]) {
      this.removeFirst();
      this.time = Math.max(this.time, next.at);
      next.run();
      // Promises that were resolved continue before the clock does.
      for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
    }
    this.time = end;
  }

  private removeFirst(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (before(heap[child + 1], heap[child])) child += 1;
      const least = heap[child];
      if (least === undefined || !before(least, last)) break;
      heap[index] = least;
      index = child;
    }
    heap[index] = last;
  }
}

function before(
  one: { at: number; order: number } | undefined,
  other: { at: number; order: number } | undefined,
): boolean {
  if (one === undefined || other === undefined) return false;
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Accepts (0) or rejects a request at that time; returns the milliseconds until another one could be accepted. */
export type RateLimit = (now: number) => number;

/** At most `limit` requests in any span of `span` milliseconds. */
export function slidingWindow(limit: number, span = 1000): RateLimit {
  const accepted: number[] = [];
  return (now) => {
    while ((accepted[0] ?? now) <= now - span) accepted.shift();
    const first = accepted[0];
    if (first !== undefined && accepted.length >= limit) return first + span - now;
    accepted.push(now);
    return 0;
  };
}

/** At most `limit` requests in each window of `span` milliseconds. */
export function fixedWindow(limit: number, span = 1000): RateLimit {
  let window = 0;
  let count = 0;
  return (now) => {
    const current = Math.floor(now / span);
    if (current !== window) [window, count] = [current, 0];
    if (count >= limit) return (current + 1) * span - now;
    count += 1;
    return 0;
  };
}

/** `perSecond` requests a second, and up to `burst` that were saved. */
export function tokenBucket(perSecond: number, burst: number): RateLimit {
  let tokens = burst;
  let at = 0;
  return (now) => {
    tokens = Math.min(burst, tokens + ((now - at) * perSecond) / 1000);
    at = now;
    if (tokens < 1) return ((1 - tokens) * 1000) / perSecond;
    tokens -= 1;
    return 0;
  };
}

export interface Traffic {
  clock: VirtualClock;
  limit: RateLimit;
  /** Whether 429 carries `Retry-After`, in whole seconds. */
  retryAfter: boolean;
  random: () => number;
  /** The approximate duration of an accepted request; 429 is answered at once. Default 50. */
  latency?: number;
}

/** One process with a number of parallel callers; each sends a request as soon as its last one was accepted. */
export class SimulatedProcess {
  /** When each request was accepted. */
  readonly accepted: number[] = [];
  limited = 0;
  private started = 0;

  constructor(
    private readonly traffic: Traffic,
    readonly limiter: RateLimiter,
    private readonly work = Number.POSITIVE_INFINITY,
    private readonly callers = 64,
  ) {}

  /** When the last of its work was accepted; undefined until then. */
  get finishedAt(): number | undefined {
    return this.accepted[this.work - 1];
  }

  start(): void {
    for (let caller = 0; caller < this.callers; caller += 1) this.next();
  }

  /** How many requests were accepted per second between these times. */
  rate(from: number, to: number): number {
    const count = this.accepted.filter((at) => at >= from && at < to).length;
    return (count * 1000) / (to - from);
  }

  private next(): void {
    this.started += 1;
    if (this.started <= this.work) void this.send();
  }

  private async send(): Promise<void> {
    const { clock, limit, retryAfter, random, latency = 50 } = this.traffic;
    const turn = await this.limiter.acquire();
    const way = (latency / 2) * (0.8 + 0.4 * random());
    clock.after(Math.min(way, 2), () => {
      const wait = limit(clock.now());
      if (wait === 0) {
        this.accepted.push(clock.now());
        clock.after(2 * way, () => {
          this.limiter.onAccepted();
          this.next();
        });
      } else {
        this.limited += 1;
        clock.after(2, () => {
          this.limiter.onLimited(turn, retryAfter ? Math.ceil(wait / 1000) * 1000 : undefined);
          void this.send();
        });
      }
    });
  }
}

/** Pseudorandom numbers from 0 to 1, determined by the seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
