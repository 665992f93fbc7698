import type { SeamConfig } from "./config";
import { certificatesUnchecked, certificatesUncheckedWarning } from "./seam/certificates";
import { SeamClient } from "./seam/client";
import { DeletionWatcher, type WatchPace } from "./teardown/deletionWatcher";
import { SlowTeardowns } from "./teardown/slowTeardowns";
import { version } from "./version";

/** What all resources of a process share: one client (one HTTP agent, one rate limiter) and one watcher. */
export interface Connection {
  client: SeamClient;
  watcher: DeletionWatcher;
  slowTeardowns: SlowTeardowns;
}

/** How a process uses Seam, apart from its configuration. */
export interface ConnectionOptions {
  /** Where lines about slow teardowns go. */
  print: (line: string) => void;
  /** The environment to read settings from. Default the process's own. */
  env?: NodeJS.ProcessEnv;
  pace?: Partial<WatchPace>;
}

export function connect(config: SeamConfig, options: ConnectionOptions): Connection {
  if (certificatesUnchecked(options.env)) options.print(certificatesUncheckedWarning);
  const client = new SeamClient({ ...config, userAgent: `pulumi-seam/${version}` });
  return {
    client,
    watcher: new DeletionWatcher(client, options.pace),
    slowTeardowns: new SlowTeardowns(options.print),
  };
}
