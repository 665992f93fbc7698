import type { SeamClient } from "../seam/client";
import { SeamApiError, SeamAuthenticationError, SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import type { AcsUser as SeamAcsUser } from "../seam/model";
import { MergedUserIdentityError, observeAcsUser } from "../seam/observe";
import { beforeSecondRead } from "../seam/retry";
import { comparedFields } from "./comparedFields";
import { type Declaration, described } from "./declarations";
import type { Lifecycle, Operation } from "./lifecycle";
import { text, unknownValue } from "./properties";
import { explain, ResourceError } from "./resourceErrors";
import { canonicalId, checkInputs, given, isSeamId, type Rule } from "./validation";

/** The checked arguments of a link: two UUIDs, in lower case. */
export type AcsUserLinkInputs = {
  userIdentityId: string;
  acsUserId: string;
};

/** The outputs of a link, as recorded in the state. */
export type AcsUserLinkOutputs = AcsUserLinkInputs & {
  acsSystemId: string;
  workspaceId: string;
};

const rules: Readonly<Record<string, Rule>> = { userIdentityId: isSeamId, acsUserId: isSeamId };

/** How long a create waits for the replacement of another link that has its ACS user. In milliseconds. */
const moveTimeout = 60_000;
/** How long an unlink may take to appear after Seam accepted it, and when it is sent again. In milliseconds. */
const unlinkTimeout = 60_000;
const unlinkAgainAfter = 5_000;

export const acsUserLinkLifecycle: Lifecycle<AcsUserLinkInputs, AcsUserLinkOutputs> = {
  noun: "link",
  tearsDown: false,
  // Deleting a link deletes nobody; the identity decides for itself whether it stays.
  staysInSeam: () => false,

  check(_olds, news) {
    const inputs = given(news);
    const failures = checkInputs(inputs, rules);
    if (inputs.userIdentityId === undefined) {
      failures.push({
        property: "userIdentityId",
        reason: "is missing; give userIdentity or userIdentityId",
      });
    }
    if (inputs.acsUserId === undefined)
      failures.push({ property: "acsUserId", reason: "is missing; give acsUser or acsUserId" });
    for (const name of comparedFields.acsUserLink) {
      if (inputs[name] !== undefined) inputs[name] = canonicalId(inputs[name]);
    }
    return { inputs, failures };
  },

  diff(_id, olds, news) {
    const replaces = comparedFields.acsUserLink.filter(
      (name) => canonicalId(olds[name]) !== canonicalId(news[name]),
    );
    return { changes: replaces.length > 0, replaces };
  },

  uniqueValues(inputs) {
    const id = knownId(inputs);
    return id === undefined ? [] : [{ property: "pair of userIdentityId and acsUserId", value: id }];
  },

  idFrom: knownId,

  async create(operation, link, self) {
    const doing = `link ${pairOf(link)}`;
    try {
      await operation.workspace.assertOwn();
      operation.declarations.assertFree(self, idOf(link));
      const acsUser = await linkOnce(operation, link, self);
      operation.declarations.claim(self, idOf(link));
      return { id: idOf(link), outputs: outputs(link, acsUser) };
    } catch (error) {
      throw explain(doing, error);
    }
  },

  async read({ client, workspace }, id, known) {
    const link = parseId(id);
    try {
      await workspace.assertPinned();
      for (const freshness of ["thisOperation", "now"] as const) {
        const acsUser = await observeAcsUser(client, link.acsUserId, known.workspaceId, freshness);
        if (acsUser === undefined) break;
        if (acsUser.user_identity_id === link.userIdentityId) {
          return { outputs: outputs(link, acsUser), inputs: { ...link } };
        }
        // A link that a shared listing does not show may be newer than the listing.
        if (freshness === "now") await assertNotMerged(client, link, acsUser);
      }
    } catch (error) {
      throw explain(`read the link of ${pairOf(link)}`, error);
    }
    if (known.workspaceId !== undefined) return undefined;
    throw new ResourceError(
      `could not read the link of ${pairOf(link)}: the two are not linked in the API key's workspace. Check the id and the key`,
    );
  },

  async update() {
    throw new ResourceError("could not update the link: a link is replaced, never updated");
  },

  async delete({ client, declarations, workspace }, id, { workspaceId }) {
    const link = parseId(id);
    try {
      await workspace.assertPinned();
      await declarations.oneAtATime(subjectOf(link), () => unlink(client, link, workspaceId));
    } catch (error) {
      throw explain(doingUnlink(link), error);
    }
  },
};

/** The subject of work on one ACS user, which runs one at a time, so that a link is never created while it is being removed. */
function subjectOf(link: AcsUserLinkInputs): string {
  return `links of ACS user ${link.acsUserId}`;
}

/** Links the two, after another link of the program that is being replaced has released the ACS user. */
async function linkOnce(
  operation: Operation,
  link: AcsUserLinkInputs,
  self: Declaration,
): Promise<SeamAcsUser> {
  const { client, declarations } = operation;
  const startedAt = performance.now();
  for (;;) {
    const changes = declarations.changeCount;
    const linked = await declarations.oneAtATime(subjectOf(link), async () => {
      const acsUser = await observeAcsUser(client, link.acsUserId, undefined);
      if (acsUser === undefined) {
        throw explain(
          `link ${pairOf(link)}`,
          new Error("there is no such ACS user in the API key's workspace"),
          "Check acsUserId and the key",
        );
      }
      const linkedTo = acsUser.user_identity_id;
      if (linkedTo === link.userIdentityId) return acsUser;
      const other = linkedTo === null ? undefined : idOf({ ...link, userIdentityId: linkedTo });
      if (other === undefined) {
        await add(client, link, acsUser);
        return acsUser;
      }
      const inTime = performance.now() - startedAt < moveTimeout;
      if (inTime && declarations.isToBeReplaced("AcsUserLink", other)) return undefined;
      throw linkedAlready(link, linkedTo ?? "", declarations.holderOf("AcsUserLink", other), self);
    });
    if (linked !== undefined) return linked;
    await declarations.untilChange(changes, 1_000);
  }
}

function linkedAlready(
  link: AcsUserLinkInputs,
  linkedTo: string,
  holder: Declaration | undefined,
  self: Declaration,
): ResourceError {
  const whose =
    holder === undefined || holder === self ? "" : `, which ${described(holder)} of this program declares`;
  return explain(
    `link ${pairOf(link)}`,
    new Error(`the ACS user is linked to user identity ${linkedTo} already${whose}`),
    "An ACS user belongs to one user identity. If the link is to move, remove the other one first, in the program that declares it or in the Seam console, and run this again",
  );
}

async function add(client: SeamClient, link: AcsUserLinkInputs, acsUser: SeamAcsUser): Promise<void> {
  for (let first = true; ; first = false) {
    try {
      await client.addAcsUser(link.userIdentityId, link.acsUserId);
      return;
    } catch (error) {
      if (!(error instanceof SeamRejectedError || error instanceof SeamNotFoundError)) throw error;
      // If only the response was lost, a repeated request is refused because the first one succeeded.
      const now = await client.findAcsUser(link.acsUserId);
      if (now?.user_identity_id === link.userIdentityId) return;
      // The identity has often just been created, and can be late to appear.
      if (!first || error instanceof SeamRejectedError) throw await refusal(client, link, acsUser, error);
      await beforeSecondRead();
    }
  }
}

/** Unlinks the two and resolves when Seam no longer shows the link. */
async function unlink(client: SeamClient, link: AcsUserLinkInputs, workspaceId: string): Promise<void> {
  const startedAt = performance.now();
  let sentAt = Number.NEGATIVE_INFINITY;
  for (let attempt = 0; ; attempt += 1) {
    const acsUser = await observeAcsUser(client, link.acsUserId, workspaceId);
    // If it is gone, or linked to somebody else by now, this link no longer exists, and the other one is left alone.
    if (acsUser === undefined) return;
    if (acsUser.user_identity_id !== link.userIdentityId) {
      await assertNotMerged(client, link, acsUser);
      return;
    }
    const now = performance.now();
    if (now - startedAt > unlinkTimeout) {
      throw explain(
        doingUnlink(link),
        new Error("Seam accepted it, and still shows the link"),
        `Run the same command again. ${doorsStillOpen(link)}`,
      );
    }
    if (now - sentAt > unlinkAgainAfter) {
      sentAt = now;
      await client.removeAcsUser(link.userIdentityId, link.acsUserId).catch((error: unknown) => {
        throw refusedToUnlink(link, error);
      });
    } else {
      await new Promise((resolve) => setTimeout(resolve, Math.min(50 * 2 ** attempt, 2_000)));
    }
  }
}

/** A refusal stops the teardowns that wait for the link, so it says what closes the person's doors without unlinking. */
function refusedToUnlink(link: AcsUserLinkInputs, error: unknown): unknown {
  if (!(error instanceof SeamApiError) || error instanceof SeamAuthenticationError) return error;
  return new ResourceError(`${explain(doingUnlink(link), error).message} ${doorsStillOpen(link)}.`);
}

function doorsStillOpen({ userIdentityId }: AcsUserLinkInputs): string {
  return `If the person is leaving: no teardown that waits for this link has begun, so their doors are not closed yet. \`npx pulumi-seam teardown ${userIdentityId}\` closes them now, and deletes the user identity with all ACS users that are linked to it`;
}

/**
 * Asserts that the identity was not merged into another. The ACS user would have moved with it, so the person would still have
 * access.
 */
async function assertNotMerged(
  client: SeamClient,
  link: AcsUserLinkInputs,
  acsUser: SeamAcsUser,
): Promise<void> {
  if (acsUser.user_identity_id === null) return;
  const identity = await client.findUserIdentity({ user_identity_id: link.userIdentityId });
  if (identity !== undefined && identity.user_identity_id === acsUser.user_identity_id) {
    throw new MergedUserIdentityError(link.userIdentityId, identity.user_identity_id);
  }
}

/** Returns an error that explains why Seam does not link the two, if the reason can be determined. */
async function refusal(
  client: SeamClient,
  link: AcsUserLinkInputs,
  acsUser: SeamAcsUser,
  error: Error,
): Promise<ResourceError> {
  const doing = `link ${pairOf(link)}`;
  const identity = await client.findUserIdentity({ user_identity_id: link.userIdentityId });
  if (identity === undefined) {
    return explain(
      doing,
      error,
      "The user identity is not in the API key's workspace. Check userIdentityId and the key. If it was deleted outside of Pulumi, run `pulumi refresh`, then `pulumi up`",
    );
  }
  const linked = await client.listAcsUsers({ user_identity_id: link.userIdentityId });
  const existing = linked.find(
    (other) =>
      other.user_identity_id === link.userIdentityId &&
      other.acs_system_id === acsUser.acs_system_id &&
      other.acs_user_id !== acsUser.acs_user_id,
  );
  if (existing === undefined) return explain(doing, error);
  return explain(
    doing,
    error,
    `The identity has the ACS user ${existing.acs_user_id} in the access control system ${acsUser.acs_system_id} already, and there can be only one. Remove that link first, in the program that declares it or in the Seam console`,
  );
}

function idOf(link: AcsUserLinkInputs): string {
  return `${link.userIdentityId}/${link.acsUserId}`;
}

/** Returns the id of a link with these arguments, if both are known. */
function knownId(inputs: Readonly<Record<string, unknown>>): string | undefined {
  const [userIdentityId, acsUserId] = [text(inputs.userIdentityId), text(inputs.acsUserId)];
  if (userIdentityId === undefined || userIdentityId === unknownValue) return undefined;
  if (acsUserId === undefined || acsUserId === unknownValue) return undefined;
  return idOf({ userIdentityId, acsUserId });
}

function parseId(id: string): AcsUserLinkInputs {
  const [userIdentityId = "", acsUserId = "", ...rest] = id.toLowerCase().split("/");
  if (rest.length > 0 || isSeamId(userIdentityId) !== undefined || isSeamId(acsUserId) !== undefined) {
    throw new ResourceError(
      `"${id}" is not the id of a link; it has the form <user_identity_id>/<acs_user_id>, two UUIDs`,
    );
  }
  return { userIdentityId, acsUserId };
}

function doingUnlink(link: AcsUserLinkInputs): string {
  return `unlink ${pairOf(link, "from")}`;
}

function pairOf(link: AcsUserLinkInputs, joint: "to" | "from" = "to"): string {
  return `ACS user ${link.acsUserId} ${joint} user identity ${link.userIdentityId}`;
}

function outputs(link: AcsUserLinkInputs, acsUser: SeamAcsUser): AcsUserLinkOutputs {
  return { ...link, acsSystemId: acsUser.acs_system_id, workspaceId: acsUser.workspace_id };
}
