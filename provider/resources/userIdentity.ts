import { isDeepStrictEqual } from "node:util";
import { isBeingDeleted } from "../seam/beingDeleted";
import type { SeamClient, UserIdentityAttributes } from "../seam/client";
import { SeamError, SeamRejectedError } from "../seam/errors";
import type { UserIdentity as SeamUserIdentity } from "../seam/model";
import { observeUserIdentity } from "../seam/observe";
import { beforeSecondRead } from "../seam/retry";
import { tearDownUserIdentity } from "../teardown/teardown";
import { changeExisting, deletedOutsidePulumi } from "./changeExisting";
import { comparedFields } from "./comparedFields";
import { type Declaration, described } from "./declarations";
import type { Lifecycle, Operation } from "./lifecycle";
import { ownObjectAdvice, proofOfOwnership } from "./ownership";
import { unknownValue } from "./properties";
import { explain, ResourceError } from "./resourceErrors";
import { staysInSeam } from "./retention";
import {
  attributeNames,
  attributes,
  contradictions,
  defaultKeyProperty,
  type Owner,
  ownersOf,
  sameAttribute,
  isIdentical,
  undecidedAdoption,
  type UniqueAttribute,
  uniqueAttributes,
  type UserIdentityInputs,
  type UserIdentityOutputs,
  wireAttributes,
} from "./userIdentityAttributes";
import {
  checkInputs,
  given,
  isBoolean,
  isEmailAddress,
  isNumberBetween,
  isObject,
  isOneOf,
  isPhoneNumber,
  isText,
  type Rule,
} from "./validation";

const rules: Readonly<Record<string, Rule>> = {
  userIdentityKey: isText,
  emailAddress: isEmailAddress,
  phoneNumber: isPhoneNumber,
  fullName: isText,
  defaultKey: isBoolean,
  adopt: isBoolean,
  deletionPolicy: isOneOf("teardown", "retain"),
  teardown: isObject({
    acsUsers: isOneOf("delete", "unlink"),
    accessGrants: isOneOf("delete", "retain"),
    timeoutSeconds: isNumberBetween(1, 86_400),
  }),
};

const settings = ["defaultKey", "adopt", "deletionPolicy", "teardown", defaultKeyProperty] as const;

/** The number of attempts of a create that may have happened. Before each further one, the identity is looked up. */
const createAttempts = 4;
/** How long a create or update waits for a value that another declared resource is about to release. In milliseconds. */
const moveTimeout = 60_000;

