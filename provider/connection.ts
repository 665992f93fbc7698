import type { SeamConfig } from "./config";
import { certificatesUnchecked, certificatesUncheckedWarning } from "./seam/certificates";
import { SeamClient } from "./seam/client";
import { DeletionWatcher, type WatchPace } from "./teardown/deletionWatcher";
import { SlowTeardowns } from "./teardown/slowTeardowns";
import { version } from "./version";

/** The objects that all resources of a process share: one client (one HTTP agent, one rate limiter) and one watcher. */
export interface Connection {
  client: SeamClient;
  watcher: DeletionWatcher;
  slowTeardowns: SlowTeardowns;
}

/** Options of a connection, apart from the configuration. */
export interface ConnectionOptions {
  /** Prints a line about slow teardowns, or a warning. */
  print: (line: string) => void;
  /** The environment to read settings from. Default: that of the process. */
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
