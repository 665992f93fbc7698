import { text } from "../../../provider/resources/properties";
import type { AccessChange, Step } from "../forecast/types";
import { isSecret, shownValues } from "../forecast/values";
import { replacedFor } from "../judge/accessGrant";
import type { Judgement } from "../judge/types";
import { list } from "../survey/stake";
import { adopted, existedBefore, grant, grantName, shortened, withMethods } from "./doorWords";
import type { Effects } from "./effectTypes";
import type { Half } from "./people";

/** Adds what the step of an access grant does to the person who has it or gets it. */
export function accessGrantEffects(
  judgement: Judgement,
  half: Half | undefined,
  effects: Effects,
  now: Date,
): void {
  const { step } = judgement;
  if (step.does === "update") return changedGrant(judgement, effects, now);
  if (half !== "new") lostGrant(judgement, effects);
  if (step.does !== "delete" && half !== "old") newGrant(judgement, half, effects, now);
}

function lostGrant(judgement: Judgement, effects: Effects): void {
  const { step, fate, takes } = judgement;
  if (fate !== "tornDown") return;
  if (takes === undefined) {
    effects.loses.push(`${ownName(judgement)} (not seen)`);
    return;
  }
  const keptDoors = isMoved(step) ? [] : judgement.gives;
  for (const one of takes.accessGrants) {
    const lost = one.doors.filter((name) => !keptDoors.includes(name));
    if (one.doors.length === 0 || lost.length === one.doors.length) effects.loses.push(grant(one));
    else if (lost.length > 0) effects.loses.push(`${list(lost)}${withMethods(one.accessMethods)}`);
  }
}

function newGrant(judgement: Judgement, half: Half | undefined, effects: Effects, now: Date): void {
  const { step, takes, gives, access, touches } = judgement;
  if (existedBefore(judgement)) {
    accessEffects(judgement, list(gives) || ownName(judgement), effects, now);
    const seen = (touches?.accessGrants ?? []).map(grant);
    if (access.length === 0) effects.remarks.push(adopted(seen, list(gives)));
    return;
  }
  const doorsBefore = half === undefined ? (takes?.accessGrants.flatMap(({ doors }) => doors) ?? []) : [];
  const reissued = gives.filter((name) => doorsBefore.includes(name));
  if (reissued.length > 0) effects.remarks.push(`gets new access methods for ${list(reissued)}`);
  const added = gives.filter((name) => !doorsBefore.includes(name));
  const { startsAt, endsAt } = shownValues(step.new);
  const [from, until] = [text(startsAt), text(endsAt)];
  if (added.length === 0 || (until !== undefined && Date.parse(until) <= now.getTime())) return;
  const later = from !== undefined && Date.parse(from) > now.getTime() ? ` from ${from}` : "";
  effects.gets.push(`${list(added)}${later}${until === undefined ? "" : ` until ${until}`}`);
}

/** Whether a replacement moves the grant to another person. */
function isMoved(step: Step): boolean {
  return step.does === "replace" && replacedFor(step).identity;
}

function changedGrant(judgement: Judgement, effects: Effects, now: Date): void {
  const { access, changes } = judgement;
  const name = accessEffects(judgement, ownName(judgement), effects, now);
  const reported = new Set(["startsAt", "endsAt", "doors"]);
  if (access.some(({ methods, does }) => methods !== undefined || does === "unknown")) {
    reported.add("requestedAccessMethods");
  }
  // Two secrets are listed as fields that may change. If there are no other changes, they did change.
  const secrets = changes.filter(({ from, to }) => isSecret(from) && isSecret(to));
  if (secrets.length < changes.length) for (const one of secrets) reported.add(one.name);
  for (const change of changes) {
    if (!reported.has(change.name)) effects.changes.push(`${words[change.name] ?? change.name} for ${name}`);
  }
}

/** Adds what happens to the times and access methods of a grant that stays, and returns its name. */
function accessEffects(
  { access, touches }: Judgement,
  nameInProgram: string,
  effects: Effects,
  now: Date,
): string {
  const [seen] = touches?.accessGrants ?? [];
  const at = seen === undefined ? nameInProgram : grant(seen);
  const name = seen === undefined ? nameInProgram : grantName(seen);
  for (const change of access) timesAndMethods(change, at, name, effects, now);
  return name;
}

const words: Readonly<Record<string, string>> = {
  requestedAccessMethods: "what an access method is requested with",
  name: "name of the access grant",
};

function timesAndMethods(change: AccessChange, at: string, name: string, effects: Effects, now: Date): void {
  const { does, until, from, methods = {} } = change;
  if (does === "unknown") effects.remarks.push(`may lose or get ${name} (not shown before the apply)`);
  else if (does === "removeMethods") effects.loses.push(`${name}${withMethods(methods)}`);
  else if (does === "addMethods") effects.gets.push(`${name}${withMethods(methods)}`);
  else if (does === "extend") {
    effects.gets.push(`${name} ${until === undefined ? "without an end" : `until ${until}`}`);
  } else if (does === "shorten") effects.loses.push(`${at} ${shortened(change, now, "it ended")}`);
  else if (does === "reschedule") {
    const times = [from === undefined ? "" : `from ${from}`, until === undefined ? "" : `until ${until}`];
    effects.loses.push(`${at} outside of new times (${times.filter(Boolean).join(" ")})`);
  }
}

/** The doors of a grant as the program names them, without Seam. */
function ownName({ step }: Judgement): string {
  const doors: unknown = step.old.doors ?? step.new.doors;
  const names = Array.isArray(doors) ? doors.flatMap((one: unknown) => text(one) ?? []) : [];
  return names.length > 0 ? names.join(" and ") : `access grant ${step.id ?? step.name}`;
}
