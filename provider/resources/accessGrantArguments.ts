import { isDeepStrictEqual } from "node:util";
import type { AccessMethodRequest } from "../seam/client";
import type { CheckFailure } from "./lifecycle";
import { type Properties, text, unknownValue } from "./properties";
import type { DeletionPolicy } from "./retention";
import {
  canonicalId,
  canonicalIds,
  checkInputs,
  given,
  isBoolean,
  isListOf,
  isNumberBetween,
  isObject,
  isOneOf,
  isProperties,
  isSeamId,
  isText,
  isTimeWithZone,
  type Rule,
} from "./validation";

/** An access method that a program requests. The code is a secret. */
export interface RequestedAccessMethod {
  mode: string;
  code?: string | undefined;
  instantKeyMaxUseCount?: number | undefined;
}

/** The checked arguments of an access grant. Ids are in lower case, lists of them sorted. */
export type AccessGrantInputs = {
  userIdentityId: string;
  requestedAccessMethods: RequestedAccessMethod[];
  spaceIds?: string[] | undefined;
  acsEntranceIds?: string[] | undefined;
  deviceIds?: string[] | undefined;
  /** The key that is given, or the derived one. */
  accessGrantKey?: string | undefined;
  name?: string | undefined;
  startsAt?: string | undefined;
  endsAt?: string | undefined;
  reservationKey?: string | undefined;
  customizationProfileId?: string | undefined;
  adopt?: boolean | undefined;
  deletionPolicy?: DeletionPolicy | undefined;
  issue?: { timeoutSeconds?: number | undefined } | undefined;
  teardown?: { timeoutSeconds?: number | undefined } | undefined;
  /** The key derived for this resource, if it is the one in use. */
  defaultAccessGrantKey?: string | undefined;
  /** The names of the places, for readers of a preview. */
  doors?: string[] | undefined;
  /** The modes of the requests, for readers of a preview, if a requested code makes all requests secret. */
  requestedModes?: string[] | undefined;
};

/** An access method of a grant, without code, token and URL. */
export interface AccessMethodStatus {
  accessMethodId: string;
  mode: string;
  issued: boolean;
  /** The index of the request that it was issued for, in the order in which access methods were requested from Seam. */
  request: number;
}

/** The outputs of an access grant, as recorded in the state. */
export type AccessGrantOutputs = AccessGrantInputs & {
  accessGrantId: string;
  accessMethods: AccessMethodStatus[];
  /** The codes of Seam's warnings, such as `requested_code_unavailable`. */
  warnings: string[];
  workspaceId: string;
  /** Whether it existed before the resource and was adopted. */
  adopted?: true;
};

/** Passes the derived key to `check`, which decides whether an earlier one must be kept. */
export const defaultAccessGrantKeyProperty = "defaultAccessGrantKey";

export const placeLists = ["spaceIds", "acsEntranceIds", "deviceIds"] as const;

/** The arguments that cannot be changed on an existing grant. */
export const immutableFields = [
  "userIdentityId",
  "accessGrantKey",
  ...placeLists,
  "reservationKey",
  "customizationProfileId",
] as const;

/** The arguments that control operations and are not attributes in Seam. */
export const settings = [
  "adopt",
  "deletionPolicy",
  "issue",
  "teardown",
  defaultAccessGrantKeyProperty,
  "doors",
] as const;

