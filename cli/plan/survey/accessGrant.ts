import { text } from "../../../provider/resources/properties";
import type { SeamClient } from "../../../provider/seam/client";
import { SeamError } from "../../../provider/seam/errors";
import type { AccessGrant } from "../../../provider/seam/model";
import { observeAccessGrant } from "../../../provider/seam/observe";
import { isKept } from "../forecast/fate";
import { wantedPlaces } from "../forecast/places";
import type { Forecast, Step } from "../forecast/types";
import { shownValues } from "../forecast/values";
import { counted, type Query, noDependents, type Workspace } from "./query";
import type { AccessGrantAtStake, Observation } from "./types";

/**
 * The queries that judging a grant needs. A grant that is deleted or kept with its identity is listed with the identity's
 * dependents.
 */
export function grantQueries(workspace: Workspace, { step, fate, access }: Forecast): Query[] {
  const { does } = step;
  const creates = does === "create" || does === "replace";
  return [
    ...(does === "create" || fate === "withIdentity" || (fate === "retained" && !isKept(step))
      ? []
      : [() => ownGrant(workspace, step, does !== "update" || access.length > 0)]),
    ...(creates ? [() => newGrantPlaces(workspace, step), () => keyOwner(workspace, step)] : []),
    ...(creates ? [() => grantee(workspace, step)] : []),
  ];
}

async function ownGrant(
  { client }: Workspace,
  { id = "", old }: Step,
  withDoors: boolean,
): Promise<Partial<Observation>> {
  const grant = await observeAccessGrant(client, id, text(old.workspaceId), "thisOperation");
  if (grant === undefined) return { grant: null };
  if (!withDoors) return { grant };
  const under = { ...noDependents, acsUsers: [], accessGrants: [await accessGrantAtStake(client, grant)] };
  return { grant, under };
}

/** The places of a new grant by name, unless the program looked up all of them itself. */
async function newGrantPlaces({ names }: Workspace, step: Step): Promise<Partial<Observation>> {
  const { places, areNamed } = wantedPlaces(step);
  if (areNamed) return {};
  const wanted = await Promise.all(
    places.map(async ({ kind, id }) => ({ kind, id, name: await names.place(kind, id) })),
  );
  return { wantedPlaces: wanted };
}

/** The grant that already has the key that the program gives. A derived key can only belong to this resource. */
async function keyOwner({ client, listing }: Workspace, step: Step): Promise<Partial<Observation>> {
  const { accessGrantKey, defaultAccessGrantKey } = shownValues(step.new);
  const key = text(accessGrantKey);
  if (key === undefined || key === defaultAccessGrantKey || listing.isFreeGrantKey(key)) return {};
  const owner = await client.findAccessGrantByKey(key);
  if (owner === undefined) return {};
  if (step.new.adopt !== true) return { keyOwner: owner };
  const accessGrants = [await accessGrantAtStake(client, owner)];
  return { keyOwner: owner, adopted: { ...noDependents, acsUsers: [], accessGrants } };
}

async function grantee({ identities }: Workspace, step: Step): Promise<Partial<Observation>> {
  const id = text(shownValues(step.new).userIdentityId);
  if (id === undefined) return {};
  return { grantee: (await identities.find(id, undefined)) ?? null };
}

export async function accessGrantAtStake(
  client: SeamClient,
  grant: AccessGrant,
): Promise<AccessGrantAtStake> {
  const id = grant.access_grant_id;
  const [methods, doors] = await Promise.all([
    client.listAccessMethods({ access_grant_id: id }),
    doorsOf(client, id),
  ]);
  return {
    accessGrantId: id,
    name: doors.join(" and ") || (grant.name ?? grant.display_name) || undefined,
    doors,
    accessMethods: counted(methods.map(({ mode }) => mode)),
    notIssued: methods.filter((method) => !method.is_issued).length,
  };
}

/** The doors of a grant by name, with each space in place of its doors. Empty on failure: names are only informative. */
async function doorsOf(client: SeamClient, accessGrantId: string): Promise<string[]> {
  try {
    const { devices, acs_entrances, spaces } = await client.findAccessGrantPlaces(accessGrantId);
    const inSpace = ({ space_ids }: { space_ids: readonly string[] | null }): boolean =>
      (space_ids ?? []).some((id) => (spaces ?? []).some((space) => space.space_id === id));
    const single = [...(devices ?? []), ...(acs_entrances ?? [])].filter((door) => !inSpace(door));
    const places = [...single, ...(spaces ?? [])];
    return places.flatMap((place) => place.display_name ?? place.name ?? []);
  } catch (error) {
    if (error instanceof SeamError) return [];
    throw error;
  }
}
