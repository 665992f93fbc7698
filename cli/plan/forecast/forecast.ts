import { attributeNames } from "../../../provider/resources/userIdentityAttributes";
import { accessChanges } from "./accessChanges";
import { changedFields } from "./changedFields";
import { fateOf } from "./fate";
import { findHandovers } from "./handovers";
import { findRenames } from "./renames";
import type { Forecast, Step } from "./types";

/** What the preview alone shows about each step, in the steps' order; `now` decides which schedules have ended already. */
export function forecast(steps: readonly Step[], now = new Date()): Forecast[] {
  const deleted = new Map(steps.filter(({ does }) => does === "delete").map((step) => [step.urn, step]));
  const renames = findRenames(steps);
  const handovers = findHandovers(steps);
  // A renamed link or membership continues under its new name if its two ids stay the same.
  const continued = new Set(
    [...renames.values()].filter(
      ({ resource }) => resource === "AcsUserLink" || resource === "AcsAccessGroupMembership",
    ),
  );
  return steps.map((step) => {
    const fate = fateOf(step, deleted);
    const changes = changedFields(step);
    return {
      step,
      fate: (fate === "unlinked" || fate === "removed") && continued.has(step) ? "retained" : fate,
      changes,
      renamedFrom: renames.get(step),
      handover: handovers.get(step),
      access: accessChanges(step, now),
      removedAttributes:
        step.does !== "update"
          ? []
          : changes
              .filter(({ name, from, to }) => isAttribute(name) && from !== undefined && to === undefined)
              .map(({ name }) => name),
    };
  });
}

function isAttribute(name: string): boolean {
  return attributeNames.some((attribute) => attribute === name);
}
