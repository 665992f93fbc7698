/** The deadline of work without a time limit. Deadlines are times on `performance.now`'s clock. */
export const noDeadline = Number.POSITIVE_INFINITY;

/** The longest delay that a timer supports, in milliseconds; with a longer one it fires at once. */
const maxDelay = 2 ** 31 - 1;

/** Resolves with the result of `wanted`, or with undefined if the deadline passes first. */
export function beforeDeadline<T>(wanted: Promise<T>, deadline: number): Promise<T | undefined> {
  if (deadline === noDeadline) return wanted;
  return new Promise((resolve, reject) => {
    const left = Math.max(0, deadline - performance.now());
    const timer = setTimeout(() => resolve(undefined), Math.min(left, maxDelay));
    wanted.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
