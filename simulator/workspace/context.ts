import type { Behavior } from "../behavior";
import { Deletions } from "./deletions";
import { Doors } from "./doors";
import { Events } from "./events";
import { Timers } from "./timers";

/** The parts of one workspace that all families of objects share. */
export class WorkspaceContext {
  readonly timers = new Timers();
  readonly events: Events;
  readonly deletions: Deletions;
  readonly doors = new Doors();

  constructor(
    readonly workspaceId: string,
    readonly behavior: () => Behavior,
    readonly random: () => number,
    /** Called after every change, so that it can be saved. */
    readonly changed: () => void,
  ) {
    this.events = new Events(workspaceId, behavior, random, this.timers);
    this.deletions = new Deletions(behavior, random, this.timers, changed);
  }

  /** When a new object becomes visible. */
  visibleFrom(): number {
    const { listLagMs } = this.behavior();
    return listLagMs === 0 ? 0 : Date.now() + listLagMs;
  }
}
