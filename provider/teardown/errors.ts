import { redact } from "../seam/redaction";
import { type Dependent, kindNames } from "./inventory";

/** The teardown stopped before everything was gone. What is left is in the message; the next run goes on from there. */
export class TeardownError extends Error {
  /** What was still there when it stopped. */
  readonly left: readonly Dependent[];

  constructor(message: string, left: readonly Dependent[]) {
    super(message);
    this.name = new.target.name;
    this.left = left;
  }
}

/** Time ran out. */
export class TeardownTimeoutError extends TeardownError {
  constructor(
    readonly seconds: number,
    left: readonly Dependent[],
  ) {
    const what = left.length === 0 ? "the user identity itself" : left.map(describe).join("; ");
    super(
      `after ${seconds} s still there: ${what}. What was asked for goes on in Seam; run the same command again to go on from here, or raise teardown.timeoutSeconds`,
      left,
    );
  }
}

/** The access control system refused a deletion; waiting longer would not help. */
export class DeletionRefusedError extends TeardownError {
  constructor(left: readonly Dependent[]) {
    super(
      `the access control system did not delete ${left.map(describe).join("; ")}. Remove what stops it in that system (or the object itself), then run the same command again`,
      left,
    );
  }
}

function describe(left: Dependent): string {
  const state = left.beingDeleted ? "being deleted" : "not being deleted";
  const problems = left.problems.length === 0 ? "" : `, ${left.problems.join(", ")}`;
  return redact(`${kindNames[left.kind]} ${left.id} (${state}${problems})`);
}

/** One error for all that went wrong in branches that ran side by side. */
export function combined(errors: readonly unknown[]): unknown {
  if (errors.length === 1) return errors[0];
  const left = errors.flatMap((error) => (error instanceof TeardownError ? error.left : []));
  const timeouts = errors.filter((error) => error instanceof TeardownTimeoutError);
  const [timeout] = timeouts;
  if (timeout !== undefined && timeouts.length === errors.length) {
    return new TeardownTimeoutError(timeout.seconds, unique(left));
  }
  if (errors.every((error) => error instanceof DeletionRefusedError))
    return new DeletionRefusedError(unique(left));
  const messages = new Set(errors.map((error) => (error instanceof Error ? error.message : String(error))));
  if (messages.size === 1) return errors[0];
  return new TeardownError([...messages].join("\n"), unique(left));
}

function unique(left: readonly Dependent[]): Dependent[] {
  return [...new Map(left.map((one) => [one.id, one])).values()];
}
