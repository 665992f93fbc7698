import { isBeingDeleted } from "../seam/beingDeleted";
import type { AccessGrantChange, SeamClient } from "../seam/client";
import { SeamError, SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import type { AccessGrant as SeamAccessGrant, AccessGrantPlaces } from "../seam/model";
import { MergedUserIdentityError, observeAccessGrant, observeUserIdentity } from "../seam/observe";
import { beforeSecondRead } from "../seam/retry";
import { tearDownAccessGrant } from "../teardown/accessGrantTeardown";
import {
  type AccessGrantInputs,
  type AccessGrantOutputs,
  changedRequests,
  checkAccessGrant,
  immutableFields,
  modesBesideCodes,
  placeLists,
  sameArgument,
  sameTime,
  settings,
  wireRequests,
  withoutCodes,
} from "./accessGrantArguments";
import { changeExisting, deletedOutsidePulumi } from "./changeExisting";
import { closingFirst } from "./closingFirst";
import { comparedFields } from "./comparedFields";
import { createOnce } from "./createOnce";
import type { Declaration } from "./declarations";
import {
  deleteAccessMethods,
  type Issued,
  activeRequests,
  readIssued,
  missingRequests,
  NotIssuedError,
  untilIssued,
} from "./issuedAccessMethods";
import type { Lifecycle, Operation } from "./lifecycle";
import { proofOfOwnership } from "./ownership";
import { text, unknownValue } from "./properties";
import { explain, PartialResourceError, ResourceError } from "./resourceErrors";
import { staysInSeam } from "./retention";
import { assertHasKey, hasKeyAlready, type KeyedObject, keyTaken } from "./takenKey";
import { undecidedAdoption } from "./userIdentityAttributes";
import { issuedFor, withdrawsUnissued, withoutRequests } from "./withdrawnRequests";

/** The number of attempts of a request whose response was lost. */
const requestAttempts = 4;

export const accessGrantLifecycle: Lifecycle<AccessGrantInputs, AccessGrantOutputs> = {
  noun: "access grant",
  tearsDown: true,
  staysInSeam,

  check: checkAccessGrant,

  diff(_id, olds, news) {
    const changed = comparedFields.accessGrant.filter((name) => !sameArgument(name, olds[name], news[name]));
    const isFixed = (name: string): boolean =>
      immutableFields.some((fixed) => fixed === name) ||
      (name === "requestedAccessMethods" && withdrawsUnissued(olds, news));
    return { changes: changed.length > 0, replaces: changed.filter(isFixed) };
  },

  uniqueValues({ accessGrantKey }) {
    const key = text(accessGrantKey);
    return key === undefined || key === unknownValue ? [] : [{ property: "accessGrantKey", value: key }];
  },

  async create(operation, inputs, self) {
    const { client, declarations } = operation;
    const created = await (async () => {
      await operation.workspace.assertOwn();
      await assertIdentity(client, inputs.userIdentityId);
      return declarations.oneAtATime(`access grant ${keyOf(inputs)}`, () =>
        createOrAdopt(operation, inputs, self),
      );
    })().catch((error: unknown) => {
      const lost = declarations.isReplacement(self)
        ? ". The grant that it replaces is deleted, so the person is without this access until an `up` succeeds"
        : "";
      throw new ResourceError(`${explained("create the access grant", error, inputs).message}${lost}`);
    });
    const id = created.grant.access_grant_id;
    const extra = created.adopted ? { adopted: true as const } : {};
    try {
      if (created.existed) await bringUpToDate(client, created.grant, inputs);
      return { id, outputs: outputs(inputs, await issue(client, id, inputs), extra) };
    } catch (error) {
      const issued =
        error instanceof NotIssuedError ? error.issued : { grant: created.grant, accessMethods: [] };
      const failure = explained(`create the access grant ${id}`, error, inputs);
      throw new PartialResourceError(id, outputs(inputs, issued, extra), failure);
    }
  },

  async read({ client, workspace }, id, known) {
    try {
      await workspace.assertPinned();
      const grant = await observeAccessGrant(client, id, known.workspaceId, "thisOperation");
      if (grant === undefined || isBeingDeleted(grant)) {
        if (known.workspaceId !== undefined) return undefined;
        throw new Error(
          grant === undefined
            ? "there is none with this id in the API key's workspace. Check the id and the key"
            : "it is being deleted in Seam",
        );
      }
      await assertNotMerged(client, known.userIdentityId, grant);
      const places = await placesOf(client, grant, known);
      const inputs = observedInputs(known, grant, places);
      const recorded = known.accessMethods;
      const isAsRecorded =
        recorded !== undefined &&
        recorded.every((one) => one.issued) &&
        sameSet(
          recorded.map((one) => one.accessMethodId),
          grant.access_method_ids ?? [],
        );
      const issued = isAsRecorded
        ? { grant, accessMethods: recorded }
        : await readIssued(client, id, inputs.requestedAccessMethods);
      const adopted = known.adopted === true ? { adopted: true as const } : {};
      return { outputs: outputs(inputs, issued, adopted), inputs };
    } catch (error) {
      throw explain(`read access grant ${id}`, error);
    }
  },

  async update({ client, workspace }, id, olds, news) {
    const doing = `update access grant ${id}`;
    const extra = olds.adopted === true ? { adopted: true as const } : {};
    const { removed, inOrder } = changedRequests(olds.requestedAccessMethods, news.requestedAccessMethods);
    const wanted = { ...news, requestedAccessMethods: inOrder };
    let current: AccessGrantOutputs | undefined;
    try {
      const undecided = undecidedAdoption(olds, news);
      if (undecided !== undefined) throw new Error(undecided);
      await workspace.assertPinned();
      const grant = await observeAccessGrant(client, id, olds.workspaceId);
      if (grant === undefined || isBeingDeleted(grant)) throw deletedOutsidePulumi();
      const changes = changesOf(olds, news, client.serverNow());
      let sent: Partial<AccessGrantInputs> = {};
      // Changes that remove access are first, and neither of the two changes delays the other.
      const [closed, changed] = await Promise.allSettled([
        removed.length === 0
          ? Promise.resolve()
          : issuedFor(client, id, olds, removed).then((leaving) =>
              deleteAccessMethods(client, id, leaving, news.issue?.timeoutSeconds),
            ),
        (async () => {
          for (const { wire, sets } of changes) {
            await send(client, id, olds.workspaceId, wire);
            sent = { ...sent, ...sets };
          }
        })(),
      ]);
      current = {
        ...olds,
        ...(changed.status === "fulfilled" ? attributesOf(news) : sent),
        ...(closed.status === "fulfilled" ? withoutRequests(olds, removed) : {}),
      };
      for (const one of [closed, changed]) if (one.status === "rejected") throw one.reason;
      // Requests of an earlier run may not have reached Seam.
      const unfulfilled = inOrder.filter(
        (_, index) => !withoutRequests(olds, removed).accessMethods.some((one) => one.request === index),
      );
      const closedOnly = current;
      current = { ...current, requestedAccessMethods: inOrder, requestedModes: news.requestedModes };
      await request(client, id, wanted, unfulfilled).catch((error: unknown) => {
        // A refused request is not recorded as requested.
        if (error instanceof SeamRejectedError) current = closedOnly;
        throw error;
      });
      return outputs(wanted, await issue(client, id, wanted), extra);
    } catch (error) {
      const requestedAccessMethods = [...olds.requestedAccessMethods, ...news.requestedAccessMethods];
      const failure = explained(doing, error, { requestedAccessMethods }, error instanceof SeamRejectedError);
      if (error instanceof NotIssuedError)
        throw new PartialResourceError(id, outputs(wanted, error.issued, extra), failure);
      if (current !== undefined) throw new PartialResourceError(id, current, failure);
      throw failure;
    }
  },

  async delete({ client, watcher, slowTeardowns, workspace }, id, { teardown, workspaceId }) {
    try {
      await workspace.assertPinned();
      await slowTeardowns.follow(`access grant ${id}`, (onEvent) =>
        tearDownAccessGrant({
          client,
          watcher,
          accessGrantId: id,
          workspaceId,
          timeoutSeconds: teardown?.timeoutSeconds,
          onEvent,
        }),
      );
    } catch (error) {
      throw explain(`delete access grant ${id}`, error);
    }
  },
};

/** Describes an existing grant as arguments of a program and as outputs of a state. */
export async function describeAccessGrant(
  client: SeamClient,
  grant: SeamAccessGrant,
): Promise<{ inputs: AccessGrantInputs; outputs: AccessGrantOutputs; places: AccessGrantPlaces }> {
  const places = await provedPlaces(client, grant);
  const inputs = observedInputs({}, grant, places);
  const issued = await readIssued(client, grant.access_grant_id, inputs.requestedAccessMethods);
  return { inputs, outputs: outputs(inputs, issued, {}), places };
}

interface Created {
  grant: SeamAccessGrant;
  adopted: boolean;
  existed: boolean;
}

/** Creates the grant exactly once, or adopts the existing one if `adopt` is set. */
function createOrAdopt(operation: Operation, inputs: AccessGrantInputs, self: Declaration): Promise<Created> {
  const { client, declarations } = operation;
  return createOnce({
    find: () => findByKey(client, keyOf(inputs)),
    create: async () => {
      const grant = await client.createAccessGrant(wireGrant(inputs));
      declarations.claim(self, grant.access_grant_id);
      return { grant, adopted: false, existed: false };
    },
    onExisting: (found, lostAt) => existing(operation, found, inputs, self, lostAt),
  });
}

function keyedObject({ access_grant_id: id }: SeamAccessGrant): KeyedObject {
  return { id, noun: "access grant", argument: "accessGrantKey" };
}

async function findByKey(client: SeamClient, key: string): Promise<SeamAccessGrant | undefined> {
  const found = await client.findAccessGrantByKey(key);
  if (found !== undefined) assertHasKey(keyedObject(found), found.access_grant_key, key);
  return found;
}

/** Handles a grant that has the key already; see ownership.ts. */
async function existing(
  operation: Operation,
  grant: SeamAccessGrant,
  inputs: AccessGrantInputs,
  self: Declaration,
  lostAt: number | undefined,
): Promise<Created> {
  const { client, declarations, takeOver } = operation;
  const id = grant.access_grant_id;
  const doing = "create the access grant";
  const object = keyedObject(grant);
  const taken = hasKeyAlready(object);
  declarations.assertFree(self, id);
  const places = await provedPlaces(client, grant);
  const different = differenceOf(grant, places, inputs);
  const now = client.serverNow();
  const proof = proofOfOwnership({
    id,
    createdAt: new Date(grant.created_at),
    now,
    isIdentical: different === undefined && sameAttributes(grant, inputs),
    linked: false,
    beingDeleted: isBeingDeleted(grant),
    hasDerivedKey: inputs.defaultAccessGrantKey !== undefined,
    lostSince: lostAt === undefined ? undefined : new Date(now.getTime() - (performance.now() - lostAt)),
    named: takeOver,
  });
  if (isBeingDeleted(grant)) {
    declarations.refuse(self, id);
    throw explain(doing, taken, "Seam is deleting that one; run the same command again when it is gone");
  }
  if (different !== undefined && (inputs.adopt === true || proof !== undefined)) {
    declarations.refuse(self, id);
    const next = `It has another ${different}, which cannot be changed in an existing grant, so it is not the one that the program declares. Nothing was changed. Give what it has, or give this resource an accessGrantKey of its own`;
    throw explain(doing, taken, next);
  }
  if (proof !== undefined || inputs.adopt === true) {
    declarations.claim(self, id);
    return { grant, adopted: proof === undefined, existed: true };
  }
  throw keyTaken(operation, self, object, "grant", grant.created_at);
}

/** Returns the first immutable field that differs from what the program gives. */
function differenceOf(
  grant: SeamAccessGrant,
  places: AccessGrantPlaces,
  inputs: AccessGrantInputs,
): string | undefined {
  if (grant.user_identity_id?.toLowerCase() !== inputs.userIdentityId) return "user identity";
  if ((grant.reservation_key ?? undefined) !== inputs.reservationKey) return "reservationKey";
  const seen = seenPlaces(grant, places);
  return placeLists.find((name) => !samePlaces(name, inputs, seen));
}

function sameAttributes(grant: SeamAccessGrant, inputs: AccessGrantInputs): boolean {
  return (
    (grant.name ?? undefined) === inputs.name &&
    (inputs.startsAt === undefined || sameTime(grant.starts_at, inputs.startsAt)) &&
    sameTime(grant.ends_at, inputs.endsAt)
  );
}

type Places = Readonly<Record<(typeof placeLists)[number], readonly string[]>>;

function seenPlaces(grant: SeamAccessGrant, { devices, acs_entrances }: AccessGrantPlaces): Places {
  const known = (ids: readonly (string | undefined)[]): string[] =>
    ids.filter((id) => id !== undefined).map((id) => id.toLowerCase());
  return {
    spaceIds: known(grant.space_ids ?? []),
    deviceIds: known((devices ?? []).map((one) => one.device_id)),
    acsEntranceIds: known((acs_entrances ?? []).map((one) => one.acs_entrance_id)),
  };
}

/** Whether the places in Seam are those that are given. Seam may show the doors of a grant's spaces among its own. */
function samePlaces(
  name: (typeof placeLists)[number],
  given: Readonly<Partial<AccessGrantInputs>>,
  seen: Places,
): boolean {
  const wanted = given[name] ?? [];
  if (name === "spaceIds" || (given.spaceIds ?? []).length === 0) return sameSet(wanted, seen[name]);
  return wanted.every((id) => seen[name].includes(id));
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id));
}

