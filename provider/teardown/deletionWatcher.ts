import type { SeamClient } from "../seam/client";
import { allEnded } from "./allSettled";
import { DeletionRefusedError, TeardownTimeoutError } from "./errors";
import { EventFeed } from "./eventFeed";
import type { DependentKind } from "./graph";
import type { Dependent } from "./dependent";

/** How often Seam is asked. Times in milliseconds. */
export interface WatchPace {
  /** No deletion is expected to be done sooner than this. */
  firstPoll: number;
  /** The least between two polls of the events while deletions are due; see also `pollsPerSecond`. */
  pollInterval: number;
  /** The longest pause between two polls. */
  longestPollInterval: number;
  /** Speculative looks before any event arrives: for a single teardown, and for one of several that share the events. */
  earlyLooks: Readonly<Record<Stage, { alone: EarlyLooks; shared: EarlyLooks }>>;
  /** A single teardown looks for itself, so that it reads events only where a deletion takes longer than this. */
  firstPollAlone: number;
  /** The least between two looks of a wait while the events cannot be relied on: too many, or left out. */
  lookInsteadInterval: number;
  /** How long after a look the events show nothing newer. */
  quietAfterLook: number;
  /** When a wait that no event has ended first lists what is left; later looks follow at growing intervals. */
  firstLook: number;
  /** The longest pause between two such looks. */
  longestLookInterval: number;
  /** How long after a deletion was requested it is requested again, if the object shows no sign of it. */
  askAgainAfter: number;
}

/** What a teardown waits for: something on the way, or the last that has to go. */
export type Stage = "onTheWay" | "last";

/** When the first early look comes after the wait's beginning, the least time until the next one, and how often at most. */
export interface EarlyLooks {
  first: number;
  interval: number;
  most: number;
}

const noEarlyLooks: EarlyLooks = { first: 0, interval: 0, most: 0 };

export const defaultPace: WatchPace = {
  firstPoll: 950,
  pollInterval: 125,
  longestPollInterval: 5_000,
  earlyLooks: {
    onTheWay: {
      alone: { first: 1_100, interval: 260, most: 24 },
      shared: { first: 1_750, interval: 500, most: 2 },
    },
    last: {
      alone: { first: 1_100, interval: 260, most: 24 },
      shared: { first: 1_150, interval: 250, most: 5 },
    },
  },
  firstPollAlone: 20_000,
  lookInsteadInterval: 400,
  quietAfterLook: 120,
  firstLook: 3_000,
  longestLookInterval: 15_000,
  askAgainAfter: 5_000,
};

/** Polls a second, on average: one for each teardown that waits, within these bounds. */
const pollsPerSecond = { least: 2, most: 8 };
/** Early looks a second that all teardowns together may come to: each of many looks less often. */
const earlyLooksPerSecond = 32;
/** The same of looks in place of events, where Seam holds requests back. */
const looksPerSecondWhenLimited = 4;
/** Of so many teardowns at once, looks cost no more than reading very many events. */
const fewTeardowns = 12;
/** How many polls can be saved up while nothing is due. */
const creditCap = 6;
const lookGrowth = 1.6;
/** Early looks are at least this part of the time that the wait has lasted apart. */
const earlyLookGrowth = 1 / 8;
/** After so many waits it is tried again whether deletions are done at once. */
const waitsBetweenTrials = 25;
const falseAlarmPause = 250;

/** One wait: until none of `targets` is there any more. */
export interface Watch {
  /** The identity whose teardown waits. */
  userIdentityId: string;
  targets: readonly Dependent[];
  /** The kinds that `look` must list for the wait to be over. */
  kinds: readonly DependentKind[];
  /**
   * Lists what is there now, of those kinds.
   *
   * @param expectedGone Whether events said that all of it is gone.
   */
  look(kinds: readonly DependentKind[], expectedGone: boolean): Promise<Dependent[]>;
  /** The kind that was deleted last, if there is one: early looks list it alone until it is gone. */
  youngest?: DependentKind | undefined;
  /** Asks once more for the deletion of something that shows no sign of being deleted. */
  askAgain(target: Dependent): Promise<void>;
  /** Decides how often it may list a single kind before an event calls for it. Default `onTheWay`. */
  stage?: Stage | undefined;
  /** When the wait ends with an error, on `performance.now`'s clock. */
  deadline: number;
  /** The whole time that was allowed, for the error. In seconds. */
  timeoutSeconds: number;
}

/** What is known of one target: an event or a listing said that it is gone, and when its deletion was asked for. */
interface Pending {
  target: Dependent;
  seemsGone: boolean;
  /** Whether the system had refused an earlier deletion of it. */
  failedBefore: boolean;
  askedAt: number;
}

