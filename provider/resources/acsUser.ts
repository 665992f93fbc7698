import { isDeepStrictEqual } from "node:util";
import { isBeingDeleted } from "../seam/beingDeleted";
import type { AcsUserAttributes, SeamClient } from "../seam/client";
import { SeamError, SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import { findAcsUsersBy, sameValue } from "../seam/lookup";
import type { AcsUser as SeamAcsUser } from "../seam/model";
import { observeAcsUser } from "../seam/observe";
import { beforeSecondRead } from "../seam/retry";
import { tearDownAcsUser } from "../teardown/acsUserTeardown";
import { causesOf, combined } from "../teardown/allSettled";
import { changeExisting, deletedOutsidePulumi } from "./changeExisting";
import { closingFirst, removesAccess } from "./closingFirst";
import { comparedFields } from "./comparedFields";
import { type Declaration, described } from "./declarations";
import type { Lifecycle, Operation } from "./lifecycle";
import { interruptedRunAge, ownObjectAdvice, proofOfOwnership, takeOverCommand } from "./ownership";
import { text, unknownValue } from "./properties";
import { explain, PartialResourceError, ResourceError } from "./resourceErrors";
import { type DeletionPolicy, staysInSeam } from "./retention";
import {
  canonicalId,
  canonicalIds,
  checkInputs,
  given,
  isBoolean,
  isEmailAddress,
  isListOf,
  isNumberBetween,
  isObject,
  isOneOf,
  isPhoneNumber,
  isProperties,
  isSeamId,
  isText,
  isTimeWithZone,
  type Rule,
} from "./validation";

/** When the access is valid, as recorded in the state. Without an end it never expires. */
interface Schedule {
  startsAt?: string | undefined;
  endsAt?: string | undefined;
}

/** The checked arguments of an ACS user. */
export type AcsUserInputs = {
  acsSystemId: string;
  fullName: string;
  emailAddress?: string | undefined;
  phoneNumber?: string | undefined;
  accessSchedule?: Schedule | undefined;
  suspended?: boolean | undefined;
  /** The groups that it is created in, for systems that require a group. Never compared. */
  acsAccessGroupIds?: string[] | undefined;
  adopt?: boolean | undefined;
  deletionPolicy?: DeletionPolicy | undefined;
  teardown?: { timeoutSeconds?: number | undefined } | undefined;
};

/** The outputs of an ACS user, as recorded in the state. */
export type AcsUserOutputs = AcsUserInputs & {
  acsUserId: string;
  displayName: string;
  createdAt: string;
  workspaceId: string;
  /** Whether it existed before the resource and was adopted. */
  adopted?: true;
};

const rules: Readonly<Record<string, Rule>> = {
  acsSystemId: isSeamId,
  fullName: isText,
  emailAddress: isEmailAddress,
  phoneNumber: isPhoneNumber,
  accessSchedule: isObject({ startsAt: isTimeWithZone, endsAt: isTimeWithZone }),
  suspended: isBoolean,
  acsAccessGroupIds: isListOf(isSeamId),
  adopt: isBoolean,
  deletionPolicy: isOneOf("teardown", "retain"),
  teardown: isObject({ timeoutSeconds: isNumberBetween(1, 86_400) }),
};
const required = ["acsSystemId", "fullName"];
/** The attributes that Seam can change but not remove. */
const notRemovable = ["emailAddress", "phoneNumber"] as const;
const attributes = { emailAddress: "email_address", phoneNumber: "phone_number" } as const;
/** The names in Seam of the arguments that one request can change. */
const wireNames = { fullName: "full_name", ...attributes, accessSchedule: "access_schedule" } as const;
type Changeable = keyof typeof wireNames;
const changeable = ["fullName", "emailAddress", "phoneNumber", "accessSchedule"] as const;

/** The number of attempts of a create that may have happened, and of lookups before each further attempt, at growing intervals. */
const createAttempts = 3;
const lostCreateLookups = 3;

export const acsUserLifecycle: Lifecycle<AcsUserInputs, AcsUserOutputs> = {
  noun: "ACS user",
  tearsDown: true,
  staysInSeam,

  check(_olds, news) {
    const inputs = given(news);
    const failures = checkInputs(inputs, rules);
    for (const property of required) {
      if (inputs[property] === undefined) failures.push({ property, reason: "is missing" });
    }
    if (inputs.acsSystemId !== undefined) inputs.acsSystemId = canonicalId(inputs.acsSystemId);
    if (inputs.acsAccessGroupIds !== undefined) {
      inputs.acsAccessGroupIds = canonicalIds(inputs.acsAccessGroupIds);
    }
    if (failures.length === 0 && isProperties(inputs.accessSchedule)) {
      const [startsAt, endsAt] = [text(inputs.accessSchedule.startsAt), text(inputs.accessSchedule.endsAt)];
      const known = startsAt !== unknownValue && endsAt !== unknownValue;
      if (startsAt === undefined) {
        failures.push({ property: "accessSchedule", reason: "needs startsAt; endsAt may be left out" });
      } else if (known && endsAt !== undefined && Date.parse(endsAt) <= Date.parse(startsAt)) {
        failures.push({ property: "accessSchedule", reason: "must end after it starts" });
      }
    }
    return { inputs, failures };
  },

  diff(_id, olds, news) {
    const changed = comparedFields.acsUser.filter((name) => !same(name, olds[name], news[name]));
    const replaces = changed.filter(
      (name) => name === "acsSystemId" || notRemovable.some((one) => one === name && news[one] === undefined),
    );
    return { changes: changed.length > 0, replaces };
  },

  uniqueValues(inputs) {
    return notRemovable.flatMap((property) => {
      const [value, system] = [inputs[property], inputs.acsSystemId];
      if (typeof value !== "string" || value === unknownValue) return [];
      if (typeof system !== "string" || system === unknownValue) return [];
      return [{ property, value: `${system} ${value.toLowerCase()}` }];
    });
  },

  async create(operation, inputs, self) {
    const { client, declarations } = operation;
    const created = await (async () => {
      await operation.workspace.assertOwn();
      // Of two identical resources, the second must see what the first has created.
      const subject = `ACS user ${inputs.acsSystemId} ${inputs.emailAddress ?? inputs.phoneNumber ?? inputs.fullName}`;
      return declarations.oneAtATime(subject, () => createOrAdopt(operation, inputs, self));
    })().catch((error: unknown) => {
      throw explain("create the ACS user", error);
    });
    const { user, adopted } = created;
    const id = user.acs_user_id;
    const extra = adopted ? { adopted: true as const } : {};
    try {
      if (inputs.suspended !== undefined && inputs.suspended !== user.is_suspended) {
        await client.suspendAcsUser(id, inputs.suspended);
      }
      return { id, outputs: outputs(inputs, user, extra) };
    } catch (error) {
      const doing = `${inputs.suspended === true ? "suspend" : "unsuspend"} the ACS user ${id}`;
      throw new PartialResourceError(
        id,
        outputsWithoutSuspension(inputs, user, extra),
        explain(doing, error),
      );
    }
  },

  async read({ client, workspace }, id, known) {
    try {
      await workspace.assertPinned();
      const user = await observeAcsUser(client, id, known.workspaceId, "thisOperation");
      if (user === undefined) {
        if (known.workspaceId !== undefined) return undefined;
        throw new Error("there is none with this id in the API key's workspace. Check the id and the key");
      }
      const inputs = observedInputs(known, user);
      const extra = known.adopted === true ? { adopted: true as const } : {};
      return { outputs: outputs(inputs, user, extra), inputs };
    } catch (error) {
      throw explain(`read ACS user ${id}`, error);
    }
  },

  async update({ client, workspace }, id, olds, news) {
    const doing = `update ACS user ${id}`;
    let sent: Partial<AcsUserInputs> = {};
    const change = async (sets: Partial<AcsUserInputs>, run: () => Promise<void>): Promise<void> => {
      const isThere = async () => (await observeAcsUser(client, id, olds.workspaceId)) !== undefined;
      await changeExisting(run, isThere);
      sent = { ...sent, ...sets };
    };
    try {
      await workspace.assertPinned();
      // Suspending closes doors, so no other change may delay it; unsuspending opens them, so it waits for all others.
      const suspension = suspensionToSend(olds.suspended, news.suspended);
      const failures: unknown[] = [];
      const keepFailure = (error: unknown): void => void failures.push(error);
      if (suspension === true) {
        await change({ suspended: true }, () => client.suspendAcsUser(id, true)).catch(keepFailure);
      }
      const [before, after] = [wireAttributes(olds), wireAttributes(news)];
      const changed = changeable.filter(
        (name) => !isDeepStrictEqual(before[wireNames[name]], after[wireNames[name]]),
      );
      for (const { wire, names, closes } of requestsFor(changed, news, olds.accessSchedule)) {
        // Not every system can suspend, so what else closes doors is sent even after a failure.
        if (failures.length > 0 && !closes) break;
        const sets = Object.fromEntries(names.map((name) => [name, news[name]]));
        await change(sets, () => updateAttributes(client, id, wire, news.accessSchedule)).catch(keepFailure);
      }
      if (failures.length > 0) throw combined(failures);
      if (suspension === false) {
        await change({ suspended: news.suspended }, () => unsuspend(client, id, olds));
      }
      const user = await observeAcsUser(client, id, olds.workspaceId);
      if (user === undefined) throw deletedOutsidePulumi();
      return outputs(news, user, olds.adopted === true ? { adopted: true } : {});
    } catch (error) {
      const rejected = causesOf(error).some((cause) => cause instanceof SeamRejectedError);
      const failure = explain(doing, error, rejected ? "Correct the arguments" : undefined);
      if (Object.keys(sent).length === 0) throw failure;
      throw new PartialResourceError(id, { ...olds, ...sent }, failure);
    }
  },

  async delete({ client, watcher, slowTeardowns, workspace }, id, { teardown, workspaceId }) {
    try {
      await workspace.assertPinned();
      await slowTeardowns.follow(`ACS user ${id}`, (onEvent) =>
        tearDownAcsUser({
          client,
          watcher,
          acsUserId: id,
          workspaceId,
          timeoutSeconds: teardown?.timeoutSeconds,
          onEvent,
        }),
      );
    } catch (error) {
      throw explain(`delete ACS user ${id}`, error);
    }
  },
};

/**
 * Returns the suspension to send. A `false` that is no longer given leaves nothing to undo, even if somebody suspended the user
 * since.
 */
function suspensionToSend(before: boolean | undefined, after: boolean | undefined): boolean | undefined {
  if (before === after) return undefined;
  return before === true ? false : after;
}

/**
 * Ends a suspension. If the state records none, it is checked first, because a system may refuse to unsuspend a user that is
 * not suspended.
 */
async function unsuspend(client: SeamClient, id: string, olds: Readonly<AcsUserOutputs>): Promise<void> {
  const isSuspended =
    olds.suspended === true || (await observeAcsUser(client, id, olds.workspaceId))?.is_suspended === true;
  if (isSuspended) await client.suspendAcsUser(id, false);
}

interface Created {
  user: SeamAcsUser;
  adopted: boolean;
}

/**
 * Creates the ACS user exactly once, or adopts the existing one if `adopt` is set. Systems accept two people with the same
 * name, so no error shows that an earlier attempt succeeded: that is looked up after each lost response.
 */
async function createOrAdopt(
  operation: Operation,
  inputs: AcsUserInputs,
  self: Declaration,
): Promise<Created> {
  const { client, declarations } = operation;
  const existing = await existingUsers(operation, inputs);
  const own = existing.filter((user) => operation.takeOver.has(user.acs_user_id) && !isBeingDeleted(user));
  const [named, ...others] = own;
  if (named !== undefined && others.length === 0) {
    declarations.claim(self, named.acs_user_id);
    return { user: await bringUpToDate(client, named, inputs), adopted: false };
  }
  if (inputs.adopt === true && existing.length > 0 && isIdentified(inputs)) {
    return adopt(operation, existing, inputs, self);
  }
  if (existing.length > 0) throw conflict(operation, existing, inputs, self);
  let lostAt: number | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const sentAt = performance.now();
    let user: SeamAcsUser;
    try {
      user = await client.createAcsUser(inputs.acsSystemId, wireAttributes(inputs), inputs.acsAccessGroupIds);
    } catch (error) {
      if (error instanceof SeamRejectedError)
        throw explain("create the ACS user", error, "Correct the arguments");
      if (error instanceof SeamNotFoundError) {
        const groups = inputs.acsAccessGroupIds === undefined ? "" : ", acsAccessGroupIds";
        throw explain("create the ACS user", error, `Check acsSystemId${groups} and the key`);
      }
      if (!(error instanceof SeamError) || !error.mayHaveHappened) throw error;
      // What was created while the request still waited to be sent was not created by it.
      lostAt ??= error.sentAt ?? sentAt;
      const late = await findLost(operation, inputs, self, lostAt);
      if (late !== undefined) return { user: late, adopted: false };
      if (attempt >= createAttempts) throw error;
      continue;
    }
    declarations.claim(self, user.acs_user_id);
    if (lostAt !== undefined) await assertOnlyOne(operation, user, inputs, self, lostAt);
    return { user, adopted: false };
  }
}

