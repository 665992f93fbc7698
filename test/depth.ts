// The depth of the tests. Nearly every kind of case runs everywhere; with `CI=true` all cases do, and all faults, kills and random schedules.

/** Whether this run goes as deep as it can. */
export const deep = process.env.CI === "true";

/** Every `step`th number up to `count`, beginning with `first`. */
export function everyNth(count: number, step: number, first = 1): number[] {
  const all = Array.from({ length: count }, (_, index) => index + 1);
  return all.filter((number) => number >= first && (number - first) % step === 0);
}

/** A test of one more case of a kind that has a test everywhere, or of an option of Pulumi that closes no door. */
export function itInCi(title: string, test: Mocha.AsyncFunc | Mocha.Func): void {
  if (deep) it(title, test);
  else it.skip(title, test);
}
