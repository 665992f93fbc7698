import { randomUUID } from "node:crypto";
import { Collection, type Stored } from "../collection";
import type { WorkspaceContext } from "./context";
import { type AcsCredential, type AcsUser, now } from "./objects";

/** The grant and the access method that issued a credential. */
export interface Issuer {
  access_grant_id: string;
  access_method_id: string;
}

/** Credentials, owned by their ACS user. */
export class AcsCredentials extends Collection<AcsCredential> {
  /** The issuers of the credentials that grants issued, which Seam does not show. */
  readonly issuers = new Map<string, Issuer>();
  private readonly listeners: ((credential: Stored<AcsCredential>, issuer: Issuer | undefined) => void)[] =
    [];
  /** Finds a grant that is not being deleted, and so can issue more credentials. */
  private findActiveGrant: (grantId: string) => Stored<unknown> | undefined = () => undefined;

  constructor(private readonly context: WorkspaceContext) {
    super("acs_credential", (credential) => credential.acs_credential_id);
  }

  /** Registers a listener that is called whenever a credential is gone. */
  onGone(listener: (credential: Stored<AcsCredential>, issuer: Issuer | undefined) => void): void {
    this.listeners.push(listener);
  }

  issue(user: Stored<AcsUser>, accessMethod: AcsCredential["access_method"]): Stored<AcsCredential> {
    const credential: AcsCredential = {
      acs_credential_id: randomUUID(),
      acs_user_id: user.id,
      acs_system_id: user.wire.acs_system_id,
      connected_account_id: user.wire.connected_account_id,
      workspace_id: this.context.workspaceId,
      ...(user.owner === undefined ? {} : { user_identity_id: user.owner }),
      access_method: accessMethod,
      display_name: `${accessMethod} of ${user.wire.display_name}`,
      is_managed: true,
      errors: [],
      warnings: [],
      created_at: now(),
    };
    const stored = this.add(user.id, credential, this.context.visibleFrom());
    this.context.changed();
    return stored;
  }

  delete(stored: Stored<AcsCredential>, requestedAt: number, cascade = false): void {
    const { deletions, events } = this.context;
    const { id } = stored;
    const { user_identity_id, acs_user_id, acs_system_id } = stored.wire;
    const issuer = this.issuers.get(id);
    const grant = issuer === undefined ? undefined : this.findActiveGrant(issuer.access_grant_id);
    if (!cascade && grant !== undefined) deletions.checkOrder(`acs_credential ${id}`, [grant]);
    deletions.begin("acs_credential", stored, { user_identity_id, acs_user_id }, requestedAt, {
      emit: () => events.emit("acs_credential.deleted", { acs_credential_id: id, acs_system_id }),
      remove: () => {
        const issuedBy = this.issuers.get(id);
        this.context.doors.close(id);
        this.remove(id);
        for (const listener of this.listeners) listener(stored, issuedBy);
      },
    });
  }

  /** Sets how to find the grants that must be deleted before the credentials that they issued. */
  setGrantLookup(findActiveGrant: (grantId: string) => Stored<unknown> | undefined): void {
    this.findActiveGrant = findActiveGrant;
  }

  override remove(id: string): void {
    super.remove(id);
    this.issuers.delete(id);
  }

  override clear(): void {
    super.clear();
    this.issuers.clear();
  }
}
