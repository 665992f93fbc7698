import type { SeamClient } from "./client";

/** The API key belongs to another workspace than the one that `seam:workspaceId` names. */
export class PinnedWorkspaceError extends Error {
  constructor(pinned: string, keyFor: string) {
    super(
      `seam:workspaceId (or workspaceId of the Provider) is ${pinned}, but the API key in use belongs to the workspace ${keyFor}. Nothing was read or changed there. Use a key of the workspace ${pinned}; only if the stack is meant to use the other one, correct seam:workspaceId`,
    );
    this.name = "PinnedWorkspaceError";
  }
}

/**
 * Asserts that the client's API key belongs to the pinned workspace, if one is pinned. Sends one request per client, however
 * often it is called.
 *
 * @param pinned A workspace id in lower case.
 * @throws PinnedWorkspaceError, SeamError
 */
export async function assertPinnedWorkspace(client: SeamClient, pinned: string | undefined): Promise<void> {
  if (pinned === undefined) return;
  const { workspace_id } = await client.getWorkspace();
  if (workspace_id.toLowerCase() !== pinned) throw new PinnedWorkspaceError(pinned, workspace_id);
}
