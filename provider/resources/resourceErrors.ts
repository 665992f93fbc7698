import { ConfigError } from "../config";
import {
  SeamApiError,
  SeamAuthenticationError,
  SeamForbiddenError,
  SeamNoAnswerError,
  SeamRateLimitError,
  SeamServerError,
  SeamUnreadableAnswerError,
} from "../seam/errors";
import { redact } from "../seam/redaction";

/** A failure as the terminal shows it: the operation, what happened, and what to do next. */
export class ResourceError extends Error {
  constructor(message: string) {
    super(redact(message));
    this.name = "ResourceError";
  }
}

/** An object was created or changed only in part: Pulumi keeps it in the state, and the next `up` updates it. */
export class PartialResourceError extends ResourceError {
  /** The reasons, which are the only part that Pulumi shows. */
  readonly reasons: string[];

  constructor(
    readonly id: string,
    /** The current outputs. */
    readonly properties: Record<string, unknown>,
    failure: ResourceError,
  ) {
    super(failure.message);
    this.reasons = [this.message];
  }
}

/**
 * Converts any failure to an error with one readable message.
 *
 * @param doing The operation and its object, as in "link ACS user … to user identity …".
 * @param next What to do next. Default: advice for the kind of error.
 */
export function explain(doing: string, error: unknown, next?: string): ResourceError {
  return failure(doing, error, next ?? adviceFor(error, "; it continues from here"));
}

/** Like {@link explain}, for an operation that changes nothing, so that no later one continues it. */
export function explainLookup(doing: string, error: unknown): ResourceError {
  return failure(doing, error, adviceFor(error, ""));
}

function failure(doing: string, error: unknown, advice: string | undefined): ResourceError {
  if (error instanceof ResourceError) return error;
  const what = error instanceof Error ? error.message : String(error);
  return new ResourceError(`could not ${doing}: ${what}.${advice === undefined ? "" : ` ${advice}.`}`);
}

/** @param continues What to add about a repeated operation. */
function adviceFor(error: unknown, continues: string): string | undefined {
  if (error instanceof ConfigError) return undefined;
  if (error instanceof SeamAuthenticationError) {
    return "Seam refuses the API key. Check it in the Seam console and set it with `pulumi config set --secret seam:apiKey` or SEAM_API_KEY. After a rotation, run `refresh` and `destroy` with --run-program, because they read the key kept in state otherwise";
  }
  if (error instanceof SeamForbiddenError) {
    return `This API key may not use ${error.route}. Permit it in the Seam console, or use a key of this workspace that may, then run the same command again${continues}`;
  }
  if (error instanceof SeamNoAnswerError) {
    return `Check the network and the endpoint (seam:endpoint, SEAM_ENDPOINT), then run the same command again${continues}`;
  }
  if (error instanceof SeamRateLimitError) {
    return `Run the same command again later, or with a lower --parallel${continues}`;
  }
  if (error instanceof SeamServerError || error instanceof SeamUnreadableAnswerError) {
    return `Run the same command again${continues}. If it stays like this, give the request id to Seam's support`;
  }
  if (error instanceof SeamApiError) return "The request id helps Seam's support to find out why";
  return undefined;
}
