import assert from "node:assert/strict";

/**
 * Asserts that work on adversarial text takes time in proportion to its length: over four doublings, the fastest of several
 * runs may take at most three times as long for each. Quadratic work takes four times as long after each doubling.
 */
export function assertLinear(
  name: string,
  text: (size: number) => string,
  work: (text: string) => unknown,
): void {
  const small = 10_000;
  const times = [small, 2 ** 4 * small].map((size) => {
    const input = text(size);
    let fastest = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 4; run += 1) {
      // The processor's time, which excludes what other processes do.
      const before = process.cpuUsage();
      work(input);
      const { user, system } = process.cpuUsage(before);
      fastest = Math.min(fastest, (user + system) / 1000);
    }
    return fastest;
  });
  const [one = 0, sixteen = 0] = times;
  // Times under half a millisecond are too short to compare.
  const most = 3 ** 4 * Math.max(one, 0.5);
  assert.ok(sixteen <= most, `${name}: ${one.toFixed(2)} ms, then ${sixteen.toFixed(2)} ms`);
}
