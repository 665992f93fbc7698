import { randomInt, randomUUID } from "node:crypto";
import { Collection, type Stored } from "../collection";
import { ApiError, invalidInput, notFound } from "../errors";
import type { AcsCredentials, Issuer } from "./acsCredentials";
import type { AcsEntrances } from "./acsEntrances";
import type { AcsSystems } from "./acsSystems";
import type { AcsUsers } from "./acsUsers";
import type { WorkspaceContext } from "./context";
import { markBeingDeleted } from "./deletions";
import type { Devices } from "./devices";
import {
  type AccessGrant,
  type AccessMethod,
  type AccessMode,
  now,
  type RequestedAccessMethod,
  type UserIdentity,
} from "./objects";
import type { Spaces } from "./spaces";

/** A request for an access method. */
export interface AccessMethodRequest {
  mode: AccessMode;
  code?: string;
  instant_key_max_use_count?: number;
}

/** The attributes of a new grant. */
export interface AccessGrantAttributes {
  requested_access_methods: AccessMethodRequest[];
  device_ids: string[];
  acs_entrance_ids: string[];
  space_ids: string[];
  access_grant_key?: string;
  reservation_key?: string;
  name?: string | null;
  starts_at?: string;
  ends_at?: string | null;
}

/** The places that a grant is for, including those of its spaces. Seam shows them in `get_related` only. */
export interface GrantedPlaces {
  device_ids: string[];
  acs_entrance_ids: string[];
  /** The places that were given directly, not through a space. Files of earlier versions do not have this field. */
  given?: Omit<GrantedPlaces, "given">;
}

/** The place that an access method opens, which Seam does not show. */
export interface MethodPlace {
  device_id?: string;
  acs_system_id?: string;
  acs_entrance_ids: string[];
  acs_credential_id?: string;
  /** The access control system or lock no longer accepts it. */
  revoked?: boolean;
}

/** The time in milliseconds after which an active grant replaces a credential that is gone. */
const reissueDelayMs = 20;

/** Access methods, owned by their grant. */
export class AccessMethods extends Collection<AccessMethod> {
  readonly places = new Map<string, MethodPlace>();

  constructor() {
    super("access_method", (method) => method.access_method_id);
  }

  place(id: string): MethodPlace {
    return this.places.get(id) ?? { acs_entrance_ids: [] };
  }

  override remove(id: string): void {
    super.remove(id);
    this.places.delete(id);
  }

  override clear(): void {
    super.clear();
    this.places.clear();
  }
}

/** The objects that grants give access to, and those that they create. */
export interface AccessTargets {
  systems: AcsSystems;
  entrances: AcsEntrances;
  devices: Devices;
  spaces: Spaces;
  acsUsers: AcsUsers;
  credentials: AcsCredentials;
}

/**
 * Access grants, owned by their identity. On a smart lock a grant opens through its access method; in an access control
 * system it issues a credential to the identity's ACS user, which it creates if there is none.
 */
export class AccessGrants extends Collection<AccessGrant> {
  readonly methods = new AccessMethods();
  readonly places = new Map<string, GrantedPlaces>();
  private readonly identities = new Map<string, Stored<UserIdentity>>();

  constructor(
    private readonly context: WorkspaceContext,
    private readonly targets: AccessTargets,
  ) {
    super("access_grant", (grant) => grant.access_grant_id);
    targets.credentials.setGrantLookup((id) => this.active(id));
    targets.credentials.onGone((_credential, issuer) => this.reissue(issuer));
    targets.spaces.onMembersChanged((id) => this.updateForSpace(id));
  }

