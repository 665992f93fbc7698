import type { SeamClient } from "../seam/client";
import { isBeingDeleted } from "../seam/beingDeleted";
import { observeAcsUser } from "../seam/observe";
import type { Dependent } from "./dependent";

/** Checks whether ACS users are linked to an identity now. Concurrent checks share one listing. */
export class LinkedAcsUsers {
  private listing: Promise<readonly Dependent[]> | undefined;

  /** @param list Lists the ACS users that are linked to the identity. */
  constructor(
    private readonly client: SeamClient,
    private readonly userIdentityId: string,
    private readonly workspaceId: string | undefined,
    private readonly list: () => Promise<readonly Dependent[]>,
  ) {}

  /**
   * Whether an ACS user is linked to the identity, is being deleted, or is gone. False where it is linked to somebody else, or
   * to nobody.
   */
  async has(acsUserId: string): Promise<boolean> {
    const listing = this.listing ?? this.list();
    this.listing = listing;
    try {
      if ((await listing).some(({ id }) => id === acsUserId)) return true;
    } finally {
      if (this.listing === listing) this.listing = undefined;
    }
    const user = await observeAcsUser(this.client, acsUserId, this.workspaceId);
    return user === undefined || isBeingDeleted(user) || user.user_identity_id === this.userIdentityId;
  }
}
