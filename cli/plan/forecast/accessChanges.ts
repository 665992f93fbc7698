import { text } from "../../../provider/resources/properties";
import type { AccessChange, Step } from "./types";
import { isNotYetKnown, isSecret } from "./values";

/** What an update or a new link does to an ACS user's access, without deleting anybody. */
export function accessChanges(step: Step): AccessChange[] {
  if (step.resource !== "AcsUser" || step.does !== "update") return [];
  const suspension = suspensionChange(step.old.suspended, step.new.suspended);
  const schedule = scheduleChange(step.old.accessSchedule, step.new.accessSchedule);
  return [suspension, schedule].filter((change) => change !== undefined);
}

function suspensionChange(before: unknown, after: unknown): AccessChange | undefined {
  if (isHidden(after)) return { does: "unknown" };
  if ((before === true) === (after === true)) return undefined;
  return { does: after === true ? "suspend" : "unsuspend" };
}

function isHidden(value: unknown): boolean {
  return isSecret(value) || isNotYetKnown(value);
}

interface Schedule {
  startsAt?: unknown;
  endsAt?: unknown;
}

function scheduleChange(before: unknown, after: unknown): AccessChange | undefined {
  if (isHidden(before) || isHidden(after)) return { does: "unknown" };
  const [old, new_] = [asSchedule(before), asSchedule(after)];
  const [oldEnd, newEnd] = [timeOf(old.endsAt, Infinity), timeOf(new_.endsAt, Infinity)];
  const [oldStart, newStart] = [timeOf(old.startsAt, -Infinity), timeOf(new_.startsAt, -Infinity)];
  if ([oldEnd, newEnd, oldStart, newStart].some(Number.isNaN)) return { does: "unknown" };
  if (oldEnd === newEnd && oldStart === newStart) return undefined;
  const loses = newEnd < oldEnd || newStart > oldStart;
  const gets = newEnd > oldEnd || newStart < oldStart;
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

/** Not a number where the preview shows no time. */
function timeOf(value: unknown, none: number): number {
  return value === undefined || value === null ? none : Date.parse(text(value) ?? "");
}
