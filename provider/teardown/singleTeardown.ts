import type { SeamClient } from "../seam/client";
import type { DeletionWatcher } from "./deletionWatcher";
import type { Dependent } from "./dependent";
import { type DirectKind, Inventory, provenFilters } from "./inventory";
import type { Finish, Subject } from "./subject";
import type { TeardownEvent } from "./teardownEvent";
import { TeardownRun } from "./teardownRun";
import { TimeLimit } from "./timeLimit";

/** Options of the teardown of a single object, one that no identity's teardown deletes. */
export interface SingleTeardownOptions {
  client: SeamClient;
  watcher: DeletionWatcher;
  /** The workspace that it was created in; a key for another one is an error. */
  workspaceId?: string | undefined;
  /** The time limit in seconds. Default {@link defaultTimeoutSeconds}. */
  timeoutSeconds?: number | undefined;
  onEvent?: ((event: TeardownEvent) => void) | undefined;
}

/** The object of a single teardown. */
export interface Single {
  id: string;
  /** Its name in messages, as in "ACS user …". */
  name: string;
  kind: DirectKind;
  /** Reads its current state; undefined where it does not exist. */
  read(client: SeamClient): Promise<Dependent | undefined>;
}

/** Tears down one object with its dependents, on the same engine as an identity. An object that does not exist is a success. */
export function tearDownSingle(options: SingleTeardownOptions, single: Single): Promise<void> {
  const time = new TimeLimit(options.timeoutSeconds);
  const client = options.client.until(time.callDeadline);
  const { watcher, workspaceId, onEvent } = options;
  const run = new TeardownRun({
    subject: new SingleSubject(single, client),
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

/**
 * A single object as the subject of a teardown. It lists itself as its only dependent, so that the engine does to it what it
 * does to an identity's dependents of its kind.
 */
class SingleSubject implements Subject {
  readonly id: string;
  readonly name: string;
  readonly kinds: readonly DirectKind[];
  private observed: Promise<Dependent[]> | undefined;

  constructor(
    private readonly single: Single,
    private readonly client: SeamClient,
  ) {
    this.id = single.id;
    this.name = single.name;
    this.kinds = [single.kind];
  }

  async observe(): Promise<boolean> {
    this.observed = this.read();
    return (await this.observed).length > 0;
  }

  /** Returns what `observe` has just read, or reads it again. */
  list(): Promise<Dependent[]> {
    const listing = this.observed ?? this.read();
    this.observed = undefined;
    return listing;
  }

  /** An ACS user that is torn down by its id stays the subject's own, no matter to whom it is linked. */
  stillHas(): Promise<boolean> {
    return Promise.resolve(this.single.kind === "acsUser");
  }

  unlink(): Promise<boolean> {
    return Promise.resolve(false);
  }

  finish(): Promise<Finish> {
    return Promise.resolve({ done: true });
  }

  private async read(): Promise<Dependent[]> {
    const found = await this.single.read(this.client);
    return found === undefined ? [] : [found];
  }
}
