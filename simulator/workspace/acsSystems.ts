import { randomUUID } from "node:crypto";
import { Collection, type Stored } from "../collection";
import type { WorkspaceContext } from "./context";
import { type AcsSystem, now } from "./objects";

/** Access control systems. */
export class AcsSystems extends Collection<AcsSystem> {
  constructor(private readonly context: WorkspaceContext) {
    super("acs_system", (system) => system.acs_system_id);
  }

  create(id: string, name: string, externalType: string): Stored<AcsSystem> {
    const account = randomUUID();
    const system: AcsSystem = {
      acs_system_id: id,
      name,
      external_type: externalType,
      external_type_display_name: name,
      connected_account_id: account,
      connected_account_ids: [account],
      image_alt_text: name,
      image_url: "https://example.com/access-system.png",
      is_credential_manager: false,
      location: { time_zone: null },
      workspace_id: this.context.workspaceId,
      errors: [],
      warnings: [],
      created_at: now(),
    };
    const stored = this.add(undefined, system);
    this.context.changed();
    return stored;
  }
}