/** Asserts that the identity exists and is not being deleted: otherwise the grant would open doors for nobody that the program knows. */
async function assertIdentity(client: SeamClient, id: string): Promise<void> {
  const identity = await observeUserIdentity(client, id, undefined, "thisOperation");
  if (identity === undefined) {
    throw explain(
      "create the access grant",
      new Error(`there is no user identity ${id} in the API key's workspace`),
      "Check userIdentityId and the key. If the identity was deleted outside of Pulumi, run `pulumi refresh`, then `pulumi up`",
    );
  }
  if (isBeingDeleted(identity)) {
    throw explain(
      "create the access grant",
      new Error(`user identity ${id} is being deleted in Seam`),
      "Nothing was created. If the person is to have access, create the identity again first: run `pulumi refresh` when it is gone, then `pulumi up`",
    );
  }
}

/** Asserts that the identity was not merged into another. The grant would have moved with it, so the person would still have access. */
async function assertNotMerged(
  client: SeamClient,
  knownId: string | undefined,
  { user_identity_id: now }: SeamAccessGrant,
): Promise<void> {
  if (knownId === undefined || now === null || now.toLowerCase() === knownId) return;
  const identity = await client.findUserIdentity({ user_identity_id: knownId });
  if (identity !== undefined && identity.user_identity_id === now) {
    throw new MergedUserIdentityError(knownId, now);
  }
}

