import { observeAcsUser } from "../seam/observe";
import { acsUserDependent } from "./inventory";
import { type SingleTeardownOptions, tearDownSingle } from "./singleTeardown";

/** Options of the teardown of a single ACS user, one that no identity's teardown deletes. */
export interface AcsUserTeardownOptions extends SingleTeardownOptions {
  acsUserId: string;
}

/**
 * Suspends an ACS user, deletes its credentials and then the ACS user, and resolves when Seam confirms that all of them are
 * gone. An ACS user that does not exist is a success.
 *
 * @throws TeardownError (timeout, refused deletion, failures), ForeignDependentsError, WrongWorkspaceError, SeamError. After
 *   any of them, a further call continues with what is left.
 */
export function tearDownAcsUser({ acsUserId, ...options }: AcsUserTeardownOptions): Promise<void> {
  return tearDownSingle(options, {
    id: acsUserId,
    name: `ACS user ${acsUserId}`,
    kind: "acsUser",
    read: async (client) => {
      const user = await observeAcsUser(client, acsUserId, options.workspaceId);
      return user === undefined ? undefined : acsUserDependent(user);
    },
  });
}
