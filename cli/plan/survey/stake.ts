import type { AtStake } from "./types";

// Counts of the dependents of an identity or an ACS user.

export function countedCredentials({ acsUsers }: AtStake): number {
  return acsUsers.reduce((sum, user) => sum + user.credentials, 0);
}

/** Whether there is nothing that opens a door or signs somebody in. */
export function isNothing(stake: AtStake): boolean {
  return partsOf(stake).length === 0;
}

/** "2 credentials, 1 phone and 3 client sessions". */
export function keysOf(stake: AtStake): string {
  return list(partsOf(stake));
}

function partsOf(stake: AtStake): string[] {
  return [
    plural(countedCredentials(stake), "credential"),
    plural(stake.accessGrants.length, "access grant"),
    plural(stake.phones, "phone"),
    plural(stake.clientSessions, "client session"),
    plural(stake.enrollmentAutomations, "enrollment automation"),
  ].filter(isNonZero);
}

/** Whether a count in words is not zero. */
export function isNonZero(counted: string): boolean {
  return !counted.startsWith("0 ");
}

/** "2 cards and 1 code"; methods that are not known are counted as `other`. */
export function methodsOf(methods: Readonly<Record<string, number>>, other: string): string {
  const known = [
    ["card", "card"],
    ["code", "code"],
    ["mobile_key", "mobile key"],
    ["cloud_key", "cloud key"],
  ] as const;
  const all = Object.values(methods).reduce((sum, count) => sum + count, 0);
  const named = known.map(([method]) => methods[method] ?? 0).reduce((sum, count) => sum + count, 0);
  const parts = [
    ...known.map(([method, word]) => plural(methods[method] ?? 0, word)),
    plural(all - named, other),
  ];
  return list(parts.filter(isNonZero));
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** "a, b and c". */
export function list(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
