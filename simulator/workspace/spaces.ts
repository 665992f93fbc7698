import { randomUUID } from "node:crypto";
import { Collection, type Stored } from "../collection";
import { ApiError, notFound } from "../errors";
import type { AcsEntrances } from "./acsEntrances";
import type { WorkspaceContext } from "./context";
import type { Devices } from "./devices";
import { now, type Space } from "./objects";

/** The attributes of a space that a caller gives. Each list of ids, if given, replaces the existing one. */
export interface SpaceAttributes {
  name?: string;
  space_key?: string;
  customer_key?: string;
  device_ids?: string[];
  acs_entrance_ids?: string[];
}

/** Spaces. Their members are stored in the `space_ids` of devices and entrances, as Seam shows them. */
export class Spaces extends Collection<Space> {
  private membersChanged: (id: string) => void = () => undefined;

  constructor(
    private readonly context: WorkspaceContext,
    private readonly devices: Devices,
    private readonly entrances: AcsEntrances,
  ) {
    super("space", (space) => space.space_id);
  }

  /** Registers the listener that is called when the members of a space change. */
  onMembersChanged(listener: (id: string) => void): void {
    this.membersChanged = listener;
  }

  create(attributes: SpaceAttributes & { name: string }): Stored<Space> {
    this.assertValid(attributes, undefined);
    const { name, space_key, customer_key } = attributes;
    const stored = this.add(
      undefined,
      {
        space_id: randomUUID(),
        ...(space_key === undefined ? {} : { space_key }),
        ...(customer_key === undefined ? {} : { customer_key }),
        name,
        display_name: name,
        device_count: 0,
        acs_entrance_count: 0,
        workspace_id: this.context.workspaceId,
        created_at: now(),
      },
      this.context.visibleFrom(),
    );
    this.setMembers(stored, attributes);
    this.emit("space.created", stored);
    this.context.changed();
    return stored;
  }

  update(stored: Stored<Space>, attributes: SpaceAttributes): void {
    this.assertValid(attributes, stored.id);
    const { name, space_key } = attributes;
    if (name !== undefined) Object.assign(stored.wire, { name, display_name: name });
    if (space_key !== undefined) stored.wire.space_key = space_key;
    this.setMembers(stored, attributes);
    this.emit("space.device_membership_changed", stored);
    this.context.changed();
  }

  delete(stored: Stored<Space>): void {
    this.emit("space.deleted", stored);
    this.setMembers(stored, { device_ids: [], acs_entrance_ids: [] });
    this.remove(stored.id);
    this.context.changed();
  }

  withKey(key: string): Stored<Space> {
    for (const stored of this.all()) if (stored.wire.space_key === key) return this.existing(stored.id);
    throw notFound(this.kind, key);
  }

  deviceIds(id: string): string[] {
    return [...this.devices.all()].filter(({ wire }) => wire.space_ids.includes(id)).map((one) => one.id);
  }

  entranceIds(id: string): string[] {
    return [...this.entrances.all()].filter(({ wire }) => wire.space_ids.includes(id)).map((one) => one.id);
  }

  override clear(): void {
    super.clear();
    for (const { wire } of [...this.devices.all(), ...this.entrances.all()]) wire.space_ids = [];
  }

  private assertValid(attributes: SpaceAttributes, own: string | undefined): void {
    for (const id of attributes.device_ids ?? []) this.devices.existing(id);
    for (const id of attributes.acs_entrance_ids ?? []) this.entrances.existing(id);
    const { space_key } = attributes;
    if (space_key === undefined) return;
    for (const { id, wire } of this.all()) {
      if (wire.space_key === space_key && id !== own) {
        throw new ApiError(409, "space_key_conflict", "A space with this space_key already exists");
      }
    }
  }

  private setMembers({ id, wire }: Stored<Space>, attributes: SpaceAttributes): void {
    const replace = (members: Devices | AcsEntrances, ids: string[] | undefined): void => {
      if (ids === undefined) return;
      for (const { wire } of members.all()) {
        wire.space_ids = wire.space_ids.filter((one) => one !== id);
      }
      for (const member of ids) members.get(member)?.wire.space_ids.push(id);
    };
    replace(this.devices, attributes.device_ids);
    replace(this.entrances, attributes.acs_entrance_ids);
    wire.device_count = this.deviceIds(id).length;
    wire.acs_entrance_count = this.entranceIds(id).length;
    if (attributes.device_ids !== undefined || attributes.acs_entrance_ids !== undefined) {
      this.membersChanged(id);
    }
  }

  private emit(type: string, { id, wire }: Stored<Space>): void {
    this.context.events.emit(type, {
      space_id: id,
      ...(wire.space_key === undefined ? {} : { space_key: wire.space_key }),
      device_ids: this.deviceIds(id),
      acs_entrance_ids: this.entranceIds(id),
    });
  }
}
