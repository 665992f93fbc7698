import type { Behavior } from "../behavior";
import type { Kept } from "../collection";
import { ApiError, invalidInput } from "../errors";
import { type ParameterSpec, type Parameters, textOf } from "../parameters";
import type { Workspace } from "../workspace/workspace";

/** What a handler is given. */
export interface Call {
  workspace: Workspace;
  parameters: Parameters;
  /** When the call arrived, before its latency. Milliseconds since the epoch. */
  arrivedAt: number;
  behavior: Behavior;
}

/** One route of Seam's API. All take POST; `verbs` are the newer ones. */
export interface Route {
  path: string;
  verbs: readonly ("GET" | "DELETE" | "PATCH" | "PUT")[];
  spec: ParameterSpec;
  /** What a spec cannot say of its parameters; throws the vendor's 400. Runs before ignored filters are dropped. */
  check?(parameters: Parameters): void;
  handle(call: Call): object | Promise<object>;
}

/** The parameters of listings that come in pages. */
export const pageSpec = { limit: "count", page_cursor: "text?", created_before: "time" } as const;

export function unknownRoute(path: string): ApiError {
  return new ApiError(404, "route_not_found", `There is no route ${path}`);
}

/** What a listing shows: what is visible already, which is noted. */
export function shown<Wire>(all: Iterable<Kept<Wire>>): Wire[] {
  const now = Date.now();
  const visible = [...all].filter((kept) => kept.visibleFrom <= now);
  for (const kept of visible) kept.shown = true;
  return visible.map((kept) => kept.wire);
}

/** A page of what matches, in the order of creation. The cursor is the last sequence number, so deletions skip nothing. */
export function page<Wire extends { created_at: string }>(
  name: string,
  candidates: Iterable<Kept<Wire>>,
  matches: (kept: Kept<Wire>) => boolean,
  parameters: Parameters,
): object {
  const limit = Math.min(Number(parameters.limit ?? 500), 500);
  const cursor = textOf(parameters, "page_cursor");
  const after = cursor === undefined ? 0 : Number(Buffer.from(cursor, "base64url").toString());
  if (Number.isNaN(after)) throw invalidInput("page_cursor", "Invalid cursor");
  const before = textOf(parameters, "created_before");
  const found: Kept<Wire>[] = [];
  for (const kept of candidates) {
    if (kept.sequence <= after || !matches(kept)) continue;
    if (before !== undefined && kept.wire.created_at >= new Date(before).toISOString()) continue;
    found.push(kept);
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
