import { randomUUID } from "node:crypto";
import { Collection, type Kept } from "../collection";
import type { ClientSessions } from "./clientSessions";
import type { WorkspaceContext } from "./context";
import { type AcsCredential, type AcsUser, now } from "./objects";

/** Credentials, owned by their ACS user. */
export class AcsCredentials extends Collection<AcsCredential> {
  constructor(
    private readonly context: WorkspaceContext,
    private readonly sessions: ClientSessions,
  ) {
    super("acs_credential", (credential) => credential.acs_credential_id);
  }

  issue(user: Kept<AcsUser>, accessMethod: AcsCredential["access_method"]): Kept<AcsCredential> {
    const credential: AcsCredential = {
      acs_credential_id: randomUUID(),
      acs_user_id: user.id,
      acs_system_id: user.wire.acs_system_id,
      connected_account_id: user.wire.connected_account_id,
      workspace_id: this.context.workspaceId,
      ...(user.owner === undefined ? {} : { user_identity_id: user.owner }),
      access_method: accessMethod,
      display_name: `${accessMethod} of ${user.wire.display_name}`,
      is_managed: true,
      errors: [],
      warnings: [],
      created_at: now(),
    };
    const kept = this.add(user.id, credential, this.context.visibleFrom());
    this.context.changed();
    return kept;
  }

  delete(kept: Kept<AcsCredential>, requestedAt: number, cascade = false): void {
    const { deletions, events } = this.context;
    const { id } = kept;
    const { user_identity_id, acs_user_id, acs_system_id } = kept.wire;
    if (!cascade && user_identity_id !== undefined) {
      deletions.assertOrder(`acs_credential ${id}`, this.sessions.ownedBy(user_identity_id));
    }
    deletions.begin("acs_credential", kept, { user_identity_id, acs_user_id }, requestedAt, {
      emit: () => events.emit("acs_credential.deleted", { acs_credential_id: id, acs_system_id }),
      remove: () => this.remove(id),
    });
  }
}
