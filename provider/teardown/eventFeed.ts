import type { SeamEvent } from "../seam/model";
import type { DependentKind } from "./graph";

/** How far before the newest event a read begins: events are written late and in any order. Times in milliseconds. */
const overlap = 3_000;
/** The same while events are many, except in one read a second: reading the whole overlap each time would cost most of the requests. */
const shortOverlap = 750;
const wholeOverlapEvery = 1_000;
/** How far before Seam's time the first read begins: the clock that dates events need not be the one of its answers. */
const firstReach = 120_000;
/** `Date` headers are whole seconds. */
const clockPrecision = 1_000;
/** How many of the latest events decide how far the events' clock is ahead. */
const clockSamples = 16;
/** As many as Seam lists at once. */
const eventsPerPage = 500;
/** Requests that one read may take before it leaves the rest out and goes on from the newest events. */
const mostPages = 10;
/** Requests that looking for the newest events may take. */
const mostProbes = 12;
/** How long the feed counts as crowded after a read that took several pages. */
const crowdedFor = 5_000;
/** How long one read may take with all its retries. */
const longestRead = 10_000;
/** How many reported deletions are remembered, and how many events before old ones are forgotten. */
const mostReported = 50_000;
const mostHeard = 5_000;

const deletions: Readonly<
  Record<string, { kind: DependentKind; id: (event: SeamEvent) => string | undefined }>
> = {
  "access_grant.deleted": { kind: "accessGrant", id: (event) => event.access_grant_id },
  "acs_credential.deleted": { kind: "acsCredential", id: (event) => event.acs_credential_id },
  "acs_user.deleted": { kind: "acsUser", id: (event) => event.acs_user_id },
  "enrollment_automation.deleted": {
    kind: "enrollmentAutomation",
    id: (event) => event.enrollment_automation_id,
  },
  "phone.deactivated": { kind: "phone", id: (event) => event.device_id },
};
const eventTypes = Object.keys(deletions);

/** What one read of the feed came to. */
export interface FeedRead {
  /** How many requests it took. */
  requests: number;
  /** False where events were left out, because they were too many or could not be distinguished by their times. */
  complete: boolean;
}

/** What the feed needs of a `SeamClient`. */
export interface EventSource {
  listEvents(since: Date, eventTypes: readonly string[], until?: Date): Promise<SeamEvent[]>;
  serverNow(): Date;
  until(deadline: number): EventSource;
}

/** From `from` up to, but not including, `to`; without `to`, up to now. Milliseconds since 1970 on the events' clock. */
interface Span {
  from: number;
  to?: number | undefined;
}

/** One read under way. */
interface Reading extends FeedRead {
  source: EventSource;
  onDeleted: (dependent: string) => void;
  /** The newest event that was seen. */
  newest: number;
  /** Whether that one is the newest of all. */
  reachedEnd: boolean;
}

/**
 * The deletions that Seam's events report. `/events/list` has no cursor, at most 500 events a page and no documented
 * order, so a full page is followed by the spans of time that it leaves open, whichever way it is ordered.
 */
export class EventFeed {
  /** When the events that were heard were created, by what identifies them: reads overlap. */
  private readonly heard = new Map<string, number>();
  /** What events have reported as deleted, as `<kind> <id>`: they can arrive before anything waits for them. */
  private readonly reported = new Set<string>();
  /** The newest event so far that is not dated in the future. */
  private frontier: number | undefined;
  /** How far the latest events were ahead of Seam's time when they were heard. */
  private leads: number[] = [];
  private crowdedUntil = 0;
  private wholeOverlapAt = 0;

  constructor(private readonly source: EventSource) {}

  /** Whether there are so many events that a read takes several requests. */
  get crowded(): boolean {
    return performance.now() < this.crowdedUntil;
  }

  /** Whether an event has reported the deletion of this, as `<kind> <id>`. */
  hasReported(dependent: string): boolean {
    return this.reported.has(dependent);
  }

  /**
   * Reads what is new, and hands on each deletion as soon as it is read, as `<kind> <id>`.
   *
   * @throws SeamError
   */
  async read(onDeleted: (dependent: string) => void): Promise<FeedRead> {
    // Nobody may be waiting any more by the time that Seam answers: a read is not worth being patient.
    const source = this.source.until(performance.now() + longestRead);
    const reading: Reading = {
      source,
      onDeleted,
      requests: 0,
      complete: true,
      newest: Number.NEGATIVE_INFINITY,
      reachedEnd: false,
    };
    const span = { from: this.nextFrom() };
    const { events, full } = await this.page(span, reading);
    if (full) {
      this.crowdedUntil = performance.now() + crowdedFor;
      // The first read reaches far back: of many events it needs only the latest.
      if (this.frontier !== undefined) await this.readSpans(leftOpen(span, events), reading);
      if (!reading.complete || this.frontier === undefined) await this.findNewest(reading);
    }
    this.frontier = Math.max(this.frontier ?? Number.NEGATIVE_INFINITY, reading.newest);
    if (!Number.isFinite(this.frontier)) this.frontier = undefined;
    this.forget();
    return { requests: reading.requests, complete: reading.complete };
  }

  private nextFrom(): number {
    if (this.frontier === undefined) return this.source.serverNow().getTime() - firstReach;
    const now = performance.now();
    if (this.crowded && now < this.wholeOverlapAt + wholeOverlapEvery) return this.frontier - shortOverlap;
    this.wholeOverlapAt = now;
    return this.frontier - overlap;
  }

