import type { FieldChange, ResourceKind } from "../forecast/types";
import { isNotYetKnown, isSecret } from "../forecast/values";
import type { Judgement } from "../judge/types";
import { isNonZero, list, plural } from "../survey/stake";
import { acsSystem, grant } from "./doorWords";
import { group } from "./membershipEffects";
import { maskField } from "../personalData";

const creating: Partial<Record<ResourceKind, string>> = {
  AcsUserLink: "link",
  AcsAccessGroupMembership: "add to the group",
};

/** What happens to a resource, in a few words. */
export function action({ step, fate }: Judgement): string {
  const creates = creating[step.resource] ?? "create";
  if (step.does === "create") return creates;
  if (step.does === "update") return "update";
  const verbs = {
    tornDown: step.resource === "AccessGrant" || step.resource === "Space" ? "delete" : "tear down",
    retained: "forget, keep in Seam",
    gone: "forget, gone already",
    unlinked: "unlink",
    removed: "remove from the group",
    withIdentity: "deleted with its identity",
  };
  const verb = fate === undefined ? step.does : verbs[fate];
  if (step.does !== "replace") return verb;
  return step.resource === "AcsAccessGroupMembership"
    ? `${verb}, then ${creates}`
    : `${verb}, then ${creates} again`;
}

/** What is deleted, what is kept and what changes, one line each. */
export function details(one: Judgement, showPersonalData: boolean): string[] {
  const lines: string[] = [];
  const { takes, keeps = [] } = one;
  if (takes !== undefined) {
    for (const user of takes.acsUsers) {
      lines.push(
        `deletes ACS user ${user.acsUserId} in ${acsSystem(user)} with ${plural(user.credentials, "credential")}`,
      );
    }
    for (const one of takes.accessGrants) {
      const open = one.notIssued === 0 ? "" : `, ${one.notIssued} not issued yet`;
      lines.push(`deletes access grant ${one.accessGrantId}: ${grant(one)}${open}`);
    }
    const others = [
      plural(takes.phones, "phone"),
      plural(takes.clientSessions, "client session"),
      plural(takes.enrollmentAutomations, "enrollment automation"),
    ].filter(isNonZero);
    if (others.length > 0) lines.push(`deletes ${list(others)}`);
    if (takes.acsUsers.length + takes.accessGrants.length + others.length === 0)
      lines.push("nothing is linked to it");
  }
  for (const user of keeps) {
    lines.push(
      `keeps ACS user ${user.acsUserId} in ${acsSystem(user)} and its ${plural(user.credentials, "credential")}`,
    );
  }
  for (const kept of one.keepsGrants ?? []) {
    lines.push(`keeps access grant ${kept.accessGrantId}: ${grant(kept)}`);
  }
  if (one.gives.length > 0) {
    lines.push(`${one.step.resource === "Space" ? "has" : "is for"} ${list(one.gives)}`);
  }
  if (one.usedBy !== undefined) {
    lines.push(
      `${plural(one.usedBy.length, "access grant")} that ${one.usedBy.length === 1 ? "stays gives" : "stay give"} access to it`,
    );
  }
  if (one.fate === "removed" && one.groups?.leaves !== undefined) {
    lines.push(`removes the ACS user from ${group(one.groups.leaves)}`);
  }
  if (one.groups?.joins !== undefined) lines.push(`adds the ACS user to ${group(one.groups.joins)}`);
  // The name of a building is not personal data.
  const shows = showPersonalData || one.step.resource === "Space";
  for (const change of one.changes) lines.push(changeLine(change, shows));
  return lines;
}

/** Replaces values that are known only at the apply, also in lists. */
function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  return isNotYetKnown(value) ? "(known at the apply)" : value;
}

function changeLine({ name, from, to }: FieldChange, showPersonalData: boolean): string {
  if (isSecret(from) && isSecret(to)) return `${name}: secret, may change`;
  const shown = (value: unknown): string => {
    if (isSecret(value)) return "secret";
    if (isNotYetKnown(value)) return "known at the apply";
    const masked = showPersonalData ? value : maskField(name, value);
    return masked === undefined ? "nothing" : JSON.stringify(readable(masked));
  };
  const masked =
    !showPersonalData && from !== to && shown(from) === shown(to) ? " (they differ where masked)" : "";
  return `${name}: ${shown(from)} → ${shown(to)}${masked}`;
}
