import { randomUUID } from "node:crypto";
import { Collection, type Stored } from "../collection";
import { ApiError, invalidInput, notFound } from "../errors";
import type { AccessGrants } from "./accessGrants";
import type { AcsUsers } from "./acsUsers";
import type { ClientSessions } from "./clientSessions";
import type { WorkspaceContext } from "./context";
import { markBeingDeleted } from "./deletions";
import type { EnrollmentAutomations } from "./enrollmentAutomations";
import { now, type UnmanagedUserIdentity, type UserIdentity } from "./objects";
import type { Phones } from "./phones";
import { type IdentityAttributes, UniqueAttributes } from "./uniqueAttributes";

/** The objects that belong to identities. */
export interface Dependents {
  sessions: ClientSessions;
  acsUsers: AcsUsers;
  automations: EnrollmentAutomations;
  phones: Phones;
  grants: AccessGrants;
}

/** User identities, those that were merged into them, and unmanaged ones. */
export class UserIdentities extends Collection<UserIdentity> {
  readonly unmanaged = new Collection<UnmanagedUserIdentity>(
    "user_identity",
    (identity) => identity.user_identity_id,
  );
  /** The ids of the identities that others were merged into, by the id of the merged one. */
  readonly merged = new Map<string, string>();
  private readonly attributes: UniqueAttributes;

  constructor(
    private readonly context: WorkspaceContext,
    private readonly dependents: Dependents,
  ) {
    super("user_identity", (identity) => identity.user_identity_id);
    this.attributes = new UniqueAttributes(context.behavior);
  }

  create(attributes: IdentityAttributes): Stored<UserIdentity> {
    this.attributes.assertFree(attributes, undefined);
    const identity: UserIdentity = {
      user_identity_id: randomUUID(),
      user_identity_key: attributes.user_identity_key ?? null,
      email_address: attributes.email_address ?? null,
      phone_number: attributes.phone_number ?? null,
      full_name: attributes.full_name ?? null,
      display_name: "",
      acs_user_ids: [],
      merged_user_identity_ids: [],
      merged_user_identity_keys: [],
      errors: [],
      warnings: [],
      created_at: now(),
      workspace_id: this.context.workspaceId,
    };
    identity.display_name = displayName(identity);
    const stored = this.add(undefined, identity, this.context.visibleFrom());
    this.claim(stored);
    this.context.changed();
    return stored;
  }

  update(stored: Stored<UserIdentity>, attributes: IdentityAttributes): void {
    this.attributes.assertFree(attributes, stored.id);
    this.attributes.release(stored.wire);
    Object.assign(stored.wire, attributes);
    stored.wire.display_name = displayName(stored.wire);
    this.claim(stored);
    this.context.changed();
  }

  /** The identity with this id, or the one that it was merged into. */
  override existing(id: string): Stored<UserIdentity> {
    const stored = this.get(this.merged.get(id) ?? id);
    if (stored === undefined || stored.visibleFrom > Date.now()) throw notFound(this.kind, id);
    return stored;
  }

  /** The identity with this id, for a new object: one that is being deleted gets none. */
  notBeingDeleted(id: string): Stored<UserIdentity> {
    const stored = this.existing(id);
    if (stored.deletionRequestedAt !== undefined) throw notFound(this.kind, id);
    return stored;
  }

  withKey(key: string): Stored<UserIdentity> | undefined {
    const id = this.attributes.ownerOf("user_identity_key", key);
    const stored = id === undefined ? undefined : this.get(id);
    return stored === undefined || stored.visibleFrom > Date.now() ? undefined : stored;
  }

  delete(stored: Stored<UserIdentity>, requestedAt: number): void {
    const { id } = stored;
    const { sessions, acsUsers, automations, phones, grants } = this.dependents;
    const otherDependents = [
      ...sessions.ownedBy(id),
      ...acsUsers.ownedBy(id),
      ...automations.ownedBy(id),
      ...phones.ownedBy(id),
    ];
    const granted = grants.ownedBy(id);
    const behavior = this.context.behavior();
    if (stored.deletionRequestedAt !== undefined) {
      if (behavior.repeatedIdentityDelete === "accept") return;
      throw new ApiError(409, "user_identity_being_deleted", "The user identity is being deleted already");
    }
    if (granted.length > 0 && behavior.grantsOnIdentityDelete === "refuse") {
      throw new ApiError(
        400,
        "user_identity_has_access_grants",
        `The user identity still has ${granted.length} access grants`,
      );
    }
    if (otherDependents.length > 0 && behavior.identityDelete === "refuse") {
      throw new ApiError(
        400,
        "user_identity_has_dependents",
        `The user identity still has ${otherDependents.length} client sessions, ACS users, enrollment automations or phones`,
      );
    }
    this.context.deletions.checkOrder(`user_identity ${id}`, [...otherDependents, ...granted]);
    if (behavior.grantsOnIdentityDelete === "cascade") {
      for (const grant of granted) grants.delete(grant, requestedAt);
    }
    for (const session of sessions.ownedBy(id)) sessions.delete(session, requestedAt);
    for (const user of acsUsers.ownedBy(id)) acsUsers.delete(user, requestedAt, true);
    for (const automation of automations.ownedBy(id)) automations.delete(automation, requestedAt, true);
    for (const phone of phones.ownedBy(id)) phones.deactivate(phone, requestedAt, true);
    this.finishDeletion(stored, requestedAt);
  }

