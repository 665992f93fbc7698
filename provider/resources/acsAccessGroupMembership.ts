import type { SeamClient } from "../seam/client";
import { SeamApiError, SeamAuthenticationError, SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import type { AcsUser as SeamAcsUser } from "../seam/model";
import { observeAcsUser } from "../seam/observe";
import { beforeSecondRead } from "../seam/retry";
import { comparedFields } from "./comparedFields";
import type { Lifecycle } from "./lifecycle";
import { text, unknownValue } from "./properties";
import { explain, ResourceError } from "./resourceErrors";
import { canonicalId, checkInputs, given, isSeamId, type Rule } from "./validation";

/** The checked arguments of a membership: two UUIDs, in lower case. */
export type AcsAccessGroupMembershipInputs = {
  acsAccessGroupId: string;
  acsUserId: string;
};

/** The outputs of a membership, as recorded in the state. */
export type AcsAccessGroupMembershipOutputs = AcsAccessGroupMembershipInputs & {
  acsSystemId: string;
  workspaceId: string;
};

const rules: Readonly<Record<string, Rule>> = { acsAccessGroupId: isSeamId, acsUserId: isSeamId };

/** How long a change may take to appear after Seam accepted it, and when it is sent again. In milliseconds. */
const changeTimeout = 60_000;
const changeAgainAfter = 5_000;

export const acsAccessGroupMembershipLifecycle: Lifecycle<
  AcsAccessGroupMembershipInputs,
  AcsAccessGroupMembershipOutputs
> = {
  noun: "access group membership",
  tearsDown: false,
  staysInSeam: () => false,

  check(_olds, news) {
    const inputs = given(news);
    const failures = checkInputs(inputs, rules);
    if (inputs.acsAccessGroupId === undefined) {
      failures.push({ property: "acsAccessGroupId", reason: "is missing" });
    }
    if (inputs.acsUserId === undefined) {
      failures.push({ property: "acsUserId", reason: "is missing; give acsUser or acsUserId" });
    }
    for (const name of comparedFields.acsAccessGroupMembership) {
      if (inputs[name] !== undefined) inputs[name] = canonicalId(inputs[name]);
    }
    return { inputs, failures };
  },

  diff(_id, olds, news) {
    const replaces = comparedFields.acsAccessGroupMembership.filter(
      (name) => canonicalId(olds[name]) !== canonicalId(news[name]),
    );
    return { changes: replaces.length > 0, replaces };
  },

  uniqueValues(inputs) {
    const id = knownId(inputs);
    return id === undefined ? [] : [{ property: "pair of acsAccessGroupId and acsUserId", value: id }];
  },

  idFrom: knownId,

  async create({ client, declarations, workspace }, membership, self) {
    const doing = `add ${pairOf(membership)}`;
    const id = idOf(membership);
    try {
      await workspace.assertOwn();
      declarations.assertFree(self, id);
      const acsUser = await declarations.oneAtATime(`AcsAccessGroupMembership ${id}`, () =>
        add(client, membership),
      );
      declarations.claim(self, id);
      return { id, outputs: outputs(membership, acsUser) };
    } catch (error) {
      throw explain(doing, error);
    }
  },

  async read({ client, workspace }, id, known) {
    const membership = parseId(id);
    try {
      await workspace.assertPinned();
      const acsUser = await observeAcsUser(client, membership.acsUserId, known.workspaceId, "thisOperation");
      if (acsUser !== undefined && (await isMember(client, membership, acsUser))) {
        return { outputs: outputs(membership, acsUser), inputs: { ...membership } };
      }
      if (acsUser !== undefined) {
        // A single response without the membership does not prove its absence.
        await beforeSecondRead();
        const now = await observeAcsUser(client, membership.acsUserId, known.workspaceId);
        if (now !== undefined && (await isMember(client, membership, now))) {
          return { outputs: outputs(membership, now), inputs: { ...membership } };
        }
      }
    } catch (error) {
      throw explain(`read the membership of ${pairOf(membership)}`, error);
    }
    if (known.workspaceId !== undefined) return undefined;
    throw new ResourceError(
      `could not read the membership of ${pairOf(membership)}: the ACS user is not in the group, or not in the API key's workspace. Check the id and the key`,
    );
  },

  async update() {
    throw new ResourceError(
      "could not update the access group membership: a membership is replaced, never updated",
    );
  },

  async delete({ client, workspace }, id, { workspaceId }) {
    const membership = parseId(id);
    try {
      await workspace.assertPinned();
      await remove(client, membership, workspaceId);
    } catch (error) {
      throw explain(`remove ${pairOf(membership, "from")}`, error);
    }
  },
};

/**
 * Adds the ACS user and resolves when Seam shows it in the group. The request is sent at least once, because a listing alone
 * does not prove a membership: its filter may be ignored.
 */
async function add(client: SeamClient, membership: AcsAccessGroupMembershipInputs): Promise<SeamAcsUser> {
  const doing = `add ${pairOf(membership)}`;
  const startedAt = performance.now();
  let sentAt = Number.NEGATIVE_INFINITY;
  for (let attempt = 0; ; attempt += 1) {
    const acsUser = await observeAcsUser(client, membership.acsUserId, undefined);
    if (acsUser === undefined) {
      throw explain(
        doing,
        new Error("there is no such ACS user in the API key's workspace"),
        "Check acsUserId and the key. If it was deleted outside of Pulumi, run `pulumi refresh`, then `pulumi up`",
      );
    }
    if ((await isMember(client, membership, acsUser)) && sentAt >= startedAt) return acsUser;
    const now = performance.now();
    if (now - startedAt > changeTimeout) {
      throw explain(
        doing,
        new Error("Seam accepted it, and does not show the ACS user in the group"),
        "Run the same command again",
      );
    }
    if (now - sentAt > changeAgainAfter) {
      await send(client, membership, acsUser);
      sentAt = now;
    } else {
      await pause(attempt);
    }
  }
}

async function send(
  client: SeamClient,
  membership: AcsAccessGroupMembershipInputs,
  acsUser: SeamAcsUser,
): Promise<void> {
  const { acsAccessGroupId, acsUserId } = membership;
  for (let first = true; ; first = false) {
    try {
      await client.addToAcsAccessGroup(acsAccessGroupId, acsUserId);
      return;
    } catch (error) {
      if (!(error instanceof SeamRejectedError || error instanceof SeamNotFoundError)) throw error;
      // A repeated request can be refused because the first one succeeded.
      if (await isMember(client, membership, acsUser)) return;
      // The ACS user has often just been created, and can be late to appear.
      if (!first || error instanceof SeamRejectedError)
        throw await refusal(client, membership, acsUser, error);
      await beforeSecondRead();
    }
  }
}

/** Returns an error that explains why Seam does not add the ACS user, if the reason can be determined. */
async function refusal(
  client: SeamClient,
  membership: AcsAccessGroupMembershipInputs,
  acsUser: SeamAcsUser,
  error: Error,
): Promise<ResourceError> {
  const doing = `add ${pairOf(membership)}`;
  const group = await client.findAcsAccessGroup(membership.acsAccessGroupId);
  if (group === undefined) {
    const next = "The access group is not in the API key's workspace. Check acsAccessGroupId and the key";
    return explain(doing, error, next);
  }
  if (group.acs_system_id !== acsUser.acs_system_id) {
    const next = `The access group is in the access control system ${group.acs_system_id}, and the ACS user in ${acsUser.acs_system_id}. Give an ACS user of the group's system`;
    return explain(doing, error, next);
  }
  return explain(doing, error);
}

/**
 * Removes the ACS user from the group and resolves when Seam no longer shows it there. The request is sent at least once,
 * because a recently added member can be late to appear.
 */
async function remove(
  client: SeamClient,
  membership: AcsAccessGroupMembershipInputs,
  workspaceId: string,
): Promise<void> {
  const startedAt = performance.now();
  let sentAt = Number.NEGATIVE_INFINITY;
  for (let attempt = 0; ; attempt += 1) {
    const acsUser = await observeAcsUser(client, membership.acsUserId, workspaceId);
    // An ACS user that is gone is in no group.
    if (acsUser === undefined) return;
    if (!(await isMember(client, membership, acsUser)) && sentAt >= startedAt) return;
    const now = performance.now();
    if (now - startedAt > changeTimeout) {
      throw explain(
        `remove ${pairOf(membership, "from")}`,
        new Error("Seam accepted it, but still shows the ACS user in the group, so they may open its doors"),
        `Run the same command again. ${doorsStillOpen(membership)}`,
      );
    }
    if (now - sentAt > changeAgainAfter) {
      try {
        await client.removeFromAcsAccessGroup(membership.acsAccessGroupId, membership.acsUserId);
      } catch (error) {
        // Seam may refuse it for an ACS user that is not in the group.
        if (!(error instanceof SeamRejectedError) || (await isMember(client, membership, acsUser)))
          throw refusedToRemove(membership, error);
      }
      sentAt = now;
    } else {
      await pause(attempt);
    }
  }
}

/** A refusal stops the teardown of the ACS user, which waits for the membership, so it says what closes the doors meanwhile. */
function refusedToRemove(membership: AcsAccessGroupMembershipInputs, error: unknown): unknown {
  if (!(error instanceof SeamApiError) || error instanceof SeamAuthenticationError) return error;
  const { message } = explain(`remove ${pairOf(membership, "from")}`, error);
  return new ResourceError(`${message} ${doorsStillOpen(membership)}.`);
}

function doorsStillOpen({ acsUserId }: AcsAccessGroupMembershipInputs): string {
  return `If the person is leaving: no teardown that waits for this membership has begun, so their doors are not closed yet. Suspending ACS user ${acsUserId} in the Seam console closes its doors now`;
}

/** Whether the ACS user is in the group, or will be: a change that the system defers counts as applied. */
async function isMember(
  client: SeamClient,
  { acsAccessGroupId, acsUserId }: AcsAccessGroupMembershipInputs,
  acsUser: SeamAcsUser,
): Promise<boolean> {
  const deferred = acsUser.pending_mutations?.find(
    (mutation) =>
      mutation.mutation_code === "deferring_group_membership_update" &&
      mutation.acs_access_group_id?.toLowerCase() === acsAccessGroupId,
  );
  if (deferred !== undefined) return deferred.variant !== "removing";
  const groups = await client.listAcsAccessGroups({ acs_user_id: acsUserId });
  return groups.some((group) => group.acs_access_group_id.toLowerCase() === acsAccessGroupId);
}

function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.min(50 * 2 ** attempt, 2_000)));
}

