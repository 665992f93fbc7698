import { ConfigError } from "../provider/config";
import {
  SeamAuthenticationError,
  SeamError,
  SeamForbiddenError,
  SeamNoAnswerError,
  SeamRateLimitError,
  SeamServerError,
  SeamUnreadableAnswerError,
} from "../provider/seam/errors";

// What to do next after a call of Seam that failed in a command. It differs from a resource's advice in two ways: a command reads its
// key and endpoint from the environment alone, and one that only looks has nothing to continue.

/** @param again What to run again, and its effect. */
export function adviceForCommand(error: unknown, again = "run the same command again"): string | undefined {
  if (error instanceof SeamAuthenticationError)
    return `Seam refuses the API key. Check it in the Seam console and in the environment (SEAM_API_KEY), then ${again}`;
  if (error instanceof SeamForbiddenError)
    return `This API key may not use ${error.route}. Permit it in the Seam console, or use a key of this workspace that may, then ${again}`;
  if (error instanceof SeamNoAnswerError)
    return `Check the network and the endpoint (SEAM_ENDPOINT), then ${again}`;
  if (error instanceof SeamRateLimitError) return `Wait a minute, then ${again}`;
  if (error instanceof SeamServerError || error instanceof SeamUnreadableAnswerError)
    return `${capitalized(again)}. If it fails again, give the request id to Seam's support`;
  return undefined;
}

/** Any failure as a command reports it: what happened and, where Seam could not be asked, what to do next. */
export function commandFailure(error: unknown): string {
  const what = error instanceof Error ? error.message : String(error);
  const advice = error instanceof SeamError ? adviceForCommand(error) : undefined;
  return advice === undefined ? what : `${what}. ${advice}`;
}

/** A command reads no key from the stack. */
export class NoApiKeyError extends ConfigError {
  static readonly found = "there is no Seam API key in the environment";
  static readonly advice =
    "Set SEAM_API_KEY; where the key is in the stack: run it after `export SEAM_API_KEY=$(pulumi config get seam:apiKey)`";

  constructor() {
    super(`${NoApiKeyError.found}. ${NoApiKeyError.advice}`);
  }
}

function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
