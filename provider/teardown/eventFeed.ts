import type { SeamClient } from "../seam/client";
import type { SeamEvent } from "../seam/model";
import type { DependentKind } from "./graph";

/** How many events are remembered from one spell of waiting to the next. */
const rememberedEvents = 50_000;
/** How far before the last event seen the next poll begins: events are written late and in any order. */
const eventOverlap = 3_000;
/** How long one poll may take with all its repetitions, in milliseconds. */
const longestPoll = 10_000;

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

/** What Seam's events say of deletions, from the first read on. */
export class EventFeed {
  private readonly heard = new Set<string>();
  /** What events have said is gone: they can come before anybody waits for them. */
  private readonly told = new Set<string>();
  private since: Date | undefined;

  constructor(private readonly client: SeamClient) {}

  /** Whether an event has said that this is gone, as `<kind> <id>`. */
  saidGone(dependent: string): boolean {
    return this.told.has(dependent);
  }

  /** Reads what is new. Answers what it says is gone, each as `<kind> <id>`. */
  async read(): Promise<string[]> {
    this.since ??= new Date(this.client.serverNow().getTime() - eventOverlap);
    // Nobody may be waiting any more by the time that Seam answers: a poll is not worth being patient.
    const client = this.client.until(performance.now() + longestPoll);
    return this.hear(await client.listEvents(this.since, Object.keys(eventIds)));
  }

  /** Bounds what is remembered from one spell of waiting to the next. */
  forget(): void {
    if (this.heard.size > rememberedEvents) this.heard.clear();
    if (this.told.size > rememberedEvents) this.told.clear();
  }

  private hear(events: readonly SeamEvent[]): string[] {
    const allGone: string[] = [];
    for (const event of events) {
      // Polls overlap; an event that turned out untrue must not set off a look each time it is told again.
      if (event.event_id !== "" && this.heard.has(event.event_id)) continue;
      this.heard.add(event.event_id);
      const known = eventIds[event.event_type];
      const id = known?.id(event);
      if (known === undefined || id === undefined) continue;
      const gone = `${known.kind} ${id}`;
      this.told.add(gone);
      allGone.push(gone);
    }
    const newest = Math.max(...events.map((event) => Date.parse(event.created_at)).filter(Number.isFinite));
    const from = newest - eventOverlap;
    if (this.since !== undefined && from > this.since.getTime()) this.since = new Date(from);
    return allGone;
  }
}
