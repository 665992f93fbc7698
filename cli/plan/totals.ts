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
  acsUsersTornDown: number;
  /** Identities that Pulumi forgets and that stay in Seam. */
  retained: number;
  problems: number;
  /** What Seam was asked and did not answer. */
  unchecked: number;
}

export type Countable = "deletions" | "acsUsers" | "credentials" | "phones" | "unlinked";

export function totalsOf(consequences: readonly Consequence[]): Totals {
  const count = (test: (one: Consequence) => boolean): number => consequences.filter(test).length;
  const sum = (from: readonly Consequence[], of: (one: Consequence) => number): number =>
    from.reduce((total, one) => total + of(one), 0);
  const identity = (one: Consequence): boolean => one.step.resource === "UserIdentity";
  const creates = (one: Consequence): boolean => ["create", "replace"].includes(one.step.does);
  // What Seam has once goes once, however many resources stand for it.
  const tornDown = [
    ...new Map(
      consequences
        .filter((one) => one.fate === "tornDown")
        .map((one) => [`${one.step.resource} ${one.step.id ?? one.step.urn}`, one]),
    ).values(),
  ];
  const acsUsers = new Map(
    tornDown.flatMap((one) => (one.takes?.acsUsers ?? []).map((user) => [user.acsUserId, user] as const)),
  );
  return {
    created: count((one) => identity(one) && creates(one)),
    updated: count((one) => identity(one) && one.step.does === "update"),
    deletions: tornDown.filter(identity).length,
    acsUsers: acsUsers.size,
    credentials: [...acsUsers.values()].reduce((total, user) => total + user.credentials, 0),
    phones: sum(tornDown, (one) => one.takes?.phones ?? 0),
    clientSessions: sum(tornDown, (one) => one.takes?.clientSessions ?? 0),
    enrollmentAutomations: sum(tornDown, (one) => one.takes?.enrollmentAutomations ?? 0),
    unlinked: count((one) => one.fate === "unlinked"),
    linked: count((one) => one.step.resource === "AcsUserLink" && creates(one)),
    acsUsersCreated: count((one) => one.step.resource === "AcsUser" && creates(one)),
    acsUsersUpdated: count((one) => one.step.resource === "AcsUser" && one.step.does === "update"),
    acsUsersTornDown: tornDown.filter((one) => one.step.resource === "AcsUser").length,
    retained: count((one) => identity(one) && one.fate === "retained"),
    problems: sum(consequences, (one) => one.problems.length),
    unchecked: sum(consequences, (one) => one.unchecked.length),
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
    const atMost = counted(most, countable);
    if (needsSeam.includes(countable) && unseen) {
      const why = askedSeam
        ? "Seam did not tell (see what could not be checked)"
        : "there is no API key to ask Seam with";
      beyond.push(`at most ${atMost} may go, and how many do cannot be seen: ${why}`);
    } else if (totals[countable] > most) {
      const go = totals[countable] === 1 ? "goes" : "go";
      beyond.push(`${counted(totals[countable], countable)} ${go}, and at most ${most} may`);
    }
  }
  if (limits.failOnProblems === true && totals.problems > 0) {
    const one = totals.problems === 1;
    beyond.push(`${one ? "1 problem stands" : `${totals.problems} problems stand`} in the way of the apply`);
  }
  if (limits.failOnProblems === true && consequences.length > 0 && !askedSeam) {
    beyond.push("whether the apply will fail cannot be seen: there is no API key to ask Seam with");
  }
  if (limits.failOnProblems === true && totals.unchecked > 0) {
    beyond.push(
      "whether the apply will fail cannot be seen: Seam did not tell (see what could not be checked)",
    );
  }
  return beyond;
}

function counted(count: number, countable: Countable): string {
  return `${count} ${count === 1 ? countableNames[countable].one : countableNames[countable].many}`;
}

const countableNames: Readonly<Record<Countable, { one: string; many: string }>> = {
  deletions: { one: "user identity", many: "user identities" },
  acsUsers: { one: "ACS user", many: "ACS users" },
  credentials: { one: "credential", many: "credentials" },
  phones: { one: "phone", many: "phones" },
  unlinked: { one: "link", many: "links" },
};
