import * as pulumi from "@pulumi/pulumi";
import { ConfigError, hasApiKey, readConfig } from "../config";
import { providerSettings } from "./provider";
import { explain } from "../resources/resourceErrors";
import type { SeamClient } from "../seam/client";
import { version } from "../version";

/** A lookup runs in the program itself, previews included, so it takes its settings from there. */
export interface LookupOptions {
  /** A `Provider` of this package, for another workspace than the stack's. */
  provider?: pulumi.ProviderResource | undefined;
}

type Reader = (key: string) => string | undefined;

/** Runs a lookup with a client; `doing` begins the message of a failure, as in "find user identity …". */
export async function lookUp<T>(
  doing: string,
  opts: LookupOptions | undefined,
  find: (client: SeamClient) => Promise<T>,
): Promise<T> {
  try {
    return await find(clientFor(await reader(opts)));
  } catch (error) {
    throw explain(doing, error);
  }
}

/**
 * The output form of a lookup: its arguments may be outputs, and in a preview without API key (a fork's pull request)
 * the result is unknown instead of an error.
 */
export function lookUpOutput<Args, Result>(
  args: pulumi.Input<Args>,
  opts: LookupOptions | undefined,
  find: (args: pulumi.Unwrap<Args>) => Promise<Result>,
): pulumi.Output<Result> {
  return pulumi.output(args).apply<Result>(async (known) => {
    if (pulumi.runtime.isDryRun() && !hasApiKey(await reader(opts))) {
      return pulumi.unknown as Result;
    }
    return find(known);
  });
}

async function reader(opts: LookupOptions | undefined): Promise<Reader> {
  if (opts?.provider === undefined) {
    const config = new pulumi.Config("seam");
    return (key) => config.get(key.slice("seam:".length));
  }
  const settings = providerSettings(opts.provider);
  if (settings === undefined) {
    throw new ConfigError("the provider given is not a Provider of pulumi-seam");
  }
  const output = pulumi.output(settings);
  const known = await new Promise<Readonly<Record<string, string | undefined>>>((resolve) => {
    output.apply(resolve);
  });
  return (key) => known[key];
}

const clients = new Map<string, SeamClient>();

/** One client per workspace and process, so that lookups share their connections and their rate limit. */
function clientFor(read: Reader): SeamClient {
  const config = readConfig(read);
  const name = `${config.endpoint} ${config.apiKey}`;
  const known = clients.get(name);
  if (known !== undefined) return known;
  // Loaded here and not above: a program that looks nothing up does not pay for an HTTP client.
  const { SeamClient } = require("../seam/client") as typeof import("../seam/client");
  const client = new SeamClient({ ...config, userAgent: `pulumi-seam/${version}` });
  clients.set(name, client);
  return client;
}
