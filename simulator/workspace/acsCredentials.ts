import { randomUUID } from "node:crypto";
import { Collection, type Kept } from "../collection";
import type { WorkspaceContext } from "./context";
import { type AcsCredential, type AcsUser, now } from "./objects";

/** The grant and the access method that issued a credential. */
export interface Issuer {
  access_grant_id: string;
  access_method_id: string;
}

/** Credentials, owned by their ACS user. */
export class AcsCredentials extends Collection<AcsCredential> {
  /** Of the credentials that a grant issued, which Seam does not show: by what. */
  readonly issuers = new Map<string, Issuer>();
  private readonly listeners: ((credential: Kept<AcsCredential>, issuer: Issuer | undefined) => void)[] = [];
  /** Whether a grant issues more credentials. */
  private isLiving: (grantId: string) => Kept<unknown> | undefined = () => undefined;

  constructor(private readonly context: WorkspaceContext) {
    super("acs_credential", (credential) => credential.acs_credential_id);
  }

  /** Calls back whenever a credential is gone. */
  onGone(listener: (credential: Kept<AcsCredential>, issuer: Issuer | undefined) => void): void {
    this.listeners.push(listener);
  }

  issue(user: Kept<AcsUser>, accessMethod: AcsCredential["access_method"]): Kept<AcsCredential> {
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
    const kept = this.add(user.id, credential, this.context.visibleFrom());
    this.context.changed();
    return kept;
  }

  delete(kept: Kept<AcsCredential>, requestedAt: number, cascade = false): void {
    const { deletions, events } = this.context;
    const { id } = kept;
    const { user_identity_id, acs_user_id, acs_system_id } = kept.wire;
    const issuer = this.issuers.get(id);
    const grant = issuer === undefined ? undefined : this.isLiving(issuer.access_grant_id);
    if (!cascade && grant !== undefined) deletions.assertOrder(`acs_credential ${id}`, [grant]);
    deletions.begin("acs_credential", kept, { user_identity_id, acs_user_id }, requestedAt, {
      emit: () => events.emit("acs_credential.deleted", { acs_credential_id: id, acs_system_id }),
      remove: () => {
        const issuedBy = this.issuers.get(id);
        this.context.doors.close(id);
        this.remove(id);
        for (const listener of this.listeners) listener(kept, issuedBy);
      },
    });
  }

  /** How to know the grants that must be deleted before the credentials that they issued. */
  grantsAre(isLiving: (grantId: string) => Kept<unknown> | undefined): void {
    this.isLiving = isLiving;
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
