import type { SeamClient } from "../seam/client";
import { allEnded } from "./allSettled";
import { DeletionRefusedError, TeardownTimeoutError } from "./errors";
import { EventFeed } from "./eventFeed";
import type { DependentKind } from "./graph";
import type { Dependent } from "./dependent";

/** How often Seam is polled. Times in milliseconds. */
export interface WatchPace {
  /** The earliest time after a request at which a deletion is expected to be done. */
  firstPoll: number;
  /** The shortest pause between two polls of the events while deletions are due; see also `pollsPerSecond`. */
  pollInterval: number;
  /** The longest pause between two polls. */
  longestPollInterval: number;
  /** Speculative checks before any event arrives, for a single teardown and for one of several that share the events. */
  earlyChecks: Readonly<Record<Stage, { alone: EarlyChecks; shared: EarlyChecks }>>;
  /** A single teardown lists what is left, so it reads events only where a deletion takes longer than this. */
  firstPollAlone: number;
  /**
   * The shortest pause between two checks of a wait while the events are unreliable, because there are too many or some were
   * skipped.
   */
  fallbackCheckInterval: number;
  /** How long after a check the events show nothing newer. */
  quietAfterCheck: number;
  /** When a wait that no event has ended first lists what is left; later checks follow at growing intervals. */
  firstCheck: number;
  /** The longest pause between two such checks. */
  longestCheckInterval: number;
  /** How long after a deletion was requested it is requested again, if the object shows no sign of it. */
  requestAgainAfter: number;
}

/** The stage of a teardown that waits: an intermediate deletion, or the last ones before the subject itself. */
export type Stage = "intermediate" | "last";

/**
 * When the first early check runs after the start of a wait, the shortest time until the next one, and the highest number of
 * them.
 */
export interface EarlyChecks {
  first: number;
  interval: number;
  most: number;
}

const noEarlyChecks: EarlyChecks = { first: 0, interval: 0, most: 0 };

export const defaultPace: WatchPace = {
  firstPoll: 950,
  pollInterval: 125,
  longestPollInterval: 5_000,
  earlyChecks: {
    intermediate: {
      alone: { first: 1_100, interval: 260, most: 24 },
      shared: { first: 1_750, interval: 500, most: 2 },
    },
    last: {
      alone: { first: 1_100, interval: 260, most: 24 },
      shared: { first: 1_150, interval: 250, most: 5 },
    },
  },
  firstPollAlone: 20_000,
  fallbackCheckInterval: 400,
  quietAfterCheck: 120,
  firstCheck: 3_000,
  longestCheckInterval: 15_000,
  requestAgainAfter: 5_000,
};

/** The average number of polls a second: one for each waiting teardown, within these bounds. */
const pollsPerSecond = { least: 2, most: 8 };
/** The limit of early checks a second for all teardowns together: the more teardowns, the less often each checks. */
const earlyChecksPerSecond = 32;
/** The limit of checks a second in place of events while Seam limits requests. */
const checksPerSecondWhenLimited = 4;
/** Up to this many concurrent teardowns, checks cost no more than reading very many events. */
const fewTeardowns = 12;
/** The number of polls that can be saved up while nothing is due. */
const creditCap = 6;
const checkGrowth = 1.6;
/** The pause between early checks is at least this fraction of the duration of the wait. */
const earlyCheckGrowth = 1 / 8;
/** The number of waits after which it is tried again whether deletions are done at once. */
const waitsBetweenTrials = 25;
const falseAlarmPause = 250;

/** A request to wait until none of `targets` exists anymore. */
export interface Watch {
  /** The subject whose teardown waits. */
  userIdentityId: string;
  targets: readonly Dependent[];
  /** The kinds that `list` must have listed for the wait to end. */
  kinds: readonly DependentKind[];
  /**
   * Lists what exists now, of those kinds.
   *
   * @param expectedGone Whether events reported that all targets are gone.
   */
  list(kinds: readonly DependentKind[], expectedGone: boolean): Promise<Dependent[]>;
  /** The kind that was deleted last, if there is one: early checks list only that kind until it is gone. */
  youngest?: DependentKind | undefined;
  /** Called when an event or a listing first shows that a target is gone, and with `false` if a later one shows it again. */
  seemsGone?: ((target: Dependent, gone: boolean) => void) | undefined;
  /** Requests the deletion of a target again that shows no sign of being deleted. */
  requestAgain(target: Dependent): Promise<void>;
  /** Decides how often a single kind may be listed before an event reports its deletion. Default `intermediate`. */
  stage?: Stage | undefined;
  /** The time at which the wait ends with an error, on `performance.now`'s clock. */
  deadline: number;
  /** The time limit of the whole teardown, for the error. In seconds. */
  timeoutSeconds: number;
}

