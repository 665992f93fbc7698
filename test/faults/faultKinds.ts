import { deep, everyNth } from "../depth";

/** Everything that can go wrong with one call. */
export const faults: Record<string, object> = {
  "connection refused": { kind: "refuse", forMs: 60 },
  "reset before it was handled": { kind: "reset-before" },
  "reset after it was handled": { kind: "reset-after" },
  "no answer, not handled": { kind: "hang" },
  "no answer, though handled": { kind: "hang", handled: true },
  "429 with Retry-After": { kind: "status", status: 429, retryAfter: 0 },
  "429 without Retry-After": { kind: "status", status: 429 },
  "500": { kind: "status", status: 500 },
  "502 with HTML": { kind: "bad-gateway" },
  "503": { kind: "status", status: 503 },
  "truncated JSON": { kind: "truncated-json" },
  "401": { kind: "status", status: 401 },
  "404 for something that exists": { kind: "status", status: 404 },
};

/** Every call in CI; elsewhere one in 39 for each of the 13 kinds of faults, other ones for each kind, and at least one. */
export function callsToTry(calls: number, fault: string): number[] {
  if (deep) return everyNth(calls, 1);
  const kinds = Object.keys(faults);
  const step = 3 * kinds.length;
  return everyNth(calls, step, 1 + ((3 * kinds.indexOf(fault)) % Math.min(step, calls)));
}

/** Runs tasks at the same time; they mostly wait. */
export async function inParallel<T>(width: number, tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const rest = [...tasks];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let task = rest.shift(); task !== undefined; task = rest.shift()) results.push(await task());
    }),
  );
  return results;
}