export const userIdentityLifecycle: Lifecycle<UserIdentityInputs, UserIdentityOutputs> = {
  noun: "user identity",
  tearsDown: true,
  staysInSeam,

  check(olds, news) {
    const { [defaultKeyProperty]: derivedKey, ...inputs } = given(news);
    const failures = checkInputs(inputs, rules);
    const before = given(olds);
    // An existing identity without a key keeps none: it may belong to the app and have been adopted or imported.
    const hadNone = before.userIdentityKey === undefined && before[defaultKeyProperty] === undefined;
    const keepsNone = Object.keys(before).length > 0 && hadNone;
    const wanted = inputs.adopt !== true && inputs.defaultKey !== false;
    if (inputs.userIdentityKey === undefined && derivedKey !== undefined && wanted && !keepsNone) {
      inputs.userIdentityKey = before[defaultKeyProperty] ?? derivedKey;
      inputs[defaultKeyProperty] = inputs.userIdentityKey;
    } else if (
      inputs.userIdentityKey !== undefined &&
      inputs.userIdentityKey === before[defaultKeyProperty]
    ) {
      // With ignoreChanges, the derived key is passed as if the program had given it.
      inputs[defaultKeyProperty] = inputs.userIdentityKey;
    }
    return { inputs, failures };
  },

  diff(_id, olds, news) {
    return {
      changes: comparedFields.userIdentity.some((name) => !isDeepStrictEqual(olds[name], news[name])),
    };
  },

  uniqueValues(inputs) {
    return uniqueAttributes.flatMap((property) => {
      const value = inputs[property];
      if (typeof value !== "string" || value === unknownValue) return [];
      return [{ property, value: property === "emailAddress" ? value.toLowerCase() : value }];
    });
  },

  async create(operation, inputs, self) {
    try {
      await operation.workspace.assertOwn();
      const { identity, adopted } = await createOrAdopt(operation, inputs, self);
      return {
        id: identity.user_identity_id,
        outputs: outputs(inputs, identity, adopted ? { adopted: true } : {}),
      };
    } catch (error) {
      throw explain("create the user identity", error);
    }
  },

  async read({ client, workspace }, id, known) {
    try {
      await workspace.assertPinned();
      const identity = await observeUserIdentity(client, id, known.workspaceId, "thisOperation");
      if (identity === undefined || isBeingDeleted(identity)) {
        if (known.workspaceId !== undefined) return undefined;
        throw new Error(
          identity === undefined
            ? "there is none with this id in the API key's workspace. Check the id and the key"
            : "it is being deleted in Seam",
        );
      }
      const inputs = observedInputs(known, identity);
      const adopted = known.adopted === true ? { adopted: true as const } : {};
      const acsUserIds = known.acsUserIds === undefined ? {} : { acsUserIds: known.acsUserIds };
      return { outputs: { ...outputs(inputs, identity, adopted), ...acsUserIds }, inputs };
    } catch (error) {
      throw explain(`read user identity ${id}`, error);
    }
  },

  async update(operation, id, olds, news) {
    const { client } = operation;
    const doing = `update user identity ${id}`;
    try {
      const undecided = undecidedAdoption(olds, news);
      if (undecided !== undefined) throw new Error(undecided);
      await operation.workspace.assertPinned();
      const changed = attributeNames.filter((name) => !isDeepStrictEqual(olds[name], news[name]));
      if (changed.length > 0) {
        // If the identity was merged into another one, an update by its id would change that other one.
        await assertExists(client, id, olds.workspaceId);
        const change = Object.fromEntries(changed.map((name) => [attributes[name], news[name] ?? null]));
        await sendUpdate(operation, { id, olds, news, change, doing });
      }
      const identity = await assertExists(client, id, olds.workspaceId);
      return outputs(news, identity, olds.adopted === true ? { adopted: true } : {});
    } catch (error) {
      throw explain(doing, error);
    }
  },

  async delete({ client, watcher, slowTeardowns, workspace, declarations }, id, { teardown, workspaceId }) {
    try {
      await workspace.assertPinned();
      await slowTeardowns.follow(`user identity ${id}`, (onEvent) =>
        tearDownUserIdentity({
          client,
          watcher,
          userIdentityId: id,
          workspaceId,
          acsUsers: teardown?.acsUsers,
          accessGrants: teardown?.accessGrants,
          // ACS users that another resource of the program has are unlinked and not deleted.
          keepAcsUserIds: (acsUserId) => declarations.keepsAcsUser(acsUserId, id),
          timeoutSeconds: teardown?.timeoutSeconds,
          onEvent,
        }),
      );
    } catch (error) {
      throw explain(`delete user identity ${id}`, error);
    }
  },
};

interface Created {
  identity: SeamUserIdentity;
  adopted: boolean;
}

/** Creates the identity exactly once, even if responses are lost, or adopts the existing one if `adopt` is set. */
async function createOrAdopt(
  operation: Operation,
  inputs: UserIdentityInputs,
  self: Declaration,
): Promise<Created> {
  const { client, declarations } = operation;
  if (inputs.adopt === true) {
    const existing = onlyOwner(await ownersOf(client, inputs));
    if (existing !== undefined) return adopt(operation, existing, inputs, self);
  }
  const startedAt = performance.now();
  let lostAt: number | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const sentAt = performance.now();
    const changes = declarations.changeCount;
    try {
      const identity = await client.createUserIdentity(wireAttributes(inputs));
      declarations.claim(self, identity.user_identity_id);
      return { identity, adopted: false };
    } catch (error) {
      if (!(error instanceof SeamError)) throw error;
      const rejected = error instanceof SeamRejectedError;
      if (!rejected && !error.mayHaveHappened) throw error;
      // What was created while the request still waited to be sent was not created by it.
      if (!rejected) lostAt ??= error.sentAt ?? sentAt;
      let owners = await ownersOf(client, inputs);
      if (owners.length === 0 && rejected) {
        // The conflicting identity can be late to appear.
        await beforeSecondRead();
        owners = await ownersOf(client, inputs);
      }
      // Refused although no response was lost: the identity existed before, and was only late to appear.
      if (inputs.adopt === true && rejected && lostAt === undefined) {
        const existing = onlyOwner(owners);
        if (existing !== undefined) return adopt(operation, existing, inputs, self);
      }
      const own = await reuseOwn(operation, owners, inputs, self, lostAt);
      if (own !== undefined) return { identity: own, adopted: false };
      const late = performance.now() - startedAt > moveTimeout;
      const movedAway = rejected && owners.length === 0 && declarations.changeCount > changes;
      if (!late && (movedAway || (await areMoving(operation, owners)))) {
        await declarations.untilChange(changes, 1_000);
        attempt -= 1;
        continue;
      }
      if (rejected || owners.length > 0) throw conflict(operation, error, owners, inputs, self);
      if (uniqueAttributes.every((name) => inputs[name] === undefined)) {
        throw explain(
          "create the user identity",
          error,
          "It may exist now, and without key, e-mail address and phone number it cannot be looked up: check in the Seam console, and import it if it is there. Leaving defaultKey on avoids this",
        );
      }
      if (attempt >= createAttempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
    }
  }
}

