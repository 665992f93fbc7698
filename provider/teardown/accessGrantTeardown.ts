import { observeAccessGrant } from "../seam/observe";
import { dependent } from "./dependent";
import { type SingleTeardownOptions, tearDownSingle } from "./singleTeardown";

/** Options of the teardown of a single access grant, one that no identity's teardown deletes. */
export interface AccessGrantTeardownOptions extends SingleTeardownOptions {
  accessGrantId: string;
}

/**
 * Deletes an access grant with all of its access methods, and resolves when Seam confirms that all of them are gone. A grant
 * that does not exist is a success.
 *
 * @throws TeardownError (timeout, refused deletion, failures), WrongWorkspaceError, SeamError. After any of them, a further
 *   call continues with what is left.
 */
export function tearDownAccessGrant({
  accessGrantId,
  ...options
}: AccessGrantTeardownOptions): Promise<void> {
  return tearDownSingle(options, {
    id: accessGrantId,
    name: `access grant ${accessGrantId}`,
    kind: "accessGrant",
    read: async (client) => {
      const grant = await observeAccessGrant(client, accessGrantId, options.workspaceId);
      // A grant's errors concern giving access, not its deletion.
      return grant === undefined
        ? undefined
        : dependent("accessGrant", accessGrantId, { warnings: grant.warnings });
    },
  });
}