  create(identity: Stored<UserIdentity>, attributes: AccessGrantAttributes): Stored<AccessGrant> {
    const { access_grant_key, reservation_key, name = null, space_ids } = attributes;
    const places = this.placesOf(attributes);
    if (access_grant_key !== undefined && this.withKey(access_grant_key) !== undefined) {
      throw new ApiError(409, "access_grant_key_conflict", "An access grant with this key already exists");
    }
    const startsAt = attributes.starts_at ?? now();
    const endsAt = attributes.ends_at ?? null;
    assertTimes(startsAt, endsAt);
    const grant: AccessGrant = {
      access_grant_id: randomUUID(),
      ...(access_grant_key === undefined ? {} : { access_grant_key }),
      user_identity_id: identity.id,
      access_method_ids: [],
      requested_access_methods: [],
      space_ids: [...space_ids],
      location_ids: [...space_ids],
      ...(reservation_key === undefined ? {} : { reservation_key }),
      name,
      display_name: name ?? "Access grant",
      display_status: "active",
      starts_at: new Date(startsAt).toISOString(),
      ends_at: endsAt === null ? null : new Date(endsAt).toISOString(),
      pending_mutations: [],
      errors: [],
      warnings: [],
      workspace_id: this.context.workspaceId,
      created_at: now(),
    };
    const stored = this.add(identity.id, grant, this.context.visibleFrom());
    this.places.set(stored.id, places);
    this.identities.set(stored.id, identity);
    this.context.events.emit("access_grant.created", { access_grant_id: stored.id });
    this.request(stored, attributes.requested_access_methods);
    this.context.changed();
    return stored;
  }

  /** Issues access methods in addition to those that the grant has. */
  request(stored: Stored<AccessGrant>, requests: readonly AccessMethodRequest[]): void {
    if (stored.deletionRequestedAt !== undefined) throw notFound(this.kind, stored.id);
    const places = this.placesAt(stored.id);
    for (const wanted of requests) {
      const requested: RequestedAccessMethod = {
        ...wanted,
        display_name: `${wanted.mode} access`,
        created_access_method_ids: [],
        created_at: now(),
      };
      stored.wire.requested_access_methods.push(requested);
      // A standalone smart lock has a keypad and can be opened remotely, but reads no cards and phones.
      const devices = wanted.mode === "code" || wanted.mode === "cloud_key" ? places.device_ids : [];
      if (devices.length < places.device_ids.length) {
        stored.wire.errors.push({
          error_code: "cannot_create_requested_access_methods",
          message: `Some devices do not support ${wanted.mode}`,
          created_at: now(),
        });
      }
      for (const device_id of devices) {
        this.addMethod(stored, requested, { device_id, acs_entrance_ids: [] });
      }
      for (const [acs_system_id, acs_entrance_ids] of this.bySystem(places.acs_entrance_ids)) {
        this.addMethod(stored, requested, { acs_system_id, acs_entrance_ids });
      }
    }
    this.context.changed();
  }

  /**
   * Updates the grants of a space whose doors changed: issues access methods for new doors, and deletes those of removed doors.
   */
  private updateForSpace(spaceId: string): void {
    for (const grant of this.all()) {
      const { given } = this.placesAt(grant.id);
      const follows = grant.wire.space_ids.includes(spaceId) && grant.deletionRequestedAt === undefined;
      if (!follows || given === undefined) continue;
      const places = this.placesWithSpaces(given, grant.wire.space_ids);
      this.places.set(grant.id, places);
      const activeMethods = this.methods
        .ownedBy(grant.id)
        .filter((one) => one.deletionRequestedAt === undefined);
      for (const method of activeMethods) {
        const place = this.methods.place(method.id);
        if (place.device_id !== undefined) {
          if (!places.device_ids.includes(place.device_id)) this.deleteMethodOfRemovedDoor(grant, method);
          continue;
        }
        const entrances = this.bySystem(places.acs_entrance_ids).get(place.acs_system_id ?? "");
        if (entrances === undefined) this.deleteMethodOfRemovedDoor(grant, method);
        else place.acs_entrance_ids = entrances;
      }
      for (const requested of grant.wire.requested_access_methods) {
        const createdIds = requested.created_access_method_ids;
        // If all access methods of a request were deleted, none is issued for new doors.
        const isOver = createdIds.length > 0 && !activeMethods.some((one) => createdIds.includes(one.id));
        if (!isOver) this.issueForNewDoors(grant, requested, places);
      }
    }
  }

  /** Deletes an access method whose door left the space. Its request remains, and applies to doors that are added later. */
  private deleteMethodOfRemovedDoor(grant: Stored<AccessGrant>, method: Stored<AccessMethod>): void {
    for (const requested of grant.wire.requested_access_methods) {
      requested.created_access_method_ids = requested.created_access_method_ids.filter(
        (id) => id !== method.id,
      );
    }
    this.deleteMethod(method, Date.now());
  }

