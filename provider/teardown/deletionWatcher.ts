import type { SeamClient } from "../seam/client";
import type { SeamEvent } from "../seam/model";
import { DeletionRefusedError, TeardownTimeoutError } from "./errors";
import type { DependentKind } from "./graph";
import type { Dependent } from "./inventory";

/** How often Seam is asked. Times in milliseconds. */
export interface WatchPace {
  /** No deletion is expected to be done sooner than this. */
  firstPoll: number;
  /** Between two polls of the events while deletions are due; never more than two a second on average. */
  pollInterval: number;
  /** The longest pause between two polls. */
  longestPollInterval: number;
  /** When a wait that no event has ended first lists what is left; later looks come at growing distances. */
  firstLook: number;
  /** The longest pause between two such looks. */
  longestLookInterval: number;
  /** How long after a deletion was asked for it is asked for again, if the object shows no sign of it. */
  askAgainAfter: number;
}

export const defaultPace: WatchPace = {
  firstPoll: 800,
  pollInterval: 300,
  longestPollInterval: 5_000,
  firstLook: 3_000,
  longestLookInterval: 15_000,
  askAgainAfter: 5_000,
};

const pollsPerSecond = 2;
/** How far before the last event seen the next poll begins: events are written late and in any order. */
const eventOverlap = 3_000;
const lookGrowth = 1.6;
const falseAlarmPause = 250;

/** One wait: until none of `targets` is there any more. */
export interface Watch {
  targets: readonly Dependent[];
  /** The kinds that `look` must list for the wait to be over. */
  kinds: readonly DependentKind[];
  /** Lists what is there now, of those kinds. */
  look(kinds: readonly DependentKind[]): Promise<Dependent[]>;
  /** Asks once more for the deletion of something that shows no sign of being deleted. */
  askAgain(target: Dependent): Promise<void>;
  /** When the wait ends with an error, on `performance.now`'s clock. */
  deadline: number;
  /** The whole time that was allowed, for the error. In seconds. */
  timeoutSeconds: number;
}

/** What is known of one target: an event or a listing said that it is gone, and when its deletion was asked for. */
interface Pending {
  target: Dependent;
  seemsGone: boolean;
  askedAt: number;
}

interface Wait {
  pending: Map<string, Pending>;
  startedAt: number;
  wake(): void;
}

const eventIds: Readonly<
  Record<string, { kind: DependentKind; id: (event: SeamEvent) => string | undefined }>
> = {
  "acs_credential.deleted": { kind: "acsCredential", id: (event) => event.acs_credential_id },
  "acs_user.deleted": { kind: "acsUser", id: (event) => event.acs_user_id },
  "enrollment_automation.deleted": {
    kind: "enrollmentAutomation",
    id: (event) => event.enrollment_automation_id,
  },
  "phone.deactivated": { kind: "phone", id: (event) => event.device_id },
};

/**
 * Waits for deletions, for everybody in the process at once. Events say when it is worth looking; what is no longer
 * listed is gone. Without events it looks now and then, so that a lost event costs time and nothing else.
 */
export class DeletionWatcher {
  private readonly client: SeamClient;
  private readonly pace: WatchPace;
  private readonly waits = new Map<string, Set<Wait>>();
  private readonly heard = new Set<string>();
  private polling = false;
  private since: Date | undefined;
  private credit = 1;
  private creditAt = performance.now();

  constructor(client: SeamClient, pace: Partial<WatchPace> = {}) {
    this.client = client;
    this.pace = { ...defaultPace, ...pace };
  }

  /**
   * Resolves when the targets are confirmed gone, with what the last look showed besides: what came into being
   * meanwhile.
   *
   * @throws TeardownTimeoutError, DeletionRefusedError, SeamError
   */
  async untilGone(watch: Watch): Promise<Dependent[]> {
    const bell = new Bell();
    const startedAt = performance.now();
    const pending = new Map(
      watch.targets.map((target) => [key(target), { target, seemsGone: false, askedAt: startedAt }]),
    );
    const wait: Wait = { pending, startedAt, wake: () => bell.ring() };
    this.register(wait);
    try {
      let pause = jittered(this.pace.firstLook);
      for (;;) {
        const now = performance.now();
        if (!allGone(pending)) await bell.wait(Math.min(pause, watch.deadline - now));
        const alarmed = allGone(pending);
        const kinds = alarmed ? watch.kinds : kindsStillThere(pending);
        const shown = await watch.look(kinds);
        await this.judge(pending, kinds, shown, watch);
        const looked = kinds.length === watch.kinds.length;
        if (looked && allGone(pending)) return shown.filter((found) => !pending.has(key(found)));
        if (performance.now() >= watch.deadline) throw timeout(pending, watch);
        pause = alarmed
          ? falseAlarmPause
          : Math.min(jittered(pause * lookGrowth), this.pace.longestLookInterval);
      }
    } finally {
      this.unregister(wait);
    }
  }

