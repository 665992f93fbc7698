import { observeAcsUser } from "../seam/observe";
import { acsUserDependent } from "./inventory";
import { type SingleTeardownOptions, tearDownSingle } from "./singleTeardown";

/** One teardown of an ACS user that no identity's teardown deletes. */
export interface AcsUserTeardownOptions extends SingleTeardownOptions {
  acsUserId: string;
}

/**
 * Deletes an ACS user, suspended at once and its credentials before it, and resolves when Seam confirms that all of it is gone.
 * One that is not there is a success.
 *
 * @throws TeardownError (timeout, refused deletion, failures), ForeignDependentsError, WrongWorkspaceError, SeamError. After any
 *   of them, a further call continues with what is left.
 */
export function tearDownAcsUser({ acsUserId, ...options }: AcsUserTeardownOptions): Promise<void> {
  return tearDownSingle(options, {
    id: acsUserId,
    name: `ACS user ${acsUserId}`,
    kind: "acsUser",
    look: async (client) => {
      const user = await observeAcsUser(client, acsUserId, options.workspaceId);
      return user === undefined ? undefined : acsUserDependent(user);
    },
  });
}