/** Updates an existing grant to what the program gives. Other access methods that it has are left alone. */
async function bringUpToDate(
  client: SeamClient,
  grant: SeamAccessGrant,
  inputs: AccessGrantInputs,
): Promise<void> {
  const id = grant.access_grant_id;
  const others: AccessGrantChange =
    inputs.name === undefined || inputs.name === grant.name ? {} : { name: inputs.name };
  const times: AccessGrantChange = {
    ...(inputs.startsAt === undefined || sameTime(inputs.startsAt, grant.starts_at)
      ? {}
      : { starts_at: inputs.startsAt }),
    ...(inputs.endsAt === undefined || sameTime(inputs.endsAt, grant.ends_at)
      ? {}
      : { ends_at: inputs.endsAt }),
  };
  const before = { startsAt: grant.starts_at, endsAt: grant.ends_at };
  const after = {
    startsAt: inputs.startsAt ?? before.startsAt,
    endsAt: inputs.endsAt ?? before.endsAt,
  };
  for (const change of closingFirst(times, others, before, after)) {
    await client.updateAccessGrant(id, change);
  }
  const all = inputs.requestedAccessMethods;
  const missing = await missingRequests(client, id, all, all);
  if (missing.length > 0) await request(client, id, inputs, all);
}

/** Requests what is missing of `added`. If a response is lost, it checks what is still missing. */
async function request(
  client: SeamClient,
  id: string,
  { requestedAccessMethods: all }: AccessGrantInputs,
  added: AccessGrantInputs["requestedAccessMethods"],
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const missing = await missingRequests(client, id, all, added);
    if (missing.length === 0) return;
    try {
      await client.requestAccessMethods(id, wireRequests(missing));
      return;
    } catch (error) {
      const lost = error instanceof SeamError && error.mayHaveHappened;
      if (!lost || attempt >= requestAttempts) throw error;
      await beforeSecondRead();
    }
  }
}

