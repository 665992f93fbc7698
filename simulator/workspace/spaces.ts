import { randomUUID } from "node:crypto";
import { Collection, type Kept } from "../collection";
import { ApiError, notFound } from "../errors";
import type { AcsEntrances } from "./acsEntrances";
import type { WorkspaceContext } from "./context";
import type { Devices } from "./devices";
import { now, type Space } from "./objects";

/** What a caller gives of a space. Each list of ids, if given, is the whole set. */
export interface SpaceAttributes {
  name?: string;
  space_key?: string;
  customer_key?: string;
  device_ids?: string[];
  acs_entrance_ids?: string[];
}

/** Spaces. Which devices and entrances are in one is kept on these, as Seam shows it. */
export class Spaces extends Collection<Space> {
  private membersChanged: (id: string) => void = () => undefined;

  constructor(
    private readonly context: WorkspaceContext,
    private readonly devices: Devices,
    private readonly entrances: AcsEntrances,
  ) {
    super("space", (space) => space.space_id);
  }

  /** Registers what follows the members of spaces. */
  onMembersChanged(react: (id: string) => void): void {
    this.membersChanged = react;
  }

  create(attributes: SpaceAttributes & { name: string }): Kept<Space> {
    this.assertPossible(attributes, undefined);
    const { name, space_key, customer_key } = attributes;
    const kept = this.add(
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
    this.setMembers(kept, attributes);
    this.emit("space.created", kept);
    this.context.changed();
    return kept;
  }

  update(kept: Kept<Space>, attributes: SpaceAttributes): void {
    this.assertPossible(attributes, kept.id);
    const { name, space_key } = attributes;
    if (name !== undefined) Object.assign(kept.wire, { name, display_name: name });
    if (space_key !== undefined) kept.wire.space_key = space_key;
    this.setMembers(kept, attributes);
    this.emit("space.device_membership_changed", kept);
    this.context.changed();
  }

  delete(kept: Kept<Space>): void {
    this.emit("space.deleted", kept);
    this.setMembers(kept, { device_ids: [], acs_entrance_ids: [] });
    this.remove(kept.id);
    this.context.changed();
  }

  withKey(key: string): Kept<Space> {
    for (const kept of this.all()) if (kept.wire.space_key === key) return this.existing(kept.id);
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

  private assertPossible(attributes: SpaceAttributes, own: string | undefined): void {
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

  private setMembers({ id, wire }: Kept<Space>, attributes: SpaceAttributes): void {
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

  private emit(type: string, { id, wire }: Kept<Space>): void {
    this.context.events.emit(type, {
      space_id: id,
      ...(wire.space_key === undefined ? {} : { space_key: wire.space_key }),
      device_ids: this.deviceIds(id),
      acs_entrance_ids: this.entranceIds(id),
    });
  }
}