/** Whether an attribute identifies the person; a name does not. */
function isIdentified(inputs: AcsUserInputs): boolean {
  return inputs.emailAddress !== undefined || inputs.phoneNumber !== undefined;
}

/**
 * Finds the ACS users of the system that may be this person: those with the given e-mail address or phone number or, if only a
 * name is given, those that an interrupted run may have created recently.
 */
async function existingUsers(
  { client, declarations }: Operation,
  inputs: AcsUserInputs,
): Promise<SeamAcsUser[]> {
  if (!isIdentified(inputs)) {
    const now = client.serverNow().getTime();
    return (await identicalUsers(client, inputs)).filter(
      (user) =>
        now - Date.parse(user.created_at) < interruptedRunAge &&
        // Two people in one program can have the same name.
        declarations.holderOf("AcsUser", user.acs_user_id) === undefined,
    );
  }
  const { emailAddress, phoneNumber } = inputs;
  const found = await findAcsUsersBy(client, inputs.acsSystemId, { emailAddress, phoneNumber });
  const notBeingDeleted = found.filter((user) => !isBeingDeleted(user));
  // An ACS user that is being deleted causes no conflict, and cannot be adopted either.
  return inputs.adopt === true && notBeingDeleted.length === 0 ? found : notBeingDeleted;
}