  /** Reads these spans, the last one first, and what full pages leave open of them. */
  private async readSpans(spans: Span[], reading: Reading): Promise<void> {
    for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
      if (reading.requests >= mostPages) {
        reading.complete = false;
        return;
      }
      const { events, full } = await this.page(span, reading);
      if (!full) continue;
      if (isOneMoment(span)) await this.readByType(span, reading);
      else spans.push(...leftOpen(span, events));
    }
  }

  /** Reads a moment that has more events than a page holds. */
  private async readByType(span: Span, reading: Reading): Promise<void> {
    for (const type of eventTypes) {
      const { full } = await this.page(span, reading, [type]);
      if (full) reading.complete = false;
    }
  }

  /** Finds out how far events go, where the oldest are listed first and are too many to be read one after the other. */
  private async findNewest(reading: Reading): Promise<void> {
    let nothingFrom: number | undefined;
    let step = clockPrecision;
    let from = Math.max(reading.newest + 1, this.source.serverNow().getTime() + this.lead() - overlap);
    for (let probes = 0; probes < mostProbes && !reading.reachedEnd; probes += 1) {
      const { events } = await this.page({ from }, reading);
      if (events.length === 0) nothingFrom = from;
      if (nothingFrom === undefined) {
        from = reading.newest + step;
        step *= 2;
      } else {
        from = Math.floor((reading.newest + nothingFrom) / 2);
        if (nothingFrom - from < shortOverlap) return;
      }
    }
  }

  private async page(
    { from, to }: Span,
    reading: Reading,
    types: readonly string[] = eventTypes,
  ): Promise<{ events: SeamEvent[]; full: boolean }> {
    reading.requests += 1;
    const until = to === undefined ? undefined : new Date(to);
    const events = await reading.source.listEvents(new Date(from), types, until);
    this.hear(events, reading);
    const full = events.length >= eventsPerPage;
    if (to === undefined && events.length > 0 && (!full || orderOf(timesOf(events)) === "newestFirst")) {
      reading.reachedEnd = true;
    }
    return { events, full };
  }

  private hear(events: readonly SeamEvent[], reading: Reading): void {
    const now = this.source.serverNow().getTime();
    for (const event of events) {
      const known = deletions[event.event_type];
      const id = known?.id(event);
      const dependent = known === undefined || id === undefined ? undefined : `${known.kind} ${id}`;
      const eventId = event.event_id || `${event.event_type} ${event.created_at} ${id}`;
      const createdAt = Date.parse(event.created_at);
      // An event that turned out untrue must not set off a look each time it is read again.
      if (this.heard.has(eventId)) continue;
      this.heard.set(eventId, createdAt);
      if (Number.isFinite(createdAt)) this.leads.push(createdAt - now);
      if (dependent === undefined) continue;
      this.reported.add(dependent);
      reading.onDeleted(dependent);
    }
    this.leads = this.leads.slice(-clockSamples);
    const latest = now + clockPrecision + Math.max(0, this.lead());
    for (const time of timesOf(events)) {
      if (time <= latest) reading.newest = Math.max(reading.newest, time);
    }
  }

  /** How far the events' clock is ahead of Seam's time, as most of the latest events have it. */
  private lead(): number {
    const sorted = this.leads.toSorted((one, other) => one - other);
    return sorted[(sorted.length - 1) >> 1] ?? 0;
  }

  /** Bounds what is remembered. */
  private forget(): void {
    for (const dependent of this.reported) {
      if (this.reported.size <= mostReported) break;
      this.reported.delete(dependent);
    }
    if (this.heard.size <= mostHeard || this.frontier === undefined) return;
    const readAgain = this.frontier - overlap - clockPrecision;
    for (const [eventId, createdAt] of this.heard) if (!(createdAt >= readAgain)) this.heard.delete(eventId);
  }
}

/** What a full page of a span does not show, the oldest first. */
function leftOpen(span: Span, events: readonly SeamEvent[]): Span[] {
  const times = timesOf(events);
  const sorted = times.toSorted((one, other) => one - other);
  const [oldest = span.from, newest = span.from] = [sorted[0], sorted.at(-1)];
  const order = orderOf(times);
  if (order === "oldestFirst" && newest > span.from) return [{ from: newest, to: span.to }];
  const upToOldest = oldest + 1;
  if (order === "newestFirst" && upToOldest < (span.to ?? Number.POSITIVE_INFINITY)) {
    return [{ from: span.from, to: upToOldest }];
  }
  const middle = sorted[sorted.length >> 1] ?? span.from;
  const many = sorted.filter((time) => time === middle).length > sorted.length / 4;
  const parts = many
    ? [
        { from: span.from, to: middle },
        { from: middle, to: middle + 1 },
        { from: middle + 1, to: span.to },
      ]
    : [
        { from: span.from, to: middle },
        { from: middle, to: span.to },
      ];
  return parts.filter(({ from, to = Number.POSITIVE_INFINITY }) => from < to);
}

function isOneMoment({ from, to }: Span): boolean {
  return to !== undefined && to - from <= 1;
}

function orderOf(times: readonly number[]): "oldestFirst" | "newestFirst" | undefined {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  const sorted = first < last ? times : times.toReversed();
  if (!sorted.every((time, index) => index === 0 || time >= (sorted[index - 1] ?? time))) return undefined;
  return first < last ? "oldestFirst" : "newestFirst";
}

function timesOf(events: readonly SeamEvent[]): number[] {
  return events.map((event) => Date.parse(event.created_at)).filter(Number.isFinite);
}
