import type { Forecast, Step } from "../forecast/types";
import type { Survey } from "../survey/types";
import type { Context } from "./types";

/** The input of {@link contextOf}. */
export interface ContextOptions {
  forecasts: readonly Forecast[];
  unchanged?: readonly Step[];
  survey: Survey;
  listsUnchanged?: boolean;
  showsDependencies?: boolean;
  takeOver?: ReadonlySet<string>;
  now?: Date;
}

/** Builds indexes of a plan, so that the time to judge it is linear in the number of steps. */
export function contextOf({
  forecasts,
  survey,
  unchanged = [],
  listsUnchanged = true,
  showsDependencies = true,
  takeOver = new Set(),
  now = new Date(),
}: ContextOptions): Context {
  const steps = forecasts.map(({ step }) => step);
  const byUrn = new Map<string, Step>();
  for (const step of [...steps].reverse()) {
    if (step.does !== "delete" || !byUrn.has(step.urn)) byUrn.set(step.urn, step);
  }
  const find = (does: Step["does"]) => {
    const index = new Map<string, Step>();
    for (const step of steps) {
      const object = objectOf(step.resource, step.id ?? "");
      if (step.does === does && step.id !== undefined && !index.has(object)) index.set(object, step);
    }
    return (resource: Step["resource"], id: string) => index.get(objectOf(resource, id));
  };
  const holders = new Map<string, Step[]>();
  for (const step of [...steps, ...unchanged]) {
    if (step.id === undefined || (step.does !== "update" && step.does !== "same")) continue;
    const object = objectOf(step.resource, step.id);
    const others = holders.get(object);
    if (others === undefined) holders.set(object, [step]);
    else others.push(step);
  }
  return {
    survey,
    forecasts,
    byUrn,
    deleting: find("delete"),
    replacing: find("replace"),
    updating: find("update"),
    holders: (resource, id) => holders.get(objectOf(resource, id)) ?? [],
    listsUnchanged,
    showsDependencies,
    takeOver,
    now,
  };
}

function objectOf(resource: Step["resource"], id: string): string {
  return `${resource} ${id}`;
}
