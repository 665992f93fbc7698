import type { DependentKind } from "./graph";
import { kindNames } from "./graph";
import type { Dependent } from "./dependent";
import type { TeardownEvent } from "./teardownEvent";

interface Running {
  /** The subject of the teardown, as in "user identity …". */
  what: string;
  startedAt: number;
  waitingFor: Map<string, Dependent>;
}

/** When a line is printed, in seconds after the oldest running teardown started; after the last of these, once a minute. */
const schedule = [10, 20, 40, 60];

/**
 * Logs what slow teardowns are waiting for: nothing for the first ten seconds, then occasional lines, each for all teardowns
 * together.
 */
export class SlowTeardowns {
  private readonly running = new Set<Running>();
  private timer: NodeJS.Timeout | undefined;

  /** @param print Prints one line, which is passed without a line break. */
  constructor(private readonly print: (line: string) => void) {}

  /** Follows one teardown until `run` settles. `run` passes its argument to the teardown as `onEvent`. */
  async follow<T>(what: string, run: (onEvent: (event: TeardownEvent) => void) => Promise<T>): Promise<T> {
    const one: Running = { what, startedAt: performance.now(), waitingFor: new Map() };
    this.running.add(one);
    if (this.timer === undefined) this.schedule();
    try {
      return await run((event) => note(one, event));
    } finally {
      this.running.delete(one);
      if (this.running.size === 0) {
        clearTimeout(this.timer);
        this.timer = undefined;
      }
    }
  }

  private schedule(): void {
    const age = this.oldest();
    const next = schedule.find((seconds) => seconds > age) ?? (Math.floor(age / 60) + 1) * 60;
    this.timer = setTimeout(
      () => {
        if (this.oldest() >= (schedule[0] ?? 0)) this.print(this.line());
        this.schedule();
      },
      (next - age) * 1000 + 5,
    );
    this.timer.unref();
  }

  private oldest(): number {
    const started = Math.min(...[...this.running].map((one) => one.startedAt));
    return (performance.now() - started) / 1000;
  }

  private line(): string {
    const seconds = Math.floor(this.oldest());
    const [only, ...others] = this.running;
    const waiting = [...this.running].flatMap((one) => [...one.waitingFor.values()]);
    const what =
      others.length === 0 && only !== undefined
        ? `${only.what} is being torn down`
        : `${this.running.size} teardowns are running`;
    return `${what} (${seconds} s so far), waiting for ${summary(waiting)}`;
  }
}

function note(one: Running, event: TeardownEvent): void {
  if (event.type === "deleting") one.waitingFor.set(event.dependent.id, event.dependent);
  if (event.type === "gone") for (const gone of event.dependents) one.waitingFor.delete(gone.id);
}

function summary(waiting: readonly Dependent[]): string {
  if (waiting.length === 0) return "Seam to answer";
  if (waiting.length <= 3) return waiting.map((one) => `${kindNames[one.kind]} ${one.id}`).join(", ");
  const counts = new Map<DependentKind, number>();
  for (const one of waiting) counts.set(one.kind, (counts.get(one.kind) ?? 0) + 1);
  return [...counts]
    .map(([kind, count]) => `${count} ${kindNames[kind]}${count === 1 ? "" : "s"}`)
    .join(", ");
}
