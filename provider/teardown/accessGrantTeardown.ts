import { observeAccessGrant } from "../seam/observe";
import { dependent } from "./dependent";
import { type SingleTeardownOptions, tearDownSingle } from "./singleTeardown";

/** One teardown of an access grant that no identity's teardown deletes. */
export interface AccessGrantTeardownOptions extends SingleTeardownOptions {
  accessGrantId: string;
}

/**
 * Deletes an access grant with all of its access methods, and resolves when Seam confirms that all of it is gone. One that is not
 * there is a success.
 *
 * @throws TeardownError (timeout, refused deletion, failures), WrongWorkspaceError, SeamError. After any of them, a further call
 *   continues with what is left.
 */
export function tearDownAccessGrant({
  accessGrantId,
  ...options
}: AccessGrantTeardownOptions): Promise<void> {
  return tearDownSingle(options, {
    id: accessGrantId,
    name: `access grant ${accessGrantId}`,
    kind: "accessGrant",
    look: async (client) => {
      const grant = await observeAccessGrant(client, accessGrantId, options.workspaceId);
      // A grant's errors are about giving access, not about deleting it.
      return grant === undefined
        ? undefined
        : dependent("accessGrant", accessGrantId, { warnings: grant.warnings });
    },
  });
}