/** Finds identical ACS users that nobody is linked to. */
async function identicalUsers(client: SeamClient, inputs: AcsUserInputs): Promise<SeamAcsUser[]> {
  const found = await client.listAcsUsers({
    acs_system_id: inputs.acsSystemId,
    search: inputs.emailAddress ?? inputs.fullName,
  });
  return found.filter(
    (user) =>
      user.acs_system_id === inputs.acsSystemId &&
      user.user_identity_id === null &&
      isIdentical(user, inputs) &&
      !isBeingDeleted(user),
  );
}

function isIdentical(user: SeamAcsUser, inputs: AcsUserInputs): boolean {
  const seen = seenInputs(user);
  return (
    seen.fullName === inputs.fullName &&
    sameValue("email_address", seen.emailAddress, inputs.emailAddress) &&
    seen.phoneNumber === inputs.phoneNumber &&
    sameSchedule(seen.accessSchedule, inputs.accessSchedule) &&
    // An interrupted run may not have suspended it yet.
    (!user.is_suspended || inputs.suspended === true)
  );
}

/** Finds the ACS user of a create whose response was lost. */
async function findLost(
  operation: Operation,
  inputs: AcsUserInputs,
  self: Declaration,
  lostAt: number,
): Promise<SeamAcsUser | undefined> {
  for (let attempt = 0; attempt < lostCreateLookups; attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
    const [own, ...others] = await createdSince(operation, inputs, self, lostAt);
    if (own === undefined) continue;
    if (others.length > 0) {
      throw ambiguous([own, ...others], "Seam's answer was lost, and any of these may be the one it created");
    }
    operation.declarations.claim(self, own.acs_user_id);
    return own;
  }
  return undefined;
}