/** The state of one target: whether an event or a listing shows that it is gone, and when its deletion was requested. */
interface Pending {
  target: Dependent;
  seemsGone: boolean;
  /** Whether the access control system had refused an earlier deletion of it. */
  failedBefore: boolean;
  requestedAt: number;
}

interface Wait {
  userIdentityId: string;
  pending: Map<string, Pending>;
  seemsGone: Watch["seemsGone"];
  startedAt: number;
  /** The time until which its own checks show more than the events, which are late. */
  quietUntil: number;
  wake(): void;
}

/**
 * Waits for deletions, for all teardowns in the process. Events show when a check is worthwhile; what is no longer listed is
 * gone. Without events it checks at intervals, so that a lost event costs only time.
 */
export class DeletionWatcher {
  private readonly client: SeamClient;
  private readonly pace: WatchPace;
  private readonly waits = new Map<string, Set<Wait>>();
  private readonly events: EventFeed;
  /** Whether the last read of the events skipped some. */
  private eventsMissed = false;
  private polling = false;
  private readonly waitChanged = new Bell();
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
   * Resolves when the targets are confirmed gone, with what else the last check showed: what was created meanwhile.
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
        return [key(target), { target, seemsGone, failedBefore, requestedAt: startedAt }];
      }),
    );
    const { userIdentityId } = watch;
    const { seemsGone } = watch;
    const wait: Wait = {
      userIdentityId,
      pending,
      seemsGone,
      startedAt,
      quietUntil: 0,
      wake: () => bell.ring(),
    };
    for (const entry of pending.values()) if (entry.seemsGone) seemsGone?.(entry.target, true);
    this.register(wait);
    try {
      const teardowns = teardownsOf(this.openWaits());
      const shared = teardowns > 1;
      const earlyChecks = this.earlyChecks(watch, pending, teardowns);
      if (watch.stage === "last") wait.quietUntil = startedAt + earlyChecks.first;
      if (this.mayBeGoneAtOnce(pending, shared)) {
        const foundLater = await this.checkOnce(pending, watch);
        if (foundLater !== undefined) return foundLater;
      }
      const schedule = new CheckSchedule(this.pace, earlyChecks);
      let scheduled = startedAt + schedule.next();
      let checkedAt = startedAt;
      for (;;) {
        const due = Math.min(scheduled, watch.deadline, this.fallbackCheckAt(wait, checkedAt));
        if (!allGone(pending)) await bell.wait(due - performance.now());
        const alarmed = allGone(pending);
        const open = kindsStillThere(pending);
        const early = schedule.early && !shared ? open.filter((kind) => kind === watch.youngest) : [];
        const kinds = alarmed ? watch.kinds : early.length > 0 ? early : open;
        const now = performance.now();
        if (!alarmed && now < watch.deadline && now < this.fallbackCheckAt(wait, checkedAt)) {
          // Woken because checks have to replace the events, and none is due yet.
          if (now < scheduled) continue;
          if (schedule.early && shared && kinds.length > 1) {
            scheduled = startedAt + schedule.next();
            continue;
          }
        }
        checkedAt = now;
        const foundLater = await this.check(kinds, pending, watch, alarmed);
        if (foundLater !== undefined) return foundLater;
        wait.quietUntil = performance.now() + this.pace.quietAfterCheck;
        if (performance.now() >= watch.deadline) throw timeout(pending, watch);
        if (alarmed) schedule.checkSoon(performance.now() - startedAt);
        if (alarmed || now >= scheduled) scheduled = startedAt + schedule.next();
      }
    } finally {
      this.unregister(wait);
    }
  }

  private earlyChecks(
    { stage = "intermediate", youngest }: Watch,
    pending: Map<string, Pending>,
    teardowns: number,
  ): EarlyChecks {
    if (this.client.limited) return noEarlyChecks;
    const { alone, shared } = this.pace.earlyChecks[stage];
    if (teardowns >= 2) {
      return { ...shared, interval: Math.max(shared.interval, (teardowns * 1000) / earlyChecksPerSecond) };
    }
    const open = openTargets(pending);
    const deletedLast = open.filter(({ kind }) => kind === youngest);
    return { ...alone, first: alone.first * lastOf((deletedLast.length > 0 ? deletedLast : open).length) };
  }

  /** The time of the next check of a wait while the events are unreliable; infinity while they are reliable. */
  private fallbackCheckAt(wait: Wait, checkedAt: number): number {
    const teardowns = teardownsOf(this.openWaits());
    const overrun = this.events.crowded && teardowns <= fewTeardowns;
    if (!this.eventsMissed && !overrun) return Number.POSITIVE_INFINITY;
    const perSecond = this.client.limited ? checksPerSecondWhenLimited : earlyChecksPerSecond;
    const interval = Math.max(this.pace.fallbackCheckInterval, (teardowns * 1000) / perSecond);
    return Math.max(wait.startedAt + this.pace.firstPoll, checkedAt + interval);
  }

  /**
   * Lists these kinds and, if they are all gone, the other kinds. Returns what was created meanwhile once everything is gone,
   * otherwise undefined.
   */
  private async check(
    kinds: readonly DependentKind[],
    pending: Map<string, Pending>,
    watch: Watch,
    expectedGone = false,
  ): Promise<Dependent[] | undefined> {
    const shown: Dependent[] = [];
    for (const listed of [kinds, watch.kinds.filter((kind) => !kinds.includes(kind))]) {
      if (listed.length === 0) continue;
      const found = await watch.list(listed, expectedGone);
      await this.update(pending, listed, found, watch);
      if (kindsStillThere(pending).some((kind) => listed.includes(kind))) return undefined;
      shown.push(...found);
    }
    if (!allGone(pending)) return undefined;
    return shown.filter((found) => !pending.has(key(found)));
  }

  /**
   * Whether a check right after the request is worthwhile: it was the last time, or several teardowns share the result of a
   * trial.
   */
  private mayBeGoneAtOnce(pending: Map<string, Pending>, shared: boolean): boolean {
    const kinds = kindsStillThere(pending);
    const untried = { proved: false, waits: waitsBetweenTrials };
    const known = kinds.map((kind) => this.atOnce.get(kind) ?? untried);
    const worthIt = known.every(({ proved, waits }) => proved || (shared && waits >= waitsBetweenTrials));
    // Until the check returns, a trial counts as failed: one at a time is enough.
    for (const [index, kind] of kinds.entries()) {
      const { proved, waits } = known[index] ?? untried;
      this.atOnce.set(kind, { proved, waits: worthIt ? 0 : waits + 1 });
    }
    return kinds.length > 0 && worthIt;
  }

  private async checkOnce(pending: Map<string, Pending>, watch: Watch): Promise<Dependent[] | undefined> {
    const kinds = kindsStillThere(pending);
    const foundLater = await this.check(kinds, pending, watch);
    const left = kindsStillThere(pending);
    for (const kind of kinds) this.atOnce.set(kind, { proved: !left.includes(kind), waits: 0 });
    return foundLater;
  }

  private async update(
    pending: Map<string, Pending>,
    kinds: readonly DependentKind[],
    shown: readonly Dependent[],
    watch: Watch,
  ): Promise<void> {
    const now = performance.now();
    const byKey = new Map(shown.map((found) => [key(found), found]));
    const unchanged: Pending[] = [];
    for (const entry of pending.values()) {
      if (!kinds.includes(entry.target.kind)) continue;
      const found = byKey.get(key(entry.target));
      noteGone(entry, found === undefined, watch);
      if (found === undefined) continue;
      entry.target = found;
      if (!found.beingDeleted && now - entry.requestedAt >= this.pace.requestAgainAfter) {
        unchanged.push(entry);
      }
    }
    const refused = [...pending.values()].filter((entry) => {
      // An error that existed before the deletion was requested again may be the old one.
      const mayBeOld = entry.failedBefore && entry.target.beingDeleted;
      return !entry.seemsGone && entry.target.deletionFailed && !mayBeOld;
    });
    if (refused.length > 0) throw new DeletionRefusedError(refused.map((entry) => entry.target));
    for (const entry of unchanged) entry.requestedAt = now;
    await allEnded(unchanged.map((entry) => watch.requestAgain(entry.target)));
  }

  private register(wait: Wait): void {
    for (const target of wait.pending.keys()) {
      const waiting = this.waits.get(target) ?? new Set();
      waiting.add(wait);
      this.waits.set(target, waiting);
    }
    if (!this.polling) void this.poll();
    else if (wait.startedAt + this.pace.firstPoll < this.scheduledFor) this.waitChanged.ring();
  }

  private unregister(wait: Wait): void {
    for (const target of wait.pending.keys()) {
      const waiting = this.waits.get(target);
      waiting?.delete(wait);
      if (waiting?.size === 0) this.waits.delete(target);
    }
    // Nothing waits anymore, so the poller can end its pause.
    if (this.waits.size === 0) this.waitChanged.ring();
  }

  private async poll(): Promise<void> {
    this.polling = true;
    this.creditAt = performance.now();
    while (this.waits.size > 0) {
      this.scheduledFor = this.nextPollAt();
      await this.waitChanged.wait(this.scheduledFor - performance.now());
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
        // Events are only hints: the waits check at intervals until Seam lists events again.
        this.polledAt = performance.now() + this.pace.longestPollInterval;
      }
    }
    this.polling = false;
  }

  private markGone(gone: string): void {
    for (const wait of this.waits.get(gone) ?? []) {
      const entry = wait.pending.get(gone);
      if (entry !== undefined) noteGone(entry, true, wait);
      if (allGone(wait.pending)) wait.wake();
    }
  }

  /**
   * The time of the next poll: soon while a deletion is due, later when it takes long, and never more often than the credit
   * allows.
   */
  private nextPollAt(): number {
    const now = performance.now();
    const open = this.openWaits();
    const rate = this.pollRate(open);
    const checksAlone = teardownsOf(open) < 2 && !this.client.limited;
    const least = checksAlone ? this.pace.firstPollAlone : 0;
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
    // Without an open wait nothing is due; a new wait rings the bell.
    const soonest = Math.min(...due, now + this.pace.longestPollInterval);
    return Math.max(soonest, now + ((1 - this.credit) * 1000) / rate);
  }

  /** The polls a second. Polls that many teardowns share may cost more, but while Seam limits requests, deletions need them. */
  private pollRate(open: readonly Wait[]): number {
    const { least, most } = pollsPerSecond;
    return this.client.limited ? least : Math.min(most, Math.max(least, teardownsOf(open)));
  }

  private openWaits(): Wait[] {
    const waits = new Set([...this.waits.values()].flatMap((waiting) => [...waiting]));
    return [...waits].filter((wait) => !allGone(wait.pending));
  }
}

