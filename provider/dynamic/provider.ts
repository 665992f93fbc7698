import * as pulumi from "@pulumi/pulumi";

/** The settings of a {@link Provider}; each replaces the stack's configuration of the same name. */
export interface ProviderArgs {
  /** The API key of the workspace, `seam_…`. Kept as a secret. */
  apiKey: pulumi.Input<string>;
  /** Default `https://connect.getseam.com`. */
  endpoint?: pulumi.Input<string> | undefined;
  /** How long one request may stay unanswered, in seconds, up to 600. Default 30. */
  requestTimeoutSeconds?: pulumi.Input<number> | undefined;
}

/**
 * A second Seam workspace in one program. Resources that name it as their `provider` use its key and nothing of the
 * stack's configuration.
 *
 * @example
 * ```ts
 * const berlin = new seam.Provider("berlin", { apiKey: config.requireSecret("berlinApiKey") });
 * new seam.UserIdentity("jean", { emailAddress: "jean@example.com" }, { provider: berlin });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    const settings = {
      "seam:apiKey": pulumi.secret(args.apiKey),
      "seam:endpoint": args.endpoint,
      "seam:requestTimeoutSeconds":
        args.requestTimeoutSeconds === undefined
          ? undefined
          : pulumi.output(args.requestTimeoutSeconds).apply(String),
    };
    super("pulumi-nodejs", name, settings, opts);
    settingsOf.set(this, settings);
  }
}

type Settings = Readonly<Record<string, pulumi.Input<string> | undefined>>;

/** What lookups, which run in the program itself, need to know of a provider. */
const settingsOf = new WeakMap<pulumi.ProviderResource, Settings>();

export function providerSettings(provider: pulumi.ProviderResource): Settings | undefined {
  return settingsOf.get(provider);
}