/** Finds ACS users that only this process can have created: see `lostAnswer` in ownership.ts. */
async function createdSince(
  { client, declarations, takeOver }: Operation,
  inputs: AcsUserInputs,
  self: Declaration,
  lostAt: number,
): Promise<SeamAcsUser[]> {
  const found = await identicalUsers(client, inputs);
  const now = client.serverNow();
  return found.filter((user) => {
    const holder = declarations.holderOf("AcsUser", user.acs_user_id);
    const proof = proofOfOwnership({
      id: user.acs_user_id,
      createdAt: new Date(user.created_at),
      now,
      isIdentical: true,
      linked: false,
      beingDeleted: false,
      hasDerivedKey: false,
      lostSince: new Date(now.getTime() - (performance.now() - lostAt)),
      named: takeOver,
    });
    return proof !== undefined && (holder === undefined || holder === self);
  });
}

/**
 * Asserts that an earlier request, whose response was lost, did not create the same person: the result may have appeared too
 * late for the lookups.
 */
async function assertOnlyOne(
  operation: Operation,
  created: SeamAcsUser,
  inputs: AcsUserInputs,
  self: Declaration,
  lostAt: number,
): Promise<void> {
  await beforeSecondRead();
  const duplicates = (await createdSince(operation, inputs, self, lostAt)).filter(
    (user) => user.acs_user_id !== created.acs_user_id,
  );
  if (duplicates.length === 0) return;
  const failure = new ResourceError(
    `created ACS user ${created.acs_user_id}, and probably the same person once more (${idsOf(duplicates)}), because an answer of Seam was lost. Compare the two in the Seam console; the second is in no state. Then run the same command again`,
  );
  throw new PartialResourceError(created.acs_user_id, outputsWithoutSuspension(inputs, created, {}), failure);
}

