import { isDeepStrictEqual } from "node:util";
import { isBeingDeleted } from "../seam/beingDeleted";
import type { SeamClient } from "../seam/client";
import { SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import type { AccessGrant as SeamAccessGrant, Space as SeamSpace } from "../seam/model";
import { observeSpace } from "../seam/observe";
import { causesOf } from "../teardown/allSettled";
import { changeExisting, deletedOutsidePulumi } from "./changeExisting";
import { comparedFields } from "./comparedFields";
import { createOnce } from "./createOnce";
import { type Declaration, described } from "./declarations";
import type { Lifecycle, Operation } from "./lifecycle";
import { proofOfOwnership } from "./ownership";
import { text, unknownValue } from "./properties";
import { explain, PartialResourceError, ResourceError } from "./resourceErrors";
import { staysInSeam } from "./retention";
import { checkSpace, settings, type SpaceInputs, type SpaceOutputs } from "./spaceArguments";
import { changeMembers, type MemberList, memberLists, type Members, membersExpected } from "./spaceMembers";
import { assertHasKey, type KeyedObject, keyTaken } from "./takenKey";
import { undecidedAdoption } from "./userIdentityAttributes";

/** How long a deletion may take to appear after Seam accepted it, and when it is sent again. In milliseconds. */
const deleteTimeout = 60_000;
const deleteAgainAfter = 5_000;
/** How long a space waits for grants that the same operation may delete with their identities. In milliseconds. */
const useTimeout = 600_000;
/** The most ids that an error names. */
const maxNamed = 5;

export const spaceLifecycle: Lifecycle<SpaceInputs, SpaceOutputs> = {
  noun: "space",
  tearsDown: false,
  staysInSeam,

  check: checkSpace,

  diff(_id, olds, news) {
    const changed = comparedFields.space.filter((name) => !isDeepStrictEqual(olds[name], news[name]));
    // The new one has another key, so both can exist, and nobody loses the old one's doors if it cannot be created.
    const isReplaced = changed.includes("spaceKey");
    return { changes: changed.length > 0, replaces: isReplaced ? ["spaceKey"] : [], createFirst: isReplaced };
  },

  uniqueValues({ spaceKey }) {
    const key = text(spaceKey);
    return key === undefined || key === unknownValue ? [] : [{ property: "spaceKey", value: key }];
  },

  async create(operation, inputs, self) {
    const { client, declarations, workspace } = operation;
    const created = await (async () => {
      await workspace.assertOwn();
      return declarations.oneAtATime(`space ${keyOf(inputs)}`, () => createOrAdopt(operation, inputs, self));
    })().catch((error: unknown) => {
      throw explained("create the space", error);
    });
    const id = created.space.space_id;
    const extra = created.adopted ? { adopted: true as const } : {};
    try {
      const space = created.existed ? await bringUpToDate(client, created.space, {}, inputs) : created.space;
      return { id, outputs: outputs(inputs, space, extra) };
    } catch (error) {
      const failure = explained(`create the space ${id}`, error);
      throw new PartialResourceError(id, outputs(inputs, created.space, extra), failure);
    }
  },

  async read({ client, workspace }, id, known) {
    try {
      await workspace.assertPinned();
      const space = await observeSpace(client, id, known.workspaceId);
      const isNew = known.workspaceId === undefined;
      if (space === undefined) {
        if (!isNew) return undefined;
        throw new Error("there is none with this id in the API key's workspace. Check the id and the key");
      }
      const lists = memberLists.filter((list) => isNew || known[list] !== undefined);
      const members = await membersExpected(client, id.toLowerCase(), lists, known);
      const inputs = observedInputs(known, space, members);
      return { inputs, outputs: outputs(inputs, space, known.adopted === true ? { adopted: true } : {}) };
    } catch (error) {
      throw explain(`read space ${id}`, error);
    }
  },

  async update({ client, workspace }, id, olds, news) {
    const doing = `update space ${id}`;
    const extra = olds.adopted === true ? { adopted: true as const } : {};
    let space: SeamSpace | undefined;
    const removed: RemovedMembers = new Map();
    try {
      const undecided = undecidedAdoption(olds, news);
      if (undecided !== undefined) throw new Error(undecided);
      await workspace.assertPinned();
      space = await observeSpace(client, id, olds.workspaceId);
      if (space === undefined) throw deletedOutsidePulumi();
      return outputs(news, await bringUpToDate(client, space, olds, news, removed), extra);
    } catch (error) {
      const failure = explained(doing, error);
      if (space === undefined) throw failure;
      throw new PartialResourceError(id, { ...olds, ...possibleMembers(olds, news, removed) }, failure);
    }
  },

  async delete(operation, id, { workspaceId, defaultSpaceKey }) {
    try {
      await operation.workspace.assertPinned();
      await deleteUnused(operation, id, workspaceId, defaultSpaceKey);
    } catch (error) {
      throw explain(`delete space ${id}`, error);
    }
  },
};

/** Describes an existing space as arguments of a program and as outputs of a state. */
export async function describeSpace(
  client: SeamClient,
  space: SeamSpace,
): Promise<{ inputs: SpaceInputs; outputs: SpaceOutputs }> {
  const members = await membersExpected(client, space.space_id.toLowerCase(), memberLists, {});
  const inputs = observedInputs({}, space, members);
  return { inputs, outputs: outputs(inputs, space, {}) };
}

interface Created {
  space: SeamSpace;
  adopted: boolean;
  existed: boolean;
}

/** Creates the space exactly once, or adopts the existing one if `adopt` is set. */
function createOrAdopt(operation: Operation, inputs: SpaceInputs, self: Declaration): Promise<Created> {
  const { client, declarations } = operation;
  return createOnce({
    find: () => findByKey(client, keyOf(inputs)),
    create: async () => {
      const space = await client.createSpace({
        name: inputs.name,
        space_key: keyOf(inputs),
        ...(inputs.acsEntranceIds === undefined ? {} : { acs_entrance_ids: inputs.acsEntranceIds }),
        ...(inputs.deviceIds === undefined ? {} : { device_ids: inputs.deviceIds }),
      });
      declarations.claim(self, space.space_id);
      return { space, adopted: false, existed: false };
    },
    onExisting: (found, lostAt) => existing(operation, found, inputs, self, lostAt),
  });
}

function keyedObject({ space_id: id }: SeamSpace): KeyedObject {
  return { id, noun: "space", argument: "spaceKey" };
}

async function findByKey(client: SeamClient, key: string): Promise<SeamSpace | undefined> {
  const found = await client.findSpace({ space_key: key });
  if (found !== undefined) assertHasKey(keyedObject(found), found.space_key, key);
  return found;
}

/** Handles a space that has the key already; see ownership.ts. */
async function existing(
  { client, declarations, takeOver }: Operation,
  space: SeamSpace,
  inputs: SpaceInputs,
  self: Declaration,
  lostAt: number | undefined,
): Promise<Created> {
  const id = space.space_id;
  declarations.assertFree(self, id);
  const seen = await membersExpected(client, id.toLowerCase(), memberLists, {});
  const now = client.serverNow();
  const proof = proofOfOwnership({
    id,
    createdAt: new Date(space.created_at),
    now,
    isIdentical: space.name === inputs.name && hasOnlyGiven(seen, inputs),
    linked: (await grantsUsing(client, id)).length > 0,
    beingDeleted: false,
    hasDerivedKey: inputs.defaultSpaceKey !== undefined,
    lostSince: lostAt === undefined ? undefined : new Date(now.getTime() - (performance.now() - lostAt)),
    named: takeOver,
  });
  if (proof !== undefined || inputs.adopt === true) {
    declarations.claim(self, id);
    return { space, adopted: proof === undefined, existed: true };
  }
  throw keyTaken({ declarations }, self, keyedObject(space), "space", space.created_at);
}

/** Whether all members of the space are given. Given members may be missing from it after an interrupted create. */
function hasOnlyGiven(seen: Members, given: Members): boolean {
  return memberLists.every((list) => (seen[list] ?? []).every((id) => (given[list] ?? []).includes(id)));
}

/** The members that Seam has removed in an update. */
type RemovedMembers = Map<MemberList, readonly string[]>;

/** Updates a space to what the program gives, changing only what differs. Returns the resulting space. */
async function bringUpToDate(
  client: SeamClient,
  space: SeamSpace,
  before: Members,
  inputs: SpaceInputs,
  removed: RemovedMembers = new Map(),
): Promise<SeamSpace> {
  const id = space.space_id;
  const find = (): Promise<SeamSpace | undefined> => client.findSpace({ space_id: id });
  await changeMembers(client, id.toLowerCase(), before, inputs, (list, ids) => removed.set(list, ids));
  if (space.name === inputs.name) return space;
  await changeExisting(
    () => client.renameSpace(id, inputs.name),
    async () => (await find()) !== undefined,
  );
  return (await find()) ?? space;
}

/** Returns the members that a space may have after an incomplete change. */
function possibleMembers(olds: Members, news: Members, removed: RemovedMembers): Members {
  return Object.fromEntries(
    memberLists.flatMap((list) => {
      const gone = removed.get(list) ?? [];
      const given = new Set([...(olds[list] ?? []), ...(news[list] ?? [])]);
      const ids = [...given].filter((one) => !gone.includes(one)).sort();
      return olds[list] === undefined && news[list] === undefined ? [] : [[list, ids]];
    }),
  );
}

/** Deletes the space when no grant gives access to it, and resolves when Seam no longer shows it. */
async function deleteUnused(
  operation: Operation,
  id: string,
  workspaceId: string,
  derivedKey: string | undefined,
): Promise<void> {
  const { client } = operation;
  const startedAt = performance.now();
  let sentAt = Number.NEGATIVE_INFINITY;
  for (let attempt = 0; ; attempt += 1) {
    if ((await observeSpace(client, id, workspaceId)) === undefined) return;
    if (attempt === 0) await untilUnused(operation, id, derivedKey);
    const now = performance.now();
    if (sentAt > startedAt && now - startedAt > deleteTimeout) {
      throw new Error("Seam accepted the deletion, and still shows the space");
    }
    if (now - sentAt > deleteAgainAfter) {
      await client.deleteSpace(id);
      sentAt = now;
    } else {
      await pause(attempt);
    }
  }
}

/**
 * Waits for grants that the same operation deletes, with their identities or on their own. If waiting spaces block everything
 * else, because few resources are deleted in parallel, it does not wait for a grant whose identity belongs to this stack and is
 * no longer declared: the teardown of that identity, which is blocked, deletes the grant. Retained grants keep the space in
 * use.
 *
 * @throws ResourceError if grants use the space and will not be deleted
 */
async function untilUnused(
  { client, declarations }: Operation,
  id: string,
  derivedKey: string | undefined,
): Promise<void> {
  const startedAt = performance.now();
  for (let attempt = 0; ; attempt += 1) {
    const changes = declarations.changeCount;
    const using = await grantsUsing(client, id);
    if (using.length === 0) return;
    const holders = using.flatMap(
      (grant) => declarations.holderOf("AccessGrant", grant.access_grant_id) ?? [],
    );
    const late = performance.now() - startedAt > useTimeout;
    if (holders.length > 0 || late) throw inUse(id, using, holders);
    if (declarations.isStarved) {
      for (const grant of using) {
        if (!(await isDeletedWithIdentity({ client, declarations }, grant, derivedKey)))
          throw inUse(id, using, holders);
      }
      return;
    }
    await declarations.untilChange(changes, 1_000);
    await pause(attempt);
  }
}

/** Whether a waiting teardown will delete the grant: it was not retained, and its identity belongs to this stack and is not declared. */
async function isDeletedWithIdentity(
  { client, declarations }: Pick<Operation, "client" | "declarations">,
  { access_grant_id: id, access_grant_key, user_identity_id: identityId }: SeamAccessGrant,
  derivedKey: string | undefined,
): Promise<boolean> {
  if (identityId === null || !isOfSameStack(access_grant_key, derivedKey)) return false;
  if (declarations.isReleased("AccessGrant", id) || declarations.isReleased("UserIdentity", identityId))
    return false;
  if (declarations.holderOf("UserIdentity", identityId) !== undefined) return false;
  const identity = await client.findUserIdentity({ user_identity_id: identityId });
  return isOfSameStack(identity?.user_identity_key, derivedKey);
}

/** Whether both keys were derived from names of resources of one stack; see `pathOf`. */
function isOfSameStack(key: string | undefined | null, derivedKey: string | undefined): boolean {
  const [, stack] = /^(pulumi:[^:]+:[^:]+:)/.exec(derivedKey ?? "") ?? [];
  return stack !== undefined && key?.startsWith(stack) === true;
}

function inUse(
  id: string,
  using: readonly SeamAccessGrant[],
  holders: readonly Declaration[],
): ResourceError {
  const ids = using.slice(0, maxNamed).map((grant) => grant.access_grant_id);
  const more =
    using.length > ids.length ? `${ids.join(", ")} and ${using.length - ids.length} more` : ids.join(", ");
  const [first] = holders;
  const declared = first === undefined ? "" : `; ${described(first)} of this program is one of them`;
  const what =
    using.length === 1
      ? `an access grant gives access to it (${more}`
      : `${using.length} access grants give access to it (${more}`;
  return explain(
    `delete space ${id}`,
    new Error(`${what}${declared}), and people would lose their doors without it`),
    'Nothing was deleted. Remove the grants first, or, to leave the space in Seam, set deletionPolicy: "retain" and run `pulumi up` before the resource is removed. If this run deletes those grants with their identities, run the same command again',
  );
}

/**
 * Lists the grants that give access to a space, without those that Seam is deleting.
 *
 * @throws ResourceError if the listing shows grants for other spaces: the filter was ignored.
 */
export async function grantsUsing(client: SeamClient, id: string): Promise<SeamAccessGrant[]> {
  const listed = await client.listAccessGrants({ space_id: id });
  const others = listed.filter(
    ({ space_ids }) => !(space_ids ?? []).some((one) => one.toLowerCase() === id.toLowerCase()),
  );
  if (others.length > 0) {
    throw new ResourceError(
      `could not check which access grants use space ${id}: Seam's listing of them shows ${others.length} for other spaces. Nothing was changed`,
    );
  }
  return listed.filter((grant) => !isBeingDeleted(grant));
}

function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.min(50 * 2 ** attempt, 2_000)));
}

