import type { AxiosError } from "axios";
import { wasNeverSent } from "./neverSent";

/** The effect of sending a call twice, which decides whether it may be sent again. */
export type CallKind =
  /** Changes nothing. */
  | "read"
  /** Sending it twice has the same effect as once: update, delete, link, unlink. */
  | "idempotent"
  /** Creates a new object each time: never sent again if the first call may have been performed. */
  | "create";

/** The limits of retrying one call. Times in milliseconds. */
export interface RetryPolicy {
  /** The number of retries after failures other than the rate limit. Default 5. */
  failures: number;
  /** How long a call may wait for the rate limit in total. Default 15 minutes. */
  rateLimitPatience: number;
  /** The pause after the first failure, doubled after each further one. Default 200. */
  firstDelay: number;
  /** The longest such pause, and the limit up to which a `Retry-After` is honored. Default 60,000. */
  delayCap: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  failures: 5,
  rateLimitPatience: 15 * 60_000,
  firstDelay: 200,
  delayCap: 60_000,
};

/** The error code of a response that cannot be parsed. */
export const unreadableCode = "ERR_UNREADABLE_ANSWER";
/**
 * The error code of a response that is larger or nested deeper than any of Seam's. It is not retried, because the next one
 * would be the same.
 */
export const excessiveCode = "ERR_EXCESSIVE_ANSWER";

/** The retry decisions of one call, as options of axios-retry. Nothing is retried after the deadline. */
export function retriesOf(kind: CallKind, policy: RetryPolicy, deadline = Number.POSITIVE_INFINITY) {
  let failures = 0;
  const startedAt = performance.now();
  return {
    retries: Number.MAX_SAFE_INTEGER,
    retryCondition(error: AxiosError): boolean {
      if (performance.now() >= deadline) return false;
      if (error.response?.status === 429) return performance.now() - startedAt < policy.rateLimitPatience;
      failures += 1;
      return failures <= policy.failures && mayRetry(kind, error);
    },
    retryDelay(_count: number, error: AxiosError): number {
      // The limiter delays the retry of a 429 together with all other requests, so there is no pause here.
      if (error.response?.status === 429) return 0;
      const requested = retryAfter(error.response?.headers);
      const own = policy.firstDelay * 2 ** (failures - 1) * (0.75 + Math.random() / 2);
      return Math.min(
        Math.max(own, requested ?? 0),
        policy.delayCap,
        Math.max(0, deadline - performance.now()),
      );
    },
  };
}

function mayRetry(kind: CallKind, error: AxiosError): boolean {
  const status = error.response?.status;
  const noResponse = status === undefined;
  if (error.code === excessiveCode) return false;
  if (kind === "create") return noResponse && wasNeverSent(error);
  return noResponse || status >= 500 || error.code === unreadableCode;
}

/** Returns `Retry-After` in milliseconds, from seconds or an HTTP date; undefined if there is none. */
export function retryAfter(headers: Record<string, unknown> | undefined): number | undefined {
  const text = headers?.["retry-after"];
  if (typeof text !== "string" || text === "") return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** Waits before a second read of something that was not found, because a new object can be late to appear. */
export function beforeSecondRead(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 300));
}
