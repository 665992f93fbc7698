import { isCertain } from "../judge/handovers";
import type { Judgement } from "../judge/types";
import { isNonZero, list, plural } from "../survey/stake";
import type { AcsUserAtStake, AtStake } from "../survey/types";
import { accessGrantEffects } from "./accessGrantEffects";
import { adopted, door, existedBefore, grant, shortened, systemName } from "./doorWords";
import type { Effects } from "./effectTypes";
import { membershipEffects } from "./membershipEffects";
import type { Person } from "./people";
import { spaceEffects } from "./spaceEffects";

export function effectsOf({ judgements, halves }: Person, now: Date): Effects {
  const effects: Effects = {
    loses: [],
    gets: [],
    stillHas: [],
    changes: [],
    remarks: [],
    joins: false,
    leaves: false,
  };
  // Doors first: the identity, and with it the app, is last. Otherwise in an order that does not change from preview to preview.
  const sortKey = ({ step }: Judgement): string => `${step.resource === "UserIdentity" ? 1 : 0} ${step.urn}`;
  const identityLast = [...judgements].sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
  for (const judgement of identityLast) {
    const { resource } = judgement.step;
    if (resource === "UserIdentity") identityEffects(judgement, effects);
    else if (resource === "AccessGrant") {
      accessGrantEffects(judgement, halves.get(judgement), effects, now);
    } else if (resource === "Space") spaceEffects(judgement, effects);
    else if (resource === "AcsAccessGroupMembership") membershipEffects(judgement, effects);
    else doorEffects(judgement, effects, now);
  }
  const leaves = judgements.some(
    ({ step, fate }) => step.resource === "UserIdentity" && step.does === "delete" && fate !== "gone",
  );
  for (const { step, fate, access, keeps = [], keepsGrants = [], system } of judgements) {
    const still = [...keepsGrants.map(grant), ...keeps.map(door)];
    if (fate === "retained" && step.resource === "AccessGrant" && !leaves) {
      for (const one of keepsGrants) effects.remarks.push(`keeps ${grant(one)}, no longer managed`);
    } else if (fate === "retained" && step.does === "delete") effects.stillHas.push(...still);
    if (fate === "tornDown" && step.resource === "UserIdentity") effects.stillHas.push(...still);
    if (!access.some(({ does }) => does === "unlink")) continue;
    // Without the link the person's app no longer gets the credentials, but a card still opens the door.
    if (leaves) effects.stillHas.push(...keeps.map(door));
    else effects.loses.push(unlinked(keeps, systemName(system)));
  }
  effects.stillHas = [...new Set(effects.stillHas)];
  return effects;
}

function identityEffects(judgement: Judgement, effects: Effects): void {
  const { step, fate, takes, changes, removedAttributes } = judgement;
  if (step.does === "create") {
    effects.joins = true;
    effects.remarks.push("joins");
  }
  if (fate === "tornDown") {
    effects.leaves = true;
    if (takes === undefined) effects.loses.push("everything that Seam has for them (not seen)");
    else effects.loses.push(...takes.accessGrants.map(grant), ...takes.acsUsers.map(door), app(takes));
  }
  if (fate === "retained") effects.remarks.push("stays in Seam, no longer managed");
  if (fate === "gone") effects.remarks.push("is not in Seam any more");
  if (step.does === "replace") effects.remarks.push("is created again");
  if (judgement.handover !== undefined) effects.remarks.push(handedOver(judgement));
  if (step.does !== "update") return;
  for (const { name } of changes) {
    if (removedAttributes.includes(name))
      effects.remarks.push(`is left without ${attributeWords[name] ?? name}`);
    else effects.changes.push(attributeWords[name] ?? name);
  }
}

