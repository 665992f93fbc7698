// The depth of the tests. Everything runs once everywhere; with `CI=true` faults, kills and random schedules go through every case.

/** Whether this run goes as deep as it can. */
export const deep = process.env.CI === "true";

/** Numbers from 1 to `count`: all of them in CI, elsewhere every `step`th, beginning with the one at `offset`. */
export function numbersToTry(count: number, step: number, offset = 0): number[] {
  const everyNth = deep ? 1 : step;
  const all = Array.from({ length: count }, (_, index) => index + 1);
  return all.filter((_, index) => index % everyNth === offset % everyNth);
}
