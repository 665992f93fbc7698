import { randomUUID } from "node:crypto";
import { Collection, type Stored } from "../collection";
import type { ClientSessions } from "./clientSessions";
import type { WorkspaceContext } from "./context";
import { type EnrollmentAutomation, now, type UserIdentity } from "./objects";

/** Enrollment automations, owned by their identity. */
export class EnrollmentAutomations extends Collection<EnrollmentAutomation> {
  constructor(
    private readonly context: WorkspaceContext,
    private readonly sessions: ClientSessions,
  ) {
    super("enrollment_automation", (automation) => automation.enrollment_automation_id);
  }

  launch(identity: Stored<UserIdentity>, acsSystemId: string): Stored<EnrollmentAutomation> {
    const automation: EnrollmentAutomation = {
      enrollment_automation_id: randomUUID(),
      user_identity_id: identity.id,
      credential_manager_acs_system_id: acsSystemId,
      workspace_id: this.context.workspaceId,
      created_at: now(),
      errors: [],
      warnings: [],
    };
    const stored = this.add(identity.id, automation, this.context.visibleFrom());
    this.context.changed();
    return stored;
  }

  delete(stored: Stored<EnrollmentAutomation>, requestedAt: number, cascade = false): void {
    const { deletions, events } = this.context;
    const { id, owner } = stored;
    if (!cascade && owner !== undefined) {
      deletions.checkOrder(`enrollment_automation ${id}`, this.sessions.ownedBy(owner));
    }
    deletions.begin("enrollment_automation", stored, { user_identity_id: owner }, requestedAt, {
      emit: () => events.emit("enrollment_automation.deleted", { enrollment_automation_id: id }),
      remove: () => this.remove(id),
    });
  }
}
