import { isDeepStrictEqual } from "node:util";
import { observeAcsUser } from "../seam/observe";
import type { AcsUserAttributes, SeamClient } from "../seam/client";
import { SeamError, SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import { sameValue } from "../seam/lookup";
import type { AcsUser as SeamAcsUser } from "../seam/model";
import { beforeSecondLook } from "../seam/retry";
import { tearDownAcsUser } from "../teardown/acsUserTeardown";
import type { Claims } from "./ownership";
import { explain, HalfMadeError, ResourceError } from "./resourceErrors";
import { isRecent } from "./interruptedRun";
import {
  checkInputs,
  given,
  isBoolean,
  isEmailAddress,
  isNumberBetween,
  isObject,
  isPhoneNumber,
  isSeamId,
  isText,
  isTime,
  type Rule,
} from "./validation";
import { type Properties, text, unknownValue, type Verbs } from "./verbs";

const rules: Readonly<Record<string, Rule>> = {
  acsSystemId: isSeamId,
  fullName: isText,
  emailAddress: isEmailAddress,
  phoneNumber: isPhoneNumber,
  accessSchedule: isObject({ startsAt: isTime, endsAt: isTime }),
  suspended: isBoolean,
  teardown: isObject({ timeoutSeconds: isNumberBetween(1, 86_400) }),
};
const required = ["acsSystemId", "fullName"];
/** Seam can change these and not take them away. */
const notRemovable = ["emailAddress", "phoneNumber"];

interface Schedule {
  startsAt?: string;
  endsAt?: string;
}

/** How often a create that may have happened is sent again, and how often it is looked up before that, at growing distances. */
const createAttempts = 3;
const looksForLost = 3;

export const acsUserVerbs: Verbs = {
  check(_olds, news) {
    const inputs = given(news);
    const failures = checkInputs(inputs, rules);
    for (const property of required) {
      if (inputs[property] === undefined) failures.push({ property, reason: "is missing" });
    }
    const schedule = inputs.accessSchedule as Schedule | typeof unknownValue | undefined;
    if (typeof schedule === "object" && failures.length === 0) {
      const { startsAt = "", endsAt = "" } = schedule;
      if (startsAt === "" || endsAt === "") {
        failures.push({ property: "accessSchedule", reason: "needs both startsAt and endsAt" });
      } else if (Date.parse(endsAt) <= Date.parse(startsAt)) {
        failures.push({ property: "accessSchedule", reason: "must end after it starts" });
      }
    }
    return { inputs, failures };
  },

  diff(_id, olds, news) {
    const changed = Object.keys(rules).filter((name) => !same(name, olds[name], news[name]));
    const replaces = changed.filter(
      (name) => name === "acsSystemId" || (notRemovable.includes(name) && news[name] === undefined),
    );
    return { changes: changed.length > 0, replaces, deleteBeforeReplace: true };
  },

  async create({ client, claims }, inputs) {
    // Of two that look alike, the second must see what the first has made.
    const alike = JSON.stringify([inputs.acsSystemId, wireAttributes(inputs)]);
    const made = await claims
      .oneAtATime(alike, () => createOnce(client, claims, inputs))
      .catch((error: unknown) => {
        throw explain("create the ACS user", error);
      });
    const id = made.acs_user_id;
    try {
      if (inputs.suspended === true && !made.is_suspended) await client.suspendAcsUser(id, true);
    } catch (error) {
      throw new HalfMadeError(id, asMade(inputs, made), explain(`suspend the new ACS user ${id}`, error));
    }
    return { id, outs: outputs(inputs, made) };
  },

  async read({ client }, id, props) {
    const user = await observeAcsUser(client, id, text(props.workspaceId), "thisOperation").catch(
      (error: unknown) => {
        throw explain(`read ACS user ${id}`, error);
      },
    );
    if (user === undefined) {
      if (props.workspaceId !== undefined) return {};
      throw new ResourceError(
        `could not read ACS user ${id}: there is none with this id in the API key's workspace. Check the id and the key`,
      );
    }
    const inputs = refreshedInputs(props, user);
    return { id, props: outputs(inputs, user), inputs };
  },

  async update({ client }, id, olds, news) {
    const doing = `update ACS user ${id}`;
    try {
      const [before, after] = [wireAttributes(olds), wireAttributes(news)];
      const names = Object.keys({ ...before, ...after }) as (keyof AcsUserAttributes)[];
      const changed = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
      if (changed.length > 0) {
        const change = Object.fromEntries(changed.map((name) => [name, after[name] ?? null]));
        await ifThere(client, id, olds, () => client.updateAcsUser(id, change));
      }
      if ((olds.suspended === true) !== (news.suspended === true)) {
        await ifThere(client, id, olds, () => client.suspendAcsUser(id, news.suspended === true));
      }
      const user = await observeAcsUser(client, id, text(olds.workspaceId));
      if (user === undefined) throw deletedBehindPulumi();
      return { outs: outputs(news, user) };
    } catch (error) {
      throw explain(doing, error, error instanceof SeamRejectedError ? "Correct the arguments" : undefined);
    }
  },

  keeps: () => false,

  async delete({ client, watcher, slowTeardowns }, id, props) {
    const { timeoutSeconds } = (props.teardown ?? {}) as { timeoutSeconds?: number };
    try {
      const workspaceId = text(props.workspaceId);
      await slowTeardowns.follow(`ACS user ${id}`, (onEvent) =>
        tearDownAcsUser({ client, watcher, acsUserId: id, workspaceId, timeoutSeconds, onEvent }),
      );
    } catch (error) {
      throw explain(`delete ACS user ${id}`, error);
    }
  },
};

/**
 * Creates the ACS user exactly once. Systems take two people of the same name, so no error tells that an earlier attempt
 * succeeded: whether it did is looked up, first and after each answer that was lost.
 */
async function createOnce(client: SeamClient, claims: Claims, inputs: Properties): Promise<SeamAcsUser> {
  const acsSystemId = text(inputs.acsSystemId) ?? "";
  const take = (user: SeamAcsUser): SeamAcsUser => {
    claims.own(user.acs_user_id);
    return user;
  };
  const before = await lookAlikes(client, claims, acsSystemId, inputs);
  if (before.length > 0) return take(await leftByInterruptedRun(client, before, inputs));
  for (let attempt = 1; ; attempt += 1) {
    let made: SeamAcsUser;
    try {
      made = await client.createAcsUser(acsSystemId, wireAttributes(inputs));
    } catch (error) {
      if (error instanceof SeamRejectedError)
        throw explain("create the ACS user", error, "Correct the arguments");
      if (error instanceof SeamNotFoundError) {
        throw explain("create the ACS user", error, "Check acsSystemId and the key");
      }
      if (!(error instanceof SeamError) || !error.mayHaveHappened) throw error;
      for (let look = 0; look < looksForLost; look += 1) {
        await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** look));
        // There was none before this process asked for one, so one that is there now is its own.
        const [late] = await lookAlikes(client, claims, acsSystemId, inputs);
        if (late !== undefined) return take(late);
      }
      if (attempt >= createAttempts) throw error;
      continue;
    }
    claims.own(made.acs_user_id);
    if (attempt > 1) await assertOnlyOne(client, claims, made, inputs);
    return made;
  }
}

