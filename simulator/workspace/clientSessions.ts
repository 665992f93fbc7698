import { randomUUID } from "node:crypto";
import { Collection, type Stored } from "../collection";
import type { WorkspaceContext } from "./context";
import { type ClientSession, now, type UserIdentity } from "./objects";

/** Client sessions, owned by their identity. Their deletion takes no time. */
export class ClientSessions extends Collection<ClientSession> {
  constructor(private readonly context: WorkspaceContext) {
    super("client_session", (session) => session.client_session_id);
  }

  create(
    identity: Stored<UserIdentity> | undefined,
    userIdentifierKey: string | null = null,
  ): Stored<ClientSession> {
    const session: ClientSession = {
      client_session_id: randomUUID(),
      ...(identity === undefined ? {} : { user_identity_id: identity.id }),
      user_identity_ids: identity === undefined ? [] : [identity.id],
      user_identifier_key: userIdentifierKey,
      connect_webview_ids: [],
      connected_account_ids: [],
      device_count: 0,
      token: `seam_cst_${randomUUID().replaceAll("-", "")}`,
      expires_at: new Date(Date.now() + 86_400_000).toISOString(),
      workspace_id: this.context.workspaceId,
      created_at: now(),
    };
    const stored = this.add(identity?.id, session, this.context.visibleFrom());
    this.context.changed();
    return stored;
  }

  delete(stored: Stored<ClientSession>, requestedAt: number): void {
    const { deletions, events, changed } = this.context;
    const deletion = deletions.record(
      "client_session",
      stored.id,
      { user_identity_id: stored.owner },
      requestedAt,
    );
    deletion.goneAt = Date.now();
    this.remove(stored.id);
    events.emit("client_session.deleted", { client_session_id: stored.id });
    changed();
  }
}
