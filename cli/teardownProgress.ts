import { type AcsUsersPolicy, type DependentKind, kindNames } from "../provider/teardown/graph";
import type { Dependent } from "../provider/teardown/inventory";
import type { TeardownEvent } from "../provider/teardown/teardown";
import { safeLine } from "./output";
import { StatusLine } from "./terminal";

/** The progress of a teardown: a status line in a terminal, plain lines in a log. */
export class TeardownProgress {
  /** Deleted objects, the identity last. `afterSeconds`: when Seam first showed that the object is gone. */
  readonly gone: { kind: DependentKind | "userIdentity"; id: string; afterSeconds: number }[] = [];
  /** ACS users that were kept. */
  readonly unlinked: { id: string; afterSeconds: number }[] = [];
  private readonly reported = new Set<string>();
  /** Whether Seam had the identity when the teardown began. */
  identityWasThere = false;
  /** ACS users whose deletion an earlier run requested: they are deleted regardless of this run's policy. */
  private readonly alreadyDeleting = new Set<string>();
  private readonly waitingFor = new Map<string, Dependent>();
  private readonly status = new StatusLine();
  private readonly timer: NodeJS.Timeout;
  private readonly startedAt = performance.now();

  constructor(
    private readonly silent: boolean,
    private readonly userIdentityId: string,
    private readonly acsUsers: AcsUsersPolicy,
  ) {
    this.timer = setInterval(() => this.draw(), 200);
    this.timer.unref();
  }

  record(event: TeardownEvent): void {
    const after = event.after / 1000;
    this.identityWasThere = true;
    if (event.type === "found") {
      for (const one of event.dependents.filter(({ beingDeleted }) => beingDeleted)) {
        this.waitingFor.set(one.id, one);
        this.alreadyDeleting.add(one.id);
      }
    }
    if (event.type === "deleting") this.waitingFor.set(event.dependent.id, event.dependent);
    if (event.type === "gone") {
      const timed = event.dependents.map(({ kind, id }) => ({
        ...{ kind, id, seconds: (event.goneAfter.get(id) ?? event.after) / 1000 },
      }));
      for (const { kind, id, seconds } of timed.sort((one, other) => one.seconds - other.seconds)) {
        this.waitingFor.delete(id);
        if (this.reported.has(id)) continue;
        this.reported.add(id);
        const afterSeconds = rounded(seconds);
        const kept = kind === "acsUser" && this.acsUsers === "unlink" && !this.alreadyDeleting.has(id);
        if (kept) this.unlinked.push({ id, afterSeconds });
        else this.gone.push({ kind, id, afterSeconds });
        this.printLine(`${kindNames[kind]} ${id} is ${kept ? "unlinked" : "gone"}`, seconds);
      }
    }
    if (event.type === "doorsClosed") {
      const closed =
        this.acsUsers === "unlink"
          ? "access grants are deleted; unlinked ACS users keep their keys"
          : "no key opens a door any more";
      this.printLine(closed, after);
    }
    if (event.type === "identityGone") {
      this.gone.push({ kind: "userIdentity", id: this.userIdentityId, afterSeconds: rounded(after) });
      this.printLine("the user identity is gone", after);
    }
    this.draw();
  }

  end(): void {
    clearInterval(this.timer);
    this.status.clear();
  }

  private printLine(line: string, after: number): void {
    if (this.silent) return;
    this.status.clear();
    console.log(`${after.toFixed(1).padStart(6)} s  ${safeLine(line)}`);
  }

  private draw(): void {
    if (this.silent) return;
    const waiting = [...this.waitingFor.values()].map((one) => kindNames[one.kind]);
    const counts = [...new Set(waiting)].map((name) => {
      const count = waiting.filter((one) => one === name).length;
      return `${count} ${name}${count === 1 ? "" : "s"}`;
    });
    const after = ((performance.now() - this.startedAt) / 1000).toFixed(0);
    this.status.show(`${after} s, waiting for ${counts.length === 0 ? "Seam to answer" : counts.join(", ")}`);
  }
}

function rounded(seconds: number): number {
  return Number(seconds.toFixed(1));
}
