import { randomUUID } from "node:crypto";
import type { Behavior } from "../behavior";
import { now, type SeamEvent } from "./objects";
import type { Timers } from "./timers";

/** The events of a workspace, delayed, dropped or duplicated as its behavior says. */
export class Events {
  readonly log: SeamEvent[] = [];
  /** The number of next events to drop or duplicate. */
  readonly faults = { drop: 0, duplicate: 0 };

  constructor(
    private readonly workspaceId: string,
    private readonly behavior: () => Behavior,
    private readonly random: () => number,
    private readonly timers: Timers,
  ) {}

  emit(eventType: string, references: Readonly<Record<string, string | string[]>>): void {
    const { events, eventDelayMs } = this.behavior();
    const lost = this.faults.drop > 0 || this.random() < events.dropRate;
    if (this.faults.drop > 0) this.faults.drop -= 1;
    if (lost) return;
    const duplicated = this.faults.duplicate > 0 || this.random() < events.duplicateRate;
    if (this.faults.duplicate > 0) this.faults.duplicate -= 1;
    const occurredAt = now();
    this.timers.later(eventDelayMs, () => {
      for (let copies = 0; copies < (duplicated ? 2 : 1); copies += 1) {
        this.log.push({
          event_id: randomUUID(),
          event_type: eventType,
          workspace_id: this.workspaceId,
          created_at: now(),
          occurred_at: occurredAt,
          ...references,
        });
      }
    });
  }
}
