import type { Finding } from "./finding";
import { handsOver, mayHandOver } from "./judge/handovers";
import type { Judgement } from "./judge/types";

/** Sums over all steps: what a reviewer reads first, and what the limits apply to. */
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
  /** ACS users that the program declares. */
  acsUsersCreated: number;
  acsUsersUpdated: number;
  acsUsersTornDown: number;
  /** Access grants that the program declares, and memberships in access groups; replacements included. */
  accessGrantsCreated: number;
  accessGrantsUpdated: number;
  spacesCreated: number;
  spacesUpdated: number;
  spacesDeleted: number;
  groupsJoined: number;
  groupsLeft: number;
  /** Identities that Pulumi deletes from the state only, so that they stay in Seam. */
  retained: number;
  /** Updates that hand an identity with keys, phones or sessions over to another person, or may do so. */
  handovers: number;
  /** Identities and ACS users that lose a key, name, e-mail address or phone number in an update. */
  attributeRemovals: number;
  /**
   * ACS users and access grants that stay and lose access: they are suspended, unlinked, removed from a group, or lose an access
   * method; their times end earlier or start later; or their space loses doors.
   */
  accessLosses: number;
  /** ACS users and access grants that get access back, get it for longer, or get another access method. */
  accessGains: number;
  problems: number;
  /** Findings that could not be checked: Seam did not answer, or there was no key to query it with. */
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

export function totalsOf(judgements: readonly Judgement[], stackFindings: readonly Finding[] = []): Totals {
  const count = (test: (one: Judgement) => boolean): number => judgements.filter(test).length;
  const sum = (from: readonly Judgement[], of: (one: Judgement) => number): number =>
    from.reduce((total, one) => total + of(one), 0);
  const identity = ({ step }: Judgement): boolean => step.resource === "UserIdentity";
  const acsUser = ({ step }: Judgement): boolean => step.resource === "AcsUser";
  const link = ({ step }: Judgement): boolean => step.resource === "AcsUserLink";
  const grant = ({ step }: Judgement): boolean => step.resource === "AccessGrant";
  const membership = ({ step }: Judgement): boolean => step.resource === "AcsAccessGroupMembership";
  const space = ({ step }: Judgement): boolean => step.resource === "Space";
  const creates = ({ step }: Judgement): boolean => step.does === "create" || step.does === "replace";
  const updates = ({ step }: Judgement): boolean => step.does === "update";
  // An object is deleted once, however many resources have it.
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
  // A grant that is deleted by its own resource counts even if Seam did not show it.
  const accessGrants = new Set(
    tornDown.flatMap((one) => [
      ...(grant(one) ? [one.step.id ?? one.step.urn] : []),
      ...(one.takes?.accessGrants ?? []).map(({ accessGrantId }) => accessGrantId),
    ]),
  );
  const findings = [...stackFindings, ...judgements.flatMap((one) => one.findings)];
  const changed = (does: readonly string[]): number =>
    new Set(
      judgements
        .filter(({ access }) => access.some((change) => does.includes(change.does)))
        .flatMap(subjectsOf),
    ).size;
  return {
    created: count((one) => identity(one) && creates(one)),
    updated: count((one) => identity(one) && updates(one)),
    deletions: tornDown.filter(identity).length,
    acsUsers: acsUsers.size,
    credentials: [...acsUsers.values()].reduce((total, user) => total + user.credentials, 0),
    accessGrants: accessGrants.size,
    phones: sum(tornDown, (one) => one.takes?.phones ?? 0),
    clientSessions: sum(tornDown, (one) => one.takes?.clientSessions ?? 0),
    enrollmentAutomations: sum(tornDown, (one) => one.takes?.enrollmentAutomations ?? 0),
    unlinked: count(({ fate }) => fate === "unlinked"),
    linked: count((one) => link(one) && creates(one)),
    acsUsersCreated: count((one) => acsUser(one) && creates(one)),
    acsUsersUpdated: count((one) => acsUser(one) && updates(one)),
    acsUsersTornDown: tornDown.filter(acsUser).length,
    accessGrantsCreated: count((one) => grant(one) && creates(one)),
    accessGrantsUpdated: count((one) => grant(one) && updates(one)),
    spacesCreated: count((one) => space(one) && creates(one)),
    spacesUpdated: count((one) => space(one) && updates(one)),
    spacesDeleted: tornDown.filter(space).length,
    groupsJoined: count((one) => membership(one) && creates(one)),
    groupsLeft: count(({ access }) => access.some(({ does }) => does === "leaveGroup")),
    retained: count((one) => identity(one) && one.fate === "retained"),
    handovers: count(handsOver),
    attributeRemovals: count((one) => one.removedAttributes.length > 0),
    accessLosses: changed([
      "suspend",
      "shorten",
      "reschedule",
      "unlink",
      "leaveGroup",
      "removeMethods",
      "removeDoors",
    ]),
    accessGains: changed(["unsuspend", "extend", "reschedule", "addMethods", "addDoors"]),
    problems: findings.filter(({ kind }) => kind === "problem").length,
    unchecked: findings.filter(({ kind }) => kind === "unchecked").length,
  };
}

