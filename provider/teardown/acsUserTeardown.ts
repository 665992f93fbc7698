import type { SeamClient } from "../seam/client";
import { observeAcsUser } from "../seam/observe";
import type { DeletionWatcher } from "./deletionWatcher";
import type { Dependent } from "./dependent";
import { acsUserDependent, type DirectKind, Inventory, provenFilters } from "./inventory";
import type { Finish, Subject } from "./subject";
import type { TeardownEvent } from "./teardownEvent";
import { TeardownRun } from "./teardownRun";
import { TimeLimit } from "./timeLimit";

/** One teardown of an ACS user that no identity's teardown deletes. */
export interface AcsUserTeardownOptions {
  client: SeamClient;
  watcher: DeletionWatcher;
  acsUserId: string;
  /** The workspace that it was made in; a key for another one is an error. */
  workspaceId?: string | undefined;
  /** How long it may take until it gives up, in seconds. Default {@link defaultTimeoutSeconds}. */
  timeoutSeconds?: number | undefined;
  onEvent?: ((event: TeardownEvent) => void) | undefined;
}

/**
 * Deletes an ACS user, suspended at once and its credentials before it, and resolves when Seam confirms that all of it is gone.
 * One that is not there is a success.
 *
 * @throws TeardownError (timeout, refused deletion, failures), ForeignDependentsError, WrongWorkspaceError, SeamError. After any
 *   of them, a further call continues with what is left.
 */
export function tearDownAcsUser(options: AcsUserTeardownOptions): Promise<void> {
  const time = new TimeLimit(options.timeoutSeconds);
  const client = options.client.until(time.lastCall);
  const { watcher, workspaceId, onEvent } = options;
  const run = new TeardownRun({
    subject: new AcsUserSubject(client, options.acsUserId, workspaceId),
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

/** An ACS user, seen as the only thing under itself: all that a teardown does to an identity's ACS users, it does to this one. */
class AcsUserSubject implements Subject {
  readonly name: string;
  readonly kinds: readonly DirectKind[] = ["acsUser"];
  private observed: Promise<Dependent[]> | undefined;

  constructor(
    private readonly client: SeamClient,
    readonly id: string,
    private readonly workspaceId: string | undefined,
  ) {
    this.name = `ACS user ${id}`;
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

  /** Its id is what it is known by; nobody else's teardown deletes it. */
  stillHas(): Promise<boolean> {
    return Promise.resolve(true);
  }

  unlink(): Promise<boolean> {
    return Promise.resolve(false);
  }

  finish(): Promise<Finish> {
    return Promise.resolve({ done: true });
  }

  private async look(): Promise<Dependent[]> {
    const user = await observeAcsUser(this.client, this.id, this.workspaceId);
    return user === undefined ? [] : [acsUserDependent(user)];
  }
}
