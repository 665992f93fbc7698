import type { AccessSchedule } from "./objects";

/** A credential, or an access method on a smart lock, that opens doors. */
export interface OpenDoor {
  user_identity_id?: string;
  acs_user_id?: string;
  acs_credential_id?: string;
  acs_system_id?: string;
  access_grant_id?: string;
  access_method_id?: string;
  device_id?: string;
}

interface Entry {
  door: OpenDoor;
  schedule: AccessSchedule | undefined;
}

/**
 * Keeps track of what opens doors now, and when the last of it stopped. Families of objects call `open` when a credential or
 * access method starts to open doors, also for another person, and `close` when it stops.
 */
export class Doors {
  private readonly entries = new Map<string, Entry>();
  private lastClosed: number | null = null;
  private readonly lastClosedOf = new Map<string, number>();

  open(id: string, door: OpenDoor, schedule?: AccessSchedule): void {
    this.entries.set(id, { door, schedule });
  }

  close(id: string): void {
    const entry = this.entries.get(id);
    if (entry === undefined) return;
    this.entries.delete(id);
    this.lastClosed = Date.now();
    const { user_identity_id } = entry.door;
    if (user_identity_id !== undefined) this.lastClosedOf.set(user_identity_id, this.lastClosed);
  }

  /** What opens doors now, within its schedule: of all identities, or of one. */
  list(userIdentityId?: string): OpenDoor[] {
    const now = Date.now();
    return [...this.entries.values()]
      .filter(({ schedule }) => schedule === undefined || isWithin(schedule, now))
      .map(({ door }) => door)
      .filter((door) => userIdentityId === undefined || door.user_identity_id === userIdentityId);
  }

  /** In milliseconds since the epoch; null if nothing closed since the last reset. */
  lastClosedAt(userIdentityId?: string): number | null {
    return userIdentityId === undefined ? this.lastClosed : (this.lastClosedOf.get(userIdentityId) ?? null);
  }

  /** Resets `lastClosedAt`. */
  clearHistory(): void {
    this.lastClosed = null;
    this.lastClosedOf.clear();
  }

  clear(): void {
    this.entries.clear();
    this.clearHistory();
  }
}

function isWithin(schedule: AccessSchedule, now: number): boolean {
  if (Date.parse(schedule.starts_at) > now) return false;
  return schedule.ends_at === null || Date.parse(schedule.ends_at) > now;
}
