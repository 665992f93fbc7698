import type { SeamClient } from "../../../provider/seam/client";
import { SeamError } from "../../../provider/seam/errors";
import type { UserIdentity } from "../../../provider/seam/model";
import { MergedUserIdentityError, WrongWorkspaceError } from "../../../provider/seam/observe";
import { inParallel } from "../../inParallel";

/** The number of ids in one request. */
const idsPerRequest = 100;

/** The identities of a plan, listed in batches: one request for each of thousands would take a minute. */
export class IdentityLookup {
  private readonly listed = new Map<string, UserIdentity>();

  constructor(private readonly client: SeamClient) {}

  async load(given: readonly string[]): Promise<void> {
    const ids = [...new Set(given)];
    const chunks = Array.from({ length: Math.ceil(ids.length / idsPerRequest) }, (_, index) =>
      ids.slice(index * idsPerRequest, (index + 1) * idsPerRequest),
    );
    await inParallel(chunks, async (chunk) => {
      // If a listing fails, each identity is looked up by itself, and the failure is reported there.
      try {
        const found = await this.client.listUserIdentities({ user_identity_ids: chunk });
        for (const identity of found) this.listed.set(identity.user_identity_id, identity);
      } catch (error) {
        if (!(error instanceof SeamError)) throw error;
      }
    });
  }

  /**
   * Finds one identity. Undefined only if it is certainly gone: not listed, not found, and the key is for its workspace.
   *
   * @throws MergedUserIdentityError, WrongWorkspaceError, SeamError
   */
  async find(id: string, workspaceId: string | undefined): Promise<UserIdentity | undefined> {
    const found = this.listed.get(id) ?? (await this.client.findUserIdentity({ user_identity_id: id }));
    if (found !== undefined && found.user_identity_id !== id) {
      throw new MergedUserIdentityError(id, found.user_identity_id);
    }
    if (workspaceId !== undefined) {
      const seen = found?.workspace_id ?? (await this.client.getWorkspace()).workspace_id;
      if (seen !== workspaceId) throw new WrongWorkspaceError(workspaceId, seen);
    }
    return found;
  }
}