/** Returns the one identity that all the given values belong to. */
function onlyOwner(owners: readonly Owner[]): Owner | undefined {
  const ids = new Set(owners.map(({ owner }) => owner.user_identity_id));
  if (ids.size > 1) {
    const named = owners.map(({ name, owner }) => `${name} belongs to ${owner.user_identity_id}`).join(", ");
    throw new ResourceError(
      `could not create the user identity: the arguments name more than one existing identity (${named}). Give only those of one person`,
    );
  }
  return owners[0];
}

/** Adopts an identity, unless its attributes show that it may be another person. */
async function adopt(
  operation: Operation,
  { owner: existing, merged }: Owner,
  inputs: UserIdentityInputs,
  self: Declaration,
): Promise<Created> {
  const id = existing.user_identity_id;
  const refuse = (why: string, next: string): ResourceError =>
    new ResourceError(`could not adopt user identity ${id}: ${why}. Nothing was changed. ${next}`);
  if (merged) {
    throw refuse(
      "the identity that had the given userIdentityKey was merged into it, and it has another key",
      `Give the key of ${id} if this resource is to have it`,
    );
  }
  if (isBeingDeleted(existing)) {
    throw refuse("it is being deleted in Seam", "Run the same command again when it is gone");
  }
  const [contradicted] = contradictions(existing, inputs);
  if (contradicted !== undefined) {
    throw refuse(
      `it has another ${contradicted} than the program gives, so it may be somebody else`,
      `If it is the same person, give the ${contradicted} that it has, or leave it out; if not, give this one values of its own`,
    );
  }
  operation.declarations.claim(self, id);
  return { identity: await bringUpToDate(operation.client, existing, inputs), adopted: true };
}

/** Returns the conflicting identity if there is proof that it belongs to this resource; see ownership.ts. */
async function reuseOwn(
  { client, declarations, takeOver }: Operation,
  owners: readonly Owner[],
  inputs: UserIdentityInputs,
  self: Declaration,
  lostAt: number | undefined,
): Promise<SeamUserIdentity | undefined> {
  const [first, ...others] = owners;
  if (first === undefined || first.merged) return undefined;
  const { owner: existing } = first;
  const id = existing.user_identity_id;
  if (others.some(({ owner }) => owner.user_identity_id !== id)) return undefined;
  const now = client.serverNow();
  const proof = proofOfOwnership({
    id,
    createdAt: new Date(existing.created_at),
    now,
    isIdentical: isIdentical(existing, inputs),
    linked: existing.acs_user_ids.length > 0,
    beingDeleted: isBeingDeleted(existing),
    hasDerivedKey:
      inputs.defaultUserIdentityKey !== undefined &&
      existing.user_identity_key === inputs.defaultUserIdentityKey,
    lostSince: lostAt === undefined ? undefined : new Date(now.getTime() - (performance.now() - lostAt)),
    named: takeOver,
  });
  if (proof === undefined) return undefined;
  declarations.claim(self, id);
  return bringUpToDate(client, existing, inputs);
}

