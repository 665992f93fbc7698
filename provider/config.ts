/** Where the package gets its settings from: the stack's configuration first, then the environment. */

/** Settings of one Seam workspace, complete and checked. */
export interface SeamConfig {
  /** `seam:apiKey` (secret) or `SEAM_API_KEY`: an API key, `seam_…`. */
  apiKey: string;
  /** `seam:endpoint` or `SEAM_ENDPOINT`. Default `https://connect.getseam.com`. */
  endpoint: string;
  /** `seam:requestTimeoutSeconds`: how long one request may stay unanswered. Default 30. Here in milliseconds. */
  requestTimeout: number;
  /** `seam:workspaceId`: the workspace that the stack belongs to; a key for another one is an error. A UUID. */
  workspaceId?: string | undefined;
}

/** Reads one key of the stack's configuration, for example `seam:apiKey`. */
export type ConfigReader = (key: string) => string | undefined;

export const defaultEndpoint = "https://connect.getseam.com";
const defaultRequestTimeoutSeconds = 30;

/** A setting is missing or cannot be used; the message says which and how to set it. Never quotes a key. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConfigError";
  }
}

/** Whether an API key is to be had at all; what a preview without one asks. */
export function hasApiKey(read: ConfigReader, env: NodeJS.ProcessEnv = process.env): boolean {
  return apiKeyOf(read, env) !== undefined;
}

/** Reads and checks all settings; throws a {@link ConfigError}. */
export function readConfig(read: ConfigReader, env: NodeJS.ProcessEnv = process.env): SeamConfig {
  const apiKey = apiKeyOf(read, env);
  if (apiKey === undefined) {
    throw new ConfigError(
      "there is no Seam API key. Set one with `pulumi config set --secret seam:apiKey`, or in the environment variable SEAM_API_KEY",
    );
  }
  if (apiKey.startsWith("seam_at")) {
    throw new ConfigError(
      "the configured key is a personal access token (seam_at…), which belongs to no single workspace. Use an API key of the workspace, from the Seam console",
    );
  }
  // A header cannot carry anything else, and Node's own error for that would quote the key.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new ConfigError("the configured API key holds a character that no key has; was it copied whole?");
  }
  const endpoint = readEndpoint(nonEmpty(read("seam:endpoint")) ?? nonEmpty(env.SEAM_ENDPOINT));
  return { apiKey, endpoint, requestTimeout: readRequestTimeout(read("seam:requestTimeoutSeconds")) };
}

function apiKeyOf(read: ConfigReader, env: NodeJS.ProcessEnv): string | undefined {
  return nonEmpty(read("seam:apiKey")) ?? nonEmpty(env.SEAM_API_KEY);
}

function readEndpoint(text: string | undefined): string {
  if (text === undefined) return defaultEndpoint;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ConfigError(`the Seam endpoint is not a URL. Give one like ${defaultEndpoint}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError("the Seam endpoint holds a user name or password; the API key is given on its own");
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new ConfigError(
      `the Seam endpoint ${url.origin} is not encrypted, so the API key would travel in the clear. Use https:// (http:// is for loopback only)`,
    );
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new ConfigError(`the Seam endpoint must begin with https://, not ${url.protocol}`);
  }
  return url.href.replace(/\/+$/, "");
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

function nonEmpty(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === undefined || trimmed === "" ? undefined : trimmed;
}
