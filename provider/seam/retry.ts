import type { AxiosError } from "axios";
import { wasNeverSent } from "./neverSent";

/** What sending a call a second time can do, which decides when that is allowed. */
export type CallKind =
  /** Changes nothing. */
  | "read"
  /** Asking for the same end state twice is asking once: update, delete, link, unlink. */
  | "idempotent"
  /** Makes a new object each time: never sent again when the first may have been carried out. */
  | "create";

/** The limits of retrying one call. Times in milliseconds. */
export interface RetryPolicy {
  /** How often a call may fail for other reasons than the rate limit before its error is final. Default 5. */
  failures: number;
  /** How long a call may wait for the rate limit altogether. Default 15 minutes. */
  rateLimitPatience: number;
  /** The pause after the first failure; doubled after each further one. Default 200. */
  firstDelay: number;
  /** The longest such pause, and the most of a `Retry-After` that is honored. Default 60,000. */
  delayCap: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  failures: 5,
  rateLimitPatience: 15 * 60_000,
  firstDelay: 200,
  delayCap: 60_000,
};

/** The code that the client gives an answer it cannot parse. */
export const unreadableCode = "ERR_UNREADABLE_ANSWER";
/** The code that the client gives an answer that is larger or deeper than anything of Seam's; it would be so again. */
export const excessiveCode = "ERR_EXCESSIVE_ANSWER";

/** The decisions of one call over its attempts, in the form that axios-retry takes. None is made past the deadline. */
export function retriesOf(kind: CallKind, policy: RetryPolicy, deadline = Number.POSITIVE_INFINITY) {
  let failures = 0;
  const startedAt = performance.now();
  return {
    retries: Number.MAX_SAFE_INTEGER,
    retryCondition(error: AxiosError): boolean {
      if (performance.now() >= deadline) return false;
      if (error.response?.status === 429) return performance.now() - startedAt < policy.rateLimitPatience;
      failures += 1;
      return failures <= policy.failures && mayBeSentAgain(kind, error);
    },
    retryDelay(_count: number, error: AxiosError): number {
      // The limiter holds a 429 back together with everyone else; waiting here as well would be waiting twice.
      if (error.response?.status === 429) return 0;
      const asked = retryAfter(error.response?.headers);
      const own = policy.firstDelay * 2 ** (failures - 1) * (0.75 + Math.random() / 2);
      return Math.min(Math.max(own, asked ?? 0), policy.delayCap, Math.max(0, deadline - performance.now()));
    },
  };
}

function mayBeSentAgain(kind: CallKind, error: AxiosError): boolean {
  const status = error.response?.status;
  const noAnswer = status === undefined;
  if (error.code === excessiveCode) return false;
  if (kind === "create") return noAnswer && wasNeverSent(error);
  return noAnswer || status >= 500 || error.code === unreadableCode;
}

/** `Retry-After` in milliseconds, from seconds or an HTTP date; undefined where there is none. */
export function retryAfter(headers: Record<string, unknown> | undefined): number | undefined {
  const text = headers?.["retry-after"];
  if (typeof text !== "string" || text === "") return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** Waits until a second look at what was not found can tell more: a new object can be late to appear. */
export function beforeSecondLook(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 300));
}
