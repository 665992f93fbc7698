import type { SeamEvent } from "../seam/model";
import type { DependentKind } from "./graph";

/** How far before the newest event a read starts, because events are written late and in any order. Times in milliseconds. */
const overlap = 3_000;
/**
 * The overlap while there are many events, except for one read a second: reading the full overlap each time would cost most of
 * the requests.
 */
const crowdedOverlap = 750;
const fullOverlapEvery = 1_000;
/** How far before Seam's time the first read starts, because events may be dated by another clock than Seam's responses. */
const firstReadReach = 120_000;
/** `Date` headers are whole seconds. */
const clockPrecision = 1_000;
/** How many of the latest events decide how far the events' clock is ahead. */
const clockSamples = 16;
/** The number of events that Seam lists at once. */
const eventsPerPage = 500;
/** The most requests of one read. After that it skips the rest and continues from the newest events. */
const maxPages = 10;
/** The most requests of a search for the newest events. */
const maxProbes = 12;
/** How long the feed counts as crowded after a read of several pages. */
const crowdedFor = 5_000;
/** The time limit of one read, with all its retries. */
const readTimeLimit = 10_000;
/** The most reported deletions to remember, and the most events to remember before old ones are dropped. */
const maxReported = 50_000;
const maxProcessed = 5_000;

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

/** The result of one read of the feed. */
export interface FeedRead {
  /** The number of requests that were sent. */
  requests: number;
  /** False if events were skipped, because there were too many or their times did not distinguish them. */
  complete: boolean;
}

/** The part of `SeamClient` that the feed uses. */
export interface EventSource {
  listEvents(since: Date, eventTypes: readonly string[], until?: Date): Promise<SeamEvent[]>;
  serverNow(): Date;
  until(deadline: number): EventSource;
}

/**
 * The time from `from` up to, but not including, `to`; without `to`, up to now. In milliseconds since 1970 on the events'
 * clock.
 */
interface Span {
  from: number;
  to?: number | undefined;
}

/** The state of a read in progress. */
interface Reading extends FeedRead {
  source: EventSource;
  onDeleted: (dependent: string) => void;
  /** The time of the newest event that was seen. */
  newest: number;
  /** Whether that event is the newest of all. */
  reachedEnd: boolean;
}

/**
 * The deletions that Seam's events report. `/events/list` has no cursor, at most 500 events a page and no documented order.
 * After a full page, the feed therefore reads the spans of time that the page does not cover, whichever way it is ordered.
 */
export class EventFeed {
  /** The creation times of the events that were processed, by event id. Reads overlap, so events are read again. */
  private readonly processed = new Map<string, number>();
  /** The dependents that events reported as deleted, as `<kind> <id>`. An event can arrive before anything waits for it. */
  private readonly reported = new Set<string>();
  /** The time of the newest event so far that is not dated in the future. */
  private frontier: number | undefined;
  /** How far the latest events were ahead of Seam's time when they were read. */
  private leads: number[] = [];
  private crowdedUntil = 0;
  private fullOverlapAt = 0;

  constructor(private readonly source: EventSource) {}

  /** Whether there are so many events that a read needs several requests. */
  get crowded(): boolean {
    return performance.now() < this.crowdedUntil;
  }

  /** Whether an event has reported the deletion of a dependent, given as `<kind> <id>`. */
  hasReported(dependent: string): boolean {
    return this.reported.has(dependent);
  }

