import { DeletionRefusedError, TeardownError, TeardownTimeoutError } from "./errors";
import type { Dependent } from "./inventory";

/**
 * What all branches answered, once every one has ended: a run that failed must leave nothing behind that still asks or deletes
 * while the next run is at work.
 *
 * @throws one error for all that went wrong
 */
export async function allEnded<T>(branches: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(branches);
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [outcome.reason as unknown] : [],
  );
  if (failures.length > 0) throw combined(failures);
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
}

/** One error for all that went wrong in branches that ran side by side. */
function combined(errors: readonly unknown[]): unknown {
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
