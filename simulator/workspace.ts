import { randomUUID } from "node:crypto";
import type { Behavior } from "./behavior";
import { Collection, type Kept } from "./collection";
import type { Deletion } from "./deletionLog";
import { ApiError, notFound } from "./errors";

/** An entry of `errors` or `warnings`. */
interface Notice {
  created_at: string;
  message: string;
  error_code?: string;
  warning_code?: string;
}

export interface UserIdentity {
  user_identity_id: string;
  user_identity_key: string | null;
  email_address: string | null;
  phone_number: string | null;
  full_name: string | null;
  display_name: string;
  acs_user_ids: string[];
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
  workspace_id: string;
}

export interface AcsUser {
  acs_user_id: string;
  acs_system_id: string;
  connected_account_id: string;
  workspace_id: string;
  user_identity_id?: string;
  user_identity_email_address?: string | null;
  user_identity_full_name?: string | null;
  user_identity_phone_number?: string | null;
  display_name: string;
  full_name: string;
  email_address?: string;
  phone_number?: string;
  access_schedule?: unknown;
  is_suspended: boolean;
  is_managed: true;
  last_successful_sync_at: string | null;
  pending_mutations: unknown[];
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
}

export interface AcsCredential {
  acs_credential_id: string;
  acs_user_id: string;
  acs_system_id: string;
  connected_account_id: string;
  workspace_id: string;
  user_identity_id?: string;
  access_method: "code" | "card" | "mobile_key";
  display_name: string;
  is_managed: true;
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
}

export interface EnrollmentAutomation {
  enrollment_automation_id: string;
  user_identity_id: string;
  credential_manager_acs_system_id: string;
  workspace_id: string;
  created_at: string;
  errors: Notice[];
  warnings: Notice[];
}

export interface Phone {
  device_id: string;
  device_type: "ios_phone" | "android_phone";
  display_name: string;
  custom_metadata: Record<string, unknown>;
  properties: Record<string, unknown>;
  workspace_id: string;
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
}

export interface ClientSession {
  client_session_id: string;
  user_identity_id?: string;
  user_identity_ids: string[];
  user_identifier_key: string | null;
  connect_webview_ids: string[];
  connected_account_ids: string[];
  device_count: number;
  token: string;
  expires_at: string;
  workspace_id: string;
  created_at: string;
}

export interface AcsSystem {
  acs_system_id: string;
  name: string;
  external_type: string;
  external_type_display_name: string;
  connected_account_id: string;
  connected_account_ids: string[];
  image_alt_text: string;
  image_url: string;
  is_credential_manager: boolean;
  location: { time_zone: string | null };
  workspace_id: string;
  errors: Notice[];
  warnings: Notice[];
  created_at: string;
}

export interface SeamEvent {
  event_id: string;
  event_type: string;
  workspace_id: string;
  created_at: string;
  occurred_at: string;
  [reference: string]: string;
}

/** The four attributes that a caller sets. */
export type IdentityAttributes = Partial<
  Pick<UserIdentity, "user_identity_key" | "email_address" | "phone_number" | "full_name">
>;

type Deletable = "acs_credential" | "acs_user" | "enrollment_automation" | "phone";
const unique = ["user_identity_key", "email_address", "phone_number"] as const;

/** How often a single event fault still applies. */
export interface EventFaults {
  drop: number;
  duplicate: number;
}

