import { text } from "../../../provider/resources/properties";
import { grantsUsing } from "../../../provider/resources/space";
import { SeamNotFoundError } from "../../../provider/seam/errors";
import { observeSpace } from "../../../provider/seam/observe";
import { newSpaceDoors } from "../forecast/spaceDoors";
import type { Forecast, Step } from "../forecast/types";
import { shownValues } from "../forecast/values";
import type { Query, Workspace } from "./query";
import type { Observation } from "./types";

/** The queries that judging a space needs: whether it exists, which grants use it, and its doors by name. */
export function spaceQueries(workspace: Workspace, forecast: Forecast): Query[] {
  const { step, fate, access } = forecast;
  const creates = step.does === "create" || step.does === "replace";
  const isUsed = fate === "tornDown" || access.length > 0;
  return [
    ...(step.does === "create" ? [] : [() => ownSpace(workspace, step)]),
    ...(isUsed ? [() => users(workspace, step)] : []),
    ...(step.does === "delete" ? [] : [() => doors(workspace, forecast)]),
    ...(creates ? [() => keyOwner(workspace, step)] : []),
  ];
}

async function ownSpace({ client }: Workspace, { id = "", old }: Step): Promise<Partial<Observation>> {
  return { space: (await observeSpace(client, id, text(old.workspaceId))) ?? null };
}

async function users({ client }: Workspace, { id = "", old }: Step): Promise<Partial<Observation>> {
  try {
    return { spaceUsers: await grantsUsing(client, id) };
  } catch (error) {
    // A space that is gone has no grants.
    const isGone =
      error instanceof SeamNotFoundError &&
      (await observeSpace(client, id, text(old.workspaceId))) === undefined;
    if (isGone) return {};
    throw error;
  }
}

async function doors({ names }: Workspace, { step, access }: Forecast): Promise<Partial<Observation>> {
  const changed =
    step.does === "update" ? access.flatMap((change) => change.doors ?? []) : newSpaceDoors(step);
  const wantedPlaces = await Promise.all(
    changed.map(async ({ kind, id }) => ({ kind, id, name: await names.place(kind, id) })),
  );
  return { wantedPlaces };
}

/** The space that already has the key that the program gives. A derived key can only belong to this resource. */
async function keyOwner({ client }: Workspace, step: Step): Promise<Partial<Observation>> {
  const { spaceKey, defaultSpaceKey } = shownValues(step.new);
  const key = text(spaceKey);
  if (key === undefined || key === defaultSpaceKey) return {};
  const owner = await client.findSpace({ space_key: key });
  return owner === undefined ? {} : { spaceKeyOwner: owner };
}
