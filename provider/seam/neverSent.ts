/** Failures of finding or reaching the other side, which no request can have passed. */
const codes: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);
/** What the system was asked for when it failed, before there was a connection. */
const systemCalls: ReadonlySet<unknown> = new Set(["connect", "getaddrinfo", "queryA", "queryAaaa"]);

/**
 * Whether it is certain that a request which failed without an answer never left: the connection itself failed. A code such as
 * EHOSTUNREACH alone does not show that, because an open connection can end with it as well.
 */
export function wasNeverSent(error: { code?: string | undefined; cause?: unknown }): boolean {
  return codes.has(error.code) || failedToConnect(error.cause);
}

function failedToConnect(cause: unknown): boolean {
  // Of a host with several addresses each was tried.
  if (cause instanceof AggregateError) return cause.errors.length > 0 && cause.errors.every(failedToConnect);
  return cause instanceof Error && "syscall" in cause && systemCalls.has(cause.syscall);
}