  private issueForNewDoors(
    grant: Stored<AccessGrant>,
    requested: RequestedAccessMethod,
    places: GrantedPlaces,
  ): void {
    const currentPlaces = requested.created_access_method_ids.flatMap((id) => {
      const method = this.methods.get(id);
      return method === undefined || method.deletionRequestedAt !== undefined ? [] : [this.methods.place(id)];
    });
    const { mode } = requested;
    for (const device_id of mode === "code" || mode === "cloud_key" ? places.device_ids : []) {
      if (currentPlaces.some((place) => place.device_id === device_id)) continue;
      this.addMethod(grant, requested, { device_id, acs_entrance_ids: [] });
    }
    for (const [acs_system_id, acs_entrance_ids] of this.bySystem(places.acs_entrance_ids)) {
      if (currentPlaces.some((place) => place.acs_system_id === acs_system_id)) continue;
      this.addMethod(grant, requested, { acs_system_id, acs_entrance_ids });
    }
  }

  update(
    stored: Stored<AccessGrant>,
    change: { starts_at?: string; ends_at?: string | null; name?: string | null },
  ): void {
    const { starts_at = stored.wire.starts_at, ends_at = stored.wire.ends_at } = change;
    assertTimes(starts_at, ends_at);
    stored.wire.starts_at = new Date(starts_at).toISOString();
    stored.wire.ends_at = ends_at === null ? null : new Date(ends_at).toISOString();
    if (change.name !== undefined) {
      stored.wire.name = change.name;
      stored.wire.display_name = change.name ?? "Access grant";
    }
    for (const method of this.methods.ownedBy(stored.id)) this.reportDoor(method);
    this.context.events.emit("access_grant.access_times_changed", { access_grant_id: stored.id });
    this.context.changed();
  }

  withKey(key: string): Stored<AccessGrant> | undefined {
    for (const stored of this.all()) {
      if (stored.wire.access_grant_key === key && stored.visibleFrom <= Date.now()) return stored;
    }
    return undefined;
  }

  placesAt(id: string): GrantedPlaces {
    return this.places.get(id) ?? { device_ids: [], acs_entrance_ids: [] };
  }

  /** The grant with this id, unless it is being deleted. */
  active(id: string): Stored<AccessGrant> | undefined {
    const grant = this.get(id);
    return grant?.deletionRequestedAt === undefined ? grant : undefined;
  }

  delete(stored: Stored<AccessGrant>, requestedAt: number): void {
    if (stored.deletionRequestedAt !== undefined) return;
    const { deletions, timers, events, behavior, changed } = this.context;
    const methods = this.methods.ownedBy(stored.id);
    const { grantRevocationTimeMs } = behavior();
    if (stored.failsToDelete) {
      deletions.begin("access_grant", stored, {}, requestedAt, { emit: () => {}, remove: () => {} });
      return;
    }
    markBeingDeleted(stored, requestedAt);
    const deletion = deletions.record(
      "access_grant",
      stored.id,
      { user_identity_id: stored.owner },
      requestedAt,
    );
    const emit = (): void => {
      for (const { id } of methods) {
        events.emit("access_method.deleted", { access_method_id: id, access_grant_ids: [stored.id] });
      }
      events.emit("access_grant.deleted", { access_grant_id: stored.id });
    };
    if (behavior().events.premature) emit();
    for (const method of methods) this.endMethod(method, requestedAt);
    // The grant remains until its access methods are revoked, so that its absence proves that none of them opens a door.
    timers.later(Math.max(deletions.duration(), grantRevocationTimeMs), () => {
      deletion.goneAt = Date.now();
      if (!behavior().events.premature) emit();
      for (const { id } of methods) this.removeMethod(id);
      this.removeGrant(stored.id);
      changed();
    });
    changed();
  }

  deleteMethod(method: Stored<AccessMethod>, requestedAt: number): void {
    if (method.deletionRequestedAt !== undefined) return;
    const { deletions, timers, events, behavior, changed } = this.context;
    const grant = method.owner === undefined ? undefined : this.get(method.owner);
    this.endMethod(method, requestedAt);
    timers.later(Math.max(deletions.duration(), behavior().grantRevocationTimeMs), () => {
      events.emit("access_method.deleted", {
        access_method_id: method.id,
        access_grant_ids: grant === undefined ? [] : [grant.id],
      });
      this.removeMethod(method.id);
      if (grant !== undefined) {
        const { wire } = grant;
        wire.access_method_ids = wire.access_method_ids.filter((id) => id !== method.id);
      }
      changed();
    });
    changed();
  }