  /**
   * Reads new events, and calls `onDeleted` with each deletion as soon as it is read, as `<kind> <id>`.
   *
   * @throws SeamError
   */
  async read(onDeleted: (dependent: string) => void): Promise<FeedRead> {
    // By the time that Seam answers, nothing may be waiting anymore, so a read has a short time limit.
    const source = this.source.until(performance.now() + readTimeLimit);
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
      // The first read starts far back. If there are many events, it needs only the latest.
      if (this.frontier !== undefined) await this.readSpans(uncovered(span, events), reading);
      if (!reading.complete || this.frontier === undefined) await this.findNewest(reading);
    }
    this.frontier = Math.max(this.frontier ?? Number.NEGATIVE_INFINITY, reading.newest);
    if (!Number.isFinite(this.frontier)) this.frontier = undefined;
    this.forget();
    return { requests: reading.requests, complete: reading.complete };
  }

  private nextFrom(): number {
    if (this.frontier === undefined) return this.source.serverNow().getTime() - firstReadReach;
    const now = performance.now();
    if (this.crowded && now < this.fullOverlapAt + fullOverlapEvery) return this.frontier - crowdedOverlap;
    this.fullOverlapAt = now;
    return this.frontier - overlap;
  }

  /** Reads these spans, the last one first, and the parts of them that full pages do not cover. */
  private async readSpans(spans: Span[], reading: Reading): Promise<void> {
    for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
      if (reading.requests >= maxPages) {
        reading.complete = false;
        return;
      }
      const { events, full } = await this.page(span, reading);
      if (!full) continue;
      if (isOneMillisecond(span)) await this.readByType(span, reading);
      else spans.push(...uncovered(span, events));
    }
  }

  /** Reads a single millisecond that has more events than a page holds. */
  private async readByType(span: Span, reading: Reading): Promise<void> {
    for (const type of eventTypes) {
      const { full } = await this.page(span, reading, [type]);
      if (full) reading.complete = false;
    }
  }

  /** Searches for the newest event, where the oldest are listed first and there are too many to read all of them. */
  private async findNewest(reading: Reading): Promise<void> {
    let nothingFrom: number | undefined;
    let step = clockPrecision;
    let from = Math.max(reading.newest + 1, this.source.serverNow().getTime() + this.lead() - overlap);
    for (let probes = 0; probes < maxProbes && !reading.reachedEnd; probes += 1) {
      const { events } = await this.page({ from }, reading);
      if (events.length === 0) nothingFrom = from;
      if (nothingFrom === undefined) {
        from = reading.newest + step;
        step *= 2;
      } else {
        from = Math.floor((reading.newest + nothingFrom) / 2);
        if (nothingFrom - from < crowdedOverlap) return;
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
    this.process(events, reading);
    const full = events.length >= eventsPerPage;
    if (to === undefined && events.length > 0 && (!full || orderOf(timesOf(events)) === "newestFirst")) {
      reading.reachedEnd = true;
    }
    return { events, full };
  }

  private process(events: readonly SeamEvent[], reading: Reading): void {
    const now = this.source.serverNow().getTime();
    for (const event of events) {
      const known = deletions[event.event_type];
      const id = known?.id(event);
      const dependent = known === undefined || id === undefined ? undefined : `${known.kind} ${id}`;
      const eventId = event.event_id || `${event.event_type} ${event.created_at} ${id}`;
      const createdAt = Date.parse(event.created_at);
      // An event that turned out to be wrong must not cause a check each time it is read again.
      if (this.processed.has(eventId)) continue;
      this.processed.set(eventId, createdAt);
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

  /** How far the events' clock is ahead of Seam's time: the median of the latest events. */
  private lead(): number {
    const sorted = this.leads.toSorted((one, other) => one - other);
    return sorted[(sorted.length - 1) >> 1] ?? 0;
  }

  /** Limits what is remembered. */
  private forget(): void {
    for (const dependent of this.reported) {
      if (this.reported.size <= maxReported) break;
      this.reported.delete(dependent);
    }
    if (this.processed.size <= maxProcessed || this.frontier === undefined) return;
    const readAgain = this.frontier - overlap - clockPrecision;
    for (const [eventId, createdAt] of this.processed)
      if (!(createdAt >= readAgain)) this.processed.delete(eventId);
  }
}

/** Returns the parts of a span that a full page of it does not cover, the oldest first. */
function uncovered(span: Span, events: readonly SeamEvent[]): Span[] {
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

function isOneMillisecond({ from, to }: Span): boolean {
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