  private async judge(
    pending: Map<string, Pending>,
    kinds: readonly DependentKind[],
    shown: readonly Dependent[],
    watch: Watch,
  ): Promise<void> {
    const now = performance.now();
    const byKey = new Map(shown.map((found) => [key(found), found]));
    const again: Promise<void>[] = [];
    for (const entry of pending.values()) {
      if (!kinds.includes(entry.target.kind)) continue;
      const found = byKey.get(key(entry.target));
      entry.seemsGone = found === undefined;
      if (found === undefined) continue;
      entry.target = found;
      if (!found.beingDeleted && now - entry.askedAt >= this.pace.askAgainAfter) {
        entry.askedAt = now;
        again.push(watch.askAgain(found));
      }
    }
    const refused = [...pending.values()].filter((entry) => !entry.seemsGone && entry.target.deletionFailed);
    if (refused.length > 0) throw new DeletionRefusedError(refused.map((entry) => entry.target));
    await Promise.all(again);
  }

  private register(wait: Wait): void {
    for (const target of wait.pending.keys()) {
      const waiting = this.waits.get(target) ?? new Set();
      waiting.add(wait);
      this.waits.set(target, waiting);
    }
    if (!this.polling) void this.poll();
  }

  private unregister(wait: Wait): void {
    for (const target of wait.pending.keys()) {
      const waiting = this.waits.get(target);
      waiting?.delete(wait);
      if (waiting?.size === 0) this.waits.delete(target);
    }
  }

  private async poll(): Promise<void> {
    this.polling = true;
    this.since ??= new Date(this.client.serverNow().getTime() - eventOverlap);
    while (this.waits.size > 0) {
      await sleep(this.untilNextPoll());
      if (this.youngestOpenWait() === undefined) continue;
      this.credit -= 1;
      try {
        this.hear(await this.client.listEvents(this.since, Object.keys(eventIds)));
      } catch {
        // Events are only hints: the waits look for themselves until Seam has events to tell again.
        await sleep(this.pace.longestPollInterval);
      }
    }
    this.heard.clear();
    this.polling = false;
  }

  private hear(events: readonly SeamEvent[]): void {
    for (const event of events) {
      // Polls overlap; an event that turned out untrue must not set off a look each time it is told again.
      if (event.event_id !== "" && this.heard.has(event.event_id)) continue;
      this.heard.add(event.event_id);
      const known = eventIds[event.event_type];
      const id = known?.id(event);
      if (known === undefined || id === undefined) continue;
      for (const wait of this.waits.get(`${known.kind} ${id}`) ?? []) {
        const entry = wait.pending.get(`${known.kind} ${id}`);
        if (entry !== undefined) entry.seemsGone = true;
        if (allGone(wait.pending)) wait.wake();
      }
    }
    const newest = Math.max(...events.map((event) => Date.parse(event.created_at)).filter(Number.isFinite));
    const from = newest - eventOverlap;
    if (this.since !== undefined && from > this.since.getTime()) this.since = new Date(from);
  }

  /** Quick while a deletion is due, slower when it drags on, and never faster than the credit allows. */
  private untilNextPoll(): number {
    const now = performance.now();
    this.credit = Math.min(2, this.credit + ((now - this.creditAt) * pollsPerSecond) / 1000);
    this.creditAt = now;
    const age = now - (this.youngestOpenWait() ?? now);
    const due =
      age < this.pace.firstPoll
        ? this.pace.firstPoll - age
        : Math.min(Math.max(this.pace.pollInterval, age / 8), this.pace.longestPollInterval);
    const credited = ((1 - this.credit) * 1000) / pollsPerSecond;
    return Math.max(jittered(due), credited);
  }

  private youngestOpenWait(): number | undefined {
    let youngest: number | undefined;
    for (const waiting of this.waits.values()) {
      for (const wait of waiting) {
        if (!allGone(wait.pending) && wait.startedAt > (youngest ?? 0)) youngest = wait.startedAt;
      }
    }
    return youngest;
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

function kindsStillThere(pending: Map<string, Pending>): DependentKind[] {
  const open = [...pending.values()].filter((entry) => !entry.seemsGone);
  return [...new Set(open.map((entry) => entry.target.kind))];
}

function timeout(pending: Map<string, Pending>, watch: Watch): TeardownTimeoutError {
  const open = [...pending.values()].filter((entry) => !entry.seemsGone);
  return new TeardownTimeoutError(
    watch.timeoutSeconds,
    open.map((entry) => entry.target),
  );
}

function jittered(milliseconds: number): number {
  return milliseconds * (0.9 + Math.random() * 0.2);
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
