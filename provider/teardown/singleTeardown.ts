import type { SeamClient } from "../seam/client";
import type { DeletionWatcher } from "./deletionWatcher";
import type { Dependent } from "./dependent";
import { type DirectKind, Inventory, provenFilters } from "./inventory";
import type { Finish, Subject } from "./subject";
import type { TeardownEvent } from "./teardownEvent";
import { TeardownRun } from "./teardownRun";
import { TimeLimit } from "./timeLimit";

/** One teardown of something that no identity's teardown deletes. */
export interface SingleTeardownOptions {
  client: SeamClient;
  watcher: DeletionWatcher;
  /** The workspace that it was made in; a key for another one is an error. */
  workspaceId?: string | undefined;
  /** How long it may take until it gives up, in seconds. Default {@link defaultTimeoutSeconds}. */
  timeoutSeconds?: number | undefined;
  onEvent?: ((event: TeardownEvent) => void) | undefined;
}

/** What is torn down by itself. */
export interface Single {
  id: string;
  /** For messages, as in "ACS user …". */
  name: string;
  kind: DirectKind;
  /** What it is as of now; undefined where it is not there. */
  look(client: SeamClient): Promise<Dependent | undefined>;
}

/** Tears down one object with what hangs under it, on the same engine as an identity. One that is not there is a success. */
export function tearDownSingle(options: SingleTeardownOptions, single: Single): Promise<void> {
  const time = new TimeLimit(options.timeoutSeconds);
  const client = options.client.until(time.lastCall);
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

/** Something seen as the only thing under itself: all that a teardown does to an identity's things of the kind, it does to this one. */
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
    return Promise.resolve(this.single.kind === "acsUser");
  }

  unlink(): Promise<boolean> {
    return Promise.resolve(false);
  }

  finish(): Promise<Finish> {
    return Promise.resolve({ done: true });
  }

  private async look(): Promise<Dependent[]> {
    const found = await this.single.look(this.client);
    return found === undefined ? [] : [found];
  }
}
