import type { Behavior } from "../behavior";
import type { Stored } from "../collection";
import { ApiError, invalidInput } from "../errors";
import { type ParameterSpec, type Parameters, textOf } from "../parameters";
import type { Workspace } from "../workspace/workspace";

/** The input of a handler. */
export interface Call {
  workspace: Workspace;
  parameters: Parameters;
  /** When the call arrived, before its latency. Milliseconds since the epoch. */
  arrivedAt: number;
  behavior: Behavior;
}

/** One route of Seam's API. All routes accept POST; `verbs` are the other methods, which are newer. */
export interface Route {
  path: string;
  verbs: readonly ("GET" | "DELETE" | "PATCH" | "PUT")[];
  spec: ParameterSpec;
  /** Checks what a spec cannot express, and throws Seam's 400. Runs before ignored filters are dropped. */
  check?(parameters: Parameters): void;
  handle(call: Call): object | Promise<object>;
}

/** The parameters of paginated listings. */
export const pageSpec = { limit: "count", page_cursor: "text?", created_before: "time" } as const;

export function unknownRoute(path: string): ApiError {
  return new ApiError(404, "route_not_found", `There is no route ${path}`);
}

/** The objects that a listing shows: those that are visible already. They are marked as shown. */
export function shown<Wire>(all: Iterable<Stored<Wire>>): Wire[] {
  const now = Date.now();
  const visible = [...all].filter((stored) => stored.visibleFrom <= now);
  for (const stored of visible) stored.shown = true;
  return visible.map((stored) => stored.wire);
}

/**
 * A page of the matching objects, in the order of creation. The cursor is the last sequence number, so deletions skip nothing.
 */
export function page<Wire extends { created_at: string }>(
  name: string,
  candidates: Iterable<Stored<Wire>>,
  matches: (stored: Stored<Wire>) => boolean,
  parameters: Parameters,
): object {
  const limit = Math.min(Number(parameters.limit ?? 500), 500);
  const cursor = textOf(parameters, "page_cursor");
  const after = cursor === undefined ? 0 : Number(Buffer.from(cursor, "base64url").toString());
  if (Number.isNaN(after)) throw invalidInput("page_cursor", "Invalid cursor");
  const before = textOf(parameters, "created_before");
  const found: Stored<Wire>[] = [];
  for (const stored of candidates) {
    if (stored.sequence <= after || !matches(stored)) continue;
    if (before !== undefined && stored.wire.created_at >= new Date(before).toISOString()) continue;
    found.push(stored);
    if (found.length > limit) break;
  }
  const more = found.length > limit;
  const items = found.slice(0, limit);
  const next = more ? Buffer.from(String(items.at(-1)?.sequence)).toString("base64url") : null;
  return {
    [name]: shown(items),
    pagination: { has_next_page: more, next_page_cursor: next, next_page_url: null },
  };
}
