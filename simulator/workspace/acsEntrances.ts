import { Collection, type Stored } from "../collection";
import type { WorkspaceContext } from "./context";
import { type AcsEntrance, type AcsSystem, now } from "./objects";

/** Entrances, owned by their access control system. */
export class AcsEntrances extends Collection<AcsEntrance> {
  constructor(private readonly context: WorkspaceContext) {
    super("acs_entrance", (entrance) => entrance.acs_entrance_id);
  }

  create(id: string, name: string, system: AcsSystem): Stored<AcsEntrance> {
    const stored = this.add(system.acs_system_id, {
      acs_entrance_id: id,
      acs_system_id: system.acs_system_id,
      connected_account_id: system.connected_account_id,
      display_name: name,
      space_ids: [],
      errors: [],
      warnings: [],
      created_at: now(),
    });
    this.context.changed();
    return stored;
  }
}
