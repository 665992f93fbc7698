import { text } from "../../../provider/resources/properties";
import { methodChanges } from "./requestedMethods";
import { doorChanges } from "./spaceDoors";
import type { AccessChange, Step } from "./types";
import { isHidden } from "./values";

/** How an update changes the access of an ACS user or access grant, or through a space, without deleting any of them. */
export function accessChanges(step: Step, now: Date): AccessChange[] {
  if (step.does !== "update") return [];
  if (step.resource === "AccessGrant") return [...timeChanges(step, now), ...methodChanges(step)];
  if (step.resource === "Space") return doorChanges(step);
  if (step.resource !== "AcsUser") return [];
  const suspension = suspensionChange(step.old.suspended, step.new.suspended);
  const schedule = scheduleChange(step.old.accessSchedule, step.new.accessSchedule, now);
  return [suspension, schedule].filter((change) => change !== undefined);
}

/**
 * How a create that adopts or takes over an existing object changes its access, compared with what is in Seam. What the program
 * does not give, and access methods that it does not request, are left alone.
 */
export function adoptionChanges(
  step: Step,
  seen: Readonly<Record<string, unknown>>,
  now: Date,
): AccessChange[] {
  const update: Step = { ...step, does: "update", old: seen, new: { ...seen, ...step.new } };
  if (step.resource !== "AccessGrant") return accessChanges(update, now);
  return [...timeChanges(update, now), ...methodChanges(update).filter(({ does }) => does === "addMethods")];
}

function timeChanges(step: Step, now: Date): AccessChange[] {
  const time = scheduleChange(asSchedule(step.old), asSchedule(step.new), now);
  return time === undefined ? [] : [time];
}

function suspensionChange(before: unknown, after: unknown): AccessChange | undefined {
  if (isHidden(after)) return { does: "unknown" };
  if ((before === true) === (after === true)) return undefined;
  return { does: after === true ? "suspend" : "unsuspend" };
}

interface Schedule {
  startsAt?: unknown;
  endsAt?: unknown;
}

/** Compares two schedules from now on: past access is neither lost nor gained. */
function scheduleChange(before: unknown, after: unknown, now: Date): AccessChange | undefined {
  if (isHidden(before) || isHidden(after)) return { does: "unknown" };
  const [old, new_, since] = [asSchedule(before), asSchedule(after), now.getTime()];
  const [oldEnd, newEnd] = [timeOf(old.endsAt, Infinity, since), timeOf(new_.endsAt, Infinity, since)];
  const [oldStart, newStart] = [
    timeOf(old.startsAt, -Infinity, since),
    timeOf(new_.startsAt, -Infinity, since),
  ];
  if ([oldEnd, newEnd, oldStart, newStart].some(Number.isNaN)) return { does: "unknown" };
  // A schedule with no time left cannot lose access, and one that ends before it starts gives none.
  const loses = oldEnd > oldStart && (newEnd < oldEnd || newStart > oldStart);
  const gets = newEnd > newStart && (newEnd > oldEnd || newStart < oldStart);
  if (!loses && !gets) return undefined;
  const [until, from] = [text(new_.endsAt), text(new_.startsAt)];
  return {
    does: loses && gets ? "reschedule" : loses ? "shorten" : "extend",
    ...(until === undefined ? {} : { until }),
    ...(from === undefined || newStart <= oldStart ? {} : { from }),
  };
}

function asSchedule(value: unknown): Schedule {
  return typeof value === "object" && value !== null ? value : {};
}

/** NaN if the preview shows no time. */
function timeOf(value: unknown, none: number, since: number): number {
  return Math.max(since, value === undefined || value === null ? none : Date.parse(text(value) ?? ""));
}