/** Adopts an ACS user, unless its attributes show that it may be another person. */
async function adopt(
  { client, declarations }: Operation,
  existing: readonly SeamAcsUser[],
  inputs: AcsUserInputs,
  self: Declaration,
): Promise<Created> {
  const [user, ...others] = existing;
  if (user === undefined || others.length > 0) {
    throw ambiguous(existing, "more than one ACS user of the system has the e-mail address or phone number");
  }
  const id = user.acs_user_id;
  const refuse = (why: string, next: string): ResourceError =>
    new ResourceError(`could not adopt ACS user ${id}: ${why}. Nothing was changed. ${next}`);
  if (isBeingDeleted(user)) {
    throw refuse("it is being deleted in Seam", "Run the same command again when it is gone");
  }
  const contradicted = notRemovable.find((name) => {
    const [wanted, has] = [inputs[name], user[attributes[name]]];
    return wanted !== undefined && has !== null && !sameValue(attributes[name], has, wanted);
  });
  if (contradicted !== undefined) {
    throw refuse(
      `it has another ${contradicted} than the program gives, so it may be somebody else`,
      `If it is the same person, give the ${contradicted} that it has, or leave it out`,
    );
  }
  declarations.claim(self, id);
  return { user: await bringUpToDate(client, user, inputs), adopted: true };
}

/** Returns the error for a create that conflicts with existing ACS users, with the possible solutions. */
function conflict(
  { declarations }: Operation,
  existing: readonly SeamAcsUser[],
  inputs: AcsUserInputs,
  self: Declaration,
): ResourceError {
  for (const user of existing) declarations.refuse(self, user.acs_user_id);
  const found = existing.map((user) => `${user.acs_user_id}, created ${user.created_at}`).join("; ");
  const [first] = existing;
  const holder = first === undefined ? undefined : declarations.holderOf("AcsUser", first.acs_user_id);
  if (holder !== undefined) {
    return new ResourceError(
      `could not create the ACS user: the access control system has one like it already (${found}), which is ${described(holder)} of this program. Give each of the two an e-mail address or phone number of its own, or remove one from the program; if the resource has a new name, give it an alias`,
    );
  }
  const id = first?.acs_user_id ?? "";
  const own = ownObjectAdvice(id);
  if (!isIdentified(inputs)) {
    return new ResourceError(
      `could not create the ACS user: the access control system has one with the same attributes, less than an hour old and linked to nobody (${found}), and a name does not prove whether it is the same person. ${own}. If it is somebody else, give this one an e-mail address, a phone number or an access schedule of its own`,
    );
  }
  return new ResourceError(
    `could not create the ACS user: the access control system has one with this e-mail address or phone number already (${found}). Nothing was changed. ${own}. To manage an ACS user that was created elsewhere, and keep it when the resource is deleted, set adopt: true`,
  );
}

