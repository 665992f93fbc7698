import type { Consequence } from "./consequences";

/** Sums over all steps: what a reviewer wants to know first, and what limits are held against. */
export interface Totals {
  created: number;
  updated: number;
  /** Identities that are torn down, replacements included. */
  deletions: number;
  acsUsers: number;
  credentials: number;
  phones: number;
  clientSessions: number;
  enrollmentAutomations: number;
  /** Links that are taken away without their identity, replacements included. */
  unlinked: number;
  linked: number;
  /** ACS users that the program declares itself. */
  acsUsersCreated: number;
  acsUsersUpdated: number;
  /** Identities that Pulumi forgets and that stay in Seam. */
  retained: number;
  problems: number;
}

export type Countable = "deletions" | "acsUsers" | "credentials" | "phones" | "unlinked";

export function totalsOf(consequences: readonly Consequence[]): Totals {
  const count = (test: (one: Consequence) => boolean): number => consequences.filter(test).length;
  const sum = (of: (one: Consequence) => number): number =>
    consequences.reduce((total, one) => total + of(one), 0);
  const identity = (one: Consequence): boolean => one.step.resource === "UserIdentity";
  const creates = (one: Consequence): boolean => ["create", "replace"].includes(one.step.does);
  return {
    created: count((one) => identity(one) && creates(one)),
    updated: count((one) => identity(one) && one.step.does === "update"),
    deletions: count((one) => identity(one) && one.fate === "tornDown"),
    acsUsers: sum((one) => one.takes?.acsUsers.length ?? 0),
    credentials: sum((one) =>
      (one.takes?.acsUsers ?? []).reduce((total, user) => total + user.credentials, 0),
    ),
    phones: sum((one) => one.takes?.phones ?? 0),
    clientSessions: sum((one) => one.takes?.clientSessions ?? 0),
    enrollmentAutomations: sum((one) => one.takes?.enrollmentAutomations ?? 0),
    unlinked: count((one) => one.fate === "unlinked"),
    linked: count((one) => one.step.resource === "AcsUserLink" && creates(one)),
    acsUsersCreated: count((one) => one.step.resource === "AcsUser" && creates(one)),
    acsUsersUpdated: count((one) => one.step.resource === "AcsUser" && one.step.does === "update"),
    retained: count((one) => identity(one) && one.fate === "retained"),
    problems: sum((one) => one.problems.length),
  };
}

/** The most that may happen without somebody looking twice. */
export type Limits = Partial<Record<Countable, number>> & { failOnProblems?: boolean };

/** Whether anything that a limit counts could not be counted, because nobody could ask Seam. */
const needsSeam: readonly Countable[] = ["acsUsers", "credentials", "phones"];

/** What goes beyond the limits, in words; what cannot be judged counts as beyond. */
export function beyondLimits(
  totals: Totals,
  limits: Limits,
  consequences: readonly Consequence[],
  askedSeam: boolean,
): string[] {
  const unseen = consequences.some((one) => one.fate === "tornDown" && one.takes === undefined);
  const beyond: string[] = [];
  for (const [name, most] of Object.entries(limits)) {
    if (typeof most !== "number") continue;
    const countable = name as Countable;
    const what = countableNames[countable];
    if (needsSeam.includes(countable) && unseen) {
      const why = askedSeam ? "Seam did not tell (see the problems)" : "there is no API key to ask Seam with";
      beyond.push(`at most ${most} ${what} may go, and how many do cannot be seen: ${why}`);
    } else if (totals[countable] > most) {
      beyond.push(`${totals[countable]} ${what} go, and at most ${most} may`);
    }
  }
  if (limits.failOnProblems === true && totals.problems > 0) {
    beyond.push(`the apply will fail: ${totals.problems} ${totals.problems === 1 ? "problem" : "problems"}`);
  }
  return beyond;
}

export const countableNames: Readonly<Record<Countable, string>> = {
  deletions: "user identities",
  acsUsers: "ACS users",
  credentials: "credentials",
  phones: "phones",
  unlinked: "links",
};