function issue(client: SeamClient, id: string, inputs: AccessGrantInputs): Promise<Issued> {
  return untilIssued(client, id, inputs.requestedAccessMethods, inputs.issue?.timeoutSeconds);
}

function attributesOf({ name, startsAt, endsAt }: AccessGrantInputs): Partial<AccessGrantInputs> {
  return { name, startsAt, endsAt };
}

/** A request that changes a grant, and the arguments that it sets. */
interface Change {
  wire: AccessGrantChange;
  sets: Partial<AccessGrantInputs>;
}

/**
 * Returns the requests that change name and times. Arguments that are no longer given return to Seam's defaults: no name,
 * starting now, without end.
 */
function changesOf(olds: AccessGrantInputs, news: AccessGrantInputs, now: Date): Change[] {
  const startsAt =
    news.startsAt ?? (Date.parse(olds.startsAt ?? "") > now.getTime() ? now.toISOString() : undefined);
  const times: AccessGrantChange = {
    ...(sameTime(olds.startsAt, news.startsAt) || startsAt === undefined ? {} : { starts_at: startsAt }),
    ...(sameTime(olds.endsAt, news.endsAt) ? {} : { ends_at: news.endsAt ?? null }),
  };
  const others: AccessGrantChange = olds.name === news.name ? {} : { name: news.name ?? null };
  return closingFirst(times, others, olds, news).map((wire) => ({
    wire,
    sets: {
      ...("name" in wire ? { name: news.name } : {}),
      ...("starts_at" in wire || "ends_at" in wire ? { startsAt: news.startsAt, endsAt: news.endsAt } : {}),
    },
  }));
}

