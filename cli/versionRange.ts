/**
 * Whether a version is within a range of a package.json: comparators such as `>=3.216.0 <4`, all of which must hold. A
 * prerelease (`4.0.0-beta.1`) is in no range.
 *
 * @throws Error if either cannot be read.
 */
export function isInRange(version: string, range: string): boolean {
  if (numbersOf(version).isPrerelease) return false;
  return range.split(/\s+/).every((comparator) => {
    const [, operator, bound] = /^(>=|<)(\S+)$/.exec(comparator) ?? [];
    if (bound === undefined) throw new Error(`the range ${range} cannot be read`);
    return isAtLeast(version, bound) === (operator === ">=");
  });
}

/** Whether a version equals another or is later; a prerelease is earlier than its release. */
export function isAtLeast(version: string, other: string): boolean {
  const [mine, theirs] = [numbersOf(version), numbersOf(other)];
  for (const [index, number] of theirs.numbers.entries()) {
    const difference = (mine.numbers[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return !mine.isPrerelease;
}

/** The version in a program's output, without a leading `v`; undefined for anything else. */
export function versionIn(text: string): string | undefined {
  return /^v?(\d+\.\d+\.\d+(?:[-+][\w.+-]*)?)$/.exec(text.trim())?.[1];
}

function numbersOf(version: string): { numbers: number[]; isPrerelease: boolean } {
  const [, numbers, prerelease] = /^(\d+(?:\.\d+){0,2})(-[\w.-]+)?(?:\+[\w.-]+)?$/.exec(version) ?? [];
  if (numbers === undefined) throw new Error(`the version ${version} cannot be read`);
  const all = numbers.split(".").map(Number);
  return { numbers: [all[0] ?? 0, all[1] ?? 0, all[2] ?? 0], isPrerelease: prerelease !== undefined };
}
