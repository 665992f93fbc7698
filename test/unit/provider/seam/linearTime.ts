import assert from "node:assert/strict";

/**
 * Asserts that work on adversarial text takes time in proportion to its length: no doubling may more than triple it, over
 * four of them and by the fastest of several runs each. Quadratic work takes four times as long after each doubling.
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
      // The processor's time: what else the machine does is no part of it.
      const before = process.cpuUsage();
      work(input);
      const { user, system } = process.cpuUsage(before);
      fastest = Math.min(fastest, (user + system) / 1000);
    }
    return fastest;
  });
  const [one = 0, sixteen = 0] = times;
  // Under half a millisecond nothing can be told.
  const most = 3 ** 4 * Math.max(one, 0.5);
  assert.ok(sixteen <= most, `${name}: ${one.toFixed(2)} ms, then ${sixteen.toFixed(2)} ms`);
}
