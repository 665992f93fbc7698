import { randomUUID } from "node:crypto";
import { Collection, type Stored } from "../collection";
import type { WorkspaceContext } from "./context";
import { type Device, now } from "./objects";

/** Standalone smart locks, outside of any access control system. */
export class Devices extends Collection<Device> {
  constructor(private readonly context: WorkspaceContext) {
    super("device", (device) => device.device_id);
  }

  create(id: string, name: string): Stored<Device> {
    const stored = this.add(undefined, {
      device_id: id,
      device_type: "schlage_lock",
      display_name: name,
      space_ids: [],
      capabilities_supported: ["access_code", "lock"],
      properties: {
        name,
        online: true,
        manufacturer: "schlage",
        model: {
          display_name: "Lock",
          manufacturer_display_name: "Schlage",
          accessory_keypad_supported: false,
        },
        appearance: { name },
        locked: true,
      },
      custom_metadata: {},
      connected_account_id: randomUUID(),
      can_program_online_access_codes: true,
      is_managed: true,
      workspace_id: this.context.workspaceId,
      errors: [],
      warnings: [],
      created_at: now(),
    });
    this.context.changed();
    return stored;
  }
}