function send(client: SeamClient, id: string, workspaceId: string, change: AccessGrantChange): Promise<void> {
  return changeExisting(
    () => client.updateAccessGrant(id, change),
    async () => (await observeAccessGrant(client, id, workspaceId)) !== undefined,
  );
}

/** Reads the places of the grant, if necessary: the grant itself only names its spaces. */
async function placesOf(
  client: SeamClient,
  grant: SeamAccessGrant,
  known: Readonly<Partial<AccessGrantOutputs>>,
): Promise<AccessGrantPlaces> {
  const isNew = known.workspaceId === undefined;
  if (!isNew && known.deviceIds === undefined && known.acsEntranceIds === undefined) {
    return { devices: [], acs_entrances: [], spaces: [], user_identities: [] };
  }
  return provedPlaces(client, grant);
}

/**
 * Reads the places of the grant from a response that is shown to concern this grant: the places of another grant must not be
 * recorded for it.
 *
 * @throws Error if the response concerns no grant, or other people's grants
 */
async function provedPlaces(client: SeamClient, grant: SeamAccessGrant): Promise<AccessGrantPlaces> {
  const places = await client.findAccessGrantPlaces(grant.access_grant_id);
  const owners = (places.user_identities ?? []).flatMap((one) => one.user_identity_id?.toLowerCase() ?? []);
  const own = grant.user_identity_id?.toLowerCase();
  const isEmpty = Object.values(places).every((list) => (list ?? []).length === 0);
  if (!isEmpty && owners.every((owner) => owner === own)) return places;
  throw new Error(
    `its places could not be checked: Seam's answer about them is ${isEmpty ? "about no grant" : "about grants of others as well"}. Nothing was changed. Check whether a proxy or gateway between here and Seam (seam:endpoint, SEAM_ENDPOINT) drops parts of requests`,
  );
}

/** Returns the arguments that correspond to the grant in Seam, without those that the program never set. */
function observedInputs(
  known: Readonly<Partial<AccessGrantOutputs>>,
  grant: SeamAccessGrant,
  places: AccessGrantPlaces,
): AccessGrantInputs {
  const isNew = known.workspaceId === undefined;
  const observed: Record<string, unknown> = {};
  for (const name of settings) if (known[name] !== undefined) observed[name] = known[name];
  const seen = seenPlaces(grant, places);
  const hasSpaces = seen.spaceIds.length > 0;
  for (const name of placeLists) {
    const given = known[name];
    if (!isNew && given === undefined) continue;
    // Seam may show the doors of a grant's spaces among its own.
    const extra = name === "spaceIds" || !hasSpaces ? seen[name] : [];
    const ids = isNew ? extra : [...(given ?? []).filter((id) => seen[name].includes(id)), ...extra];
    if (ids.length > 0) observed[name] = [...new Set(ids)].sort();
  }
  const key = grant.access_grant_key ?? undefined;
  if ((isNew || known.accessGrantKey !== undefined) && key !== undefined) observed.accessGrantKey = key;
  const reservation = grant.reservation_key ?? undefined;
  if ((isNew || known.reservationKey !== undefined) && reservation !== undefined) {
    observed.reservationKey = reservation;
  }
  if (known.customizationProfileId !== undefined) {
    observed.customizationProfileId = known.customizationProfileId;
  }
  if ((isNew || known.name !== undefined) && grant.name !== null) observed.name = grant.name;
  for (const [name, time] of [
    ["startsAt", grant.starts_at],
    ["endsAt", grant.ends_at],
  ] as const) {
    if ((isNew || known[name] !== undefined) && time !== null) {
      observed[name] = sameTime(known[name], time) ? known[name] : time;
    }
  }
  const requestedAccessMethods = observedRequests(known, grant);
  const requestedModes = modesBesideCodes(requestedAccessMethods);
  return {
    ...observed,
    ...(known.requestedModes === undefined || requestedModes === undefined ? {} : { requestedModes }),
    userIdentityId: grant.user_identity_id?.toLowerCase() ?? known.userIdentityId ?? "",
    requestedAccessMethods,
  };
}

