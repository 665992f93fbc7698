import type { Finding } from "./finding";
import { handsOver } from "./judge/handovers";
import type { Judgement } from "./judge/types";

/** Sums over all steps: what a reviewer wants to know first, and what limits are compared with. */
export interface Totals {
  created: number;
  updated: number;
  /** Identities that are torn down, replacements included. */
  deletions: number;
  acsUsers: number;
  credentials: number;
  accessGrants: number;
  phones: number;
  clientSessions: number;
  enrollmentAutomations: number;
  /** Links that are removed without their identity, replacements included. */
  unlinked: number;
  linked: number;
  /** ACS users that the program declares itself. */
  acsUsersCreated: number;
  acsUsersUpdated: number;
  acsUsersTornDown: number;
  /** Identities that Pulumi forgets and that stay in Seam. */
  retained: number;
  /** Updates that make somebody else of a person whose keys, phones or sessions are out. */
  handovers: number;
  /** Identities and ACS users from which an update takes a key, name, e-mail address or phone number. */
  attributeRemovals: number;
  /** ACS users that stay and lose access: suspended, unlinked, or with a schedule that ends earlier or starts later. */
  accessLosses: number;
  /** ACS users that get access back, or for longer. */
  accessGains: number;
  problems: number;
  /** What Seam was asked and did not answer, and what nobody could ask. */
  unchecked: number;
}

export type Countable =
  | "deletions"
  | "acsUsers"
  | "credentials"
  | "accessGrants"
  | "phones"
  | "unlinked"
  | "handovers"
  | "attributeRemovals"
  | "accessLosses";

export function totalsOf(judgements: readonly Judgement[], ofTheStack: readonly Finding[] = []): Totals {
  const count = (test: (one: Judgement) => boolean): number => judgements.filter(test).length;
  const sum = (from: readonly Judgement[], of: (one: Judgement) => number): number =>
    from.reduce((total, one) => total + of(one), 0);
  const identity = ({ step }: Judgement): boolean => step.resource === "UserIdentity";
  const acsUser = ({ step }: Judgement): boolean => step.resource === "AcsUser";
  const link = ({ step }: Judgement): boolean => step.resource === "AcsUserLink";
  const creates = ({ step }: Judgement): boolean => step.does === "create" || step.does === "replace";
  const updates = ({ step }: Judgement): boolean => step.does === "update";
  // What Seam has once is deleted once, however many resources have it.
  const tornDown = [
    ...new Map(
      judgements
        .filter(({ fate }) => fate === "tornDown")
        .map((one) => [`${one.step.resource} ${one.step.id ?? one.step.urn}`, one]),
    ).values(),
  ];
  const acsUsers = new Map(
    tornDown.flatMap((one) => (one.takes?.acsUsers ?? []).map((user) => [user.acsUserId, user] as const)),
  );
  const findings = [...ofTheStack, ...judgements.flatMap((one) => one.findings)];
  const changed = (does: readonly string[]): number =>
    new Set(
      judgements.filter(({ access }) => access.some((change) => does.includes(change.does))).map(acsUserOf),
    ).size;
  return {
    created: count((one) => identity(one) && creates(one)),
    updated: count((one) => identity(one) && updates(one)),
    deletions: tornDown.filter(identity).length,
    acsUsers: acsUsers.size,
    credentials: [...acsUsers.values()].reduce((total, user) => total + user.credentials, 0),
    accessGrants: sum(tornDown, (one) => one.takes?.accessGrants.length ?? 0),
    phones: sum(tornDown, (one) => one.takes?.phones ?? 0),
    clientSessions: sum(tornDown, (one) => one.takes?.clientSessions ?? 0),
    enrollmentAutomations: sum(tornDown, (one) => one.takes?.enrollmentAutomations ?? 0),
    unlinked: count(({ fate }) => fate === "unlinked"),
    linked: count((one) => link(one) && creates(one)),
    acsUsersCreated: count((one) => acsUser(one) && creates(one)),
    acsUsersUpdated: count((one) => acsUser(one) && updates(one)),
    acsUsersTornDown: tornDown.filter(acsUser).length,
    retained: count((one) => identity(one) && one.fate === "retained"),
    handovers: count(handsOver),
    attributeRemovals: count((one) => one.removedAttributes.length > 0),
    accessLosses: changed(["suspend", "shorten", "reschedule", "unlink"]),
    accessGains: changed(["unsuspend", "extend", "reschedule"]),
    problems: findings.filter(({ kind }) => kind === "problem").length,
    unchecked: findings.filter(({ kind }) => kind === "unchecked").length,
  };
}

