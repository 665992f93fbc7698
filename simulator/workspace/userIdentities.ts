import { randomUUID } from "node:crypto";
import { Collection, type Kept } from "../collection";
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

/** What belongs to identities. */
export interface Dependents {
  sessions: ClientSessions;
  acsUsers: AcsUsers;
  automations: EnrollmentAutomations;
  phones: Phones;
  grants: AccessGrants;
}

/** User identities, those that were merged into them, and those that nobody manages. */
export class UserIdentities extends Collection<UserIdentity> {
  readonly unmanaged = new Collection<UnmanagedUserIdentity>(
    "user_identity",
    (identity) => identity.user_identity_id,
  );
  /** Merged identities, by the id they had. */
  readonly merged = new Map<string, string>();
  private readonly attributes: UniqueAttributes;

  constructor(
    private readonly context: WorkspaceContext,
    private readonly dependents: Dependents,
  ) {
    super("user_identity", (identity) => identity.user_identity_id);
    this.attributes = new UniqueAttributes(context.behavior);
  }

  create(attributes: IdentityAttributes): Kept<UserIdentity> {
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
    const kept = this.add(undefined, identity, this.context.visibleFrom());
    this.take(kept);
    this.context.changed();
    return kept;
  }

  update(kept: Kept<UserIdentity>, attributes: IdentityAttributes): void {
    this.attributes.assertFree(attributes, kept.id);
    this.attributes.release(kept.wire);
    Object.assign(kept.wire, attributes);
    kept.wire.display_name = displayName(kept.wire);
    this.take(kept);
    this.context.changed();
  }

  /** The identity with that id, or the one that it was merged into. */
  override existing(id: string): Kept<UserIdentity> {
    const kept = this.get(this.merged.get(id) ?? id);
    if (kept === undefined || kept.visibleFrom > Date.now()) throw notFound(this.kind, id);
    return kept;
  }

  /** An identity that something new can belong to: one that is being deleted gets nothing. */
  staying(id: string): Kept<UserIdentity> {
    const kept = this.existing(id);
    if (kept.deletionRequestedAt !== undefined) throw notFound(this.kind, id);
    return kept;
  }

  withKey(key: string): Kept<UserIdentity> | undefined {
    const id = this.attributes.ownerOf("user_identity_key", key);
    const kept = id === undefined ? undefined : this.get(id);
    return kept === undefined || kept.visibleFrom > Date.now() ? undefined : kept;
  }