/**
 * Returns the requests of the grant: those in the state that are not gone. A code is the one that was given, never one that
 * Seam chose.
 */
function observedRequests(
  { requestedAccessMethods, accessMethods }: Readonly<Partial<AccessGrantOutputs>>,
  grant: SeamAccessGrant,
): AccessGrantInputs["requestedAccessMethods"] {
  const existingIds = grant.access_method_ids ?? [];
  if (requestedAccessMethods === undefined) {
    return (grant.requested_access_methods ?? []).map(({ mode }) => ({ mode }));
  }
  const ofMode = (all: readonly { mode?: string | undefined }[], mode: string): number =>
    all.filter((one) => one.mode === mode).length;
  const living = activeRequests(grant);
  const gone: { mode: string }[] = [];
  return requestedAccessMethods.filter((request, index) => {
    const issued = (accessMethods ?? []).filter((one) => one.request === index);
    if (issued.length === 0 || issued.some((one) => existingIds.includes(one.accessMethodId))) return true;
    // What was issued may be gone because a door left a space of the grant; the request remains.
    const { mode } = request;
    if (ofMode(requestedAccessMethods, mode) <= ofMode(living, mode) + ofMode(gone, mode)) return true;
    gone.push(request);
    return false;
  });
}

function wireGrant(inputs: AccessGrantInputs): Parameters<SeamClient["createAccessGrant"]>[0] {
  return {
    user_identity_id: inputs.userIdentityId,
    access_grant_key: keyOf(inputs),
    requested_access_methods: wireRequests(inputs.requestedAccessMethods),
    ...(inputs.spaceIds === undefined ? {} : { space_ids: inputs.spaceIds }),
    ...(inputs.acsEntranceIds === undefined ? {} : { acs_entrance_ids: inputs.acsEntranceIds }),
    ...(inputs.deviceIds === undefined ? {} : { device_ids: inputs.deviceIds }),
    ...(inputs.name === undefined ? {} : { name: inputs.name }),
    ...(inputs.startsAt === undefined ? {} : { starts_at: inputs.startsAt }),
    ...(inputs.endsAt === undefined ? {} : { ends_at: inputs.endsAt }),
    ...(inputs.reservationKey === undefined ? {} : { reservation_key: inputs.reservationKey }),
    ...(inputs.customizationProfileId === undefined
      ? {}
      : { customization_profile_id: inputs.customizationProfileId }),
  };
}

/** @throws ResourceError if there is no key, without which an interrupted create could not be found again */
function keyOf({ accessGrantKey }: AccessGrantInputs): string {
  if (accessGrantKey !== undefined) return accessGrantKey;
  throw new ResourceError("could not create the access grant: it has no accessGrantKey. Give it one");
}

function outputs(
  inputs: AccessGrantInputs,
  { grant, accessMethods }: Issued,
  extra: { adopted?: true },
): AccessGrantOutputs {
  const warnings = grant.warnings.map((one) => one.warning_code ?? "warning");
  return {
    ...inputs,
    accessGrantId: grant.access_grant_id,
    accessMethods,
    warnings: [...new Set(warnings)].sort(),
    workspaceId: grant.workspace_id ?? "",
    ...extra,
  };
}

/** Like `explain`, but masks codes that Seam may quote. */
function explained(
  doing: string,
  error: unknown,
  { requestedAccessMethods }: Pick<AccessGrantInputs, "requestedAccessMethods">,
  rejected = error instanceof SeamRejectedError,
): ResourceError {
  const next =
    error instanceof NotIssuedError
      ? "The grant is kept, and the next `pulumi up` looks again. Request access methods that the doors have, or give issue.timeoutSeconds more time"
      : rejected
        ? "Correct the arguments that Seam names"
        : error instanceof SeamNotFoundError
          ? "Check spaceIds, acsEntranceIds and deviceIds: each must exist in the API key's workspace"
          : undefined;
  const failure = explain(doing, error, next);
  return new ResourceError(withoutCodes(failure.message, requestedAccessMethods));
}