  /** Moves a grant of a merged identity. */
  move(stored: Stored<AccessGrant>, into: Stored<UserIdentity>): void {
    this.setOwner(stored, into.id);
    this.identities.set(stored.id, into);
    stored.wire.user_identity_id = into.id;
    for (const method of this.methods.ownedBy(stored.id)) this.reportDoor(method);
  }

  /** Adds a grant from a state file. Its methods are added by `restoreMethod`. */
  restore(
    saved: { owner?: string | undefined; wire: AccessGrant },
    places: GrantedPlaces,
    identity: Stored<UserIdentity> | undefined,
  ): Stored<AccessGrant> {
    const stored = this.add(saved.owner, saved.wire);
    this.places.set(stored.id, places);
    if (identity !== undefined) this.identities.set(stored.id, identity);
    return stored;
  }

  restoreMethod(saved: { owner?: string | undefined; wire: AccessMethod }, place: MethodPlace): void {
    const method = this.methods.add(saved.owner, saved.wire);
    this.methods.places.set(method.id, place);
    const { acs_credential_id } = place;
    if (acs_credential_id !== undefined && saved.owner !== undefined) {
      const issuer = { access_grant_id: saved.owner, access_method_id: method.id };
      this.targets.credentials.issuers.set(acs_credential_id, issuer);
    }
    this.reportDoor(method);
  }

  override clear(): void {
    super.clear();
    this.methods.clear();
    this.places.clear();
    this.identities.clear();
  }

  /**
   * Removes a method and closes its door: two timers of the same length may fire in either order, so it may not be revoked yet.
   */
  private removeMethod(id: string): void {
    this.methods.remove(id);
    this.context.doors.close(id);
  }

  private removeGrant(id: string): void {
    this.remove(id);
    this.places.delete(id);
    this.identities.delete(id);
  }

  private addMethod(grant: Stored<AccessGrant>, requested: RequestedAccessMethod, place: MethodPlace): void {
    const { mode } = requested;
    const mobile = mode === "mobile_key";
    const method: AccessMethod = {
      access_method_id: randomUUID(),
      mode,
      display_name: requested.display_name,
      display_status: "issued",
      is_issued: true,
      issued_at: now(),
      ...(mode === "code" ? { code: requested.code ?? String(randomInt(100_000, 1_000_000)) } : {}),
      ...(mobile ? mobileSecrets() : {}),
      pending_mutations: [],
      errors: [],
      warnings: [],
      workspace_id: this.context.workspaceId,
      created_at: now(),
    };
    if (mobile) Object.assign(grant.wire, mobileSecrets());
    const stored = this.methods.add(grant.id, method, this.context.visibleFrom());
    this.methods.places.set(stored.id, place);
    grant.wire.access_method_ids.push(stored.id);
    requested.created_access_method_ids.push(stored.id);
    const references = { access_method_id: stored.id, access_grant_ids: [grant.id] };
    this.context.events.emit("access_method.created", references);
    this.issueCredential(stored);
    this.reportDoor(stored);
    this.context.events.emit("access_method.issued", references);
  }

  /** Issues the credential of a method in an access control system, to the identity's ACS user there. */
  private issueCredential(method: Stored<AccessMethod>): void {
    const place = this.methods.place(method.id);
    const identity = this.identities.get(method.owner ?? "");
    if (place.acs_system_id === undefined || identity === undefined) return;
    const { acsUsers, systems } = this.targets;
    const user =
      acsUsers
        .ownedBy(identity.id)
        .find(
          (one) => one.wire.acs_system_id === place.acs_system_id && one.deletionRequestedAt === undefined,
        ) ??
      acsUsers.create(
        systems.existing(place.acs_system_id).wire,
        { full_name: identity.wire.display_name },
        identity,
      );
    const issuer = { access_grant_id: method.owner ?? "", access_method_id: method.id };
    place.acs_credential_id = acsUsers.issueCredential(user, method.wire.mode, issuer).id;
  }