  delete(kept: Kept<UserIdentity>, requestedAt: number): void {
    const { id } = kept;
    const { sessions, acsUsers, automations, phones, grants } = this.dependents;
    const under = [
      ...sessions.ownedBy(id),
      ...acsUsers.ownedBy(id),
      ...automations.ownedBy(id),
      ...phones.ownedBy(id),
    ];
    const granted = grants.ownedBy(id);
    const behavior = this.context.behavior();
    if (kept.deletionRequestedAt !== undefined) {
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
    if (under.length > 0 && behavior.identityDelete === "refuse") {
      throw new ApiError(
        400,
        "user_identity_has_dependents",
        `The user identity still has ${under.length} client sessions, ACS users, enrollment automations or phones`,
      );
    }
    this.context.deletions.assertOrder(`user_identity ${id}`, [...under, ...granted]);
    if (behavior.grantsOnIdentityDelete === "cascade") {
      for (const grant of granted) grants.delete(grant, requestedAt);
    }
    for (const session of sessions.ownedBy(id)) sessions.delete(session, requestedAt);
    for (const user of acsUsers.ownedBy(id)) acsUsers.delete(user, requestedAt, true);
    for (const automation of automations.ownedBy(id)) automations.delete(automation, requestedAt, true);
    for (const phone of phones.ownedBy(id)) phones.deactivate(phone, requestedAt, true);
    this.finishDeletion(kept, requestedAt);
  }

  /** The deletion of an identity itself, once what belongs to it is being deleted. */
  finishDeletion(kept: Kept<UserIdentity>, requestedAt: number): void {
    const { id } = kept;
    markBeingDeleted(kept, requestedAt);
    const deletion = this.context.deletions.record(
      "user_identity",
      id,
      { user_identity_id: id },
      requestedAt,
    );
    this.context.timers.later(this.context.behavior().identityDeletionTimeMs, () => {
      deletion.goneAt = Date.now();
      this.attributes.release(kept.wire);
      for (const key of kept.wire.merged_user_identity_keys)
        this.attributes.release({ user_identity_key: key });
      this.remove(id);
      this.context.changed();
    });
  }

  merge(from: Kept<UserIdentity>, into: Kept<UserIdentity>): void {
    if (from.id === into.id) throw invalidInput("merged_user_identity_ids", "It is the user identity itself");
    const { sessions, acsUsers, automations, phones, grants } = this.dependents;
    for (const user of acsUsers.ownedBy(from.id)) acsUsers.link(user, into, true);
    for (const phone of phones.ownedBy(from.id)) phones.setOwner(phone, into.id);
    for (const session of sessions.ownedBy(from.id)) sessions.setOwner(session, into.id);
    for (const automation of automations.ownedBy(from.id)) automations.setOwner(automation, into.id);
    for (const grant of grants.ownedBy(from.id)) grants.move(grant, into);
    this.attributes.release(from.wire);
    this.remove(from.id);
    // Ids and keys of a merged identity go on working; its e-mail address and phone number only where there was none.
    const { wire } = into;
    const { user_identity_key, email_address, phone_number } = from.wire;
    wire.email_address ??= email_address;
    wire.phone_number ??= phone_number;
    wire.merged_user_identity_ids.push(from.id, ...from.wire.merged_user_identity_ids);
    wire.merged_user_identity_keys.push(
      ...(user_identity_key === null ? [] : [user_identity_key]),
      ...from.wire.merged_user_identity_keys,
    );
    this.take(into);
    this.context.changed();
  }

  /** Registers an identity that was loaded from a file. */
  restore(saved: UserIdentity): Kept<UserIdentity> {
    // Files of earlier versions do not have these.
    const kept = this.add(undefined, {
      ...saved,
      merged_user_identity_ids: saved.merged_user_identity_ids ?? [],
      merged_user_identity_keys: saved.merged_user_identity_keys ?? [],
    });
    this.take(kept);
    return kept;
  }

  /** An identity that Seam found in an access control system. */
  createUnmanaged(
    attributes: Pick<IdentityAttributes, "email_address" | "phone_number" | "full_name">,
  ): Kept<UnmanagedUserIdentity> {
    this.attributes.assertFree(attributes, undefined);
    const { email_address = null, phone_number = null, full_name = null } = attributes;
    const kept = this.restoreUnmanaged({
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
    return kept;
  }

  restoreUnmanaged(wire: UnmanagedUserIdentity): Kept<UnmanagedUserIdentity> {
    const kept = this.unmanaged.add(undefined, wire);
    this.attributes.take(wire, kept.id);
    return kept;
  }

  /** Makes an unmanaged identity a managed one, with the id that it has. */
  manage(kept: Kept<UnmanagedUserIdentity>, key: string | null): void {
    if (key !== null) this.attributes.assertFree({ user_identity_key: key }, kept.id);
    this.unmanaged.remove(kept.id);
    this.take(
      this.add(undefined, {
        ...kept.wire,
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

  private take({ id, wire }: Kept<UserIdentity>): void {
    this.attributes.take(wire, id);
    for (const key of wire.merged_user_identity_keys) this.attributes.take({ user_identity_key: key }, id);
    for (const merged of wire.merged_user_identity_ids) this.merged.set(merged, id);
  }
}

function displayName(identity: UserIdentity): string {
  return (
    identity.full_name ?? identity.email_address ?? identity.phone_number ?? identity.user_identity_key ?? ""
  );
}