interface Wait {
  userIdentityId: string;
  pending: Map<string, Pending>;
  startedAt: number;
  /** Until then a look of its own shows more than the events, which are late. */
  quietUntil: number;
  wake(): void;
}

/**
 * Waits for deletions, for everybody in the process at once. Events say when it is worth looking; what is no longer
 * listed is gone. Without events it looks now and then, so that a lost event costs time and nothing else.
 */
export class DeletionWatcher {
  private readonly client: SeamClient;
  private readonly pace: WatchPace;
  private readonly waits = new Map<string, Set<Wait>>();
  private readonly events: EventFeed;
  /** Whether the last read of the events left some out. */
  private eventsMissed = false;
  private polling = false;
  private readonly newWait = new Bell();
  private scheduledFor = 0;
  private jitter = 1;
  private polledAt = 0;
  private credit = 1;
  private creditAt = 0;
  private readonly atOnce = new Map<DependentKind, { proved: boolean; waits: number }>();

  constructor(client: SeamClient, pace: Partial<WatchPace> = {}) {
    this.client = client;
    this.events = new EventFeed(client);
    this.pace = { ...defaultPace, ...pace };
  }

  /**
   * Resolves when the targets are confirmed gone, with what the last look showed besides: what was created
   * meanwhile.
   *
   * @throws TeardownTimeoutError, DeletionRefusedError, SeamError
   */
  async untilGone(watch: Watch): Promise<Dependent[]> {
    const bell = new Bell();
    const startedAt = performance.now();
    const pending = new Map(
      watch.targets.map((target) => {
        const seemsGone = this.events.hasReported(key(target));
        const failedBefore = target.deletionFailed;
        return [key(target), { target, seemsGone, failedBefore, askedAt: startedAt }];
      }),
    );
    const { userIdentityId } = watch;
    const wait: Wait = { userIdentityId, pending, startedAt, quietUntil: 0, wake: () => bell.ring() };
    this.register(wait);
    try {
      const teardowns = teardownsOf(this.openWaits());
      const shared = teardowns > 1;
      const earlyLooks = this.earlyLooks(watch, pending, teardowns);
      if (watch.stage === "last") wait.quietUntil = startedAt + earlyLooks.first;
      if (this.mayBeGoneAtOnce(pending, shared)) {
        const newcomers = await this.lookOnce(pending, watch);
        if (newcomers !== undefined) return newcomers;
      }
      const schedule = new LookSchedule(this.pace, earlyLooks);
      let scheduled = startedAt + schedule.next();
      let lookedAt = startedAt;
      for (;;) {
        const due = Math.min(scheduled, watch.deadline, this.lookInsteadAt(wait, lookedAt));
        if (!allGone(pending)) await bell.wait(due - performance.now());
        const alarmed = allGone(pending);
        const open = kindsStillThere(pending);
        const early = schedule.early && !shared ? open.filter((kind) => kind === watch.youngest) : [];
        const kinds = alarmed ? watch.kinds : early.length > 0 ? early : open;
        const now = performance.now();
        if (!alarmed && now < watch.deadline && now < this.lookInsteadAt(wait, lookedAt)) {
          // Woken only to find out that looks have to replace the events.
          if (now < scheduled) continue;
          if (schedule.early && shared && kinds.length > 1) {
            scheduled = startedAt + schedule.next();
            continue;
          }
        }
        lookedAt = now;
        const newcomers = await this.lookFor(kinds, pending, watch, alarmed);
        if (newcomers !== undefined) return newcomers;
        wait.quietUntil = performance.now() + this.pace.quietAfterLook;
        if (performance.now() >= watch.deadline) throw timeout(pending, watch);
        if (alarmed) schedule.lookSoon(performance.now() - startedAt);
        if (alarmed || now >= scheduled) scheduled = startedAt + schedule.next();
      }
    } finally {
      this.unregister(wait);
    }
  }

  private earlyLooks(
    { stage = "onTheWay", youngest }: Watch,
    pending: Map<string, Pending>,
    teardowns: number,
  ): EarlyLooks {
    if (this.client.limited) return noEarlyLooks;
    const { alone, shared } = this.pace.earlyLooks[stage];
    if (teardowns >= 2) {
      return { ...shared, interval: Math.max(shared.interval, (teardowns * 1000) / earlyLooksPerSecond) };
    }
    const open = openTargets(pending);
    const deletedLast = open.filter(({ kind }) => kind === youngest);
    return { ...alone, first: alone.first * lastOf((deletedLast.length > 0 ? deletedLast : open).length) };
  }

  /** When a wait looks because the events cannot be relied on; never while they can. */
  private lookInsteadAt(wait: Wait, lookedAt: number): number {
    const teardowns = teardownsOf(this.openWaits());
    const overrun = this.events.crowded && teardowns <= fewTeardowns;
    if (!this.eventsMissed && !overrun) return Number.POSITIVE_INFINITY;
    const perSecond = this.client.limited ? looksPerSecondWhenLimited : earlyLooksPerSecond;
    const interval = Math.max(this.pace.lookInsteadInterval, (teardowns * 1000) / perSecond);
    return Math.max(wait.startedAt + this.pace.firstPoll, lookedAt + interval);
  }