/** The ids of the ACS users or access grants whose access a judgement changes. */
function subjectsOf({ step, usedBy, existing }: Judgement): readonly string[] {
  if (step.resource === "Space") return usedBy ?? [];
  const isPair = step.resource === "AcsUserLink" || step.resource === "AcsAccessGroupMembership";
  return [existing ?? (isPair ? step.id?.split("/")[1] : step.id) ?? step.urn];
}

/** The most that may happen without an extra review. */
export type Limits = Partial<Record<Countable, number>> & { failOnProblems?: boolean };

/** Counts that need requests to Seam. */
const needsSeam: readonly Countable[] = ["acsUsers", "credentials", "accessGrants", "phones"];

/** The limits that are exceeded, in words; a limit that cannot be checked counts as exceeded. */
export function exceededLimits(
  totals: Totals,
  limits: Limits,
  judgements: readonly Judgement[],
  askedSeam: boolean,
): string[] {
  const unseen = judgements.some(
    ({ step, fate, takes }) =>
      fate === "tornDown" &&
      takes === undefined &&
      step.resource !== "AccessGrant" &&
      step.resource !== "Space",
  );
  const unseenUsers = judgements.some(
    ({ step, access, usedBy }) =>
      step.resource === "Space" && usedBy === undefined && access.some(({ does }) => does === "removeDoors"),
  );
  const hidden = judgements.filter(({ access }) => access.some(({ does }) => does === "unknown"));
  const possibleHandovers = judgements.filter(mayHandOver).length;
  const exceeded: string[] = [];
  for (const countable of Object.keys(words).filter(isCountable)) {
    const limit = limits[countable];
    if (limit === undefined) continue;
    const { verb } = words[countable];
    const isUnseen = needsSeam.includes(countable) ? unseen : countable === "accessLosses" && unseenUsers;
    if (isUnseen) {
      const why = askedSeam ? "Seam did not answer (see what could not be checked)" : "there is no API key";
      exceeded.push(
        `how many ${words[countable].many} would ${verb} cannot be seen, and the limit is ${limit}: ${why}`,
      );
    } else if (countable === "accessLosses" && hidden.length > 0) {
      const why = hidden.some(({ step }) => step.does === "update")
        ? "the preview does not show the new schedule or suspension of an ACS user, the new times or access methods of an access grant, or the new doors of a space"
        : askedSeam
          ? "it is not shown how a new resource changes the access of an ACS user or access grant that it adopts"
          : "there is no API key, so what a new resource adopts is not seen";
      exceeded.push(
        `how many ${words[countable].many} would ${verb} cannot be seen, and the limit is ${limit}: ${why}`,
      );
    } else if (
      countable === "handovers" &&
      totals.handovers > limit &&
      totals.handovers - possibleHandovers <= limit
    ) {
      const why =
        "the preview does not show whether the key, e-mail address, phone number or name of an identity or ACS user stays the same";
      exceeded.push(
        `how many ${words[countable].many} would ${verb} cannot be seen, and the limit is ${limit}: ${why}`,
      );
    } else if (totals[countable] > limit) {
      exceeded.push(`${counted(totals[countable], countable)} would ${verb}, and the limit is ${limit}`);
    }
  }
  if (limits.failOnProblems !== true) return exceeded;
  if (totals.problems > 0) {
    const one = totals.problems === 1;
    exceeded.push(`${one ? "1 problem" : `${totals.problems} problems`} to solve before the apply`);
  }
  if (judgements.length > 0 && !askedSeam) {
    exceeded.push("whether the apply will fail cannot be seen: there is no API key");
  }
  if (totals.unchecked > 0) {
    exceeded.push(
      "whether the apply will fail cannot be seen: Seam did not answer (see what could not be checked)",
    );
  }
  return exceeded;
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
    one: "ACS user or access grant",
    many: "ACS users and access grants",
    verb: "lose access without being deleted",
  },
};
