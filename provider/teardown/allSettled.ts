/**
 * Resolves with the results of all branches once every branch has settled: a failed run must not leave calls behind that still
 * read or delete while the next run is at work.
 *
 * @throws the failure itself where there is only one, otherwise an AggregateError of all of them
 */
export async function allEnded<T>(branches: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(branches);
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [outcome.reason as unknown] : [],
  );
  if (failures.length > 0) throw combined(failures);
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
}

/** Combines several errors into one. Each appears once, although several branches may have failed for the same reason. */
export function combined(failures: readonly unknown[]): unknown {
  const distinct = [...new Set(failures.flatMap(causesOf))];
  if (distinct.length === 1) return distinct[0];
  const messages = distinct.map((cause) => (cause instanceof Error ? cause.message : String(cause)));
  return new AggregateError(distinct, [...new Set(messages)].join("; "));
}

/** The errors that this one was {@link combined} from; for any other error, the error itself. */
export function causesOf(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? (error.errors as unknown[]).flatMap(causesOf) : [error];
}
