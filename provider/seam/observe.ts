import type { SeamClient } from "./client";
import type { AccessGrant, AcsUser, Space, UserIdentity } from "./model";
import { beforeSecondLook } from "./retry";

/** The configured key belongs to another workspace than the object, so nothing can be said about the object. */
export class WrongWorkspaceError extends Error {
  constructor(madeIn: string, keyFor: string) {
    super(
      `it was made in the Seam workspace ${madeIn}, but the API key in use belongs to the workspace ${keyFor}. Nothing was changed. Use a key of the first (\`pulumi config set --secret seam:apiKey\`, or SEAM_API_KEY); \`refresh\` and \`destroy\` read the key kept in state unless --run-program is given`,
    );
    this.name = "WrongWorkspaceError";
  }
}

/** Seam answers for the id with another identity, into which this one was merged. */
export class MergedUserIdentityError extends Error {
  /** The identity that lives on. */
  readonly mergedInto: string;

  constructor(userIdentityId: string, mergedInto: string) {
    super(
      `user identity ${userIdentityId} was merged into ${mergedInto} in Seam. Nothing was changed. Take the resource out of the state (\`pulumi state delete\`), and adopt or import ${mergedInto} if this program is to have it`,
    );
    this.name = "MergedUserIdentityError";
    this.mergedInto = mergedInto;
  }
}

/** How fresh an observation has to be: of this moment, or of any moment since the operation began. */
export type Freshness = "now" | "thisOperation";

/**
 * What Seam says of an identity now. Undefined only when it is certainly gone: asked twice, by two routes, with a key
 * of the workspace it was made in.
 *
 * @throws MergedUserIdentityError, WrongWorkspaceError, SeamError
 */
export async function observeUserIdentity(
  client: SeamClient,
  id: string,
  workspaceId: string | undefined,
  freshness: Freshness = "now",
): Promise<UserIdentity | undefined> {
  const found =
    freshness === "now"
      ? await client.findUserIdentity({ user_identity_id: id })
      : await client.readUserIdentity(id);
  if (found === undefined) {
    await assertWorkspace(client, workspaceId);
    await beforeSecondLook();
    const listed = await client.listUserIdentities({ user_identity_ids: [id] });
    return listed.find((identity) => identity.user_identity_id === id);
  }
  if (found.user_identity_id !== id) throw new MergedUserIdentityError(id, found.user_identity_id);
  if (workspaceId !== undefined && found.workspace_id !== workspaceId) {
    throw new WrongWorkspaceError(workspaceId, found.workspace_id);
  }
  return found;
}

/** As {@link observeUserIdentity}, for an ACS user. */
export async function observeAcsUser(
  client: SeamClient,
  id: string,
  workspaceId: string | undefined,
  freshness: Freshness = "now",
): Promise<AcsUser | undefined> {
  const found = freshness === "now" ? await client.findAcsUser(id) : await client.readAcsUser(id);
  if (found !== undefined) return found;
  await assertWorkspace(client, workspaceId);
  await beforeSecondLook();
  return client.findAcsUser(id);
}

/** As {@link observeUserIdentity}, for an access grant. */
export async function observeAccessGrant(
  client: SeamClient,
  id: string,
  workspaceId: string | undefined,
  freshness: Freshness = "now",
): Promise<AccessGrant | undefined> {
  const found = freshness === "now" ? await client.findAccessGrant(id) : await client.readAccessGrant(id);
  if (found !== undefined) return found;
  await assertWorkspace(client, workspaceId);
  await beforeSecondLook();
  return client.findAccessGrant(id);
}

/** As {@link observeUserIdentity}, for a space. */
export async function observeSpace(
  client: SeamClient,
  id: string,
  workspaceId: string | undefined,
): Promise<Space | undefined> {
  let found = await client.findSpace({ space_id: id });
  if (found === undefined) {
    await assertWorkspace(client, workspaceId);
    await beforeSecondLook();
    found = await client.findSpace({ space_id: id });
  }
  if (found !== undefined && workspaceId !== undefined && found.workspace_id !== workspaceId) {
    throw new WrongWorkspaceError(workspaceId, found.workspace_id);
  }
  return found;
}

async function assertWorkspace(client: SeamClient, workspaceId: string | undefined): Promise<void> {
  if (workspaceId === undefined) return;
  const { workspace_id } = await client.getWorkspace();
  if (workspace_id !== workspaceId) throw new WrongWorkspaceError(workspaceId, workspace_id);
}
