import type { SeamConfig } from "./config";
import { SeamClient } from "./seam/client";
import { DeletionWatcher } from "./teardown/deletionWatcher";
import { SlowTeardowns } from "./teardown/slowTeardowns";
import { version } from "./version";

/** What all resources of a process share: one client (one HTTP agent, one rate limiter) and one watcher. */
export interface Connection {
  client: SeamClient;
  watcher: DeletionWatcher;
  slowTeardowns: SlowTeardowns;
}

/** @param print Where lines about slow teardowns go. */
export function connect(config: SeamConfig, print: (line: string) => void): Connection {
  const client = new SeamClient({ ...config, userAgent: `pulumi-seam/${version}` });
  return { client, watcher: new DeletionWatcher(client), slowTeardowns: new SlowTeardowns(print) };
}