const methodRules: Readonly<Record<string, Rule>> = {
  mode: isOneOf("code", "card", "mobile_key", "cloud_key"),
  code: (value) =>
    typeof value === "string" && /^\d{4,9}$/.test(value) ? undefined : "must be a string of 4 to 9 digits",
  instantKeyMaxUseCount: (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= 1
      ? undefined
      : "must be a whole number, 1 or more",
};

const isRequest: Rule = (value) => {
  const failure = isObject(methodRules)(value);
  if (failure !== undefined || !isProperties(value)) return failure;
  const { mode, code, instantKeyMaxUseCount } = given(value);
  if (mode === undefined) return "needs a mode";
  if (mode === unknownValue) return undefined;
  if (code !== undefined && mode !== "code") return 'takes a code only where its mode is "code"';
  if (instantKeyMaxUseCount !== undefined && mode !== "mobile_key") {
    return 'takes instantKeyMaxUseCount only where its mode is "mobile_key"';
  }
  return undefined;
};

const rules: Readonly<Record<string, Rule>> = {
  userIdentityId: isSeamId,
  spaceIds: isListOf(isSeamId),
  acsEntranceIds: isListOf(isSeamId),
  deviceIds: isListOf(isSeamId),
  requestedAccessMethods: isListOf(isRequest),
  accessGrantKey: isText,
  name: isText,
  startsAt: isTimeWithZone,
  endsAt: isTimeWithZone,
  reservationKey: isText,
  customizationProfileId: isSeamId,
  adopt: isBoolean,
  deletionPolicy: isOneOf("teardown", "retain"),
  issue: isObject({ timeoutSeconds: isNumberBetween(1, 86_400) }),
  teardown: isObject({ timeoutSeconds: isNumberBetween(1, 86_400) }),
};

/** Checks the arguments and normalizes ids. Failures never quote a value. */
export function checkAccessGrant(
  olds: Properties,
  news: Properties,
): { inputs: Record<string, unknown>; failures: CheckFailure[] } {
  const { [defaultAccessGrantKeyProperty]: derivedKey, doors, requestedModes: _, ...inputs } = given(news);
  const failures = checkInputs(inputs, rules);
  const before = given(olds);
  if (inputs.userIdentityId === undefined) {
    failures.push({
      property: "userIdentityId",
      reason: "is missing; give userIdentity or userIdentityId",
    });
  }
  const requests = inputs.requestedAccessMethods;
  if (requests === undefined || (Array.isArray(requests) && requests.length === 0)) {
    failures.push({
      property: "requestedAccessMethods",
      reason: 'is missing or empty; give at least one, like [{ mode: "code" }]',
    });
  }
  if (placeLists.every((name) => inputs[name] === undefined || isEmpty(inputs[name]))) {
    failures.push({
      reason:
        "it names no door: give at least one of spaces, acsEntrances and devices (or spaceIds, acsEntranceIds, deviceIds)",
    });
  }
  if (failures.length === 0) failures.push(...checkTimes(inputs));
  for (const name of placeLists) {
    if (inputs[name] === undefined) continue;
    if (isEmpty(inputs[name])) delete inputs[name];
    else inputs[name] = canonicalIds(inputs[name]);
  }
  for (const name of ["userIdentityId", "customizationProfileId"]) {
    if (inputs[name] !== undefined) inputs[name] = canonicalId(inputs[name]);
  }
  if (Array.isArray(requests)) {
    inputs.requestedAccessMethods = requests.map((one: unknown) => (isProperties(one) ? given(one) : one));
  }
  const derived = before[defaultAccessGrantKeyProperty];
  if (inputs.accessGrantKey === undefined && inputs.adopt === true) {
    failures.push({
      property: "accessGrantKey",
      reason: "is needed with adopt: it identifies the grant",
    });
  } else if (inputs.accessGrantKey === undefined && derivedKey !== undefined) {
    inputs.accessGrantKey = derived ?? derivedKey;
    inputs[defaultAccessGrantKeyProperty] = inputs.accessGrantKey;
  } else if (inputs.accessGrantKey !== undefined && inputs.accessGrantKey === derived) {
    // With ignoreChanges, the derived key is passed as if the program had given it.
    inputs[defaultAccessGrantKeyProperty] = inputs.accessGrantKey;
  }
  const named = Array.isArray(doors) ? doors.filter((door) => text(door) !== undefined) : [];
  if (named.length > 0) inputs.doors = named;
  const requestedModes = modesBesideCodes(requests);
  if (requestedModes !== undefined) inputs.requestedModes = requestedModes;
  return { inputs, failures };
}

/** Returns the modes of all requests, if one of them has a code; undefined if none has, or if a mode is not known yet. */
export function modesBesideCodes(requests: unknown): string[] | undefined {
  if (!Array.isArray(requests)) return undefined;
  const items: readonly unknown[] = requests;
  const modes = items.map((one) => (isProperties(one) ? text(one.mode) : undefined));
  const known = modes.flatMap((mode) => (mode === undefined || mode === unknownValue ? [] : [mode]));
  const hasCode = items.some((one) => isProperties(one) && given(one).code !== undefined);
  return hasCode && known.length === items.length ? known.sort() : undefined;
}

function checkTimes({ startsAt, endsAt }: Properties): CheckFailure[] {
  const [start, end] = [text(startsAt), text(endsAt)];
  if (start === undefined || end === undefined || start === unknownValue || end === unknownValue) return [];
  return Date.parse(end) > Date.parse(start)
    ? []
    : [{ property: "endsAt", reason: "must be after startsAt" }];
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Whether two values of an argument are equivalent. */
export function sameArgument(name: string, one: unknown, other: unknown): boolean {
  if (name === "startsAt" || name === "endsAt") return sameTime(text(one), text(other));
  if (name === "requestedAccessMethods" && Array.isArray(one) && Array.isArray(other)) {
    const sorted = (list: readonly unknown[]): string[] => list.map(signatureOf).sort();
    return isDeepStrictEqual(sorted(one), sorted(other));
  }
  return isDeepStrictEqual(one, other);
}

export function sameTime(one: string | null | undefined, other: string | null | undefined): boolean {
  if (one === undefined || one === null || other === undefined || other === null) {
    return (one ?? null) === (other ?? null);
  }
  return one === other || Date.parse(one) === Date.parse(other);
}

function signatureOf(request: unknown): string {
  if (!isProperties(request)) return JSON.stringify(request);
  return JSON.stringify([request.mode, request.code ?? null, request.instantKeyMaxUseCount ?? null]);
}

/**
 * Compares requests: returns the indexes in `before` of the removed ones, the added ones, and all of `after` in Seam's order,
 * with the added ones last.
 */
export function changedRequests(
  before: readonly RequestedAccessMethod[],
  after: readonly RequestedAccessMethod[],
): { removed: number[]; added: RequestedAccessMethod[]; inOrder: RequestedAccessMethod[] } {
  const left = before.map((request, index) => ({ signature: signatureOf(request), index }));
  const added = after.filter((request) => {
    const found = left.findIndex(({ signature }) => signature === signatureOf(request));
    if (found >= 0) left.splice(found, 1);
    return found < 0;
  });
  const removed = left.map(({ index }) => index);
  return { removed, added, inOrder: [...before.filter((_, index) => !removed.includes(index)), ...added] };
}

export function wireRequests(requests: readonly RequestedAccessMethod[]): AccessMethodRequest[] {
  return requests.map(({ mode, code, instantKeyMaxUseCount }) => ({
    mode,
    ...(code === undefined ? {} : { code }),
    ...(instantKeyMaxUseCount === undefined ? {} : { instant_key_max_use_count: instantKeyMaxUseCount }),
  }));
}

/** Masks requested codes in a message, in which Seam may quote them. */
export function withoutCodes(message: string, requests: readonly RequestedAccessMethod[]): string {
  return requests.reduce(
    (shown, { code }) => (code === undefined ? shown : shown.replaceAll(code, "***")),
    message,
  );
}
