import { isBeingDeleted } from "../seam/beingDeleted";
import type { SeamClient } from "../seam/client";
import type { AccessGrant, AccessMethod } from "../seam/model";
import type { AccessMethodStatus, RequestedAccessMethod } from "./accessGrantArguments";
import { deletedOutsidePulumi } from "./changeExisting";

/** How long to wait until access methods are issued, in seconds. */
export const defaultIssueSeconds = 600;

/** The access methods that a grant has issued, as recorded in the state. */
export interface Issued {
  grant: AccessGrant;
  accessMethods: AccessMethodStatus[];
}

/** Seam has not issued what was requested. */
export class NotIssuedError extends Error {
  constructor(
    message: string,
    readonly issued: Issued,
  ) {
    super(message);
    this.name = "NotIssuedError";
  }
}

/**
 * Waits until Seam has issued something for every request, or reports why it does not. A card that still has to be encoded or
 * assigned counts as issued, and so do the access methods of a grant that starts later.
 *
 * @throws NotIssuedError if Seam reports why not, or if the time limit passes
 */
export async function untilIssued(
  client: SeamClient,
  id: string,
  requests: readonly RequestedAccessMethod[],
  timeoutSeconds = defaultIssueSeconds,
): Promise<Issued> {
  const startedAt = performance.now();
  for (let attempt = 0; ; attempt += 1) {
    const issued = await readIssued(client, id, requests);
    const { grant, methods } = issued;
    const startsLater = Date.parse(grant.starts_at ?? "") > client.serverNow().getTime();
    const isReady = (one: AccessMethod): boolean =>
      one.is_issued || one.is_encoding_required || one.is_assignment_required || startsLater;
    const waiting = requests.filter((_, index) => !(methods[index] ?? []).some(isReady));
    const creating = grant.warnings.some((one) => one.warning_code === "underprovisioned_access");
    const late = performance.now() - startedAt > timeoutSeconds * 1000;
    if (waiting.length === 0 && (!creating || late)) return issued;
    const modes = [...new Set(waiting.map(({ mode }) => mode))].join(", ");
    const codes = [
      ...new Set(
        [...grant.errors, ...methods.flat().flatMap((one) => one.errors)].map(
          (error) => error.error_code ?? "error",
        ),
      ),
    ];
    if (waiting.length > 0 && codes.length > 0) {
      throw new NotIssuedError(`Seam does not issue ${modes} (${codes.join(", ")})`, issued);
    }
    if (late) {
      throw new NotIssuedError(`Seam has not issued ${modes} within ${timeoutSeconds} seconds`, issued);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.min(100 * 1.6 ** attempt, 5_000)));
  }
}

/** Reads what a grant has issued for each request. */
export async function readIssued(
  client: SeamClient,
  id: string,
  requests: readonly RequestedAccessMethod[],
): Promise<Issued & { methods: AccessMethod[][] }> {
  const [grant, listed] = await Promise.all([
    client.findAccessGrant(id),
    client.listAccessMethods({ access_grant_id: id }),
  ]);
  if (grant === undefined || isBeingDeleted(grant)) throw deletedOutsidePulumi();
  const methods = methodsOf(grant, listed, requests);
  const accessMethods = methods.flatMap((of, request) =>
    of.map((one) => ({
      accessMethodId: one.access_method_id,
      mode: one.mode,
      issued: one.is_issued,
      request,
    })),
  );
  return { grant, methods, accessMethods };
}

/**
 * Returns the access methods of each request. If a mode is requested once, these are all of that mode; if it is requested
 * several times, Seam's record of the requests, in their order, shows which belong to each.
 */
function methodsOf(
  grant: AccessGrant,
  listed: readonly AccessMethod[],
  requests: readonly RequestedAccessMethod[],
): AccessMethod[][] {
  // The grant names its own access methods; others in the listing may belong to another grant.
  const own = grant.access_method_ids ?? [];
  const existing = listed.filter((one) => own.includes(one.access_method_id) && !isBeingDeleted(one));
  return requests.map(({ mode }, index) => {
    const ofMode = existing.filter((one) => one.mode === mode);
    if (requests.filter((one) => one.mode === mode).length === 1) return ofMode;
    const before = requests.slice(0, index).filter((one) => one.mode === mode).length;
    const ids = activeRequests(grant).filter((one) => one.mode === mode)[before]?.created_access_method_ids;
    return ofMode.filter((one) => ids?.includes(one.access_method_id) === true);
  });
}

/**
 * Returns the requests of a grant whose access methods were not deleted. A door that one was issued for may have left a space
 * of the grant.
 */
export function activeRequests(grant: AccessGrant): NonNullable<AccessGrant["requested_access_methods"]> {
  return (grant.requested_access_methods ?? []).filter(
    ({ created_access_method_ids: created }) =>
      (created ?? []).length === 0 ||
      (created ?? []).some((id) => (grant.access_method_ids ?? []).includes(id)),
  );
}

/**
 * Returns those of the added requests that the grant does not have yet, counted by mode: a repeated request must not issue an
 * access method twice.
 */
export async function missingRequests(
  client: SeamClient,
  id: string,
  all: readonly RequestedAccessMethod[],
  added: readonly RequestedAccessMethod[],
): Promise<RequestedAccessMethod[]> {
  const { grant, methods } = await readIssued(client, id, all);
  return added.filter((request, index) => {
    const wanted = all.filter(({ mode }) => mode === request.mode).length;
    const requested = activeRequests(grant).filter(({ mode }) => mode === request.mode).length;
    const seen = all.some((one, at) => one.mode === request.mode && (methods[at] ?? []).length > 0) ? 1 : 0;
    const missing = wanted - Math.max(requested, seen);
    const earlier = added.slice(0, index).filter(({ mode }) => mode === request.mode).length;
    return earlier < missing;
  });
}

/**
 * Deletes access methods that the grant names, and resolves when neither the grant nor the listing shows any of them: a listing
 * that is not found does not prove that they are gone.
 */
export async function deleteAccessMethods(
  client: SeamClient,
  id: string,
  methodIds: readonly string[],
  timeoutSeconds = defaultIssueSeconds,
): Promise<void> {
  const startedAt = performance.now();
  let left = methodIds;
  for (let attempt = 0; left.length > 0; attempt += 1) {
    if (performance.now() - startedAt > timeoutSeconds * 1000) {
      throw new Error(`the access methods ${left.join(", ")} are not gone within ${timeoutSeconds} seconds`);
    }
    // Requested again at intervals, because an earlier request may have been refused.
    if (attempt % 8 === 0) await Promise.all(left.map((one) => client.deleteAccessMethod(one)));
    if (attempt > 0)
      await new Promise((resolve) => setTimeout(resolve, Math.min(30 * 1.6 ** attempt, 5_000)));
    const [grant, listed] = await Promise.all([
      client.findAccessGrant(id),
      client.listAccessMethods({ access_grant_id: id }),
    ]);
    const shown = [...(grant?.access_method_ids ?? []), ...listed.map((one) => one.access_method_id)];
    left = methodIds.filter((one) => shown.includes(one));
  }
}
