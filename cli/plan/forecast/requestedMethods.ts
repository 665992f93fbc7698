import {
  changedRequests,
  type RequestedAccessMethod,
} from "../../../provider/resources/accessGrantArguments";
import { isProperties } from "../../../provider/resources/validation";
import { text } from "../../../provider/resources/properties";
import type { AccessChange, Step } from "./types";
import { isNotYetKnown, isSecret, secret } from "./values";

/** The access methods that an update of a grant removes and adds. A method that only gets another code is neither. */
export function methodChanges(step: Step): AccessChange[] {
  const [before, after] = [step.old.requestedAccessMethods, step.new.requestedAccessMethods];
  // If a code makes all requests a secret, `requestedModes` still shows their modes.
  const requested = shownRequests(after) ?? requestsOf(step.new.requestedModes);
  // The previous requests may be secret, but the state still shows what was issued for them.
  const requestedBefore = shownRequests(before) ?? issuedRequests(step.old.accessMethods);
  if (requested === undefined || requestedBefore === undefined) return [{ does: "unknown" }];
  const { removed, added } = changedRequests(requestedBefore, requested);
  const balance = new Map<string, number>();
  const count = (mode: string, by: number): void => void balance.set(mode, (balance.get(mode) ?? 0) + by);
  for (const index of removed) count(requestedBefore[index]?.mode ?? "", -1);
  for (const { mode } of added) count(mode, 1);
  const [removedMethods, addedMethods] = [methodsWhere(balance, -1), methodsWhere(balance, 1)];
  return [
    ...(Object.keys(removedMethods).length > 0
      ? [{ does: "removeMethods" as const, methods: removedMethods }]
      : []),
    ...(Object.keys(addedMethods).length > 0 ? [{ does: "addMethods" as const, methods: addedMethods }] : []),
  ];
}

/** Requested access methods as a plan may show them, without codes. */
export function withoutCodes(requests: unknown): unknown {
  if (!Array.isArray(requests)) return requests;
  return requests.map((request: unknown) =>
    isProperties(request) && request.code !== undefined ? { ...request, code: secret } : request,
  );
}

function methodsWhere(balance: ReadonlyMap<string, number>, sign: 1 | -1): Record<string, number> {
  return Object.fromEntries([...balance].flatMap(([mode, by]) => (by * sign > 0 ? [[mode, by * sign]] : [])));
}

/** The requests; undefined if the preview does not show which access methods are requested. */
function shownRequests(value: unknown): RequestedAccessMethod[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: readonly unknown[] = value;
  const requests: RequestedAccessMethod[] = [];
  for (const request of items) {
    if (!isProperties(request)) return undefined;
    const mode = text(request.mode);
    if (mode === undefined || isSecret(mode) || isNotYetKnown(mode)) return undefined;
    const uses = request.instantKeyMaxUseCount;
    requests.push({
      mode,
      ...(typeof request.code === "string" ? { code: request.code } : {}),
      ...(typeof uses === "number" ? { instantKeyMaxUseCount: uses } : {}),
    });
  }
  return requests;
}

function requestsOf(modes: unknown): RequestedAccessMethod[] | undefined {
  return Array.isArray(modes) ? shownRequests(modes.map((mode: unknown) => ({ mode }))) : undefined;
}

/** Each request, once, for which an access method was issued or is pending. */
function issuedRequests(accessMethods: unknown): RequestedAccessMethod[] | undefined {
  if (!Array.isArray(accessMethods)) return undefined;
  const items: readonly unknown[] = accessMethods;
  const modes = new Map<unknown, string>();
  for (const method of items) {
    const mode = isProperties(method) ? text(method.mode) : undefined;
    if (!isProperties(method) || mode === undefined) return undefined;
    modes.set(method.request, mode);
  }
  return [...modes.values()].map((mode) => ({ mode }));
}
