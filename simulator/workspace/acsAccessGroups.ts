import { Collection, type Stored } from "../collection";
import type { WorkspaceContext } from "./context";
import { type AcsAccessGroup, type AcsSystem, now } from "./objects";

const types: Readonly<Record<string, string>> = {
  salto_ks_site: "salto_ks_access_group",
  brivo_account: "brivo_group",
  pti_site: "pti_access_level",
};

/** Access groups, owned by their access control system, and the ACS users in each. */
export class AcsAccessGroups extends Collection<AcsAccessGroup> {
  private readonly members = new Map<string, Set<string>>();

  constructor(private readonly context: WorkspaceContext) {
    super("acs_access_group", (group) => group.acs_access_group_id);
  }

  create(id: string, name: string, system: AcsSystem): Stored<AcsAccessGroup> {
    const type = types[system.external_type] ?? "salto_ks_access_group";
    const stored = this.add(system.acs_system_id, {
      acs_access_group_id: id,
      acs_system_id: system.acs_system_id,
      connected_account_id: system.connected_account_id,
      workspace_id: this.context.workspaceId,
      name,
      display_name: name,
      access_group_type: type,
      access_group_type_display_name: "Access group",
      external_type: type,
      external_type_display_name: "Access group",
      is_managed: true,
      pending_mutations: [],
      errors: [],
      warnings: [],
      created_at: now(),
    });
    this.context.changed();
    return stored;
  }

  addUser(groupId: string, acsUserId: string): void {
    const members = this.members.get(groupId) ?? new Set<string>();
    this.members.set(groupId, members.add(acsUserId));
    this.context.changed();
  }

  removeUser(groupId: string, acsUserId: string): void {
    this.members.get(groupId)?.delete(acsUserId);
    this.context.changed();
  }

  /** Removes a deleted ACS user from all groups. */
  removeUserFromAll(acsUserId: string): void {
    for (const members of this.members.values()) members.delete(acsUserId);
  }

  /** The ids of the ACS users in a group. */
  membersOf(groupId: string): readonly string[] {
    return [...(this.members.get(groupId) ?? [])];
  }

  clearMembers(): void {
    this.members.clear();
  }
}
