/** Settings of the package: from the stack's configuration or a `Provider` first, then from the environment. */

/** Settings of one Seam workspace, complete and checked. */
export interface SeamConfig {
  /** `seam:apiKey` (secret) or `SEAM_API_KEY`: an API key, `seam_…`. */
  apiKey: string;
  /** `seam:endpoint` or `SEAM_ENDPOINT`. Default `https://connect.getseam.com`. */
  endpoint: string;
  /** `seam:requestTimeoutSeconds`: the time limit of one request. Default 30. Here in milliseconds. */
  requestTimeout: number;
  /** `seam:workspaceId`: the workspace that the API key must belong to, a UUID in lower case. */
  workspaceId?: string;
}

/** Reads one key of the stack's configuration, for example `seam:apiKey`. */
export type ConfigReader = (key: string) => string | undefined;

export const defaultEndpoint = "https://connect.getseam.com";
const defaultRequestTimeoutSeconds = 30;

/**
 * The setting that a `Provider` sets to "true" in addition to its own, to distinguish them from the stack's configuration: the
 * environment is not used with them.
 */
export const explicitProviderSetting = "seam:explicitProvider";

/** A setting is missing or invalid; the message names it and how to set it. Never quotes a key. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConfigError";
  }
}

/** Whether an API key is set at all, valid or not. A preview without one runs no lookups. */
export function hasApiKey(read: ConfigReader, env: NodeJS.ProcessEnv = process.env): boolean {
  return read("seam:apiKey") !== undefined || nonEmpty(environmentFor(read, env).SEAM_API_KEY) !== undefined;
}

/** Reads and checks all settings; throws a {@link ConfigError}. */
export function readConfig(read: ConfigReader, env: NodeJS.ProcessEnv = process.env): SeamConfig {
  const environment = environmentFor(read, env);
  const workspaceId = readWorkspaceId(read("seam:workspaceId"));
  return {
    ...readKeyAndEndpoint(read, environment),
    requestTimeout: readRequestTimeout(read("seam:requestTimeoutSeconds")),
    ...(workspaceId === undefined ? {} : { workspaceId }),
  };
}

/** Returns the environment that these settings may fall back to: an empty one, if a `Provider` set them. */
function environmentFor(read: ConfigReader, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return read(explicitProviderSetting) === "true" ? {} : env;
}

function readKeyAndEndpoint(
  read: ConfigReader,
  environment: NodeJS.ProcessEnv,
): Pick<SeamConfig, "apiKey" | "endpoint"> {
  const configuredKey = read("seam:apiKey");
  const apiKey = checkApiKey(configuredKey ?? nonEmpty(environment.SEAM_API_KEY));
  const configuredEndpoint = nonEmpty(read("seam:endpoint"));
  const endpointOfEnvironment = nonEmpty(environment.SEAM_ENDPOINT);
  const endpoint = readEndpoint(configuredEndpoint ?? endpointOfEnvironment);
  // Otherwise anybody who can edit the stack's file in a pull request could choose who receives the key of the pipeline.
  if (
    configuredKey === undefined &&
    configuredEndpoint !== undefined &&
    readEndpoint(endpointOfEnvironment) !== endpoint
  ) {
    throw new ConfigError(
      `the stack's configuration sets seam:endpoint to ${endpoint}, but the API key is from the environment (SEAM_API_KEY), and SEAM_ENDPOINT ${endpointOfEnvironment === undefined ? "is not set" : "is another"}. The key was sent nowhere. If the endpoint is right, set SEAM_ENDPOINT to the same URL where SEAM_API_KEY is set; otherwise run \`pulumi config rm seam:endpoint\``,
    );
  }
  return { apiKey, endpoint };
}

/** Returns what is wrong with an empty API key; undefined if it is not empty. `where` names the setting. */
export function emptyApiKey(apiKey: string | null | undefined, where: string): string | undefined {
  if (nonEmpty(apiKey ?? undefined) !== undefined) return undefined;
  return `${where} is empty. An empty API key is never replaced by the one in the environment (SEAM_API_KEY), which may be of another workspace`;
}

function checkApiKey(configured: string | undefined): string {
  if (configured === undefined) {
    throw new ConfigError(
      "there is no Seam API key. Set one with `pulumi config set --secret seam:apiKey`, or in the environment variable SEAM_API_KEY",
    );
  }
  const empty = emptyApiKey(
    configured,
    "the API key in the configuration (seam:apiKey, or apiKey of a Provider)",
  );
  if (empty !== undefined) {
    throw new ConfigError(
      `${empty}. Set it with \`pulumi config set --secret seam:apiKey\`, or run \`pulumi config rm seam:apiKey\` to use SEAM_API_KEY`,
    );
  }
  const apiKey = configured.trim();
  if (apiKey.startsWith("seam_at")) {
    throw new ConfigError(
      "the configured key is a personal access token (seam_at…), which belongs to no single workspace. Use an API key of the workspace, from the Seam console",
    );
  }
  // A header cannot contain other characters, and Node's own error for that would quote the key.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new ConfigError(
      "the configured API key contains a character that no API key has. Check that it was copied completely",
    );
  }
  return apiKey;
}

const endpointSetting = "the Seam endpoint (seam:endpoint or SEAM_ENDPOINT, or endpoint of a Provider)";

/** Returns the endpoint in canonical form; the default if none is given. Throws a {@link ConfigError}. */
export function readEndpoint(text: string | undefined): string {
  if (text === undefined) return defaultEndpoint;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ConfigError(`${endpointSetting} is not a URL. Give one like ${defaultEndpoint}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError(
      `${endpointSetting} contains a user name or password; the API key is a separate setting`,
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw new ConfigError(
      `${endpointSetting} contains a query or a fragment. Give one like ${defaultEndpoint}`,
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new ConfigError(
      `the Seam endpoint ${url.origin} is not encrypted, so the API key would travel in the clear. Use https:// (http:// is for loopback only)`,
    );
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new ConfigError(`${endpointSetting} must begin with https://, not ${url.protocol}`);
  }
  return withoutTrailingSlashes(url.href);
}

/** Not a regular expression, because one for slashes at the end takes quadratic time if there are many slashes elsewhere. */
function withoutTrailingSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === "/") end -= 1;
  return url.slice(0, end);
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function readRequestTimeout(text: string | undefined): number {
  const seconds = Number(nonEmpty(text) ?? defaultRequestTimeoutSeconds);
  if (!(seconds > 0 && seconds <= 600)) {
    throw new ConfigError("seam:requestTimeoutSeconds must be a number of seconds above 0 and at most 600");
  }
  return seconds * 1000;
}

/** An empty id is an error too, because it would silently pin no workspace. */
function readWorkspaceId(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const id = text.trim().toLowerCase();
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    throw new ConfigError(
      "seam:workspaceId must be the id of a Seam workspace, a UUID like 48500a8e-5e7e-4bde-b7e5-0be97cae5d7a. `pulumi-seam doctor` shows the id of the API key's workspace",
    );
  }
  return id;
}

function nonEmpty(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === undefined || trimmed === "" ? undefined : trimmed;
}
