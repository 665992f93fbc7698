import type { Judgement } from "../judge/types";
import { list, methodsOf } from "../survey/stake";
import type { AccessGrantAtStake, AcsUserAtStake } from "../survey/types";

// Short descriptions of what opens doors.

/** "Lobby (2 cards)". */
export function door(user: AcsUserAtStake): string {
  return `${acsSystem(user)} (${methodsOf(user.accessMethods, "credential") || "no credentials"})`;
}

/** Whether a create adopts an ACS user or grant, or may adopt one: then nobody gets new access. */
export function existedBefore({ existing, access }: Judgement): boolean {
  return existing !== undefined || access.some(({ does }) => does === "unknown");
}

/** What an adoption leaves as it is: "keeps Lobby (2 cards), now managed". */
export function adopted(seen: readonly string[], otherwise: string): string {
  return `keeps ${seen.length === 0 ? otherwise : list(seen)}, now managed`;
}

/** "Front door (1 code)". */
export function grant(one: AccessGrantAtStake): string {
  return `${grantName(one)}${withMethods(one.accessMethods)}`;
}

/** "Front door". */
export function grantName({ accessGrantId, name }: AccessGrantAtStake): string {
  return name ?? `access grant ${accessGrantId}`;
}

/** " (1 code)", or nothing. */
export function withMethods(accessMethods: Readonly<Record<string, number>>): string {
  const methods = methodsOf(accessMethods, "access method");
  return methods === "" ? "" : ` (${methods})`;
}

export function acsSystem({ acsSystemId, acsSystemName }: AcsUserAtStake): string {
  return acsSystemName ?? `access control system ${acsSystemId}`;
}

export function systemName(system: Judgement["system"]): string {
  if (system === undefined) return "an access control system";
  return system.name ?? `access control system ${system.id}`;
}

/** When access that is not lost completely is lost: "at once (its schedule ended at …)", "after …". */
export function shortened(
  { until, from }: { until?: string; from?: string },
  now: Date,
  ended = "its schedule ended",
): string {
  const parts: string[] = [];
  if (from !== undefined) parts.push(`until ${from}`);
  if (until !== undefined) {
    parts.push(Date.parse(until) <= now.getTime() ? `at once (${ended} at ${until})` : `after ${until}`);
  }
  return parts.join(" and ");
}
