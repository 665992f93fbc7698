import { randomUUID } from "node:crypto";
import { Collection, type Kept } from "../collection";
import { ApiError, notFound } from "../errors";
import type { AcsUsers } from "./acsUsers";
import type { ClientSessions } from "./clientSessions";
import type { WorkspaceContext } from "./context";
import type { EnrollmentAutomations } from "./enrollmentAutomations";
import { now, type UserIdentity } from "./objects";
import type { Phones } from "./phones";
import { type IdentityAttributes, UniqueAttributes } from "./uniqueAttributes";

/** What belongs to identities. */
export interface Dependents {
  sessions: ClientSessions;
  acsUsers: AcsUsers;
  automations: EnrollmentAutomations;
  phones: Phones;
}

/** User identities, and those that were merged into them. */
export class UserIdentities extends Collection<UserIdentity> {
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
      errors: [],
      warnings: [],
      created_at: now(),
      workspace_id: this.context.workspaceId,
    };
    identity.display_name = displayName(identity);
    const kept = this.add(undefined, identity, this.context.visibleFrom());
    this.attributes.take(identity, kept.id);
    this.context.changed();
    return kept;
  }

  update(kept: Kept<UserIdentity>, attributes: IdentityAttributes): void {
    this.attributes.assertFree(attributes, kept.id);
    this.attributes.release(kept.wire);
    Object.assign(kept.wire, attributes);
    kept.wire.display_name = displayName(kept.wire);
    this.attributes.take(kept.wire, kept.id);
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
    const { sessions, acsUsers, automations, phones } = this.dependents;
    const under = [
      ...sessions.ownedBy(id),
      ...acsUsers.ownedBy(id),
      ...automations.ownedBy(id),
      ...phones.ownedBy(id),
    ];
    const behavior = this.context.behavior();
    if (under.length > 0 && behavior.identityDelete === "refuse") {
      throw new ApiError(
        400,
        "user_identity_has_dependents",
        `The user identity still has ${under.length} client sessions, ACS users, enrollment automations or phones`,
      );
    }
    this.context.deletions.assertOrder(`user_identity ${id}`, under);
    if (kept.deletionRequestedAt !== undefined) return;
    kept.deletionRequestedAt = requestedAt;
    for (const session of sessions.ownedBy(id)) sessions.delete(session, requestedAt);
    for (const user of acsUsers.ownedBy(id)) acsUsers.delete(user, requestedAt, true);
    for (const automation of automations.ownedBy(id)) automations.delete(automation, requestedAt, true);
    for (const phone of phones.ownedBy(id)) phones.deactivate(phone, requestedAt, true);
    const deletion = this.context.deletions.record(
      "user_identity",
      id,
      { user_identity_id: id },
      requestedAt,
    );
    this.context.timers.later(behavior.identityDeletionTimeMs, () => {
      deletion.goneAt = Date.now();
      this.attributes.release(kept.wire);
      this.remove(id);
      this.context.changed();
    });
  }

  merge(from: Kept<UserIdentity>, into: Kept<UserIdentity>): void {
    const { sessions, acsUsers, phones } = this.dependents;
    for (const user of acsUsers.ownedBy(from.id)) acsUsers.link(user, into, true);
    for (const phone of phones.ownedBy(from.id)) phones.setOwner(phone, into.id);
    for (const session of sessions.ownedBy(from.id)) sessions.setOwner(session, into.id);
    this.attributes.release(from.wire);
    this.remove(from.id);
    this.merged.set(from.id, into.id);
    this.context.changed();
  }

  /** Registers an identity that was loaded from a file. */
  restore(wire: UserIdentity): Kept<UserIdentity> {
    const kept = this.add(undefined, wire);
    this.attributes.take(wire, kept.id);
    return kept;
  }

  override clear(): void {
    super.clear();
    this.attributes.clear();
    this.merged.clear();
  }
}

function displayName(identity: UserIdentity): string {
  return (
    identity.full_name ?? identity.email_address ?? identity.phone_number ?? identity.user_identity_key ?? ""
  );
}
