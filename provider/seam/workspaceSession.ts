import type * as model from "./model";
import { RecentChanges } from "./recentChanges";
import { SharedResult } from "./sharedCall";
import { SharedListing } from "./sharedListing";
import { Transport, type TransportOptions } from "./transport";

/** The state that all clients of one workspace share, whatever their deadlines: connections, the rate limit, and cached results. */
export class WorkspaceSession {
  readonly transport: Transport;
  readonly changes = new RecentChanges();
  readonly userIdentities = new SharedListing<model.UserIdentity>({
    idOf: (identity) => identity.user_identity_id,
    changedAt: (id) => this.changes.lastChangeOf(id),
  });
  readonly acsUsers = new SharedListing<model.AcsUser>({
    idOf: (user) => user.acs_user_id,
    changedAt: (id) => this.changes.lastChangeOf(id),
  });
  readonly accessGrants = new SharedListing<model.AccessGrant>({
    idOf: (grant) => grant.access_grant_id,
    changedAt: (id) => this.changes.lastChangeOf(id),
  });
  /** The workspace that the key belongs to. */
  readonly workspace = new SharedResult<model.Workspace>();
  /** The routes of listings that this workspace does not have. */
  readonly missingRoutes = new Set<string>();

  constructor(options: TransportOptions) {
    this.transport = new Transport(options);
  }
}