/** The times of the checks that a wait makes without an event, in milliseconds since it started. */
class CheckSchedule {
  /** Whether the check that is due is an early one. */
  early = false;
  private checks = 0;
  private pause: number;
  private last = 0;

  constructor(
    private readonly pace: WatchPace,
    private readonly earlyChecks: EarlyChecks,
  ) {
    this.pause = jittered(pace.firstCheck);
  }

  /** Returns the time of the next check; each call advances the schedule. */
  next(): number {
    const { first, interval, most } = this.earlyChecks;
    this.early = this.checks < most;
    if (this.early) {
      this.last = this.checks === 0 ? first : this.last + Math.max(interval, this.last * earlyCheckGrowth);
      this.checks += 1;
      return this.last;
    }
    this.last += this.pause;
    this.pause = Math.min(jittered(this.pause * checkGrowth), this.pace.longestCheckInterval);
    return this.last;
  }

  /**
   * Reschedules after an event that turned out to be wrong: the next check follows soon, later ones at growing intervals again.
   */
  checkSoon(now: number): void {
    this.checks = this.earlyChecks.most;
    this.last = now;
    this.pause = falseAlarmPause;
  }
}

/** Lets one waiter sleep until the bell is rung or the time is over. */
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

function noteGone(entry: Pending, gone: boolean, { seemsGone }: Pick<Watch, "seemsGone">): void {
  if (entry.seemsGone !== gone) seemsGone?.(entry.target, gone);
  entry.seemsGone = gone;
}

function allGone(pending: Map<string, Pending>): boolean {
  for (const entry of pending.values()) if (!entry.seemsGone) return false;
  return true;
}

function teardownsOf(waits: readonly Wait[]): number {
  return new Set(waits.map((wait) => wait.userIdentityId)).size;
}

/** The factor by which the last of several deletions is done later than a single one. */
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