/** What an earlier request made, whose answer was lost, may have been too late to appear for the looks in between. */
async function assertOnlyOne(
  client: SeamClient,
  claims: Claims,
  made: SeamAcsUser,
  inputs: Properties,
): Promise<void> {
  await beforeSecondLook();
  const twins = await lookAlikes(client, claims, made.acs_system_id, inputs);
  if (twins.length === 0) return;
  const ids = twins.map((user) => user.acs_user_id).join(", ");
  const failure = new ResourceError(
    `created ACS user ${made.acs_user_id}, and the same person once more (${ids}), because an answer of Seam's was lost. Delete that one in the Seam console, then run the same command again`,
  );
  throw new HalfMadeError(made.acs_user_id, asMade(inputs, made), failure);
}

/** ACS users that an interrupted create may have left: new, linked to nobody, no other resource's, the same to the letter. */
async function lookAlikes(
  client: SeamClient,
  claims: Claims,
  acsSystemId: string,
  inputs: Properties,
): Promise<SeamAcsUser[]> {
  const wanted = wireAttributes(inputs);
  const found = await client.listAcsUsers({
    acs_system_id: acsSystemId,
    search: wanted.email_address ?? wanted.full_name ?? "",
  });
  return found.filter((user) => {
    const seen = refreshedInputs(inputs, user);
    return (
      !claims.isOwned(user.acs_user_id) &&
      user.user_identity_id === null &&
      isRecent(client, user.created_at) &&
      // A run that was interrupted had made it, and may not have come to suspending it.
      (!user.is_suspended || inputs.suspended === true) &&
      ["fullName", "emailAddress", "phoneNumber", "accessSchedule"].every((name) =>
        isDeepStrictEqual(seen[name], inputs[name]),
      ) &&
      !user.warnings.some((warning) => warning.warning_code === "being_deleted")
    );
  });
}

