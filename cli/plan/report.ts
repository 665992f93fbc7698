import type { FieldChange } from "./changedFields";
import type { AcsUserAtStake, Consequence } from "./consequences";
import { maskField } from "./personalData";
import { isNotYetKnown, isSecret } from "./previewValues";
import type { Totals } from "./totals";

/** Everything that the ways of showing a plan have in common. */
export interface Plan {
  consequences: readonly Consequence[];
  totals: Totals;
  /** What goes beyond the limits that were given. */
  beyond: readonly string[];
  /** Whether Seam was asked; without a key a plan shows only what Pulumi knows. */
  askedSeam: boolean;
  showPersonalData: boolean;
}

export const unseenWithoutKey =
  "There was no API key, so nobody asked Seam: what goes with an identity, and conflicts that will fail at apply, are not shown. Set SEAM_API_KEY (and SEAM_ENDPOINT) to see them.";

/** One line: how much comes, changes and goes. */
export function headline(totals: Totals): string {
  const parts = [
    [totals.created, "created"],
    [totals.updated, "updated"],
    [totals.deletions, "torn down"],
    [totals.retained, "left in Seam"],
  ] as const;
  const identities = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const links = [
    ...(totals.linked > 0 ? [`${totals.linked} made`] : []),
    ...(totals.unlinked > 0 ? [`${totals.unlinked} taken away`] : []),
  ];
  const acsUsers = [
    ...(totals.acsUsersCreated > 0 ? [`${totals.acsUsersCreated} created`] : []),
    ...(totals.acsUsersUpdated > 0 ? [`${totals.acsUsersUpdated} updated`] : []),
    ...(totals.acsUsersTornDown > 0 ? [`${totals.acsUsersTornDown} torn down`] : []),
  ];
  const nothing = identities.length + links.length + acsUsers.length + totals.acsUsers === 0;
  if (nothing) return "No user identity, ACS user or link changes.";
  const all = [
    ...(identities.length > 0 ? [`User identities: ${identities.join(", ")}.`] : []),
    ...(acsUsers.length > 0 ? [`ACS users: ${acsUsers.join(", ")}.`] : []),
    ...(links.length > 0 ? [`Links: ${links.join(", ")}.`] : []),
  ];
  return all.join(" ");
}

/** What goes with the identities, in words, or nothing. */
export function lossLine(totals: Totals): string | undefined {
  const losses = [
    plural(totals.credentials, "credential"),
    plural(totals.acsUsers, "ACS user"),
    plural(totals.phones, "phone"),
    plural(totals.clientSessions, "client session"),
    plural(totals.enrollmentAutomations, "enrollment automation"),
  ].filter((text) => !text.startsWith("0 "));
  if (losses.length === 0) return undefined;
  return totals.deletions === 0 ? `Away go ${list(losses)}.` : `With them go ${list(losses)}.`;
}

/** The order in which a reviewer should look: what takes away first. */
export function sorted(consequences: readonly Consequence[]): Consequence[] {
  const rank = (one: Consequence): number => {
    if (one.problems.length + one.unchecked.length > 0) return 0;
    if (one.fate === "tornDown") return 1;
    if (one.fate === "unlinked") return 2;
    return one.step.does === "update" ? 3 : one.step.does === "create" ? 4 : 5;
  };
  return [...consequences].sort(
    (one, other) => rank(one) - rank(other) || one.step.urn.localeCompare(other.step.urn),
  );
}

/** What happens, in a few words. */
export function action({ step, fate }: Consequence): string {
  const link = step.resource === "AcsUserLink";
  if (step.does === "create") return link ? "link" : "create";
  if (step.does === "update") return "update";
  const verbs = {
    tornDown: "tear down",
    retained: "forget, keep in Seam",
    gone: "forget, gone already",
    unlinked: "unlink",
    withIdentity: "goes with its identity",
  };
  const verb = fate === undefined ? step.does : verbs[fate];
  return step.does === "replace" ? `${verb}, then ${link ? "link" : "create"} anew` : verb;
}

/** What goes, what stays, what changes: a line each. */
export function details(one: Consequence, showPersonalData: boolean): string[] {
  const lines: string[] = [];
  const { takes, keeps = [] } = one;
  if (takes !== undefined) {
    for (const user of takes.acsUsers) {
      lines.push(
        `takes ACS user ${user.acsUserId} in ${system(user)} with ${plural(user.credentials, "credential")}`,
      );
    }
    const others = [
      plural(takes.phones, "phone"),
      plural(takes.clientSessions, "client session"),
      plural(takes.enrollmentAutomations, "enrollment automation"),
    ].filter((text) => !text.startsWith("0 "));
    if (others.length > 0) lines.push(`takes ${list(others)}`);
    if (takes.acsUsers.length + others.length === 0) lines.push("nothing hangs under it");
  }
  for (const user of keeps) {
    lines.push(
      `keeps ACS user ${user.acsUserId} in ${system(user)} and its ${plural(user.credentials, "credential")}`,
    );
  }
  for (const change of one.changes ?? []) lines.push(changeLine(change, showPersonalData));
  return lines;
}

export function changeLine({ name, from, to }: FieldChange, showPersonalData: boolean): string {
  if (isSecret(from) && isSecret(to)) return `${name}: secret, may change`;
  const shown = (value: unknown): string => {
    if (isSecret(value)) return "secret";
    if (isNotYetKnown(value)) return "known at the apply";
    const masked = showPersonalData ? value : maskField(name, value);
    return masked === undefined ? "nothing" : JSON.stringify(masked);
  };
  const masked =
    !showPersonalData && from !== to && shown(from) === shown(to) ? " (they differ where masked)" : "";
  return `${name}: ${shown(from)} → ${shown(to)}${masked}`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function list(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

function system(user: AcsUserAtStake): string {
  return user.acsSystemName || `access control system ${user.acsSystemId}`;
}
