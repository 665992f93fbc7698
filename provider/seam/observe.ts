import type { SeamClient } from "./client";
import type { AccessGrant, AcsUser, Space, UserIdentity } from "./model";
import { beforeSecondRead } from "./retry";

/** The configured key belongs to another workspace than the object, so nothing is known about the object. */
export class WrongWorkspaceError extends Error {
  constructor(createdIn: string, keyFor: string) {
    super(
      `it was created in the Seam workspace ${createdIn}, but the API key in use belongs to the workspace ${keyFor}. Nothing was changed. Use a key of the first (\`pulumi config set --secret seam:apiKey\`, or SEAM_API_KEY); \`refresh\` and \`destroy\` read the key kept in state unless --run-program is given`,
    );
    this.name = "WrongWorkspaceError";
  }
}

/** Seam returned another identity for the id, because this one was merged into it. */
export class MergedUserIdentityError extends Error {
  /** The id of the identity that remains. */
  readonly mergedInto: string;

  constructor(userIdentityId: string, mergedInto: string) {
    super(
      `user identity ${userIdentityId} was merged into ${mergedInto} in Seam. Nothing was changed. Remove the resource from the state (\`pulumi state delete\`), and adopt or import ${mergedInto} if this program is to have it`,
    );
    this.name = "MergedUserIdentityError";
    this.mergedInto = mergedInto;
  }
}

/** How recent an observation must be: of now, or of any time since the operation started. */
export type Freshness = "now" | "thisOperation";

/**
 * Reads an identity from Seam. Undefined only if it is certainly gone: it was not found by two routes, with a key of the
 * workspace that it was created in.
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
    await beforeSecondRead();
    const listed = await client.listUserIdentities({ user_identity_ids: [id] });
    return listed.find((identity) => identity.user_identity_id === id);
  }
  if (found.user_identity_id !== id) throw new MergedUserIdentityError(id, found.user_identity_id);
  if (workspaceId !== undefined && found.workspace_id !== workspaceId) {
    throw new WrongWorkspaceError(workspaceId, found.workspace_id);
  }
  return found;
}

/** Like {@link observeUserIdentity}, for an ACS user. */
export async function observeAcsUser(
  client: SeamClient,
  id: string,
  workspaceId: string | undefined,
  freshness: Freshness = "now",
): Promise<AcsUser | undefined> {
  const found = freshness === "now" ? await client.findAcsUser(id) : await client.readAcsUser(id);
  if (found !== undefined) return found;
  await assertWorkspace(client, workspaceId);
  await beforeSecondRead();
  return client.findAcsUser(id);
}

/** Like {@link observeUserIdentity}, for an access grant. */
export async function observeAccessGrant(
  client: SeamClient,
  id: string,
  workspaceId: string | undefined,
  freshness: Freshness = "now",
): Promise<AccessGrant | undefined> {
  const found = freshness === "now" ? await client.findAccessGrant(id) : await client.readAccessGrant(id);
  if (found !== undefined) return found;
  await assertWorkspace(client, workspaceId);
  await beforeSecondRead();
  return client.findAccessGrant(id);
}

/** Like {@link observeUserIdentity}, for a space. */
export async function observeSpace(
  client: SeamClient,
  id: string,
  workspaceId: string | undefined,
): Promise<Space | undefined> {
  let found = await client.findSpace({ space_id: id });
  if (found === undefined) {
    await assertWorkspace(client, workspaceId);
    await beforeSecondRead();
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
