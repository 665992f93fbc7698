import type { AtStake } from "./types";

// Sums over what lies under an identity or an ACS user.

export function countedCredentials({ acsUsers }: AtStake): number {
  return acsUsers.reduce((sum, user) => sum + user.credentials, 0);
}

/** Whether nothing is out that opens a door or signs somebody in. */
export function isNothing(stake: AtStake): boolean {
  return countedCredentials(stake) + stake.phones + stake.clientSessions + stake.enrollmentAutomations === 0;
}

/** "2 credentials, 1 phone and 3 client sessions". */
export function keysOf(stake: AtStake): string {
  const parts = [
    plural(countedCredentials(stake), "credential"),
    plural(stake.phones, "phone"),
    plural(stake.clientSessions, "client session"),
    plural(stake.enrollmentAutomations, "enrollment automation"),
  ];
  return list(parts.filter((part) => !part.startsWith("0 ")));
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** "a, b and c". */
export function list(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
