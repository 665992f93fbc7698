import { printable } from "./printable";
import { redact } from "./redaction";

/** The most characters of Seam's own message that an error includes. */
const maxMessageLength = 2_000;

/** Makes text of Seam safe to show in an error. */
function safeToShow(text: string): string {
  const line = redact(printable(text.slice(0, 2 * maxMessageLength)));
  return line.length <= maxMessageLength ? line : `${line.slice(0, maxMessageLength)}…`;
}

/** The request that failed, as far as an error may show it: the route and none of its parameters. */
interface FailedRequest {
  /** For example `/user_identities/create`. */
  route: string;
}

/** The base class of all failures of calls to Seam. The message contains no API key, no token and no personal data. */
export class SeamError extends Error {
  readonly route: string;
  /** Whether Seam may have performed the call although there was no usable response. */
  readonly mayHaveHappened: boolean;
  /** When the last attempt was sent, on `performance.now`'s clock; undefined if none was sent, or if the time is unknown. */
  sentAt?: number | undefined;

  constructor(message: string, request: FailedRequest, mayHaveHappened: boolean) {
    super(safeToShow(message));
    this.name = new.target.name;
    this.route = request.route;
    this.mayHaveHappened = mayHaveHappened;
  }
}

/** The time limit passed before the request could be sent. */
export class SeamDeadlineError extends SeamError {
  constructor(request: FailedRequest) {
    super(`the time was up before ${request.route} could be called`, request, false);
  }
}

/** There was no response: the connection was refused or reset, or the request timed out. `code` is Node's or axios' error code. */
export class SeamNoAnswerError extends SeamError {
  readonly code: string;

  constructor(request: FailedRequest & { code: string; endpoint: string; neverSent: boolean }) {
    super(
      `${request.endpoint} did not answer ${request.route} (${request.code})`,
      request,
      !request.neverSent,
    );
    this.code = safeToShow(request.code);
  }
}

/** The response is not what the API promises: it is not JSON, is cut off, or has a field of the wrong type. */
export class SeamUnreadableAnswerError extends SeamError {
  constructor(
    request: FailedRequest & { status: number | undefined; requestId: string | undefined; reason: string },
  ) {
    const what = [request.reason, responseTag(request)].filter((part) => part !== "").join("; ");
    super(`Seam answered ${request.route} with something unreadable (${what})`, request, true);
  }
}

interface ErrorResponse extends FailedRequest {
  status: number;
  /** The body's `error.type`, for example `user_identity_not_found`. */
  type: string | undefined;
  /** The body's `error.message`. */
  message: string | undefined;
  /** The header `seam-request-id`, which Seam's support needs. */
  requestId: string | undefined;
}

/** Seam answered with an error. The message contains the status, the type, Seam's message and the request id. */
export class SeamApiError extends SeamError {
  readonly status: number;
  readonly type: string | undefined;
  readonly requestId: string | undefined;

  constructor(response: ErrorResponse) {
    const message = response.message ? `: ${response.message}` : "";
    super(
      `Seam answered ${response.route} with ${responseTag(response)}${message}`,
      response,
      response.status >= 500,
    );
    this.status = response.status;
    this.type = response.type === undefined ? undefined : safeToShow(response.type);
    this.requestId = response.requestId === undefined ? undefined : safeToShow(response.requestId);
  }
}

/** 404: the object, or the whole route, does not exist. */
export class SeamNotFoundError extends SeamApiError {}
/** 401: the key is unknown or revoked. */
export class SeamAuthenticationError extends SeamApiError {}
/** 403: the key is valid, but may not use this route. */
export class SeamForbiddenError extends SeamApiError {}
/** 400, 409 and 422: Seam rejects the request, for example because of a conflict. */
export class SeamRejectedError extends SeamApiError {}
/** 429: the rate limit was exceeded for longer than the client waits. */
export class SeamRateLimitError extends SeamApiError {}
/** 5xx: Seam, or something in front of it, failed. */
export class SeamServerError extends SeamApiError {}

/** Maps an HTTP status to an error class. */
export function apiError(response: ErrorResponse): SeamApiError {
  const { status } = response;
  if (status === 404) return new SeamNotFoundError(response);
  if (status === 401) return new SeamAuthenticationError(response);
  if (status === 403) return new SeamForbiddenError(response);
  if (status === 400 || status === 409 || status === 422) return new SeamRejectedError(response);
  if (status === 429) return new SeamRateLimitError(response);
  if (status >= 500) return new SeamServerError(response);
  return new SeamApiError(response);
}

function responseTag(response: {
  status: number | undefined;
  type?: string | undefined;
  requestId?: string | undefined;
}): string {
  const code = [response.status, response.type].filter((part) => part !== undefined && part !== "").join(" ");
  const request = response.requestId ? `request ${response.requestId}` : "";
  return [code, request].filter((part) => part !== "").join(", ");
}
