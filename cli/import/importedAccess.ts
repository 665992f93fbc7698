import { describeAccessGrant } from "../../provider/resources/accessGrant";
import type { AccessGrantInputs, AccessGrantOutputs } from "../../provider/resources/accessGrantArguments";
import { describeSpace } from "../../provider/resources/space";
import type { SpaceInputs, SpaceOutputs } from "../../provider/resources/spaceArguments";
import { isBeingDeleted } from "../../provider/seam/beingDeleted";
import type { SeamClient } from "../../provider/seam/client";
import type { AccessGrant, AcsAccessGroup, AcsUser, Space, UserIdentity } from "../../provider/seam/model";
import { inParallel } from "../inParallel";

/** An access grant of an imported identity. */
export interface FoundGrant {
  userIdentityId: string;
  /** The names of its doors, as far as Seam shows them. */
  doors: string[];
  inputs: AccessGrantInputs;
  outputs: AccessGrantOutputs;
}

/** A group that an imported ACS user is in. */
export interface FoundMembership {
  acsUser: AcsUser;
  group: AcsAccessGroup;
}

/** A space that imported grants are for. */
export interface FoundSpace {
  inputs: SpaceInputs;
  outputs: SpaceOutputs;
}

/** An access grant that no program can declare without replacing it, and the reason. */
export interface LeftOut {
  accessGrantId: string;
  why: string;
}

const modes = ["code", "card", "mobile_key", "cloud_key"];

/** The access grants of identities: from one listing if all are imported, otherwise from one listing for each identity. */
export async function accessGrantsOf(
  client: SeamClient,
  identities: readonly UserIdentity[],
  all: boolean,
): Promise<{ grants: FoundGrant[]; leftOut: LeftOut[] }> {
  const ids = identities.map((identity) => identity.user_identity_id);
  const listed = all
    ? await client.listAllAccessGrants()
    : (await inParallel(ids, (id) => client.listAccessGrants({ user_identity_id: id }))).flat();
  // Each once, and only those of these identities, even if a response contains more than was requested.
  const people = new Set(ids);
  const own = [...new Map(listed.map((grant) => [grant.access_grant_id, grant])).values()].filter(
    (grant) => grant.user_identity_id !== null && people.has(grant.user_identity_id),
  );
  own.sort((one, other) => one.created_at.localeCompare(other.created_at));
  const leftOut = own.flatMap((grant) => {
    const why = obstacle(grant);
    return why === undefined ? [] : [{ accessGrantId: grant.access_grant_id, why }];
  });
  const found = await inParallel(
    own.filter((grant) => obstacle(grant) === undefined),
    async (grant): Promise<FoundGrant | LeftOut> => {
      const { inputs, outputs, places } = await describeAccessGrant(client, grant);
      const { spaceIds, acsEntranceIds, deviceIds } = inputs;
      if ([spaceIds, acsEntranceIds, deviceIds].every((list) => list === undefined)) {
        return { accessGrantId: grant.access_grant_id, why: "Seam shows no place that it is for" };
      }
      const { spaces, acs_entrances, devices } = places;
      const all = [...(spaces ?? []), ...(devices ?? []), ...(acs_entrances ?? [])];
      const doors = all.flatMap((place) => place.display_name ?? place.name ?? []);
      return { userIdentityId: grant.user_identity_id ?? "", doors, inputs, outputs };
    },
  );
  return {
    grants: found.filter((one) => "inputs" in one),
    leftOut: [...leftOut, ...found.filter((one) => "why" in one)],
  };
}

/** Why a program cannot declare a grant as it is. */
function obstacle(grant: AccessGrant): string | undefined {
  if (isBeingDeleted(grant)) return "Seam is deleting it";
  if (grant.access_grant_key === null) {
    return "it has no access_grant_key, and an existing grant cannot be given one, so a program would replace it";
  }
  const requested = grant.requested_access_methods ?? [];
  const known = requested.length > 0 && requested.every(({ mode }) => modes.includes(mode));
  return known ? undefined : "it requests access methods that this version does not know";
}

/** The groups of ACS users, with one request for each user. */
export async function membershipsOf(
  client: SeamClient,
  acsUsers: readonly AcsUser[],
): Promise<FoundMembership[]> {
  const found = await inParallel(acsUsers, async (acsUser) => {
    const groups = await client.listAcsAccessGroups({ acs_user_id: acsUser.acs_user_id });
    // Groups of other systems in a listing are more than was requested.
    return groups
      .filter((group) => group.acs_system_id === acsUser.acs_system_id)
      .map((group) => ({ acsUser, group }));
  });
  return found.flat();
}

export function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** The spaces that grants are for, and the ids of those without a key, which no resource can manage. */
export async function spacesOf(
  client: SeamClient,
  grants: readonly FoundGrant[],
): Promise<{ spaces: FoundSpace[]; withoutKey: string[] }> {
  const ids = [...new Set(grants.flatMap(({ inputs }) => inputs.spaceIds ?? []))].sort();
  const found = await inParallel(ids, (space_id) => client.findSpace({ space_id }));
  const existing = found.filter((space) => space !== undefined);
  const hasKey = ({ space_key: key }: Space): boolean => key !== undefined && key !== null && key !== "";
  return {
    spaces: await inParallel(existing.filter(hasKey), (space) => describeSpace(client, space)),
    withoutKey: existing.filter((space) => !hasKey(space)).map((space) => space.space_id),
  };
}
