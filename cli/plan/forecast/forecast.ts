import { attributeNames } from "../../../provider/resources/userIdentityAttributes";
import { accessChanges } from "./accessChanges";
import { changedFields } from "./changedFields";
import { fateOf, skippedWith } from "./fate";
import { findHandovers } from "./handovers";
import { findRenames } from "./renames";
import type { Forecast, Step } from "./types";

/** Options of {@link forecast}. */
export interface ForecastOptions {
  /** Decides which schedules have ended already. Default: the present. */
  now?: Date;
  /** The URNs that the preview deletes or replaces, those of other packages included. Default: those of the steps. */
  deletedUrns?: ReadonlySet<string>;
}

/** What the preview alone shows about each step, in the steps' order. */
export function forecast(steps: readonly Step[], options: ForecastOptions = {}): Forecast[] {
  const byUrn = (...verbs: readonly Step["does"][]) =>
    new Map(steps.filter(({ does }) => verbs.includes(does)).map((step) => [step.urn, step]));
  const [deleted, ended] = [byUrn("delete"), byUrn("delete", "replace")];
  const { now = new Date(), deletedUrns = new Set(ended.keys()) } = options;
  const renames = findRenames(steps);
  const handovers = findHandovers(steps);
  // A renamed link or membership continues under its new name if its two ids stay the same.
  const continued = new Set(
    [...renames.values()].filter(
      ({ resource }) => resource === "AcsUserLink" || resource === "AcsAccessGroupMembership",
    ),
  );
  return steps.map((step) => {
    const skipped = skippedWith(step, ended, deletedUrns);
    const fate = skipped === undefined ? fateOf(step, deleted) : "retained";
    const changes = changedFields(step);
    return {
      step,
      fate: (fate === "unlinked" || fate === "removed") && continued.has(step) ? "retained" : fate,
      skippedWith: skipped,
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