function acsUserOf({ step }: Judgement): string {
  return step.resource === "AcsUserLink" ? (step.id?.split("/")[1] ?? step.urn) : (step.id ?? step.urn);
}

/** The most that may happen without somebody looking twice. */
export type Limits = Partial<Record<Countable, number>> & { failOnProblems?: boolean };

/** What can only be counted by asking Seam. */
const needsSeam: readonly Countable[] = ["acsUsers", "credentials", "accessGrants", "phones"];

/** What goes beyond the limits, in words; what cannot be judged counts as beyond. */
export function beyondLimits(
  totals: Totals,
  limits: Limits,
  judgements: readonly Judgement[],
  askedSeam: boolean,
): string[] {
  const unseen = judgements.some(({ fate, takes }) => fate === "tornDown" && takes === undefined);
  const hidden = judgements.some(({ access }) => access.some(({ does }) => does === "unknown"));
  const beyond: string[] = [];
  for (const countable of Object.keys(words).filter(isCountable)) {
    const most = limits[countable];
    if (most === undefined) continue;
    const { verb } = words[countable];
    if (needsSeam.includes(countable) && unseen) {
      const why = askedSeam ? "Seam did not answer (see what could not be checked)" : "there is no API key";
      beyond.push(
        `how many ${words[countable].many} would ${verb} cannot be seen, and the limit is ${most}: ${why}`,
      );
    } else if (countable === "accessLosses" && hidden) {
      const why = "the preview does not show the new schedule or suspension of an ACS user";
      beyond.push(
        `how many ${words[countable].many} would ${verb} cannot be seen, and the limit is ${most}: ${why}`,
      );
    } else if (totals[countable] > most) {
      beyond.push(`${counted(totals[countable], countable)} would ${verb}, and the limit is ${most}`);
    }
  }
  if (limits.failOnProblems !== true) return beyond;
  if (totals.problems > 0) {
    const one = totals.problems === 1;
    beyond.push(`${one ? "1 problem" : `${totals.problems} problems`} to solve before the apply`);
  }
  if (judgements.length > 0 && !askedSeam) {
    beyond.push("whether the apply will fail cannot be seen: there is no API key");
  }
  if (totals.unchecked > 0) {
    beyond.push(
      "whether the apply will fail cannot be seen: Seam did not answer (see what could not be checked)",
    );
  }
  return beyond;
}

function isCountable(name: string): name is Countable {
  return Object.hasOwn(words, name);
}

function counted(count: number, countable: Countable): string {
  return `${count} ${count === 1 ? words[countable].one : words[countable].many}`;
}

const words: Readonly<Record<Countable, { one: string; many: string; verb: string }>> = {
  deletions: { one: "user identity", many: "user identities", verb: "be deleted" },
  acsUsers: { one: "ACS user", many: "ACS users", verb: "be deleted" },
  credentials: { one: "credential", many: "credentials", verb: "be deleted" },
  accessGrants: { one: "access grant", many: "access grants", verb: "be deleted" },
  phones: { one: "phone", many: "phones", verb: "be deleted" },
  unlinked: { one: "link", many: "links", verb: "be unlinked" },
  handovers: {
    one: "person",
    many: "people",
    verb: "become somebody else with keys that were issued already",
  },
  attributeRemovals: {
    one: "person",
    many: "people",
    verb: "lose a key, name, e-mail address or phone number",
  },
  accessLosses: {
    one: "ACS user",
    many: "ACS users",
    verb: "lose access without being deleted",
  },
};
