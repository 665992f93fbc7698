import { printable } from "./printable";
import { redact } from "./redaction";

/** More of Seam's own words does not help anybody; in characters. */
const longestMessage = 2_000;

/** What Seam answered, as an error may show it. */
function harmless(text: string): string {
  const line = redact(printable(text.slice(0, 2 * longestMessage)));
  return line.length <= longestMessage ? line : `${line.slice(0, longestMessage)}…`;
}

/** What was asked of Seam, as far as an error may tell: the route and no parameter of it. */
interface Asked {
  /** For example `/user_identities/create`. */
  route: string;
}

/** Every failure of a call to Seam. The message carries no API key, no token and no personal data. */
export class SeamError extends Error {
  readonly route: string;
  /** Whether Seam may have carried the call out although there was no usable answer. */
  readonly mayHaveHappened: boolean;
  /** When the last attempt was sent, on `performance.now`'s clock; undefined where none was, or where it is not known. */
  sentAt?: number | undefined;

  constructor(message: string, asked: Asked, mayHaveHappened: boolean) {
    super(harmless(message));
    this.name = new.target.name;
    this.route = asked.route;
    this.mayHaveHappened = mayHaveHappened;
  }
}

/** The time was up before the request could be sent. */
export class SeamDeadlineError extends SeamError {
  constructor(asked: Asked) {
    super(`the time was up before ${asked.route} could be called`, asked, false);
  }
}

/** No answer came: refused, reset, or silent until the timeout. `code` is Node's or axios' error code. */
export class SeamNoAnswerError extends SeamError {
  readonly code: string;

  constructor(asked: Asked & { code: string; endpoint: string; neverSent: boolean }) {
    super(`${asked.endpoint} did not answer ${asked.route} (${asked.code})`, asked, !asked.neverSent);
    this.code = harmless(asked.code);
  }
}

/** An answer came that is not what the API promises: not JSON, cut off, or a field of the wrong type. */
export class SeamUnreadableAnswerError extends SeamError {
  constructor(asked: Asked & { status: number | undefined; requestId: string | undefined; reason: string }) {
    const what = [asked.reason, answerTag(asked)].filter((part) => part !== "").join("; ");
    super(`Seam answered ${asked.route} with something unreadable (${what})`, asked, true);
  }
}

interface Answer extends Asked {
  status: number;
  /** `error.type` of the body, for example `user_identity_not_found`. */
  type: string | undefined;
  /** `error.message` of the body. */
  message: string | undefined;
  /** The header `seam-request-id`: which Seam's support needs. */
  requestId: string | undefined;
}

/** Seam answered with an error. `toString()` and `message` name status, type, Seam's message and request id. */
export class SeamApiError extends SeamError {
  readonly status: number;
  readonly type: string | undefined;
  readonly requestId: string | undefined;

  constructor(answer: Answer) {
    const said = answer.message ? `: ${answer.message}` : "";
    super(`Seam answered ${answer.route} with ${answerTag(answer)}${said}`, answer, answer.status >= 500);
    this.status = answer.status;
    this.type = answer.type === undefined ? undefined : harmless(answer.type);
    this.requestId = answer.requestId === undefined ? undefined : harmless(answer.requestId);
  }
}

/** 404: the object, or the whole route, is not there. */
export class SeamNotFoundError extends SeamApiError {}
/** 401: the key is unknown or revoked. */
export class SeamAuthenticationError extends SeamApiError {}
/** 403: the key is good, and may not use this route. */
export class SeamForbiddenError extends SeamApiError {}
/** 400, 409 and 422: Seam does not accept the request as things stand; conflicts are among these. */
export class SeamRejectedError extends SeamApiError {}
/** 429: too many requests, for longer than the client was ready to wait. */
export class SeamRateLimitError extends SeamApiError {}
/** 5xx: Seam, or something in front of it, failed. */
export class SeamServerError extends SeamApiError {}

/** The one place where an HTTP status becomes an error class. */
export function apiError(answer: Answer): SeamApiError {
  const { status } = answer;
  if (status === 404) return new SeamNotFoundError(answer);
  if (status === 401) return new SeamAuthenticationError(answer);
  if (status === 403) return new SeamForbiddenError(answer);
  if (status === 400 || status === 409 || status === 422) return new SeamRejectedError(answer);
  if (status === 429) return new SeamRateLimitError(answer);
  if (status >= 500) return new SeamServerError(answer);
  return new SeamApiError(answer);
}

function answerTag(answer: {
  status: number | undefined;
  type?: string | undefined;
  requestId?: string | undefined;
}): string {
  const code = [answer.status, answer.type].filter((part) => part !== undefined && part !== "").join(" ");
  const request = answer.requestId ? `request ${answer.requestId}` : "";
  return [code, request].filter((part) => part !== "").join(", ");
}