/** One workspace: its objects and what happens to them by themselves. */
export class Workspace {
  readonly identities = new Collection<UserIdentity>();
  readonly acsUsers = new Collection<AcsUser>();
  readonly credentials = new Collection<AcsCredential>();
  readonly automations = new Collection<EnrollmentAutomation>();
  readonly phones = new Collection<Phone>();
  readonly sessions = new Collection<ClientSession>();
  readonly systems = new Map<string, AcsSystem>();
  readonly events: SeamEvent[] = [];
  readonly deletions: Deletion[] = [];
  /** Where something was taken away before what the caller had been shown to hang under it. */
  readonly orderViolations: string[] = [];
  readonly eventFaults: EventFaults = { drop: 0, duplicate: 0 };
  /** Merged identities, by the id they had. */
  readonly merged = new Map<string, string>();
  private readonly taken = new Map<string, string>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    readonly id: string,
    readonly name: string,
    private readonly behavior: () => Behavior,
    private readonly random: () => number,
    private readonly changed: () => void,
  ) {}

  addSystem(id: string, name: string, externalType: string): AcsSystem {
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
      workspace_id: this.id,
      errors: [],
      warnings: [],
      created_at: now(),
    };
    this.systems.set(id, system);
    this.changed();
    return system;
  }

  // Identities

  createIdentity(attributes: IdentityAttributes): UserIdentity {
    this.assertFree(attributes, undefined);
    const id = randomUUID();
    const identity: UserIdentity = {
      user_identity_id: id,
      user_identity_key: attributes.user_identity_key ?? null,
      email_address: attributes.email_address ?? null,
      phone_number: attributes.phone_number ?? null,
      full_name: attributes.full_name ?? null,
      display_name: "",
      acs_user_ids: [],
      errors: [],
      warnings: [],
      created_at: now(),
      workspace_id: this.id,
    };
    identity.display_name = displayName(identity);
    this.identities.add(id, undefined, identity, this.visibleFrom());
    this.take(identity);
    this.changed();
    return identity;
  }

  updateIdentity(kept: Kept<UserIdentity>, attributes: IdentityAttributes): void {
    this.assertFree(attributes, kept.id);
    this.release(kept.wire);
    Object.assign(kept.wire, attributes);
    kept.wire.display_name = displayName(kept.wire);
    this.take(kept.wire);
    this.changed();
  }

  /** The identity of that id, or the one it was merged into. */
  identity(id: string): Kept<UserIdentity> {
    const kept = this.identities.get(this.merged.get(id) ?? id);
    if (kept === undefined || kept.visibleFrom > Date.now()) throw notFound("user_identity", id);
    return kept;
  }

  identityByKey(key: string): Kept<UserIdentity> | undefined {
    const id = this.taken.get(`user_identity_key ${key}`);
    const kept = id === undefined ? undefined : this.identities.get(id);
    return kept === undefined || kept.visibleFrom > Date.now() ? undefined : kept;
  }

  deleteIdentity(kept: Kept<UserIdentity>, requestedAt: number): void {
    const { id } = kept;
    const under = [
      ...this.sessions.ownedBy(id),
      ...this.acsUsers.ownedBy(id),
      ...this.automations.ownedBy(id),
      ...this.phones.ownedBy(id),
    ];
    const behavior = this.behavior();
    if (under.length > 0 && behavior.identityDelete === "refuse") {
      throw new ApiError(
        400,
        "user_identity_has_dependents",
        `The user identity still has ${under.length} client sessions, ACS users, enrollment automations or phones`,
      );
    }
    this.assertOrder(`user_identity ${id}`, under);
    if (kept.deletionRequestedAt !== undefined) return;
    kept.deletionRequestedAt = requestedAt;
    for (const session of this.sessions.ownedBy(id)) this.deleteSession(session, requestedAt);
    for (const user of this.acsUsers.ownedBy(id)) this.deleteAcsUser(user, requestedAt, true);
    for (const automation of this.automations.ownedBy(id)) {
      this.beginDeletion("enrollment_automation", automation, id, undefined, requestedAt);
    }
    for (const phone of this.phones.ownedBy(id)) this.deactivatePhone(phone, requestedAt);
    const deletion = this.logDeletion("user_identity", kept, id, undefined, requestedAt);
    this.later(behavior.identityDeletionTimeMs, () => {
      deletion.goneAt = Date.now();
      this.release(kept.wire);
      this.identities.remove(id);
    });
  }

  merge(from: Kept<UserIdentity>, into: Kept<UserIdentity>): void {
    for (const user of this.acsUsers.ownedBy(from.id)) this.link(user, into, true);
    for (const phone of this.phones.ownedBy(from.id)) this.phones.setOwner(phone, into.id);
    for (const session of this.sessions.ownedBy(from.id)) this.sessions.setOwner(session, into.id);
    this.release(from.wire);
    this.identities.remove(from.id);
    this.merged.set(from.id, into.id);
    this.changed();
  }

  // ACS users and credentials

  createAcsUser(
    system: AcsSystem,
    given: Pick<AcsUser, "full_name"> &
      Partial<Pick<AcsUser, "email_address" | "phone_number" | "access_schedule">>,
    identity: Kept<UserIdentity> | undefined,
  ): AcsUser {
    const id = randomUUID();
    const user: AcsUser = {
      acs_user_id: id,
      acs_system_id: system.acs_system_id,
      connected_account_id: system.connected_account_id,
      workspace_id: this.id,
      display_name: given.full_name,
      ...given,
      is_suspended: false,
      is_managed: true,
      last_successful_sync_at: null,
      pending_mutations: [],
      errors: [],
      warnings: [],
      created_at: now(),
    };
    const kept = this.acsUsers.add(id, undefined, user, this.visibleFrom());
    if (identity !== undefined) this.link(kept, identity);
    this.changed();
    return user;
  }

  acsUser(id: string): Kept<AcsUser> {
    const kept = this.acsUsers.get(id);
    if (kept === undefined || kept.visibleFrom > Date.now()) throw notFound("acs_user", id);
    return kept;
  }

  link(user: Kept<AcsUser>, identity: Kept<UserIdentity>, force = false): void {
    if (user.owner === identity.id) return;
    assertStays(identity);
    if (user.owner !== undefined && !force) {
      throw new ApiError(
        400,
        "acs_user_already_linked",
        "The ACS user is linked to another user identity already",
      );
    }
    const rival = this.acsUsers
      .ownedBy(identity.id)
      .find((other) => other.wire.acs_system_id === user.wire.acs_system_id);
    if (rival !== undefined && !force) {
      throw new ApiError(
        400,
        "user_identity_already_has_acs_user_on_acs_system",
        "The user identity has an ACS user in this access control system already",
      );
    }
    if (user.owner !== undefined) this.unlink(user);
    this.acsUsers.setOwner(user, identity.id);
    Object.assign(user.wire, {
      user_identity_id: identity.id,
      user_identity_email_address: identity.wire.email_address,
      user_identity_full_name: identity.wire.full_name,
      user_identity_phone_number: identity.wire.phone_number,
    });
    identity.wire.acs_user_ids.push(user.id);
    for (const credential of this.credentials.ownedBy(user.id)) {
      credential.wire.user_identity_id = identity.id;
    }
    this.changed();
  }

  unlink(user: Kept<AcsUser>): void {
    const identity = user.owner === undefined ? undefined : this.identities.get(user.owner);
    if (identity !== undefined) {
      identity.wire.acs_user_ids = identity.wire.acs_user_ids.filter((id) => id !== user.id);
    }
    this.acsUsers.setOwner(user, undefined);
    delete user.wire.user_identity_id;
    delete user.wire.user_identity_email_address;
    delete user.wire.user_identity_full_name;
    delete user.wire.user_identity_phone_number;
    for (const credential of this.credentials.ownedBy(user.id)) delete credential.wire.user_identity_id;
    this.changed();
  }

  deleteAcsUser(kept: Kept<AcsUser>, requestedAt: number, cascade = false): void {
    const credentials = this.credentials.ownedBy(kept.id);
    if (credentials.length > 0 && !cascade && this.behavior().acsUserDelete === "refuse") {
      throw new ApiError(
        400,
        "acs_user_has_credentials",
        `The ACS user still has ${credentials.length} credentials`,
      );
    }
    if (!cascade)
      this.assertOrder(`acs_user ${kept.id}`, [...credentials, ...this.sessionsBefore(kept.owner)]);
    for (const credential of credentials) this.deleteCredential(credential, requestedAt, true);
    this.beginDeletion("acs_user", kept, kept.owner, kept.id, requestedAt);
  }

  issueCredential(user: Kept<AcsUser>, accessMethod: AcsCredential["access_method"]): AcsCredential {
    const id = randomUUID();
    const credential: AcsCredential = {
      acs_credential_id: id,
      acs_user_id: user.id,
      acs_system_id: user.wire.acs_system_id,
      connected_account_id: user.wire.connected_account_id,
      workspace_id: this.id,
      ...(user.owner === undefined ? {} : { user_identity_id: user.owner }),
      access_method: accessMethod,
      display_name: `${accessMethod} of ${user.wire.display_name}`,
      is_managed: true,
      errors: [],
      warnings: [],
      created_at: now(),
    };
    this.credentials.add(id, user.id, credential, this.visibleFrom());
    this.changed();
    return credential;
  }

  deleteCredential(kept: Kept<AcsCredential>, requestedAt: number, cascade = false): void {
    if (!cascade)
      this.assertOrder(`acs_credential ${kept.id}`, this.sessionsBefore(kept.wire.user_identity_id));
    this.beginDeletion(
      "acs_credential",
      kept,
      kept.wire.user_identity_id,
      kept.wire.acs_user_id,
      requestedAt,
    );
  }

  // Automations, phones, sessions

  addAutomation(identity: Kept<UserIdentity>, acsSystemId: string): EnrollmentAutomation {
    assertStays(identity);
    const id = randomUUID();
    const automation: EnrollmentAutomation = {
      enrollment_automation_id: id,
      user_identity_id: identity.id,
      credential_manager_acs_system_id: acsSystemId,
      workspace_id: this.id,
      created_at: now(),
      errors: [],
      warnings: [],
    };
    this.automations.add(id, identity.id, automation, this.visibleFrom());
    this.changed();
    return automation;
  }

  deleteAutomation(kept: Kept<EnrollmentAutomation>, requestedAt: number): void {
    this.assertOrder(`enrollment_automation ${kept.id}`, this.sessionsBefore(kept.owner));
    this.beginDeletion("enrollment_automation", kept, kept.owner, undefined, requestedAt);
  }

  enrollPhone(identity: Kept<UserIdentity>): Phone {
    assertStays(identity);
    const id = randomUUID();
    const phone: Phone = {
      device_id: id,
      device_type: "ios_phone",
      display_name: "Phone",
      custom_metadata: {},
      properties: {},
      workspace_id: this.id,
      errors: [],
      warnings: [],
      created_at: now(),
    };
    this.phones.add(id, identity.id, phone, this.visibleFrom());
    this.changed();
    return phone;
  }

  deactivatePhone(kept: Kept<Phone>, requestedAt: number): void {
    this.assertOrder(`phone ${kept.id}`, this.sessionsBefore(kept.owner));
    this.beginDeletion("phone", kept, kept.owner, undefined, requestedAt);
  }

  openSession(
    identity: Kept<UserIdentity> | undefined,
    userIdentifierKey: string | null = null,
  ): ClientSession {
    if (identity !== undefined) assertStays(identity);
    const id = randomUUID();
    const session: ClientSession = {
      client_session_id: id,
      ...(identity === undefined ? {} : { user_identity_id: identity.id }),
      user_identity_ids: identity === undefined ? [] : [identity.id],
      user_identifier_key: userIdentifierKey,
      connect_webview_ids: [],
      connected_account_ids: [],
      device_count: 0,
      token: `seam_cst_${randomUUID().replaceAll("-", "")}`,
      expires_at: new Date(Date.now() + 86_400_000).toISOString(),
      workspace_id: this.id,
      created_at: now(),
    };
    this.sessions.add(id, identity?.id, session, this.visibleFrom());
    this.changed();
    return session;
  }

  deleteSession(kept: Kept<ClientSession>, requestedAt: number): void {
    const deletion = this.logDeletion("client_session", kept, kept.owner, undefined, requestedAt);
    deletion.goneAt = Date.now();
    this.sessions.remove(kept.id);
    this.announce("client_session.deleted", { client_session_id: kept.id });
    this.changed();
  }

  // What happens by itself

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  /** An empty workspace of the same systems. */
  reset(): void {
    this.stop();
    for (const kept of [
      this.identities,
      this.acsUsers,
      this.credentials,
      this.automations,
      this.phones,
      this.sessions,
    ]) {
      kept.clear();
    }
    this.taken.clear();
    this.merged.clear();
    this.events.length = 0;
    this.clearLogs();
    this.changed();
  }

  clearLogs(): void {
    this.deletions.length = 0;
    this.orderViolations.length = 0;
  }

  /** Registers an identity that was loaded from a file. */
  restoreIdentity(identity: UserIdentity): void {
    this.identities.add(identity.user_identity_id, undefined, identity);
    this.take(identity);
  }

  private beginDeletion(
    kind: Deletable,
    kept: Kept<{ errors: Notice[]; warnings: Notice[] }>,
    identityId: string | undefined,
    acsUserId: string | undefined,
    requestedAt: number,
  ): void {
    if (kept.deletionRequestedAt !== undefined) return;
    if (kept.failsToDelete) {
      kept.wire.errors = [
        {
          error_code: "failed_to_delete_on_acs_system",
          message: "The access control system did not delete it",
          created_at: now(),
        },
      ];
      return;
    }
    kept.deletionRequestedAt = requestedAt;
    kept.wire.warnings.push({
      warning_code: "being_deleted",
      message: "It is being deleted",
      created_at: now(),
    });
    const deletion = this.logDeletion(kind, kept, identityId, acsUserId, requestedAt);
    if (this.behavior().events.premature) this.announceDeletion(kind, kept.id);
    const [least, most] = this.behavior().deletionTimeMs;
    this.later(least + (most - least) * this.random(), () => {
      deletion.goneAt = Date.now();
      this.vanish(kind, kept.id);
    });
    this.changed();
  }

  private vanish(kind: Deletable, id: string): void {
    const told = this.behavior().events.premature;
    if (!told) this.announceDeletion(kind, id);
    const user = kind === "acs_user" ? this.acsUsers.get(id) : undefined;
    if (user) this.unlink(user);
    this.collectionOf(kind).remove(id);
    this.changed();
  }

  private collectionOf(kind: Deletable): { remove(id: string): void } {
    const collections = {
      acs_credential: this.credentials,
      acs_user: this.acsUsers,
      enrollment_automation: this.automations,
      phone: this.phones,
    };
    return collections[kind];
  }

  private announceDeletion(kind: Deletable, id: string): void {
    const system = (kept: Kept<{ acs_system_id: string }> | undefined) => kept?.wire.acs_system_id ?? "";
    if (kind === "acs_credential") {
      const references = { acs_credential_id: id, acs_system_id: system(this.credentials.get(id)) };
      this.announce("acs_credential.deleted", references);
    } else if (kind === "acs_user") {
      this.announce("acs_user.deleted", { acs_user_id: id, acs_system_id: system(this.acsUsers.get(id)) });
    } else if (kind === "phone") {
      this.announce("phone.deactivated", { device_id: id });
    } else {
      this.announce("enrollment_automation.deleted", { enrollment_automation_id: id });
    }
  }

  private announce(eventType: string, references: Record<string, string>): void {
    const { events, eventDelayMs } = this.behavior();
    const lost = this.eventFaults.drop > 0 || this.random() < events.dropRate;
    if (this.eventFaults.drop > 0) this.eventFaults.drop -= 1;
    if (lost) return;
    const twice = this.eventFaults.duplicate > 0 || this.random() < events.duplicateRate;
    if (this.eventFaults.duplicate > 0) this.eventFaults.duplicate -= 1;
    const occurredAt = now();
    this.later(eventDelayMs, () => {
      for (let told = 0; told < (twice ? 2 : 1); told += 1) {
        this.events.push({
          event_id: randomUUID(),
          event_type: eventType,
          workspace_id: this.id,
          created_at: now(),
          occurred_at: occurredAt,
          ...references,
        });
      }
    });
  }

  private later(milliseconds: number, act: () => void): void {
    if (milliseconds <= 0) {
      act();
      return;
    }
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      act();
    }, milliseconds);
    this.timers.add(timer);
  }

  private logDeletion(
    kind: Deletion["kind"],
    kept: { id: string },
    identityId: string | undefined,
    acsUserId: string | undefined,
    requestedAt: number,
  ): Deletion {
    const deletion: Deletion = {
      kind,
      id: kept.id,
      user_identity_id: identityId,
      acs_user_id: acsUserId,
      requestedAt,
      acceptedAt: Date.now(),
      goneAt: undefined,
    };
    this.deletions.push(deletion);
    return deletion;
  }

  private sessionsBefore(identityId: string | undefined): Kept<ClientSession>[] {
    return identityId === undefined ? [] : this.sessions.ownedBy(identityId);
  }

  /** Only what the caller had been shown counts: nobody can take away first what came after the last listing. */
  private assertOrder(deleted: string, remaining: readonly { id: string; shown: boolean }[]): void {
    for (const left of remaining) {
      if (left.shown) this.orderViolations.push(`${deleted} was deleted before ${left.id}`);
    }
  }

  private assertFree(attributes: IdentityAttributes, own: string | undefined): void {
    for (const name of unique) {
      const value = attributes[name];
      if (value === undefined || value === null) continue;
      const owner = this.taken.get(takenKey(name, value));
      if (owner !== undefined && owner !== own) {
        const { status, type } = this.behavior().conflictError;
        throw new ApiError(status, type, `A user identity with this ${name} (${value}) already exists`);
      }
    }
  }

  private take(identity: UserIdentity): void {
    for (const name of unique) {
      const value = identity[name];
      if (value !== null) this.taken.set(takenKey(name, value), identity.user_identity_id);
    }
  }

  private release(identity: UserIdentity): void {
    for (const name of unique) {
      const value = identity[name];
      if (value !== null) this.taken.delete(takenKey(name, value));
    }
  }

  private visibleFrom(): number {
    const { listLagMs } = this.behavior();
    return listLagMs === 0 ? 0 : Date.now() + listLagMs;
  }
}

/** An identity that is being deleted gets nothing new. */
function assertStays(identity: Kept<UserIdentity>): void {
  if (identity.deletionRequestedAt !== undefined) throw notFound("user_identity", identity.id);
}

function takenKey(name: string, value: string): string {
  return `${name} ${name === "email_address" ? value.toLowerCase() : value}`;
}

function displayName(identity: UserIdentity): string {
  return (
    identity.full_name ?? identity.email_address ?? identity.phone_number ?? identity.user_identity_key ?? ""
  );
}

function now(): string {
  return new Date().toISOString();
}
