// The depth of the tests. Every kind of case runs everywhere; with `CI=true` all cases do, and all faults, kills and random schedules.

/** Whether this run goes as deep as it can. */
export const deep = process.env.CI === "true";

/** Numbers from 1 to `count`: all of them in CI, elsewhere every `step`th, beginning with the one at `offset`. */
export function numbersToTry(count: number, step: number, offset = 0): number[] {
  const everyNth = deep ? 1 : step;
  const all = Array.from({ length: count }, (_, index) => index + 1);
  return all.filter((_, index) => index % everyNth === offset % everyNth);
}

/** A test of one more case of a kind that has a test everywhere. */
export function itInCi(title: string, test: Mocha.AsyncFunc | Mocha.Func): void {
  if (deep) it(title, test);
  else it.skip(title, test);
}
