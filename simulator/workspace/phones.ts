import { randomUUID } from "node:crypto";
import { Collection, type Stored } from "../collection";
import type { ClientSessions } from "./clientSessions";
import type { WorkspaceContext } from "./context";
import { now, type Phone, type UserIdentity } from "./objects";

/** Phones, owned by their identity, which Seam does not show. */
export class Phones extends Collection<Phone> {
  constructor(
    private readonly context: WorkspaceContext,
    private readonly sessions: ClientSessions,
  ) {
    super("phone", (phone) => phone.device_id);
  }

  enroll(identity: Stored<UserIdentity>): Stored<Phone> {
    const phone: Phone = {
      device_id: randomUUID(),
      device_type: "ios_phone",
      display_name: "Phone",
      custom_metadata: {},
      properties: {},
      workspace_id: this.context.workspaceId,
      errors: [],
      warnings: [],
      created_at: now(),
    };
    const stored = this.add(identity.id, phone, this.context.visibleFrom());
    this.context.changed();
    return stored;
  }

  deactivate(stored: Stored<Phone>, requestedAt: number, cascade = false): void {
    const { deletions, events } = this.context;
    const { id, owner } = stored;
    if (!cascade && owner !== undefined) deletions.checkOrder(`phone ${id}`, this.sessions.ownedBy(owner));
    deletions.begin("phone", stored, { user_identity_id: owner }, requestedAt, {
      emit: () => events.emit("phone.deactivated", { device_id: id }),
      remove: () => this.remove(id),
    });
  }
}