function knownId(inputs: Readonly<Record<string, unknown>>): string | undefined {
  const [group, user] = [text(inputs.acsAccessGroupId), text(inputs.acsUserId)];
  if (group === undefined || user === undefined || group === unknownValue || user === unknownValue) {
    return undefined;
  }
  return idOf({ acsAccessGroupId: group, acsUserId: user }).toLowerCase();
}

function idOf({ acsAccessGroupId, acsUserId }: AcsAccessGroupMembershipInputs): string {
  return `${acsAccessGroupId}/${acsUserId}`;
}

function parseId(id: string): AcsAccessGroupMembershipInputs {
  const [acsAccessGroupId = "", acsUserId = "", ...rest] = id.toLowerCase().split("/");
  if (rest.length > 0 || isSeamId(acsAccessGroupId) !== undefined || isSeamId(acsUserId) !== undefined) {
    throw new ResourceError(
      "could not read the access group membership: its id must be <acs_access_group_id>/<acs_user_id>, two UUIDs",
    );
  }
  return { acsAccessGroupId, acsUserId };
}

function pairOf(
  { acsAccessGroupId, acsUserId }: AcsAccessGroupMembershipInputs,
  joint: "to" | "from" = "to",
): string {
  return `ACS user ${acsUserId} ${joint} access group ${acsAccessGroupId}`;
}

function outputs(
  membership: AcsAccessGroupMembershipInputs,
  acsUser: SeamAcsUser,
): AcsAccessGroupMembershipOutputs {
  return { ...membership, acsSystemId: acsUser.acs_system_id, workspaceId: acsUser.workspace_id };
}