  private endMethod(method: Stored<AccessMethod>, requestedAt: number): void {
    if (method.deletionRequestedAt !== undefined) return;
    markBeingDeleted(method, requestedAt);
    const { timers, events, behavior } = this.context;
    timers.later(behavior().grantRevocationTimeMs, () => {
      const place = this.methods.place(method.id);
      place.revoked = true;
      method.wire.is_issued = false;
      this.reportDoor(method);
      events.emit("access_method.revoked", {
        access_method_id: method.id,
        access_grant_ids: method.owner === undefined ? [] : [method.owner],
      });
      const credential = this.targets.credentials.get(place.acs_credential_id ?? "");
      if (credential !== undefined) this.targets.credentials.delete(credential, requestedAt, true);
      this.context.changed();
    });
  }

  private reportDoor(method: Stored<AccessMethod>): void {
    const { doors } = this.context;
    const { device_id, revoked } = this.methods.place(method.id);
    const grant = method.owner === undefined ? undefined : this.get(method.owner);
    if (device_id === undefined || grant === undefined) return;
    if (revoked === true || !method.wire.is_issued) {
      doors.close(method.id);
      return;
    }
    doors.open(
      method.id,
      {
        user_identity_id: grant.wire.user_identity_id,
        access_grant_id: grant.id,
        access_method_id: method.id,
        device_id,
      },
      grant.wire,
    );
  }

  /** Issues a new credential if one of an active grant was deleted. */
  private reissue(issuer: Issuer | undefined): void {
    if (issuer === undefined || !this.context.behavior().reissueCredentials) return;
    const grant = this.active(issuer.access_grant_id);
    const method = this.methods.get(issuer.access_method_id);
    if (grant === undefined || method === undefined || method.deletionRequestedAt !== undefined) return;
    grant.wire.warnings.push({
      warning_code: "underprovisioned_access",
      message: "Access methods are being created for the missing locations",
      created_at: now(),
    });
    this.context.timers.later(reissueDelayMs, () => {
      grant.wire.warnings = grant.wire.warnings.filter(
        (one) => one.warning_code !== "underprovisioned_access",
      );
      const identity = this.identities.get(grant.id);
      const isOver =
        this.active(grant.id) === undefined ||
        method.deletionRequestedAt !== undefined ||
        identity?.deletionRequestedAt !== undefined;
      if (isOver) return;
      this.issueCredential(method);
      this.context.events.emit("access_method.reissued", {
        access_method_id: method.id,
        access_grant_ids: [grant.id],
      });
      this.context.changed();
    });
  }

  private placesOf({ device_ids, acs_entrance_ids, space_ids }: AccessGrantAttributes): GrantedPlaces {
    const { devices, entrances, spaces } = this.targets;
    for (const id of space_ids) spaces.existing(id);
    for (const id of device_ids) devices.existing(id);
    for (const id of acs_entrance_ids) entrances.existing(id);
    if (device_ids.length + acs_entrance_ids.length + space_ids.length === 0) {
      throw invalidInput(
        "device_ids",
        "One of device_ids, acs_entrance_ids, space_ids or space_keys is required",
      );
    }
    return this.placesWithSpaces({ device_ids, acs_entrance_ids }, space_ids);
  }

  private placesWithSpaces(given: Omit<GrantedPlaces, "given">, spaceIds: readonly string[]): GrantedPlaces {
    const { spaces } = this.targets;
    const inSpaces = (ids: (space: string) => string[]): string[] => spaceIds.flatMap(ids);
    return {
      device_ids: [...new Set([...given.device_ids, ...inSpaces((id) => spaces.deviceIds(id))])],
      acs_entrance_ids: [
        ...new Set([...given.acs_entrance_ids, ...inSpaces((id) => spaces.entranceIds(id))]),
      ],
      given,
    };
  }

  private bySystem(entranceIds: readonly string[]): Map<string, string[]> {
    const bySystem = new Map<string, string[]>();
    for (const id of entranceIds) {
      const { acs_system_id } = this.targets.entrances.existing(id).wire;
      bySystem.set(acs_system_id, [...(bySystem.get(acs_system_id) ?? []), id]);
    }
    return bySystem;
  }
}

function mobileSecrets(): { client_session_token: string; instant_key_url: string } {
  const secret = randomUUID().replaceAll("-", "");
  return {
    client_session_token: `seam_cst_${secret}`,
    instant_key_url: `https://ik.seam.example/${secret.slice(0, 12)}`,
  };
}

function assertTimes(startsAt: string, endsAt: string | null): void {
  if (endsAt !== null && Date.parse(endsAt) <= Date.parse(startsAt)) {
    throw invalidInput("ends_at", "It must be after starts_at");
  }
}
