import { randomUUID } from "node:crypto";
import { Collection, type Stored } from "../collection";
import { ApiError } from "../errors";
import type { AcsAccessGroups } from "./acsAccessGroups";
import type { AcsCredentials, Issuer } from "./acsCredentials";
import type { WorkspaceContext } from "./context";
import {
  type AccessSchedule,
  type AcsCredential,
  type AcsSystem,
  type AcsUser,
  now,
  type UserIdentity,
} from "./objects";

/** The attributes of a new ACS user. */
export type AcsUserAttributes = Pick<AcsUser, "full_name"> &
  Partial<Pick<AcsUser, "email_address" | "phone_number" | "access_schedule">>;

/** ACS users, owned by the identity that they are linked to. */
export class AcsUsers extends Collection<AcsUser> {
  /** The identity that each linked ACS user belongs to. */
  private readonly identities = new Map<string, Stored<UserIdentity>>();

  constructor(
    private readonly context: WorkspaceContext,
    private readonly credentials: AcsCredentials,
    private readonly groups: AcsAccessGroups,
  ) {
    super("acs_user", (user) => user.acs_user_id);
  }

  create(
    system: AcsSystem,
    given: AcsUserAttributes,
    identity: Stored<UserIdentity> | undefined,
  ): Stored<AcsUser> {
    const user: AcsUser = {
      acs_user_id: randomUUID(),
      acs_system_id: system.acs_system_id,
      connected_account_id: system.connected_account_id,
      workspace_id: this.context.workspaceId,
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
    const stored = this.add(undefined, user, this.context.visibleFrom());
    if (identity !== undefined) this.link(stored, identity);
    this.context.changed();
    return stored;
  }

  link(user: Stored<AcsUser>, identity: Stored<UserIdentity>, force = false): void {
    if (user.owner === identity.id) return;
    if (user.owner !== undefined && !force) {
      throw new ApiError(
        400,
        "acs_user_already_linked",
        "The ACS user is linked to another user identity already",
      );
    }
    const rival = this.ownedBy(identity.id).find(
      (other) => other.wire.acs_system_id === user.wire.acs_system_id,
    );
    if (rival !== undefined && !force) {
      throw new ApiError(
        400,
        "user_identity_already_has_acs_user_on_acs_system",
        "The user identity has an ACS user in this access control system already",
      );
    }
    if (user.owner !== undefined) this.unlink(user);
    this.setOwner(user, identity.id);
    this.identities.set(user.id, identity);
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
    this.reportDoors(user);
    this.context.changed();
  }

  unlink(user: Stored<AcsUser>): void {
    const identity = this.identities.get(user.id);
    if (identity !== undefined) {
      identity.wire.acs_user_ids = identity.wire.acs_user_ids.filter((id) => id !== user.id);
      this.identities.delete(user.id);
    }
    this.setOwner(user, undefined);
    delete user.wire.user_identity_id;
    delete user.wire.user_identity_email_address;
    delete user.wire.user_identity_full_name;
    delete user.wire.user_identity_phone_number;
    for (const credential of this.credentials.ownedBy(user.id)) delete credential.wire.user_identity_id;
    this.reportDoors(user);
    this.context.changed();
  }

  delete(stored: Stored<AcsUser>, requestedAt: number, cascade = false): void {
    const { deletions, events } = this.context;
    const { id, owner } = stored;
    const { acs_system_id } = stored.wire;
    const credentials = this.credentials.ownedBy(id);
    if (credentials.length > 0 && !cascade && this.context.behavior().acsUserDelete === "refuse") {
      throw new ApiError(
        400,
        "acs_user_has_credentials",
        `The ACS user still has ${credentials.length} credentials`,
      );
    }
    if (!cascade) deletions.checkOrder(`acs_user ${id}`, credentials);
    for (const credential of credentials) this.credentials.delete(credential, requestedAt, true);
    deletions.begin("acs_user", stored, { user_identity_id: owner, acs_user_id: id }, requestedAt, {
      emit: () => events.emit("acs_user.deleted", { acs_user_id: id, acs_system_id }),
      remove: () => {
        this.remove(id);
        this.groups.removeUserFromAll(id);
        this.unlink(stored);
      },
    });
  }

  /** Suspends an ACS user, whose credentials then open nothing, or ends the suspension. */
  setSuspended(user: Stored<AcsUser>, suspended: boolean): void {
    const { systemsWithoutSuspension } = this.context.behavior();
    if (systemsWithoutSuspension.includes(user.wire.acs_system_id)) {
      throw new ApiError(
        400,
        "acs_system_does_not_support_suspension",
        "The access control system cannot suspend ACS users",
      );
    }
    user.wire.is_suspended = suspended;
    this.reportDoors(user);
    this.context.changed();
  }

  update(
    user: Stored<AcsUser>,
    change: Partial<AcsUserAttributes> & { access_schedule?: AccessSchedule | null },
  ): void {
    const { access_schedule, ...attributes } = change;
    Object.assign(user.wire, attributes);
    if (access_schedule === null) delete user.wire.access_schedule;
    else if (access_schedule !== undefined) user.wire.access_schedule = access_schedule;
    user.wire.display_name = user.wire.full_name;
    this.reportDoors(user);
    this.context.changed();
  }

  /** Reports which doors the credentials of an ACS user open now. */
  reportDoors(user: Stored<AcsUser>): void {
    const { doors } = this.context;
    for (const credential of this.credentials.ownedBy(user.id)) {
      if (user.wire.is_suspended || this.get(user.id) === undefined) {
        doors.close(credential.id);
        continue;
      }
      doors.open(
        credential.id,
        {
          ...(user.owner === undefined ? {} : { user_identity_id: user.owner }),
          acs_user_id: user.id,
          acs_credential_id: credential.id,
          acs_system_id: user.wire.acs_system_id,
          ...this.credentials.issuers.get(credential.id),
        },
        user.wire.access_schedule,
      );
    }
  }

  /** Issues a credential, which opens doors at once unless the ACS user is suspended. */
  issueCredential(
    user: Stored<AcsUser>,
    accessMethod: AcsCredential["access_method"],
    issuer?: Issuer,
  ): Stored<AcsCredential> {
    const credential = this.credentials.issue(user, accessMethod);
    if (issuer !== undefined) this.credentials.issuers.set(credential.id, issuer);
    this.reportDoors(user);
    return credential;
  }

  /** Restores the link of an ACS user from a state file. */
  relink(user: Stored<AcsUser>, identity: Stored<UserIdentity>): void {
    this.identities.set(user.id, identity);
  }
}