  /** Lists these kinds and, if that shows that all is gone, the others. Answers what is new once everything is gone. */
  private async lookFor(
    kinds: readonly DependentKind[],
    pending: Map<string, Pending>,
    watch: Watch,
    expectedGone = false,
  ): Promise<Dependent[] | undefined> {
    const shown: Dependent[] = [];
    for (const asked of [kinds, watch.kinds.filter((kind) => !kinds.includes(kind))]) {
      if (asked.length === 0) continue;
      const found = await watch.look(asked, expectedGone);
      await this.judge(pending, asked, found, watch);
      if (kindsStillThere(pending).some((kind) => asked.includes(kind))) return undefined;
      shown.push(...found);
    }
    if (!allGone(pending)) return undefined;
    return shown.filter((found) => !pending.has(key(found)));
  }

  /** Whether it is worth a look right after asking: it was the last time, or many share the result of a trial. */
  private mayBeGoneAtOnce(pending: Map<string, Pending>, shared: boolean): boolean {
    const kinds = kindsStillThere(pending);
    const untried = { proved: false, waits: waitsBetweenTrials };
    const known = kinds.map((kind) => this.atOnce.get(kind) ?? untried);
    const worthIt = known.every(({ proved, waits }) => proved || (shared && waits >= waitsBetweenTrials));
    // Until the look is back, a trial counts as failed: one at a time is enough.
    for (const [index, kind] of kinds.entries()) {
      const { proved, waits } = known[index] ?? untried;
      this.atOnce.set(kind, { proved, waits: worthIt ? 0 : waits + 1 });
    }
    return kinds.length > 0 && worthIt;
  }

  private async lookOnce(pending: Map<string, Pending>, watch: Watch): Promise<Dependent[] | undefined> {
    const kinds = kindsStillThere(pending);
    const newcomers = await this.lookFor(kinds, pending, watch);
    const left = kindsStillThere(pending);
    for (const kind of kinds) this.atOnce.set(kind, { proved: !left.includes(kind), waits: 0 });
    return newcomers;
  }

  private async judge(
    pending: Map<string, Pending>,
    kinds: readonly DependentKind[],
    shown: readonly Dependent[],
    watch: Watch,
  ): Promise<void> {
    const now = performance.now();
    const byKey = new Map(shown.map((found) => [key(found), found]));
    const unmoved: Pending[] = [];
    for (const entry of pending.values()) {
      if (!kinds.includes(entry.target.kind)) continue;
      const found = byKey.get(key(entry.target));
      entry.seemsGone = found === undefined;
      if (found === undefined) continue;
      entry.target = found;
      if (!found.beingDeleted && now - entry.askedAt >= this.pace.askAgainAfter) {
        unmoved.push(entry);
      }
    }
    const refused = [...pending.values()].filter((entry) => {
      // An error that was there before it was asked for again may be the old one.
      const mayBeOld = entry.failedBefore && entry.target.beingDeleted;
      return !entry.seemsGone && entry.target.deletionFailed && !mayBeOld;
    });
    if (refused.length > 0) throw new DeletionRefusedError(refused.map((entry) => entry.target));
    for (const entry of unmoved) entry.askedAt = now;
    await allEnded(unmoved.map((entry) => watch.askAgain(entry.target)));
  }

  private register(wait: Wait): void {
    for (const target of wait.pending.keys()) {
      const waiting = this.waits.get(target) ?? new Set();
      waiting.add(wait);
      this.waits.set(target, waiting);
    }
    if (!this.polling) void this.poll();
    else if (wait.startedAt + this.pace.firstPoll < this.scheduledFor) this.newWait.ring();
  }

  private unregister(wait: Wait): void {
    for (const target of wait.pending.keys()) {
      const waiting = this.waits.get(target);
      waiting?.delete(wait);
      if (waiting?.size === 0) this.waits.delete(target);
    }
    // Nobody waits any more, so the poller need not sleep to its end.
    if (this.waits.size === 0) this.newWait.ring();
  }

  private async poll(): Promise<void> {
    this.polling = true;
    this.creditAt = performance.now();
    while (this.waits.size > 0) {
      this.scheduledFor = this.nextPollAt();
      await this.newWait.wait(this.scheduledFor - performance.now());
      if (performance.now() < this.nextPollAt()) continue;
      this.credit -= 1;
      this.polledAt = performance.now();
      this.jitter = jittered(1);
      try {
        const { requests, complete } = await this.events.read((gone) => this.markGone(gone));
        this.credit -= requests - 1;
        this.eventsMissed = !complete;
        if (this.eventsMissed || this.events.crowded) for (const wait of this.openWaits()) wait.wake();
      } catch {
        // Events are only hints: the waits look for themselves until Seam has events to tell again.
        this.polledAt = performance.now() + this.pace.longestPollInterval;
      }
    }
    this.polling = false;
  }

