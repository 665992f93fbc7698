import { MergedUserIdentityError, observeAcsUser } from "../seam/observe";
import type { SeamClient } from "../seam/client";
import { SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import type { AcsUser as SeamAcsUser } from "../seam/model";
import { beforeSecondLook } from "../seam/retry";
import { explain, ResourceError } from "./resourceErrors";
import { checkInputs, given, isSeamId, type Rule } from "./validation";
import { type Properties, text, type Verbs } from "./verbs";

const rules: Readonly<Record<string, Rule>> = { userIdentityId: isSeamId, acsUserId: isSeamId };

export const acsUserLinkVerbs: Verbs = {
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
    return { inputs, failures };
  },

  diff(_id, olds, news) {
    const replaces = Object.keys(rules).filter((name) => olds[name] !== news[name]);
    return { changes: replaces.length > 0, replaces, deleteBeforeReplace: true };
  },

  async create({ client }, inputs) {
    const link = linkOf(inputs);
    const doing = `link ${described(link)}`;
    try {
      const acsUser = await observeAcsUser(client, link.acsUserId, undefined);
      if (acsUser === undefined) {
        throw explain(
          doing,
          new Error("there is no such ACS user in the API key's workspace"),
          "Check acsUserId and the key",
        );
      }
      if (acsUser.user_identity_id !== link.userIdentityId) {
        if (acsUser.user_identity_id !== null) {
          throw explain(
            doing,
            new Error(`the ACS user is linked to user identity ${acsUser.user_identity_id} already`),
            "Take that link away first, in the program that made it or in the Seam console",
          );
        }
        await add(client, link, acsUser);
      }
      return { id: idOf(link), outs: outputs(link, acsUser) };
    } catch (error) {
      throw explain(doing, error);
    }
  },

  async read({ client }, id, props) {
    const link = parseId(id);
    try {
      for (const freshness of ["thisOperation", "now"] as const) {
        const acsUser = await observeAcsUser(client, link.acsUserId, text(props.workspaceId), freshness);
        if (acsUser === undefined) break;
        if (acsUser.user_identity_id === link.userIdentityId) {
          return { id, props: outputs(link, acsUser), inputs: { ...link } };
        }
        // What a shared listing does not show may be newer than the listing.
        if (freshness === "now") await assertNotMerged(client, link, acsUser);
      }
    } catch (error) {
      throw explain(`read the link of ${described(link)}`, error);
    }
    if (props.workspaceId !== undefined) return {};
    throw new ResourceError(
      `could not read the link of ${described(link)}: the two are not linked in the API key's workspace. Check the id and the key`,
    );
  },

  async update() {
    throw new ResourceError("could not update the link: a link is replaced, never updated");
  },

  keeps: () => false,

  async delete({ client }, id, props) {
    const link = parseId(id);
    const doing = `unlink ${described(link)}`;
    try {
      const acsUser = await observeAcsUser(client, link.acsUserId, text(props.workspaceId));
      // Gone, or linked to somebody else by now: this link is no more, and the other is not ours.
      if (acsUser === undefined) return;
      if (acsUser.user_identity_id !== link.userIdentityId) {
        await assertNotMerged(client, link, acsUser);
        return;
      }
      await client.removeAcsUser(link.userIdentityId, link.acsUserId);
      const after = await observeAcsUser(client, link.acsUserId, text(props.workspaceId));
      if (after?.user_identity_id !== link.userIdentityId) return;
      await client.removeAcsUser(link.userIdentityId, link.acsUserId);
      const still = await observeAcsUser(client, link.acsUserId, text(props.workspaceId));
      if (still?.user_identity_id === link.userIdentityId) {
        throw explain(
          doing,
          new Error("Seam said that it did, and still shows the link"),
          "Run the same command again",
        );
      }
    } catch (error) {
      throw explain(doing, error);
    }
  },
};

async function add(client: SeamClient, link: Link, acsUser: SeamAcsUser): Promise<void> {
  for (let first = true; ; first = false) {
    try {
      await client.addAcsUser(link.userIdentityId, link.acsUserId);
      return;
    } catch (error) {
      if (!(error instanceof SeamRejectedError || error instanceof SeamNotFoundError)) throw error;
      // A repeated request is refused for what the first one did, if only the answer was lost.
      const now = await client.findAcsUser(link.acsUserId);
      if (now?.user_identity_id === link.userIdentityId) return;
      // The identity is often a moment old, and can be late to appear.
      if (!first || error instanceof SeamRejectedError) throw await refusal(client, link, acsUser, error);
      await beforeSecondLook();
    }
  }
}

/** Where the identity was merged into another, the ACS user came along: the person still has the access. */
async function assertNotMerged(client: SeamClient, link: Link, acsUser: SeamAcsUser): Promise<void> {
  if (acsUser.user_identity_id === null) return;
  const identity = await client.findUserIdentity({ user_identity_id: link.userIdentityId });
  if (identity !== undefined && identity.user_identity_id === acsUser.user_identity_id) {
    throw new MergedUserIdentityError(link.userIdentityId, identity.user_identity_id);
  }
}

/** Says why Seam does not link the two, as far as it can be seen. */
async function refusal(
  client: SeamClient,
  link: Link,
  acsUser: SeamAcsUser,
  error: Error,
): Promise<ResourceError> {
  const doing = `link ${described(link)}`;
  const identity = await client.findUserIdentity({ user_identity_id: link.userIdentityId });
  if (identity === undefined) {
    return explain(
      doing,
      error,
      "The user identity is not in the API key's workspace. If it was deleted behind Pulumi's back, run `pulumi refresh`, then `pulumi up`",
    );
  }
  const linked = await client.listAcsUsers({ user_identity_id: link.userIdentityId });
  const rival = linked.find(
    (other) => other.acs_system_id === acsUser.acs_system_id && other.acs_user_id !== acsUser.acs_user_id,
  );
  if (rival === undefined) return explain(doing, error);
  return explain(
    doing,
    error,
    `The identity has the ACS user ${rival.acs_user_id} in the access control system ${acsUser.acs_system_id} already, and there can be only one. Take that link away first`,
  );
}

interface Link {
  userIdentityId: string;
  acsUserId: string;
}

function linkOf(inputs: Properties): Link {
  return { userIdentityId: text(inputs.userIdentityId) ?? "", acsUserId: text(inputs.acsUserId) ?? "" };
}

function idOf(link: Link): string {
  return `${link.userIdentityId}/${link.acsUserId}`;
}

function parseId(id: string): Link {
  const [userIdentityId = "", acsUserId = "", ...rest] = id.split("/");
  if (rest.length > 0 || isSeamId(userIdentityId) !== undefined || isSeamId(acsUserId) !== undefined) {
    throw new ResourceError(
      `"${id}" is not the id of a link; it has the form <user_identity_id>/<acs_user_id>, two UUIDs`,
    );
  }
  return { userIdentityId, acsUserId };
}

function described(link: Link): string {
  return `ACS user ${link.acsUserId} to user identity ${link.userIdentityId}`;
}

function outputs(link: Link, acsUser: SeamAcsUser): Record<string, unknown> {
  return { ...link, acsSystemId: acsUser.acs_system_id, workspaceId: acsUser.workspace_id };
}
