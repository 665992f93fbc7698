import type { SeamClient } from "../seam/client";
import {
  type AccessGrantInputs,
  type AccessGrantOutputs,
  changedRequests,
  modesBesideCodes,
} from "./accessGrantArguments";
import { activeRequests, readIssued } from "./issuedAccessMethods";

// Handles access methods of a grant that are no longer requested.

/**
 * Whether a request is removed for which nothing is known to have been issued, from a grant for spaces. Seam cannot withdraw a
 * request, and issues an access method when a space gets a door for it. Only a new grant is without the request.
 */
export function withdrawsUnissued(
  olds: Readonly<AccessGrantOutputs>,
  news: Readonly<AccessGrantInputs>,
): boolean {
  const [before, after] = [olds.requestedAccessMethods, news.requestedAccessMethods];
  // A preview may not know them yet.
  if (!Array.isArray(before) || !Array.isArray(after) || olds.spaceIds === undefined) return false;
  const { removed } = changedRequests(before, after);
  return removed.some((request) => !olds.accessMethods.some((one) => one.request === request));
}

/**
 * Returns the ids of the access methods that were issued for removed requests: those in the state, and those that Seam has
 * issued since, for example for a new door of a space.
 *
 * @throws Error if Seam may later issue something that is no longer requested
 */
export async function issuedFor(
  client: SeamClient,
  id: string,
  { requestedAccessMethods, accessMethods }: AccessGrantOutputs,
  removed: readonly number[],
): Promise<string[]> {
  const { grant, accessMethods: now } = await readIssued(client, id, requestedAccessMethods);
  const ofOthers = accessMethods.filter((one) => !removed.includes(one.request));
  const leaving = [...accessMethods, ...now]
    .filter((one) => removed.includes(one.request))
    .map((one) => one.accessMethodId)
    .filter((one) => !ofOthers.some((other) => other.accessMethodId === one));
  const ids = [...new Set(leaving)].filter((one) => (grant.access_method_ids ?? []).includes(one));
  const modes = requestedAccessMethods.map(({ mode }) => mode);
  const pending = removed.filter((request) => {
    if ([...accessMethods, ...now].some((one) => one.request === request)) return false;
    const staying = modes.filter((mode, index) => mode === modes[request] && !removed.includes(index));
    const living = activeRequests(grant).filter(({ mode }) => mode === modes[request]);
    return living.length > staying.length;
  });
  if (pending.length > 0 && grant.errors.length === 0) {
    const named = [...new Set(pending.map((request) => modes[request]))].join(", ");
    throw new Error(
      `Seam has not issued ${named} yet, and may do so although it is no longer requested. Nothing was deleted. Create the grant again without it: \`pulumi up --replace\` with the URN of this resource`,
    );
  }
  return ids;
}

/** Returns the remaining requests, and what was issued for them, without the removed ones. */
export function withoutRequests(
  { requestedAccessMethods, accessMethods }: AccessGrantOutputs,
  removed: readonly number[],
): Pick<AccessGrantOutputs, "requestedAccessMethods" | "accessMethods" | "requestedModes"> {
  const kept = requestedAccessMethods.map((_, index) => index).filter((index) => !removed.includes(index));
  const left = requestedAccessMethods.filter((_, index) => kept.includes(index));
  return {
    requestedAccessMethods: left,
    requestedModes: modesBesideCodes(left),
    accessMethods: accessMethods
      .filter((one) => kept.includes(one.request))
      .map((one) => ({ ...one, request: kept.indexOf(one.request) })),
  };
}
