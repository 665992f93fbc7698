import type { SeamClient } from "../seam/client";
import {
  type AccessGrantInputs,
  type AccessGrantOutputs,
  changedRequests,
  modesBesideCodes,
} from "./accessGrantArguments";
import { livingRequests, lookAtIssued } from "./issuedAccessMethods";

// What becomes of a grant's access methods when they are no longer requested.

/**
 * Whether something is no longer requested for which nothing is known to have been issued, of a grant for spaces. Seam withdraws no
 * request, and meets it when a space gets a door for it: only another grant is without it.
 */
export function withdrawsUnissued(
  olds: Readonly<AccessGrantOutputs>,
  news: Readonly<AccessGrantInputs>,
): boolean {
  const [before, after] = [olds.requestedAccessMethods, news.requestedAccessMethods];
  // In a preview they may not be known yet.
  if (!Array.isArray(before) || !Array.isArray(after) || olds.spaceIds === undefined) return false;
  const { removed } = changedRequests(before, after);
  return removed.some((request) => !olds.accessMethods.some((one) => one.request === request));
}

/**
 * The ids of what was issued for requests that are removed: what the state has, and what Seam has issued since, as for a new door of a
 * space.
 *
 * @throws Error where Seam may issue something later that nobody requests any more
 */
export async function issuedFor(
  client: SeamClient,
  id: string,
  { requestedAccessMethods, accessMethods }: AccessGrantOutputs,
  removed: readonly number[],
): Promise<string[]> {
  const { grant, accessMethods: now } = await lookAtIssued(client, id, requestedAccessMethods);
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
    const living = livingRequests(grant).filter(({ mode }) => mode === modes[request]);
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

/** What is left of the requests, and of what was issued for them, without those that are removed. */
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
