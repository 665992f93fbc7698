import { redact } from "../seam/redaction";
import { kindNames } from "./graph";
import type { Dependent } from "./inventory";

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
    const what = left.length === 0 ? "what was to be deleted itself" : left.map(describe).join("; ");
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
