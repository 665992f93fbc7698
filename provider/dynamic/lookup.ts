import * as pulumi from "@pulumi/pulumi";
import { ConfigError, type ConfigReader, hasApiKey, readConfig } from "../config";
import { explainLookup } from "../resources/resourceErrors";
import type { SeamClient } from "../seam/client";
import { assertPinnedWorkspace } from "../seam/pinnedWorkspace";
import { version } from "../version";
import { warnOfPlaintextKey, warnOfUncheckedCertificates } from "./keyWarnings";
import { ProgramError } from "./programError";
import { providerSettings } from "./provider";

interface ProviderOption {
  /**
   * A `Provider` of this package, for another workspace than the stack's. Default: the stack's configuration, then the
   * environment.
   */
  provider?: pulumi.ProviderResource | undefined;
}

/** Options of a lookup, which runs in the program itself, also in previews. */
export interface LookupOptions extends ProviderOption {
  /**
   * What happens if nothing is found: the program fails.
   *
   * @default `"error"`
   */
  ifMissing?: "error" | undefined;
}

/** Options of a lookup that may return nothing. */
export interface OptionalLookupOptions extends ProviderOption {
  /** The result is undefined if nothing is found. More than one match is still an error. */
  ifMissing: "undefined";
}

export type AnyLookupOptions = LookupOptions | OptionalLookupOptions;

/**
 * Runs a lookup with a client. If nothing is found, that is an error, unless the options say otherwise. `doing` is the first
 * part of the message of a failure, as in "find user identity …".
 */
export async function lookUp<T>(
  doing: string,
  opts: AnyLookupOptions | undefined,
  find: (client: SeamClient) => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    const ifMissing: string = opts?.ifMissing ?? "error";
    if (ifMissing !== "error" && ifMissing !== "undefined") {
      throw new ConfigError('ifMissing must be "error" or "undefined"');
    }
    const { client, workspaceId } = connectionFor(await readerOf(opts));
    await assertPinnedWorkspace(client, workspaceId);
    const found = await find(client);
    if (found === undefined && ifMissing === "error") {
      throw new Error(
        `there is none in ${await nameWorkspace(client)}. Check the arguments and the API key; if it may be missing, give the option ifMissing: "undefined"`,
      );
    }
    return found;
  } catch (error) {
    throw new ProgramError(explainLookup(doing, error).message);
  }
}

/**
 * The output form of a lookup: its arguments may be outputs. In a preview, the result is unknown, instead of an error, if the
 * stack has no API key (a fork's pull request), or if the settings of the provider are not known yet.
 */
export function lookUpOutput<Args, Result>(
  args: pulumi.Input<Args>,
  opts: AnyLookupOptions | undefined,
  find: (args: pulumi.Unwrap<Args>) => Promise<Result>,
): pulumi.Output<Result> {
  const settings = opts?.provider === undefined ? undefined : providerSettings(opts.provider);
  // Not secret: a result is not secret just because the key is.
  const known = pulumi.all([args, pulumi.unsecret(pulumi.output(settings))]);
  return known.apply<Result>(async ([knownArgs]) => {
    const keyless = opts?.provider === undefined && !hasApiKey(stackConfig());
    return keyless && pulumi.runtime.isDryRun() ? (pulumi.unknown as Result) : find(knownArgs);
  });
}

function stackConfig(): ConfigReader {
  const config = new pulumi.Config("seam");
  return (key) => config.get(key.slice("seam:".length));
}

async function readerOf(opts: AnyLookupOptions | undefined): Promise<ConfigReader> {
  if (opts?.provider === undefined) {
    warnOfPlaintextKey();
    return stackConfig();
  }
  const settings = providerSettings(opts.provider);
  if (settings === undefined) {
    throw new ConfigError("the provider given is not a Provider of pulumi-seam");
  }
  const output = pulumi.output(settings);
  // The callback of an output that a preview does not know is never called. The SDK's types do not have `isKnown`.
  const isKnown: unknown = Reflect.get(output, "isKnown");
  if ((await Promise.resolve(isKnown)) === false) {
    throw new ConfigError(
      "the settings of the Provider are not known in this preview, because they depend on a resource that the apply creates or changes. Use the form of this lookup that ends in Output: its result is unknown in such a preview",
    );
  }
  const known = await new Promise<Readonly<Record<string, string | undefined>>>((resolve) => {
    output.apply(resolve);
  });
  return (key) => known[key];
}

async function nameWorkspace(client: SeamClient): Promise<string> {
  try {
    return `the workspace ${(await client.getWorkspace()).workspace_id}`;
  } catch {
    // This is only a detail of another error.
    return "the workspace of the API key";
  }
}

interface LookupConnection {
  client: SeamClient;
  workspaceId: string | undefined;
}

const clients = new Map<string, SeamClient>();

/** One client per workspace and process, so that lookups share their connections and their rate limit. */
function connectionFor(read: ConfigReader): LookupConnection {
  const { workspaceId, ...config } = readConfig(read);
  const name = `${config.endpoint} ${config.apiKey}`;
  const known = clients.get(name);
  if (known !== undefined) return { client: known, workspaceId };
  // Loaded on demand, so that a program without lookups does not load an HTTP client.
  const { SeamClient } = require("../seam/client") as typeof import("../seam/client");
  warnOfUncheckedCertificates();
  const client = new SeamClient({ ...config, userAgent: `pulumi-seam/${version}` });
  clients.set(name, client);
  return { client, workspaceId };
}
