import type { AcsUserAtStake, Consequence } from "./consequences";
import { quoted } from "./resourceNames";

/**
 * Judges the steps as a whole: an ACS user under an identity that goes may be unlinked before, or have a step of its own, and
 * one that a link or identity would leave behind may go all the same. Afterwards each ACS user goes once, or stays.
 */
export function settleAcsUsers(consequences: readonly Consequence[]): void {
  const identities = consequences.filter(
    ({ step, takes }) => step.resource === "UserIdentity" && takes !== undefined,
  );
  const goesAlone = new Map<string, Consequence>();
  for (const one of consequences) {
    if (one.step.resource === "AcsUser" && one.fate === "tornDown") goesAlone.set(one.step.id ?? "", one);
  }
  const unlinked = new Map<string, Consequence>();
  for (const one of consequences) {
    if (one.step.resource === "AcsUserLink" && one.fate === "unlinked") unlinked.set(one.step.id ?? "", one);
  }
  const going = new Map(goesAlone);
  for (const identity of identities) {
    const taken = (identity.takes?.acsUsers ?? []).filter(({ acsUserId }) => {
      const own = goesAlone.get(acsUserId);
      if (own !== undefined) {
        identity.notes.push(`ACS user ${acsUserId} goes with ${quoted(own.step.name)}, and is counted there`);
        return false;
      }
      const link = unlinked.get(`${identity.step.id}/${acsUserId}`);
      return link === undefined || !isUnlinkedFirst(link, identity, acsUserId);
    });
    if (identity.takes !== undefined) identity.takes.acsUsers = taken;
    for (const { acsUserId } of taken) going.set(acsUserId, identity);
  }
  for (const one of consequences) {
    if (one.keeps === undefined) continue;
    const mayStay = ({ acsUserId }: AcsUserAtStake): boolean => {
      const with_ = going.get(acsUserId);
      if (with_ === undefined) return true;
      one.notes.push(`ACS user ${acsUserId} does not stay: it goes with ${quoted(with_.step.name)}`);
      return false;
    };
    one.keeps = one.keeps.filter(mayStay);
  }
}

/** Pulumi deletes what depends on an identity before it; without a record of that, both go side by side. */
function isUnlinkedFirst(link: Consequence, identity: Consequence, acsUserId: string): boolean {
  const replaced = link.step.does === "replace";
  // Deletions come last in a run, replacements in its course.
  if (replaced && identity.step.does === "delete") return true;
  const depends = link.step.dependsOn.includes(identity.step.urn);
  if (depends && (replaced || identity.step.does === "delete")) return true;
  identity.notes.push(
    `whether ACS user ${acsUserId} stays is not certain: the state does not say that ${quoted(link.step.name)} depends on this identity, so they may go at the same time. It is counted as going. To be sure, take the link away in a run of its own first`,
  );
  return false;
}