function ambiguous(users: readonly SeamAcsUser[], why: string): ResourceError {
  return new ResourceError(
    `could not create the ACS user: ${why} (${idsOf(users)}). Nothing was changed. Compare them in the Seam console; then name the right one for one run, ${takeOverCommand("<id>")}, or give only attributes that one of them has`,
  );
}

function idsOf(users: readonly SeamAcsUser[]): string {
  return users.map((user) => user.acs_user_id).join(", ");
}

async function bringUpToDate(
  client: SeamClient,
  user: SeamAcsUser,
  inputs: AcsUserInputs,
): Promise<SeamAcsUser> {
  const suspends = inputs.suspended === true && !user.is_suspended;
  // As in an update, no other change may delay what closes doors.
  if (suspends) await client.suspendAcsUser(user.acs_user_id, true);
  const known = suspends ? { ...user, is_suspended: true } : user;
  const seen = seenInputs(known);
  const differing = changeable.filter(
    (name) => inputs[name] !== undefined && !sameSeen(name, inputs[name], seen[name]),
  );
  if (differing.length === 0) return known;
  for (const { wire } of requestsFor(differing, inputs, seen.accessSchedule)) {
    await updateAttributes(client, user.acs_user_id, wire, inputs.accessSchedule);
  }
  return (await client.findAcsUser(user.acs_user_id)) ?? known;
}

/** A request that changes an ACS user. */
interface ChangeRequest {
  wire: AcsUserAttributes;
  /** The arguments that it sets. */
  names: readonly Changeable[];
  /** Whether it removes access. */
  closes: boolean;
}

/** Returns the requests that set some arguments, in the order in which they are sent. */
function requestsFor(
  names: readonly Changeable[],
  inputs: AcsUserInputs,
  before: Schedule | undefined,
): ChangeRequest[] {
  const wanted = wireAttributes(inputs);
  const setting = (some: readonly Changeable[]) =>
    Object.fromEntries(some.map((name) => [wireNames[name], wanted[wireNames[name]] ?? null]));
  const times = setting(names.filter((name) => name === "accessSchedule"));
  const others = setting(names.filter((name) => name !== "accessSchedule"));
  const [old, new_] = [before ?? {}, inputs.accessSchedule ?? {}];
  return closingFirst(times, others, old, new_).map((wire) => ({
    wire,
    names: names.filter((name) => wireNames[name] in wire),
    closes: wireNames.accessSchedule in wire && removesAccess(old, new_),
  }));
}

/** Sends an update. Seam may refuse a schedule without an end; if it has started, it is the same as no schedule. */
async function updateAttributes(
  client: SeamClient,
  id: string,
  change: AcsUserAttributes,
  schedule: Schedule | undefined,
): Promise<void> {
  try {
    await client.updateAcsUser(id, change);
  } catch (error) {
    const endless =
      change.access_schedule !== undefined && schedule !== undefined && schedule.endsAt === undefined;
    if (!(error instanceof SeamRejectedError) || !endless) throw error;
    if (Date.parse(schedule.startsAt ?? "") > client.serverNow().getTime()) throw error;
    await client.updateAcsUser(id, { ...change, access_schedule: null });
  }
}

function wireAttributes(inputs: Partial<AcsUserInputs>): AcsUserAttributes {
  const schedule = inputs.accessSchedule;
  return {
    ...(inputs.fullName === undefined ? {} : { full_name: inputs.fullName }),
    ...(inputs.emailAddress === undefined ? {} : { email_address: inputs.emailAddress }),
    ...(inputs.phoneNumber === undefined ? {} : { phone_number: inputs.phoneNumber }),
    ...(schedule === undefined
      ? {}
      : { access_schedule: { starts_at: schedule.startsAt ?? "", ends_at: schedule.endsAt ?? null } }),
  };
}

