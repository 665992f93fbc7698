import type { SeamClient, SpaceMembers } from "../seam/client";
import { SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import { beforeSecondRead } from "../seam/retry";
import { combined } from "../teardown/allSettled";

/** The kinds of members of a space, by the names of their arguments. */
export const memberLists = ["acsEntranceIds", "deviceIds"] as const;
export type MemberList = (typeof memberLists)[number];

/** Sets of ids, in lower case. */
export type Members = Readonly<Partial<Record<MemberList, string[] | undefined>>>;

interface Kind {
  noun: string;
  /** Lists the members by the space's id, each with the spaces that it is in. */
  list: (client: SeamClient, spaceId: string) => Promise<{ id: string; spaceIds: readonly string[] }[]>;
  wire(ids: readonly string[]): SpaceMembers;
}

const kinds: Readonly<Record<MemberList, Kind>> = {
  acsEntranceIds: {
    noun: "entrance",
    list: async (client, spaceId) =>
      (await client.listAcsEntrances({ space_id: spaceId })).map((one) => ({
        id: one.acs_entrance_id,
        spaceIds: one.space_ids ?? [],
      })),
    wire: (ids) => ({ acs_entrance_ids: ids }),
  },
  deviceIds: {
    noun: "device",
    list: async (client, spaceId) =>
      (await client.listDevices({ space_id: spaceId })).map((one) => ({
        id: one.device_id,
        spaceIds: one.space_ids ?? [],
      })),
    wire: (ids) => ({ device_ids: ids }),
  },
};

/**
 * Lists the current members of one kind of a space. The space itself only shows their number.
 *
 * @throws Error if the listing contains members that do not name the space: the filter was ignored.
 */
export async function membersOf(client: SeamClient, spaceId: string, list: MemberList): Promise<string[]> {
  const { noun, list: listMembers } = kinds[list];
  const listed = await listMembers(client, spaceId);
  const others = listed.filter(({ spaceIds }) => !spaceIds.some((one) => one.toLowerCase() === spaceId));
  if (others.length > 0) {
    throw new Error(
      `Seam's listing of its ${noun}s shows ${others.length === 1 ? `a ${noun} that is` : `${others.length} ${noun}s that are`} not in it, so its members could not be checked. Nothing was changed`,
    );
  }
  return [...new Set(listed.map(({ id }) => id.toLowerCase()))].sort();
}

/** Lists the current members of some kinds of a space. If expected members are missing, the listing is read again. */
export async function membersExpected(
  client: SeamClient,
  spaceId: string,
  lists: readonly MemberList[],
  expected: Members,
): Promise<Members> {
  const seen = await Promise.all(
    lists.map(async (list): Promise<[MemberList, string[]]> => {
      const members = await membersOf(client, spaceId, list);
      if ((expected[list] ?? []).every((id) => members.includes(id))) return [list, members];
      await beforeSecondRead();
      return [list, await membersOf(client, spaceId, list)];
    }),
  );
  return Object.fromEntries(seen);
}

/**
 * Adds members of all kinds that are given and missing, and then removes those that were given before and no longer are, so
 * that nobody loses a door in between. A failure to add holds no removal back. Members that were never given are left alone,
 * because no preview showed their removal.
 *
 * @param onRemoved Called for each list with the members that Seam has removed.
 * @throws one error for all failures
 */
export async function changeMembers(
  client: SeamClient,
  spaceId: string,
  before: Members,
  after: Members,
  onRemoved?: (list: MemberList, ids: readonly string[]) => void,
): Promise<void> {
  const changed = memberLists.filter((list) => before[list] !== undefined || after[list] !== undefined);
  const changes = await Promise.all(
    changed.map(async (list) => {
      const seen = await membersOf(client, spaceId, list);
      const wanted = after[list] ?? [];
      return {
        list,
        added: wanted.filter((id) => !seen.includes(id)),
        removed: (before[list] ?? []).filter((id) => !wanted.includes(id) && seen.includes(id)),
      };
    }),
  );
  const failures: unknown[] = [];
  const keepFailure = (error: unknown): void => void failures.push(error);
  for (const { list, added } of changes) {
    await change(client, spaceId, list, added, true, () =>
      client.addToSpace(spaceId, kinds[list].wire(added)),
    ).catch(keepFailure);
  }
  for (const { list, removed } of changes) {
    await change(client, spaceId, list, removed, false, () =>
      client.removeFromSpace(spaceId, kinds[list].wire(removed)),
    ).then(() => onRemoved?.(list, removed), keepFailure);
  }
  if (failures.length > 0) throw combined(failures);
}

/** Sends a change of members. If it is refused, it is sent again unless the members show that it was applied. */
async function change(
  client: SeamClient,
  spaceId: string,
  list: MemberList,
  ids: readonly string[],
  expectMembers: boolean,
  send: () => Promise<void>,
): Promise<void> {
  if (ids.length === 0) return;
  for (let first = true; ; first = false) {
    try {
      await send();
      return;
    } catch (error) {
      if (!(error instanceof SeamNotFoundError || error instanceof SeamRejectedError)) throw error;
      // A repeated request can be refused because the first one succeeded.
      const seen = await membersOf(client, spaceId, list);
      if (ids.every((id) => seen.includes(id) === expectMembers)) return;
      if (!first || error instanceof SeamRejectedError) throw error;
      await beforeSecondRead();
    }
  }
}
