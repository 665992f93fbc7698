/** The codes of failures to resolve or reach the host, after which no request can have been sent. */
const codes: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);
/** The system calls that fail before there is a connection. */
const systemCalls: ReadonlySet<unknown> = new Set(["connect", "getaddrinfo", "queryA", "queryAaaa"]);

/**
 * Whether it is certain that a request which failed without a response was never sent, because the connection itself failed. A
 * code such as EHOSTUNREACH alone does not show that, because an open connection can end with it as well.
 */
export function wasNeverSent(error: { code?: string | undefined; cause?: unknown }): boolean {
  return codes.has(error.code) || failedToConnect(error.cause);
}

function failedToConnect(cause: unknown): boolean {
  // Every address of a host with several addresses was tried.
  if (cause instanceof AggregateError) return cause.errors.length > 0 && cause.errors.every(failedToConnect);
  return cause instanceof Error && "syscall" in cause && systemCalls.has(cause.syscall);
}
