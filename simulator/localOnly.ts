import { isIP } from "node:net";
import { ApiError } from "./errors";

/** The loopback address to listen on. It is an address, not a name, so that no resolver is involved. */
export function loopbackAddress(host = "127.0.0.1"): string {
  // Names may resolve to anything, so only this one is accepted, which people type.
  const address = host === "localhost" ? "127.0.0.1" : host;
  if (!isLoopback(address)) {
    throw new Error(`the simulator listens on loopback addresses only (127.0.0.1 or ::1), not on ${host}`);
  }
  return address;
}

/**
 * Rejects calls that a web page could send: those for another host name than loopback's (such as the page's own name, resolved to
 * loopback), and those from an origin that is not local.
 */
export function assertLocal(headers: { host?: string | undefined; origin?: string | undefined }): void {
  if (headers.host === undefined || !isLocalHost(`http://${headers.host}`)) {
    throw new ApiError(403, "forbidden_host", "The Host must be localhost or a loopback address");
  }
  if (headers.origin !== undefined && !isLocalHost(headers.origin)) {
    throw new ApiError(403, "forbidden_origin", "The Origin must be localhost or a loopback address");
  }
}

function isLocalHost(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, username, password } = new URL(url);
  if (username !== "" || password !== "") return false;
  return hostname === "localhost" || isLoopback(hostname.replace(/^\[(.*)\]$/, "$1"));
}

function isLoopback(address: string): boolean {
  return isIP(address) === 4 ? address.startsWith("127.") : isIP(address) === 6 && address === "::1";
}