/** Returns the arguments that correspond to the space in Seam, without those that the program never set. */
function observedInputs(
  known: Readonly<Partial<SpaceOutputs>>,
  space: SeamSpace,
  members: Members,
): SpaceInputs {
  const isNew = known.workspaceId === undefined;
  const observed: Record<string, unknown> = {};
  for (const name of settings) if (known[name] !== undefined) observed[name] = known[name];
  const key = space.space_key ?? undefined;
  if ((isNew || known.spaceKey !== undefined) && key !== undefined) observed.spaceKey = key;
  return { ...observed, ...members, name: space.name };
}

/** @throws ResourceError if there is no key, without which an interrupted create could not be found again */
function keyOf({ spaceKey }: SpaceInputs): string {
  if (spaceKey !== undefined) return spaceKey;
  throw new ResourceError("could not create the space: it has no spaceKey. Give it one");
}

function outputs(inputs: SpaceInputs, space: SeamSpace, extra: { adopted?: true }): SpaceOutputs {
  return {
    ...inputs,
    spaceId: space.space_id,
    displayName: space.display_name ?? space.name,
    createdAt: space.created_at,
    workspaceId: space.workspace_id,
    ...extra,
  };
}

/** Like `explain`, with advice for when Seam refuses the arguments or does not know a member. */
function explained(doing: string, error: unknown): ResourceError {
  const causes = causesOf(error);
  const next = causes.some((cause) => cause instanceof SeamNotFoundError)
    ? "Check acsEntranceIds and deviceIds: each must exist in the API key's workspace. If one was deleted outside of Pulumi, remove it from the program"
    : causes.some((cause) => cause instanceof SeamRejectedError)
      ? "Correct the arguments that Seam names"
      : undefined;
  return explain(doing, error, next);
}