/** Whether two arguments are equivalent; times may be in any form. */
function same(name: string, one: unknown, other: unknown): boolean {
  if (name === "acsSystemId") return canonicalId(one) === canonicalId(other);
  if (name === "accessSchedule" && isSchedule(one) && isSchedule(other)) {
    return sameTime(one.startsAt, other.startsAt) && sameTime(one.endsAt, other.endsAt);
  }
  return isDeepStrictEqual(one, other);
}

/**
 * Whether a value in Seam is equivalent to the given one: addresses in any case, and no schedule for one without an end that
 * has started.
 */
function sameSeen(name: string, wanted: unknown, seen: unknown): boolean {
  if (name === "emailAddress") return sameValue("email_address", text(wanted), text(seen));
  if (name === "accessSchedule" && isSchedule(wanted)) {
    return sameSchedule(isSchedule(seen) ? seen : undefined, wanted);
  }
  return same(name, wanted, seen);
}

function sameSchedule(seen: Schedule | undefined, wanted: Schedule | undefined): boolean {
  if (seen === undefined || wanted === undefined) {
    const started = wanted?.endsAt === undefined && Date.parse(wanted?.startsAt ?? "") <= Date.now();
    return seen === wanted || (seen === undefined && started);
  }
  return same("accessSchedule", seen, wanted);
}

function isSchedule(value: unknown): value is Schedule {
  return isProperties(value);
}

function sameTime(one: string | undefined, other: string | undefined): boolean {
  return one === other || Date.parse(one ?? "") === Date.parse(other ?? "");
}

function outputs(inputs: AcsUserInputs, user: SeamAcsUser, extra: { adopted?: true }): AcsUserOutputs {
  return {
    ...inputs,
    acsUserId: user.acs_user_id,
    displayName: user.display_name ?? "",
    createdAt: user.created_at,
    workspaceId: user.workspace_id,
    ...extra,
  };
}

/** Returns the outputs of an ACS user whose suspension could not be changed. */
function outputsWithoutSuspension(
  { suspended: _, ...inputs }: AcsUserInputs,
  user: SeamAcsUser,
  extra: { adopted?: true },
): AcsUserOutputs {
  return outputs(inputs, user, extra);
}

/** Converts an ACS user in Seam to arguments. */
function seenInputs(user: SeamAcsUser): AcsUserInputs {
  const schedule = user.access_schedule;
  return {
    acsSystemId: user.acs_system_id,
    fullName: user.full_name ?? "",
    emailAddress: user.email_address ?? undefined,
    phoneNumber: user.phone_number ?? undefined,
    accessSchedule:
      schedule === null
        ? undefined
        : {
            ...(schedule.starts_at === null ? {} : { startsAt: schedule.starts_at }),
            ...(schedule.ends_at === null ? {} : { endsAt: schedule.ends_at }),
          },
    suspended: user.is_suspended,
  };
}

/** Returns the arguments that correspond to the ACS user in Seam, without those that the program never set. */
function observedInputs(known: Readonly<Partial<AcsUserOutputs>>, user: SeamAcsUser): AcsUserInputs {
  const seen = seenInputs(user);
  const isNew = known.workspaceId === undefined;
  const observed: Record<string, unknown> = {};
  for (const name of comparedFields.acsUser) {
    const setting = name === "adopt" || name === "deletionPolicy" || name === "teardown";
    if (!isNew && known[name] === undefined) continue;
    const value = setting || sameSeen(name, known[name], seen[name]) ? known[name] : seen[name];
    if (value !== undefined) observed[name] = value;
  }
  if (isNew && observed.suspended === false) delete observed.suspended;
  if (known.acsAccessGroupIds !== undefined) observed.acsAccessGroupIds = known.acsAccessGroupIds;
  return { ...observed, acsSystemId: seen.acsSystemId, fullName: text(observed.fullName) ?? seen.fullName };
}