/** Whether all conflicting values belong to declared resources that are about to release them, as when two people swap addresses. */
async function areMoving({ declarations }: Operation, owners: readonly Owner[]): Promise<boolean> {
  const moving = (): boolean =>
    owners.every(({ name, owner }) => {
      const holder = declarations.holderOf("UserIdentity", owner.user_identity_id);
      if (declarations.isStarved || declarations.hasFailed("UserIdentity", owner.user_identity_id))
        return false;
      return holder !== undefined && !sameAttribute(name, owner, { [name]: holder.inputs[name] });
    });
  if (owners.length === 0) return false;
  // The resource that has it may be registered a moment later.
  if (!moving()) await declarations.settled();
  return moving();
}

interface Update {
  id: string;
  olds: UserIdentityOutputs;
  news: UserIdentityInputs;
  change: UserIdentityAttributes;
  doing: string;
}

/** Sends an update, and sends it again when another declared identity has released a value that moves to this one. */
async function sendUpdate(operation: Operation, { id, olds, news, change, doing }: Update): Promise<void> {
  const { client, declarations } = operation;
  const startedAt = performance.now();
  let released = false;
  for (let attempt = 1; ; attempt += 1) {
    const changes = declarations.changeCount;
    try {
      await updateExisting(client, id, change, olds.workspaceId);
      declarations.changed();
      return;
    } catch (error) {
      if (!(error instanceof SeamRejectedError)) throw error;
      const owners = await ownersOf(client, news, id);
      const late = performance.now() - startedAt > moveTimeout;
      if (late || !(await areMoving(operation, owners))) {
        // Released between the refusal and the lookup.
        const moved = attempt === 1 || declarations.changeCount > changes;
        if (!late && owners.length === 0 && moved) continue;
        if (released) await restore(client, id, olds, news);
        throw refusedUpdate(doing, error, owners, declarations.isStarved);
      }
      if (!released) released = await release(operation, id, olds, news);
      await declarations.untilChange(changes, 1_000);
    }
  }
}

/** Releases the values that an update changes: of two people who swap addresses, both must release theirs first. */
async function release(
  { client, declarations }: Operation,
  id: string,
  olds: UserIdentityOutputs,
  news: UserIdentityInputs,
): Promise<boolean> {
  const toRelease = releasedBy(olds, news);
  if (toRelease.length === 0) return false;
  const change = Object.fromEntries(toRelease.map((name) => [attributes[name], null]));
  await updateExisting(client, id, change, olds.workspaceId);
  declarations.changed();
  return true;
}

/** Restores values that were released in vain, unless somebody else has them by now. The following error reports what failed. */
async function restore(
  client: SeamClient,
  id: string,
  olds: UserIdentityOutputs,
  news: UserIdentityInputs,
): Promise<void> {
  const change = Object.fromEntries(
    releasedBy(olds, news).map((name) => [attributes[name], olds[name] ?? null]),
  );
  await updateExisting(client, id, change, olds.workspaceId).catch(() => undefined);
}

function releasedBy(olds: UserIdentityOutputs, news: UserIdentityInputs): UniqueAttribute[] {
  return uniqueAttributes.filter(
    (name) => olds[name] !== undefined && !isDeepStrictEqual(olds[name], news[name]),
  );
}

function refusedUpdate(
  doing: string,
  error: SeamRejectedError,
  owners: readonly Owner[],
  starved: boolean,
): ResourceError {
  if (owners.length === 0) return explain(doing, error, "Correct the arguments that Seam names");
  const taken = owners.map(
    ({ name, owner }) => `its ${name} belongs to user identity ${owner.user_identity_id}`,
  );
  return explain(
    doing,
    new Error(`${taken.join(", ")} (${error.message})`),
    starved
      ? "The resource that has it releases it in this operation, but cannot start while this one waits: run the same command again with a higher --parallel"
      : "Give this one another value. If the value moves from one person of the program to another, the one who has it must be declared without it, and must not depend on this one",
  );
}

async function bringUpToDate(
  client: SeamClient,
  existing: SeamUserIdentity,
  inputs: UserIdentityInputs,
): Promise<SeamUserIdentity> {
  const id = existing.user_identity_id;
  const differing = attributeNames.filter(
    (name) => inputs[name] !== undefined && !sameAttribute(name, existing, inputs),
  );
  if (differing.length === 0) return existing;
  const change = Object.fromEntries(differing.map((name) => [attributes[name], inputs[name] ?? null]));
  await updateExisting(client, id, change, existing.workspace_id);
  return (await observeUserIdentity(client, id, existing.workspace_id)) ?? existing;
}