  private markGone(gone: string): void {
    for (const wait of this.waits.get(gone) ?? []) {
      const entry = wait.pending.get(gone);
      if (entry !== undefined) entry.seemsGone = true;
      if (allGone(wait.pending)) wait.wake();
    }
  }

  /** Soon while a deletion is due, later when it drags on, and never more often than the credit allows. */
  private nextPollAt(): number {
    const now = performance.now();
    const open = this.openWaits();
    const rate = this.pollRate(open);
    const looksForItself = teardownsOf(open) < 2 && !this.client.limited;
    const least = looksForItself ? this.pace.firstPollAlone : 0;
    this.credit = Math.min(creditCap, this.credit + ((now - this.creditAt) * rate) / 1000);
    this.creditAt = now;
    const due = open.map((wait) => {
      const interval = Math.max(this.pace.pollInterval, (now - wait.startedAt) / 10) * this.jitter;
      const first = this.pace.firstPoll * lastOf(openTargets(wait.pending).length);
      return Math.max(
        wait.startedAt + Math.max(first, least),
        wait.quietUntil,
        this.polledAt + Math.min(interval, this.pace.longestPollInterval),
      );
    });
    // Without an open wait nothing is due; a new one rings.
    const soonest = Math.min(...due, now + this.pace.longestPollInterval);
    return Math.max(soonest, now + ((1 - this.credit) * 1000) / rate);
  }

  /** What many share may cost more; but where Seam holds requests back, they are for deleting. */
  private pollRate(open: readonly Wait[]): number {
    const { least, most } = pollsPerSecond;
    return this.client.limited ? least : Math.min(most, Math.max(least, teardownsOf(open)));
  }

  private openWaits(): Wait[] {
    const waits = new Set([...this.waits.values()].flatMap((waiting) => [...waiting]));
    return [...waits].filter((wait) => !allGone(wait.pending));
  }
}

/** When a wait looks without having been told to, in milliseconds since it began. */
class LookSchedule {
  /** Whether the look that is due is an early one. */
  early = false;
  private looks = 0;
  private pause: number;
  private last = 0;

  constructor(
    private readonly pace: WatchPace,
    private readonly earlyLooks: EarlyLooks,
  ) {
    this.pause = jittered(pace.firstLook);
  }

  /** The time of the next look; each call moves on. */
  next(): number {
    const { first, interval, most } = this.earlyLooks;
    this.early = this.looks < most;
    if (this.early) {
      this.last = this.looks === 0 ? first : this.last + Math.max(interval, this.last * earlyLookGrowth);
      this.looks += 1;
      return this.last;
    }
    this.last += this.pause;
    this.pause = Math.min(jittered(this.pause * lookGrowth), this.pace.longestLookInterval);
    return this.last;
  }

  /** What an event said was not so: the next look follows soon, later ones at growing intervals again. */
  lookSoon(now: number): void {
    this.looks = this.earlyLooks.most;
    this.last = now;
    this.pause = falseAlarmPause;
  }
}

/** Lets one waiter sleep until it is rung or the time is over. */
class Bell {
  private rung = false;
  private waiter: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.waiter?.();
  }

  async wait(milliseconds: number): Promise<void> {
    if (!this.rung && milliseconds > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.waiter = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.rung = false;
    this.waiter = undefined;
  }
}

function key(dependent: Dependent): string {
  return `${dependent.kind} ${dependent.id}`;
}

function allGone(pending: Map<string, Pending>): boolean {
  for (const entry of pending.values()) if (!entry.seemsGone) return false;
  return true;
}

function teardownsOf(waits: readonly Wait[]): number {
  return new Set(waits.map((wait) => wait.userIdentityId)).size;
}

/** How much later the last of several deletions is done than a single one. */
function lastOf(deletions: number): number {
  return 1 + Math.log2(Math.max(deletions, 1)) / 3;
}

function openTargets(pending: Map<string, Pending>): Dependent[] {
  return [...pending.values()].flatMap((entry) => (entry.seemsGone ? [] : [entry.target]));
}

function kindsStillThere(pending: Map<string, Pending>): DependentKind[] {
  return [...new Set(openTargets(pending).map((target) => target.kind))];
}

function timeout(pending: Map<string, Pending>, watch: Watch): TeardownTimeoutError {
  return new TeardownTimeoutError(watch.timeoutSeconds, openTargets(pending));
}

function jittered(milliseconds: number): number {
  return milliseconds * (0.9 + Math.random() * 0.2);
}
