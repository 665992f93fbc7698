import type { AccessChange, Door, Step } from "./types";
import { isNotYetKnown, isSecret } from "./values";

const lists = [
  ["acsEntranceIds", "entrance"],
  ["deviceIds", "device"],
] as const;

/** The doors that an update of a space removes and adds. */
export function doorChanges(step: Step): AccessChange[] {
  const removed: Door[] = [];
  const added: Door[] = [];
  let hidden = false;
  for (const [name, kind] of lists) {
    const [before, after] = [idsOf(step.old[name]), idsOf(step.new[name])];
    // Doors that the preview does not show may be the ones that are lost.
    hidden ||= before.hidden || (before.ids.length > 0 && after.hidden);
    const doors = (ids: readonly string[], others: readonly string[]): Door[] =>
      ids.filter((id) => !others.includes(id)).map((id) => ({ kind, id }));
    if (!after.hidden) removed.push(...doors(before.ids, after.ids));
    if (!before.hidden) added.push(...doors(after.ids, before.ids));
  }
  return [
    ...(removed.length > 0 ? [{ does: "removeDoors" as const, doors: removed }] : []),
    ...(added.length > 0 ? [{ does: "addDoors" as const, doors: added }] : []),
    ...(hidden ? [{ does: "unknown" as const }] : []),
  ];
}

/** The doors of a new space, as far as the preview shows them. */
export function newSpaceDoors(step: Step): Door[] {
  return lists.flatMap(([name, kind]) => idsOf(step.new[name]).ids.map((id) => ({ kind, id })));
}

/** The ids in a list; `hidden` if some or all of them are known only at the apply. */
function idsOf(value: unknown): { ids: string[]; hidden: boolean } {
  if (value === undefined || value === null) return { ids: [], hidden: false };
  const items: readonly unknown[] = Array.isArray(value) ? value : [undefined];
  const ids = items.flatMap((one) =>
    typeof one === "string" && !isSecret(one) && !isNotYetKnown(one) ? one.toLowerCase() : [],
  );
  return { ids, hidden: ids.length < items.length };
}
