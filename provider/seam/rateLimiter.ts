import { Turns } from "./turns";

/** Options of a {@link RateLimiter}. */
export interface RateLimiterOptions {
  /** The longest time, in milliseconds, that one `Retry-After` can delay all requests. @default 60,000 */
  retryAfterCap?: number;
  /** The clock, in milliseconds. @default the clock of this process */
  clock?: LimiterClock;
}

/** A clock in milliseconds, with its timers. */
export interface LimiterClock {
  now(): number;
  after(milliseconds: number, run: () => void): void;
}

const processClock: LimiterClock = {
  now: () => performance.now(),
  after: (milliseconds, run) => void setTimeout(run, milliseconds),
};

/** The pace that slow start starts with, and the slowest pace, in requests a second. */
const initialPace = 20;
const slowestPace = 1;
/** How much slow start adds for each accepted request: the pace grows by a factor of e in a second. */
const slowStartGrowth = 1;
/** The factor by which a 429 reduces the pace: in slow start, at the known ceiling, and below it, where other processes need a share. */
const backOff = { slowStart: 0.9, atCeiling: 0.85, belowCeiling: 0.75 };
/** The fraction of the ceiling from which a 429 was to be expected. */
const nearCeiling = 0.95;
/** The additive growth of the pace, in requests a second for each second. */
const additiveGrowth = 1.9;
/** The number of seconds in which the pace recovers what the last 429 cost. */
const recovery = 25;
/** Seconds beyond the ceiling until the pace has grown by {@link probeGrowth}; it grows with the third power of time. */
const probe = 5;
const probeGrowth = 0.15;
/** The factor by which a pause of a second slows growth down, because each 429 costs that pause. */
const pauseCost = { additive: 40, probe: 0.6, longest: 3 };
/** The length of a round in milliseconds. A second 429 in a round does not count, because it means the same as the first. */
const round = 1000;
/** The length of the first round, until requests that were sent before the limit was known have left the window of the limit. */
const firstRound = 1200;
/** How much of the delay of a late timer is compensated, in milliseconds. */
const maxCompensatedDelay = 100;

/**
 * Shares one workspace's rate limit among all callers of a process, requests that close doors first, and with other processes
 * that do the same.
 *
 * No request waits until Seam first answers 429. After that, requests are sent at a pace that is adjusted like TCP's congestion
 * window (RFC 5681), with one second as the round trip and a request as the segment: slow start until the next 429, then
 * additive increase and multiplicative decrease, so that the shares of several processes converge. As in RFC 5681, one round
 * counts as one congestion event, however many 429s it contains. As in RFC 7661, the pace grows only while it limits the
 * callers. As in CUBIC (RFC 9438), the decrease is gentle, the pace at the last 429 is remembered as a ceiling, and growth
 * beyond it accelerates. A 429 with no accepted request since the last one shows that the limit is used up, not that the pace
 * is too high: as after a retransmission timeout, the pace is halved and slow start begins again.
 */
export class RateLimiter {
  private readonly retryAfterCap: number;
  private readonly clock: LimiterClock;
  private readonly queue = new Turns();
  /** Requests a second; undefined while no limit is known. */
  private pace: number | undefined;
  private slowStart = true;
  /** The pace at which slow start ends without a 429. */
  private slowStartThreshold = Number.POSITIVE_INFINITY;
  /** The pace at the last 429, and the pace that it was reduced to. */
  private ceiling = 0;
  private floor = 0;
  /** The seconds of growth since then. Only the time in which callers used the full pace counts. */
  private grownFor = 0;
  /** How long the last `Retry-After` delayed all requests, in seconds. */
  private pause = 0;
  private acceptedInRound = 0;
  /** The end of the round. Requests that were sent before do not count, because they were sent at the previous pace. */
  private roundEnds = 0;
  private nextAt = 0;
  private waiting = false;

  constructor(options: RateLimiterOptions = {}) {
    this.retryAfterCap = options.retryAfterCap ?? 60_000;
    this.clock = options.clock ?? processClock;
  }

  /** Whether Seam has answered 429 before, so that requests wait for their turn. */
  get limited(): boolean {
    return this.pace !== undefined;
  }

