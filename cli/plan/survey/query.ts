import type { SeamClient } from "../../../provider/seam/client";
import type { IdentityLookup } from "./identityLookup";
import type { NameLookup } from "./nameLookup";
import type { WorkspaceListing } from "./workspaceListing";
import type { Observation } from "./types";

/** One workspace of a plan, and what all its queries share. */
export interface Workspace {
  client: SeamClient;
  /** Names of access control systems by id; undefined if Seam did not list them. */
  systems: ReadonlyMap<string, string> | undefined;
  identities: IdentityLookup;
  names: NameLookup;
  listing: WorkspaceListing;
}

/** One query to Seam, which returns a part of the observation. */
export type Query = () => Promise<Partial<Observation>>;

export const noDependents = { accessGrants: [], phones: 0, clientSessions: 0, enrollmentAutomations: 0 };

export function counted(methods: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const method of methods) counts.set(method, (counts.get(method) ?? 0) + 1);
  return Object.fromEntries(counts);
}