  /** Deletes the identity itself, once its dependents are being deleted. */
  finishDeletion(stored: Stored<UserIdentity>, requestedAt: number): void {
    const { id } = stored;
    markBeingDeleted(stored, requestedAt);
    const deletion = this.context.deletions.record(
      "user_identity",
      id,
      { user_identity_id: id },
      requestedAt,
    );
    this.context.timers.later(this.context.behavior().identityDeletionTimeMs, () => {
      deletion.goneAt = Date.now();
      this.attributes.release(stored.wire);
      for (const key of stored.wire.merged_user_identity_keys)
        this.attributes.release({ user_identity_key: key });
      this.remove(id);
      this.context.changed();
    });
  }

  merge(from: Stored<UserIdentity>, into: Stored<UserIdentity>): void {
    if (from.id === into.id) throw invalidInput("merged_user_identity_ids", "It is the user identity itself");
    const { sessions, acsUsers, automations, phones, grants } = this.dependents;
    for (const user of acsUsers.ownedBy(from.id)) acsUsers.link(user, into, true);
    for (const phone of phones.ownedBy(from.id)) phones.setOwner(phone, into.id);
    for (const session of sessions.ownedBy(from.id)) sessions.setOwner(session, into.id);
    for (const automation of automations.ownedBy(from.id)) automations.setOwner(automation, into.id);
    for (const grant of grants.ownedBy(from.id)) grants.move(grant, into);
    this.attributes.release(from.wire);
    this.remove(from.id);
    // Ids and keys of a merged identity remain valid; its e-mail address and phone number only replace missing ones.
    const { wire } = into;
    const { user_identity_key, email_address, phone_number } = from.wire;
    wire.email_address ??= email_address;
    wire.phone_number ??= phone_number;
    wire.merged_user_identity_ids.push(from.id, ...from.wire.merged_user_identity_ids);
    wire.merged_user_identity_keys.push(
      ...(user_identity_key === null ? [] : [user_identity_key]),
      ...from.wire.merged_user_identity_keys,
    );
    this.claim(into);
    this.context.changed();
  }

  /** Adds an identity from a state file. */
  restore(saved: UserIdentity): Stored<UserIdentity> {
    // Files of earlier versions do not have these fields.
    const stored = this.add(undefined, {
      ...saved,
      merged_user_identity_ids: saved.merged_user_identity_ids ?? [],
      merged_user_identity_keys: saved.merged_user_identity_keys ?? [],
    });
    this.claim(stored);
    return stored;
  }

  /** Creates an identity as if Seam had found it in an access control system. */
  createUnmanaged(
    attributes: Pick<IdentityAttributes, "email_address" | "phone_number" | "full_name">,
  ): Stored<UnmanagedUserIdentity> {
    this.attributes.assertFree(attributes, undefined);
    const { email_address = null, phone_number = null, full_name = null } = attributes;
    const stored = this.restoreUnmanaged({
      user_identity_id: randomUUID(),
      email_address,
      phone_number,
      full_name,
      display_name: full_name ?? email_address ?? phone_number ?? "",
      acs_user_ids: [],
      merged_user_identity_ids: [],
      merged_user_identity_keys: [],
      errors: [],
      warnings: [],
      created_at: now(),
      workspace_id: this.context.workspaceId,
    });
    this.context.changed();
    return stored;
  }

  restoreUnmanaged(wire: UnmanagedUserIdentity): Stored<UnmanagedUserIdentity> {
    const stored = this.unmanaged.add(undefined, wire);
    this.attributes.claim(wire, stored.id);
    return stored;
  }

  /** Makes an unmanaged identity managed. It keeps its id. */
  manage(stored: Stored<UnmanagedUserIdentity>, key: string | null): void {
    if (key !== null) this.attributes.assertFree({ user_identity_key: key }, stored.id);
    this.unmanaged.remove(stored.id);
    this.claim(
      this.add(undefined, {
        ...stored.wire,
        user_identity_key: key,
      }),
    );
    this.context.changed();
  }

  override clear(): void {
    super.clear();
    this.unmanaged.clear();
    this.attributes.clear();
    this.merged.clear();
  }

  private claim({ id, wire }: Stored<UserIdentity>): void {
    this.attributes.claim(wire, id);
    for (const key of wire.merged_user_identity_keys) this.attributes.claim({ user_identity_key: key }, id);
    for (const merged of wire.merged_user_identity_ids) this.merged.set(merged, id);
  }
}

function displayName(identity: UserIdentity): string {
  return (
    identity.full_name ?? identity.email_address ?? identity.phone_number ?? identity.user_identity_key ?? ""
  );
}
