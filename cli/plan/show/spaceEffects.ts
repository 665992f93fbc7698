import type { AccessChange } from "../forecast/types";
import { doorName } from "../judge/space";
import type { Judgement } from "../judge/types";
import { list, plural } from "../survey/stake";
import type { Effects } from "./effectTypes";

/** Adds what the step of a space does to the people who have access grants for it. */
export function spaceEffects(judgement: Judgement, effects: Effects): void {
  const { step, fate, gives, access, changes } = judgement;
  if (step.does === "create") {
    effects.remarks.push(gives.length === 0 ? "is a new space" : `is a new space with ${list(gives)}`);
  }
  if (step.does === "replace") effects.remarks.push("is created again with another key");
  else if (fate === "tornDown") effects.remarks.push("is deleted");
  if (fate === "retained") effects.remarks.push("stays in Seam, no longer managed");
  if (fate === "gone") effects.remarks.push("is not in Seam any more");
  for (const change of access) doorEffects(change, judgement, effects);
  for (const { name } of changes) {
    const isShown = name === "acsEntranceIds" || name === "deviceIds" || step.does === "replace";
    if (!isShown) effects.changes.push(name);
  }
}

function doorEffects(change: AccessChange, { doorNames, usedBy }: Judgement, effects: Effects): void {
  const { does, doors = [] } = change;
  const shown = list(doors.map((door) => doorName(door, { wantedPlaces: doorNames })));
  const users =
    usedBy === undefined ? "access grants for it not seen" : plural(usedBy.length, "access grant");
  if (does === "removeDoors") {
    if (usedBy?.length === 0) effects.remarks.push(`is left without ${shown}, which no access grant opens`);
    else effects.loses.push(`${shown} (${users})`);
  } else if (does === "addDoors") effects.gets.push(`${shown} (${users})`);
  else effects.remarks.push("may lose doors (not shown before the apply)");
}