function doorEffects(judgement: Judgement, effects: Effects, now: Date): void {
  const { step, fate, takes, access, changes, removedAttributes, touches } = judgement;
  const system = systemName(judgement.system);
  if (fate === "tornDown") {
    effects.loses.push(...(takes === undefined ? [`${system} (not seen)`] : takes.acsUsers.map(door)));
  }
  if (step.does === "create" || step.does === "replace") {
    if (existedBefore(judgement)) {
      if (access.length === 0) effects.remarks.push(adopted((touches?.acsUsers ?? []).map(door), system));
    } else if (!effects.gets.includes(system)) effects.gets.push(system);
  }
  for (const change of access) {
    const at = touches?.acsUsers[0] === undefined ? system : door(touches.acsUsers[0]);
    const until = change.until;
    if (change.does === "unlink") continue;
    if (change.does === "suspend") effects.loses.push(`${at}: suspended`);
    else if (change.does === "unsuspend") effects.gets.push(`${system} back`);
    else if (change.does === "unknown")
      effects.remarks.push(`may lose or get ${system} (not shown before the apply)`);
    else if (change.does === "extend")
      effects.gets.push(`${system} ${until === undefined ? "without an end" : `until ${until}`}`);
    else effects.loses.push(`${at} ${shortened(change, now)}`);
  }
  if (judgement.handover !== undefined) effects.remarks.push(handedOver(judgement));
  if (step.resource !== "AcsUser" || step.does !== "update") return;
  for (const { name } of changes) {
    if (name === "suspended" || name === "accessSchedule") continue;
    const what = `${attributeWords[name] ?? name} in ${system}`;
    if (removedAttributes.includes(name)) effects.remarks.push(`is left without ${what}`);
    else effects.changes.push(what);
  }
}

/** What another person gets in a handover, doors first. */
function handedOver({ touches, handover }: Judgement): string {
  const becomes = `${isCertain(handover) ? "becomes" : "may become"} somebody else`;
  if (touches === undefined) return `${becomes}, who gets all access already issued (it could not be listed)`;
  const doors = [...touches.accessGrants.map(grant), ...touches.acsUsers.map(door)];
  const all = touches.phones + touches.clientSessions > 0 ? [...doors, app(touches)] : doors;
  return all.length === 0 ? becomes : `${becomes}, who gets ${list(all)}`;
}

/** What an unlink removes: the ACS user keeps its credentials, but the person's app no longer gets them. */
function unlinked(keeps: readonly AcsUserAtStake[], system: string): string {
  const credentials = keeps.reduce((sum, user) => sum + user.credentials, 0);
  return `${system} in the app${credentials === 0 ? "" : ` (${plural(credentials, "credential")} stay there)`}`;
}

function app(takes: AtStake): string {
  const parts = [
    plural(takes.phones, "phone"),
    plural(takes.clientSessions, "session"),
    plural(takes.enrollmentAutomations, "enrollment automation"),
  ].filter(isNonZero);
  return `the app${parts.length === 0 ? "" : ` (${list(parts)})`}`;
}

export const attributeWords: Readonly<Record<string, string>> = {
  userIdentityKey: "key",
  emailAddress: "e-mail address",
  phoneNumber: "phone number",
  fullName: "name",
};

/** "loses Lobby (2 cards), the app (1 phone); name changes". */
export function sentence({ loses, gets, stillHas, changes, remarks }: Effects): string {
  const parts = [
    ...(loses.length > 0 ? [`loses ${loses.join(", ")}`] : []),
    ...(stillHas.length > 0 ? [`still has ${stillHas.join(", ")}`] : []),
    ...remarks.filter((part) => part !== "joins"),
    ...(remarks.includes("joins") || gets.length > 0
      ? [
          [remarks.includes("joins") ? "joins" : "", gets.length > 0 ? `gets ${gets.join(", ")}` : ""]
            .filter(Boolean)
            .join(", "),
        ]
      : []),
    ...(changes.length > 0 ? [`${list(changes)} ${changes.length === 1 ? "changes" : "change"}`] : []),
  ];
  return parts.join("; ");
}
