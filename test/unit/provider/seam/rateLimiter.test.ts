import assert from "node:assert/strict";
import { RateLimiter } from "../../../../provider/seam/rateLimiter";
import {
  fixedWindow,
  type RateLimit,
  SimulatedProcess,
  seeded,
  slidingWindow,
  tokenBucket,
  type Traffic,
  VirtualClock,
} from "./rateLimitSimulation";

const perSecond = 50;
const limits: readonly (readonly [string, () => RateLimit])[] = [
  ["a sliding window", () => slidingWindow(perSecond)],
  ["a fixed window", () => fixedWindow(perSecond)],
  ["a token bucket", () => tokenBucket(perSecond, perSecond)],
];
const seeds = [1, 2, 3];

/** The goals for processes that share a limit; with `Retry-After`, each 429 costs one of them a pause of a second. */
const goals = {
  without: { one: 0.85, several: 0.93, slowest: 1.35, lateStarter: 15 },
  // With a pause of a second per 429, 93 % for several processes and a slowest one of 1.35 cannot be reached.
  with: { one: 0.83, several: 0.85, slowest: 1.85, lateStarter: 15 },
};

/** Lets pending promises settle. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("RateLimiter", () => {
  let clock: VirtualClock;
  let limiter: RateLimiter;

  beforeEach(() => {
    clock = new VirtualClock();
    limiter = new RateLimiter({ clock });
  });

  /** Requests a number of turns and records when each was given. */
  function turns(count: number): number[] {
    const given: number[] = [];
    for (let index = 0; index < count; index += 1) void limiter.acquire().then((turn) => given.push(turn));
    return given;
  }

  it("delays nothing until Seam first answers 429", async () => {
    const given = turns(500);
    await settled();
    assert.deepEqual([given.length, new Set(given).size, limiter.limited], [500, 1, false]);
  });

  it("gives calls that close doors a turn before all others", async () => {
    limiter.onLimited(await limiter.acquire(), undefined);
    const order: string[] = [];
    for (const name of ["listing", "another listing"]) void limiter.acquire().then(() => order.push(name));
    for (const name of ["suspension", "grant"]) void limiter.acquire(true).then(() => order.push(name));
    await clock.runUntil(5_000);
    assert.deepEqual(order, ["suspension", "grant", "listing", "another listing"]);
  });

  it("spaces turns evenly after a 429, in order of arrival", async () => {
    limiter.onLimited(await limiter.acquire(), undefined);
    assert.ok(limiter.limited);
    const order: number[] = [];
    for (const caller of [1, 2, 3, 4]) void limiter.acquire().then(() => order.push(caller));
    const given = turns(20);
    await clock.runUntil(10_000);
    assert.deepEqual(order, [1, 2, 3, 4]);
    const gaps = given.slice(1).map((at, index) => at - (given[index] ?? 0));
    assert.ok(Math.max(...gaps) < 1.01 * Math.min(...gaps), `gaps of ${gaps.join(", ")}`);
  });

  it("delays all calls for as long as Retry-After says, up to the cap", async () => {
    for (const [retryAfter, cap, held] of [
      [3_000, 60_000, 3_000],
      [3_600_000, 5_000, 5_000],
    ] as const) {
      const start = clock.now();
      limiter = new RateLimiter({ clock, retryAfterCap: cap });
      limiter.onLimited(await limiter.acquire(), retryAfter);
      const given = turns(3);
      await clock.runUntil(start + held - 1);
      assert.deepEqual(given, []);
      await clock.runUntil(start + held + 1_000);
      assert.equal(given.length, 3);
    }
  });

  it("keeps its pace if a burst is answered 429 before anything is accepted", async () => {
    const counts: number[] = [];
    for (const burst of [1, 64]) {
      clock = new VirtualClock();
      limiter = new RateLimiter({ clock });
      const sent = await Promise.all(Array.from({ length: burst }, () => limiter.acquire()));
      for (const turn of sent) limiter.onLimited(turn, undefined);
      counts.push(await turnsIn(limiter, 5_000));
    }
    assert.equal(counts[1], counts[0]);
  });

  it("counts the 429s of one round as one", async () => {
    const counts: number[] = [];
    for (const limitedInRound of [1, 30]) {
      limiter = new RateLimiter({ clock });
      limiter.onLimited(await limiter.acquire(), undefined);
      await clock.runUntil(clock.now() + 2_000);
      const turn = await nextTurn();
      for (let index = 0; index < 20; index += 1) limiter.onAccepted();
      for (let index = 0; index < limitedInRound; index += 1) limiter.onLimited(turn, undefined);
      counts.push(await turnsIn(limiter, 4_000));
    }
    // Fractions of the clock decide about the last turn.
    assert.ok(Math.abs((counts[0] ?? 0) - (counts[1] ?? 0)) <= 1, counts.join(" and "));
  });

  it("does not increase its pace while callers need less", async () => {
    limiter.onLimited(await limiter.acquire(), undefined);
    await clock.runUntil(3_000);
    const before = await turnsIn(limiter, 1_000);
    for (let index = 0; index < 500; index += 1) limiter.onAccepted();
    assert.equal(await turnsIn(limiter, 1_000), before);
  });

  it("recovers quickly after a time in which nothing was accepted", async () => {
    const limit = slidingWindow(perSecond);
    const outage: RateLimit = (now) => (now > 20_000 && now < 30_000 ? 1_000 : limit(now));
    const traffic = { clock, limit: outage, retryAfter: false, random: seeded(1) };
    const one = new SimulatedProcess(traffic, limiter);
    one.start();
    await clock.runUntil(45_000);
    assert.ok(one.rate(36_000, 45_000) > 0.8 * perSecond, `${one.rate(36_000, 45_000)} a second afterwards`);
  });

  async function nextTurn(): Promise<number> {
    const turn = limiter.acquire();
    await clock.runUntil(clock.now() + 1_000);
    return turn;
  }

  /** How many turns are given in this time if callers always wait for one. */
  async function turnsIn(limiter: RateLimiter, milliseconds: number): Promise<number> {
    let count = 0;
    let open = true;
    const caller = async (): Promise<void> => {
      while (open) {
        await limiter.acquire();
        count += 1;
      }
    };
    void caller();
    await clock.runUntil(clock.now() + milliseconds);
    open = false;
    await clock.runUntil(clock.now() + 2_000);
    return count;
  }

  for (const retryAfter of [false, true]) {
    const goal = retryAfter ? goals.with : goals.without;
    for (const [limit, make] of limits) {
      describe(`against ${perSecond} a second on ${limit}, ${retryAfter ? "with" : "without"} Retry-After`, () => {
        for (const count of [1, 4, 8]) {
          it(`uses the limit with ${count} in parallel, and shares it evenly`, async () => {
            for (const seed of seeds) {
              const { clock, started } = simulate(make(), retryAfter, seed);
              const endless = Array.from({ length: count }, () => started());
              await clock.runUntil(60_000);
              const used = sum(endless.map((one) => one.rate(0, 60_000))) / perSecond;
              const least = count === 1 ? goal.one : goal.several;
              assert.ok(used >= least, `seed ${seed}: ${(100 * used).toFixed(1)} % of the limit`);
            }
            for (const seed of count === 1 ? [] : seeds) {
              const { clock, started } = simulate(make(), retryAfter, seed);
              const work = (60 * perSecond) / count;
              const all = Array.from({ length: count }, () => started(work));
              for (let at = 1_000; all.some((one) => one.finishedAt === undefined); at += 1_000) {
                await clock.runUntil(at);
              }
              const times = all.map((one) => one.finishedAt ?? Number.NaN);
              const ratio = Math.max(...times) / Math.min(...times);
              assert.ok(ratio <= goal.slowest, `seed ${seed}: the slowest takes ${ratio.toFixed(2)} times`);
            }
          });
        }

        for (const before of [1, 3, 7]) {
          it(`gives a process that starts after ${before} others its share`, async () => {
            const waits: number[] = [];
            for (const seed of seeds) {
              const { clock, started } = simulate(make(), retryAfter, seed);
              for (let index = 0; index < before; index += 1) started();
              await clock.runUntil(30_000);
              const late = started();
              await clock.runUntil(70_000);
              const share = (0.8 * perSecond) / (before + 1);
              let seconds = 4;
              // The first burst does not count as a share.
              while (seconds < 40 && late.rate(27_000 + 1000 * seconds, 30_000 + 1000 * seconds) < share)
                seconds += 0.5;
              waits.push(seconds);
            }
            const middle = waits.toSorted((one, other) => one - other)[seeds.length >> 1] ?? Number.NaN;
            assert.ok(middle <= goal.lateStarter, `after ${waits.join(", ")} s (seeds ${seeds.join(", ")})`);
          });
        }
      });
    }
  }
});

function simulate(limit: RateLimit, retryAfter: boolean, seed: number) {
  const clock = new VirtualClock();
  const random = seeded(seed * 7919);
  const traffic: Traffic = { clock, limit, retryAfter, random };
  const started = (work?: number): SimulatedProcess => {
    const one = new SimulatedProcess(traffic, new RateLimiter({ clock }), work);
    clock.after(300 * random(), () => one.start());
    return one;
  };
  return { clock, started };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
