import type { SeamClient } from "../seam/client";
import { WrongWorkspaceError } from "../seam/observe";
import { assertPinnedWorkspace } from "../seam/pinnedWorkspace";
import type { Declarations } from "./declarations";

/**
 * Checks that the API key belongs to the stack's own workspace: the one that `seam:workspaceId` names, or otherwise the one
 * that the stack's other resources were created in. A stack in two workspaces could not be destroyed with a single key.
 */
export class StackWorkspace {
  constructor(
    private readonly client: SeamClient,
    private readonly declarations: Declarations,
    /** `seam:workspaceId`. */
    private readonly pinned: string | undefined,
  ) {}

  /**
   * Checks the workspace before a create.
   *
   * @throws PinnedWorkspaceError, WrongWorkspaceError, SeamError
   */
  async assertOwn(): Promise<void> {
    if (this.pinned !== undefined) return this.assertPinned();
    // A new resource can be registered before those that record the workspace.
    if (this.declarations.workspaceIds.size === 0) await this.declarations.settled();
    const [recorded] = this.declarations.workspaceIds;
    if (recorded === undefined) return;
    const { workspace_id: now } = await this.client.getWorkspace();
    if (!this.declarations.workspaceIds.has(now)) throw new WrongWorkspaceError(recorded, now);
  }

  /** Checks the workspace before any other operation, for which only `seam:workspaceId` is compared. */
  assertPinned(): Promise<void> {
    return assertPinnedWorkspace(this.client, this.pinned);
  }
}
