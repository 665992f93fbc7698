import * as pulumi from "@pulumi/pulumi";
import { emptyApiKey, explicitProviderSetting } from "../config";
import { ProgramError } from "./programError";
import { assertArguments } from "./resourceArguments";

/** The settings of a {@link Provider}. Omitted settings have their defaults; the environment is never used. */
export interface ProviderArgs {
  /** The API key of the workspace, `seam_…`. Kept as a secret. An empty key is an error. */
  apiKey: pulumi.Input<string>;
  /**
   * The URL of Seam's API.
   *
   * @default `https://connect.getseam.com`
   */
  endpoint?: pulumi.Input<string> | undefined;
  /**
   * The time limit of one request, in seconds, up to 600.
   *
   * @default `30`
   */
  requestTimeoutSeconds?: pulumi.Input<number> | undefined;
  /**
   * The id of the workspace that the key must belong to, a UUID. With a key of another workspace, nothing is read or changed.
   * Default: the key's workspace.
   */
  workspaceId?: pulumi.Input<string> | undefined;
}

/**
 * A second Seam workspace in one program. Resources and lookups with this `provider` use its settings, and neither the stack's
 * configuration nor the environment (`SEAM_API_KEY`, `SEAM_ENDPOINT`).
 *
 * @throws Error if the key is empty; a key that is an output fails the program when its value is known.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import * as seam from "pulumi-seam";
 *
 * const config = new pulumi.Config();
 * const berlin = new seam.Provider("berlin", {
 *   apiKey: config.requireSecret("berlinApiKey"),
 *   workspaceId: "48500a8e-5e7e-4bde-b7e5-0be97cae5d7a",
 * });
 * new seam.UserIdentity("jean", { emailAddress: "jean@example.com" }, { provider: berlin });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    assertArguments(`Provider "${name}"`, args);
    const settings: Settings = {
      "seam:apiKey": pulumi.secret(checkedApiKey(name, args.apiKey)),
      "seam:endpoint": args.endpoint,
      "seam:requestTimeoutSeconds":
        args.requestTimeoutSeconds === undefined
          ? undefined
          : pulumi.output(args.requestTimeoutSeconds).apply(String),
      "seam:workspaceId": args.workspaceId,
      [explicitProviderSetting]: "true",
    };
    super("pulumi-nodejs", name, settings, {
      ...opts,
      // A Provider in a state of an earlier version does not have this setting, and an upgrade must not show an update.
      ignoreChanges: [...(opts?.ignoreChanges ?? []), `["${explicitProviderSetting}"]`],
    });
    Object.defineProperty(this, settingsKey, { value: settings });
  }
}

/**
 * Refuses an empty key, and a missing one, which JavaScript allows: both would be replaced by another workspace's key
 * elsewhere. The value of an output is known too late to throw, and an error that is thrown in an apply can leave the program
 * hanging. Therefore the error is logged, the program fails at its end, and the empty key is passed on, with which every call
 * fails.
 */
function checkedApiKey(name: string, apiKey: pulumi.Input<string | null | undefined>): pulumi.Input<string> {
  const problem = (known: string | null | undefined): string | undefined => {
    const empty = emptyApiKey(known, `apiKey of the Provider ${JSON.stringify(name)}`);
    return empty === undefined
      ? undefined
      : `${empty}. Give the key of the workspace that the Provider is for`;
  };
  if (apiKey === undefined || apiKey === null || typeof apiKey === "string") {
    const found = problem(apiKey);
    if (found !== undefined) throw new ProgramError(found);
    return apiKey ?? "";
  }
  return pulumi.output(apiKey).apply((known) => {
    const found = problem(known);
    if (found !== undefined) {
      void pulumi.log.error(found);
      // Without this, a preview would succeed although an error is logged.
      process.exitCode = 1;
    }
    return known ?? "";
  });
}

type Settings = Readonly<Record<string, pulumi.Input<string> | undefined>>;

/**
 * The property of a Provider with its settings, for lookups, which run in the program itself. The symbol is registered for the
 * entire process, because a component of the program may have its own copy of this package.
 */
const settingsKey = Symbol.for("pulumi-seam.provider-settings");

/** Returns the settings of a Provider of this package; undefined for any other provider. */
export function providerSettings(provider: pulumi.ProviderResource): Settings | undefined {
  return hasSettings(provider) ? provider[settingsKey] : undefined;
}

function hasSettings(
  provider: pulumi.ProviderResource,
): provider is pulumi.ProviderResource & { readonly [settingsKey]: Settings } {
  return settingsKey in provider;
}