function updateExisting(
  client: SeamClient,
  id: string,
  change: UserIdentityAttributes,
  workspaceId: string,
): Promise<void> {
  return changeExisting(
    () => client.updateUserIdentity(id, change),
    async () => (await observeUserIdentity(client, id, workspaceId)) !== undefined,
  );
}

async function assertExists(client: SeamClient, id: string, workspaceId: string): Promise<SeamUserIdentity> {
  const identity = await observeUserIdentity(client, id, workspaceId);
  if (identity === undefined || isBeingDeleted(identity)) throw deletedOutsidePulumi();
  return identity;
}

/** Returns the error for a create whose values belong to other identities, with the possible solutions. */
function conflict(
  { client, declarations }: Operation,
  error: SeamError,
  owners: readonly Owner[],
  inputs: UserIdentityInputs,
  self: Declaration,
): ResourceError {
  const doing = "create the user identity";
  const [first] = owners;
  if (first === undefined) return explain(doing, error, "Correct the arguments that Seam names");
  const ids = new Set(owners.map(({ owner }) => owner.user_identity_id));
  for (const id of ids) declarations.refuse(self, id);
  const taken = owners.map(({ name, owner, merged }) =>
    merged
      ? `its ${name} was the key of an identity that was merged into ${owner.user_identity_id}`
      : `its ${name} belongs to user identity ${owner.user_identity_id} already, created ${owner.created_at}`,
  );
  const what = new Error(`${taken.join(", ")} (${error.message})`);
  const { owner, merged } = first;
  if (merged || ids.size > 1) return explain(doing, what, "Give this one values of its own");
  if (isBeingDeleted(owner)) {
    return explain(doing, what, "Seam is deleting that one; run the same command again when it is gone");
  }
  const holder = declarations.holderOf("UserIdentity", owner.user_identity_id);
  if (holder !== undefined) {
    return explain(
      doing,
      what,
      `${described(holder)} of this program has that identity. Give each of the two values of its own, or remove one from the program; if the resource has a new name, give it an alias`,
    );
  }
  const id = owner.user_identity_id;
  const derived =
    inputs.defaultUserIdentityKey !== undefined && owner.user_identity_key === inputs.defaultUserIdentityKey;
  const whose = derived
    ? "The key was derived from the resource's name, so that identity may belong to a resource that had this name before, or to another stack of this name: give this one a userIdentityKey of its own"
    : "It may belong to another stack, another program or your app; nothing proves that it is this stack's own";
  const age = Math.max(0, client.serverNow().getTime() - Date.parse(owner.created_at));
  const recent =
    age < 3_600_000 ? "If a run of this stack was interrupted and left it" : "If it is this stack's own";
  return explain(
    doing,
    what,
    `${whose}. ${ownObjectAdvice(id, recent)}. To manage an identity that was created elsewhere, and keep it in Seam when the resource is deleted, set adopt: true; to add it to the state instead, import it with \`pulumi-seam import\``,
  );
}

function outputs(
  inputs: UserIdentityInputs,
  identity: SeamUserIdentity,
  extra: { adopted?: true } = {},
): UserIdentityOutputs {
  return {
    ...inputs,
    userIdentityId: identity.user_identity_id,
    displayName: identity.display_name ?? "",
    createdAt: identity.created_at,
    workspaceId: identity.workspace_id,
    acsUserIds: identity.acs_user_ids,
    ...extra,
  };
}

/** Returns the arguments that correspond to the identity in Seam, without those that the program never set. */
function observedInputs(
  known: Readonly<Partial<UserIdentityOutputs>>,
  identity: SeamUserIdentity,
): UserIdentityInputs {
  const inputs: Record<string, unknown> = {};
  for (const name of settings) {
    if (known[name] !== undefined) inputs[name] = known[name];
  }
  const isNew = known.workspaceId === undefined;
  for (const name of attributeNames) {
    if (!isNew && known[name] === undefined) continue;
    const seen = identity[attributes[name]];
    if (seen === null) continue;
    inputs[name] = sameAttribute(name, identity, known) ? known[name] : seen;
  }
  return inputs;
}
