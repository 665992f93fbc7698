/**
 * What all branches answered, once every one has ended: a run that failed must leave nothing behind that still asks or deletes
 * while the next run is at work.
 *
 * @throws the only failure as it is, or an AggregateError of all of them
 */
export async function allEnded<T>(branches: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(branches);
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [outcome.reason as unknown] : [],
  );
  if (failures.length > 0) throw together(failures);
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
}

/** One error for several; each of them once, although several branches may have failed for the same reason. */
export function together(failures: readonly unknown[]): unknown {
  const distinct = [...new Set(failures.flatMap(causesOf))];
  if (distinct.length === 1) return distinct[0];
  const messages = distinct.map((cause) => (cause instanceof Error ? cause.message : String(cause)));
  return new AggregateError(distinct, [...new Set(messages)].join("; "));
}

/** What an error was made of by {@link together}; of any other, the error itself. */
export function causesOf(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? (error.errors as unknown[]).flatMap(causesOf) : [error];
}