/**
 * The one that an interrupted run left. A name is no proof: where neither e-mail address nor phone number tells who it is, or
 * somebody has been given a credential, nobody is taken for somebody else.
 */
async function leftByInterruptedRun(
  client: SeamClient,
  candidates: readonly SeamAcsUser[],
  inputs: Properties,
): Promise<SeamAcsUser> {
  const [only, ...others] = candidates;
  const identified = inputs.emailAddress !== undefined || inputs.phoneNumber !== undefined;
  if (only !== undefined && others.length === 0 && identified) {
    const credentials = await client.listAcsCredentials({ acs_user_id: only.acs_user_id });
    if (credentials.length === 0) return only;
  }
  const ids = candidates.map((user) => user.acs_user_id).join(", ");
  throw new ResourceError(
    `could not create the ACS user: the access control system has one with the same attributes, less than an hour old and linked to nobody (${ids}), and nothing tells whether an interrupted run left it or it is somebody else. If a run was interrupted, delete it in the Seam console. If it is somebody else, give this one an e-mail address, a phone number or an access schedule of its own. Then run the same command again`,
  );
}

/** Runs a change; a "not found" of something that is there is asked once more. */
async function ifThere(
  client: SeamClient,
  id: string,
  olds: Properties,
  change: () => Promise<void>,
): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof SeamNotFoundError)) throw error;
    if ((await observeAcsUser(client, id, text(olds.workspaceId))) === undefined) throw deletedBehindPulumi();
    await change();
  }
}

function deletedBehindPulumi(): Error {
  return new Error(
    "it is not in Seam any more; somebody deleted it behind Pulumi's back. Run `pulumi refresh` to take it out of the state, then `pulumi up` to create it anew",
  );
}

function wireAttributes(inputs: Properties): AcsUserAttributes {
  const schedule = inputs.accessSchedule as Schedule | undefined;
  const attributes = {
    full_name: text(inputs.fullName),
    email_address: text(inputs.emailAddress),
    phone_number: text(inputs.phoneNumber),
    access_schedule:
      schedule === undefined
        ? undefined
        : { starts_at: schedule.startsAt ?? "", ends_at: schedule.endsAt ?? "" },
  };
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

/** Whether two values mean the same: times in any form, and "not suspended" by omission. */
function same(name: string, one: unknown, other: unknown): boolean {
  if (name === "suspended") return (one === true) === (other === true) && !isUnknown(other);
  if (name === "accessSchedule" && isSchedule(one) && isSchedule(other)) {
    return sameTime(one.startsAt, other.startsAt) && sameTime(one.endsAt, other.endsAt);
  }
  return isDeepStrictEqual(one, other);
}

function isUnknown(value: unknown): boolean {
  return value === unknownValue;
}

function isSchedule(value: unknown): value is Schedule {
  return typeof value === "object" && value !== null;
}

function sameTime(one: string | undefined, other: string | undefined): boolean {
  return one === other || Date.parse(one ?? "") === Date.parse(other ?? "");
}

function outputs(inputs: Properties, user: SeamAcsUser): Record<string, unknown> {
  return {
    ...inputs,
    acsUserId: user.acs_user_id,
    displayName: user.display_name ?? "",
    createdAt: user.created_at,
    workspaceId: user.workspace_id,
  };
}

/** The outputs of one that was made and not suspended. */
function asMade({ suspended: _, ...inputs }: Properties, user: SeamAcsUser): Record<string, unknown> {
  return outputs(inputs, user);
}

/** The inputs as they would have to be for Seam to be as it is. */
function refreshedInputs(props: Properties, user: SeamAcsUser): Record<string, unknown> {
  const schedule = user.access_schedule;
  const seen = {
    acsSystemId: user.acs_system_id,
    fullName: user.full_name ?? undefined,
    emailAddress: user.email_address ?? undefined,
    phoneNumber: user.phone_number ?? undefined,
    accessSchedule:
      schedule === null
        ? undefined
        : { startsAt: schedule.starts_at ?? undefined, endsAt: schedule.ends_at ?? undefined },
    suspended: user.is_suspended ? true : undefined,
    teardown: props.teardown,
  };
  const sameAs = (name: string, value: unknown): boolean =>
    name === "emailAddress"
      ? sameValue("email_address", text(props[name]), text(value))
      : same(name, props[name], value);
  return Object.fromEntries(
    Object.entries(seen).flatMap(([name, value]) => {
      const kept = sameAs(name, value) ? props[name] : value;
      return kept === undefined ? [] : [[name, kept]];
    }),
  );
}
