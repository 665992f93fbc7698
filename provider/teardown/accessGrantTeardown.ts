import type { SeamClient } from "../seam/client";
import { observeAccessGrant } from "../seam/observe";
import type { DeletionWatcher } from "./deletionWatcher";
import { type Dependent, dependent } from "./dependent";
import { type DirectKind, Inventory, provenFilters } from "./inventory";
import type { Finish, Subject } from "./subject";
import type { TeardownEvent } from "./teardownEvent";
import { TeardownRun } from "./teardownRun";
import { TimeLimit } from "./timeLimit";

/** One teardown of an access grant that no identity's teardown deletes. */
export interface AccessGrantTeardownOptions {
  client: SeamClient;
  watcher: DeletionWatcher;
  accessGrantId: string;
  /** The workspace that it was made in; a key for another one is an error. */
  workspaceId?: string | undefined;
  /** How long it may take until it gives up, in seconds. Default {@link defaultTimeoutSeconds}. */
  timeoutSeconds?: number | undefined;
  onEvent?: ((event: TeardownEvent) => void) | undefined;
}

/**
 * Deletes an access grant with all of its access methods, and resolves when Seam confirms that all of it is gone. One that is not
 * there is a success.
 *
 * @throws TeardownError (timeout, refused deletion, failures), WrongWorkspaceError, SeamError. After any of them, a further call
 *   continues with what is left.
 */
export function tearDownAccessGrant(options: AccessGrantTeardownOptions): Promise<void> {
  const time = new TimeLimit(options.timeoutSeconds);
  const client = options.client.until(time.lastCall);
  const { watcher, workspaceId, onEvent } = options;
  const run = new TeardownRun({
    subject: new AccessGrantSubject(client, options.accessGrantId, workspaceId),
    client,
    inventory: new Inventory(client, provenFilters(watcher)),
    watcher,
    time,
    workspaceId,
    keepsAcsUser: () => false,
    onEvent,
  });
  return run.run();
}

/** An access grant, seen as the only thing under itself: all that a teardown does to an identity's grants, it does to this one. */
class AccessGrantSubject implements Subject {
  readonly name: string;
  readonly kinds: readonly DirectKind[] = ["accessGrant"];
  private observed: Promise<Dependent[]> | undefined;

  constructor(
    private readonly client: SeamClient,
    readonly id: string,
    private readonly workspaceId: string | undefined,
  ) {
    this.name = `access grant ${id}`;
  }

  async observe(): Promise<boolean> {
    this.observed = this.look();
    return (await this.observed).length > 0;
  }

  /** As observed, if that was a moment ago. */
  list(): Promise<Dependent[]> {
    const listing = this.observed ?? this.look();
    this.observed = undefined;
    return listing;
  }

  stillHas(): Promise<boolean> {
    return Promise.resolve(false);
  }

  unlink(): Promise<boolean> {
    return Promise.resolve(false);
  }

  finish(): Promise<Finish> {
    return Promise.resolve({ done: true });
  }

  private async look(): Promise<Dependent[]> {
    const grant = await observeAccessGrant(this.client, this.id, this.workspaceId);
    // A grant's errors are about giving access, not about deleting it.
    return grant === undefined ? [] : [dependent("accessGrant", this.id, { warnings: grant.warnings })];
  }
}