  /**
   * Waits for a turn. Resolves with the time of the turn, which `onLimited` needs.
   *
   * @param closesDoors Whether the request goes before those that close no door. @default false
   */
  acquire(closesDoors = false): Promise<number> {
    return new Promise((resolve) => {
      this.queue.add(() => resolve(this.clock.now()), closesDoors);
      if (!this.waiting) this.sendNext();
    });
  }

  /** Reports that Seam accepted a request. */
  onAccepted(): void {
    if (this.pace === undefined || this.clock.now() < this.roundEnds) return;
    this.acceptedInRound += 1;
    if (this.queue.length === 0) return;
    if (!this.slowStart) {
      this.grownFor += 1 / this.pace;
      this.pace = Math.max(this.pace, this.grownPace());
      return;
    }
    this.pace += slowStartGrowth;
    if (this.pace >= this.slowStartThreshold) this.avoidCongestion(this.pace, this.pace);
  }

  /** Reports that Seam answered 429 to a request whose turn was at `turn`, with its `Retry-After` in milliseconds. */
  onLimited(turn: number, retryAfter: number | undefined): void {
    const now = this.clock.now();
    if (retryAfter !== undefined) {
      this.nextAt = Math.max(this.nextAt, now + Math.min(retryAfter, this.retryAfterCap));
    }
    if (this.pace === undefined) {
      this.pace = initialPace;
      this.beginRound(now, firstRound);
    } else if (turn >= this.roundEnds) {
      this.pause = retryAfter === undefined ? 0 : Math.min(retryAfter, this.retryAfterCap) / 1000;
      this.backOff(this.pace);
      this.beginRound(now, round);
    }
  }

  private backOff(pace: number): void {
    if (this.acceptedInRound === 0) {
      if (!this.slowStart) this.slowStartThreshold = pace * backOff.belowCeiling;
      this.slowStart = true;
      this.pace = Math.max(slowestPace, pace / 2);
    } else if (this.slowStart) {
      this.avoidCongestion(pace, pace * backOff.slowStart);
    } else if (pace >= nearCeiling * this.ceiling) {
      this.avoidCongestion(pace, pace * backOff.atCeiling);
    } else {
      // Like CUBIC's fast convergence: if there are new competitors, the ceiling is lowered too.
      this.avoidCongestion((pace * (1 + backOff.belowCeiling)) / 2, pace * backOff.belowCeiling);
    }
  }

  private avoidCongestion(ceiling: number, floor: number): void {
    this.slowStart = false;
    this.slowStartThreshold = Number.POSITIVE_INFINITY;
    this.pace = this.floor = Math.max(slowestPace, floor);
    this.ceiling = Math.max(ceiling, this.floor);
    this.grownFor = 0;
  }

  private beginRound(now: number, length: number): void {
    this.acceptedInRound = 0;
    this.roundEnds = Math.max(now + length, this.nextAt);
    this.nextAt = Math.max(this.nextAt, now + 1000 / (this.pace ?? initialPace));
  }

  private grownPace(): number {
    const { ceiling, floor, grownFor } = this;
    const pause = Math.min(this.pause, pauseCost.longest);
    const added = (additiveGrowth / (1 + pauseCost.additive * pause)) * grownFor;
    if (grownFor < recovery) return added + floor + ((ceiling - floor) * grownFor) / recovery;
    const probed = (grownFor - recovery) / (probe * (1 + pauseCost.probe * pause));
    return added + ceiling * (1 + probeGrowth * probed ** 3);
  }

  private sendNext(): void {
    this.waiting = false;
    for (;;) {
      if (this.queue.length === 0) return;
      const now = this.clock.now();
      if (now < this.nextAt) {
        this.waiting = true;
        this.clock.after(this.nextAt - now, () => this.sendNext());
        return;
      }
      this.queue.next();
      // The delay of a late timer is compensated, but an idle period does not allow a burst.
      if (this.pace !== undefined) {
        this.nextAt = Math.max(this.nextAt, now - maxCompensatedDelay) + 1000 / this.pace;
      }
    }
  }
}
