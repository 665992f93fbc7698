import { isDeepStrictEqual } from "node:util";
import { observeUserIdentity } from "../seam/observe";
import type { SeamClient, UserIdentityAttributes } from "../seam/client";
import { SeamError, SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import type { UserIdentity as SeamUserIdentity } from "../seam/model";
import { beforeSecondLook } from "../seam/retry";
import type { AcsUsersPolicy } from "../teardown/graph";
import { tearDownUserIdentity } from "../teardown/teardown";
import type { Claims } from "./ownership";
import { explain, ResourceError } from "./resourceErrors";
import {
  attributeNames,
  attributes,
  defaultKeyProperty,
  findExisting,
  leftByInterruptedRun,
  sameAttribute,
  takenAttributes,
  undecidedAdoption,
  uniqueAttributes,
  wireAttributes,
} from "./identityAttributes";
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
import { type Properties, text, type Verbs } from "./verbs";

const settings = ["defaultKey", "adopt", "deletionPolicy", "teardown"] as const;

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
    timeoutSeconds: isNumberBetween(1, 86_400),
  }),
};

/** How often a create that may have happened is looked up and sent again. */
const createAttempts = 4;

export const userIdentityVerbs: Verbs = {
  check(olds, news) {
    const { [defaultKeyProperty]: derivedKey, ...inputs } = given(news);
    const failures = checkInputs(inputs, rules);
    // An identity that exists without a key keeps none: it may be the app's own, adopted or imported.
    const before = given(olds);
    const hadNone = before.userIdentityKey === undefined && before[defaultKeyProperty] === undefined;
    const keepsNone = Object.keys(before).length > 0 && hadNone;
    if (inputs.userIdentityKey === undefined && derivedKey !== undefined && !keepsNone) {
      const key = olds[defaultKeyProperty] ?? derivedKey;
      Object.assign(inputs, { userIdentityKey: key, [defaultKeyProperty]: key });
    }
    return { inputs, failures };
  },

  diff(_id, olds, news) {
    const compared = [...attributeNames, ...settings, defaultKeyProperty];
    return { changes: compared.some((name) => !isDeepStrictEqual(olds[name], news[name])) };
  },

  async create({ client, claims }, inputs) {
    const wanted = wireAttributes(inputs);
    try {
      const adoptable = inputs.adopt === true ? await findExisting(client, inputs) : undefined;
      if (adoptable !== undefined) {
        const identity = await bringUpToDate(client, adoptable, inputs);
        return { id: identity.user_identity_id, outs: outputs(inputs, identity, { adopted: true }) };
      }
      const { identity, adopted } = await createOnce(client, claims, inputs, wanted);
      return { id: identity.user_identity_id, outs: outputs(inputs, identity, adopted ? { adopted } : {}) };
    } catch (error) {
      throw explain("create the user identity", error);
    }
  },

  async read({ client }, id, props) {
    const identity = await observeUserIdentity(client, id, text(props.workspaceId), "thisOperation").catch(
      (error: unknown) => {
        throw explain(`read user identity ${id}`, error);
      },
    );
    if (identity === undefined) {
      if (props.workspaceId !== undefined) return {};
      throw new ResourceError(
        `could not read user identity ${id}: there is none with this id in the API key's workspace. Check the id and the key`,
      );
    }
    const inputs = refreshedInputs(props, identity);
    const adopted = props.adopted === true ? { adopted: true } : {};
    const known = Array.isArray(props.acsUserIds) ? { acsUserIds: props.acsUserIds } : {};
    return { id, props: { ...outputs(inputs, identity, adopted), ...known }, inputs };
  },

  async update({ client }, id, olds, news) {
    const adopted = olds.adopted === true ? { adopted: true } : {};
    const changed = attributeNames.filter((name) => !isDeepStrictEqual(olds[name], news[name]));
    try {
      const undecided = undecidedAdoption(olds, news);
      if (undecided !== undefined) throw new Error(undecided);
      if (changed.length > 0) {
        // An id that was merged into another identity's would change that one.
        if ((await observeUserIdentity(client, id, text(olds.workspaceId))) === undefined)
          throw deletedBehindPulumi();
        const change = Object.fromEntries(changed.map((name) => [attributes[name], news[name] ?? null]));
        await updateExisting(client, id, change, text(olds.workspaceId));
      }
      const identity = await observeUserIdentity(client, id, text(olds.workspaceId));
      if (identity === undefined) throw deletedBehindPulumi();
      return { outs: outputs(news, identity, adopted) };
    } catch (error) {
      if (error instanceof SeamRejectedError)
        throw await conflict(client, `update user identity ${id}`, error, news, id);
      throw explain(`update user identity ${id}`, error);
    }
  },

  keeps(props) {
    const policy = props.deletionPolicy ?? (props.adopted === true ? "retain" : "teardown");
    return policy === "retain";
  },

  async delete({ client, watcher, slowTeardowns }, id, props) {
    const teardown = (props.teardown ?? {}) as { acsUsers?: AcsUsersPolicy; timeoutSeconds?: number };
    try {
      await slowTeardowns.follow(`user identity ${id}`, (onEvent) =>
        tearDownUserIdentity({
          client,
          watcher,
          userIdentityId: id,
          workspaceId: text(props.workspaceId),
          acsUsers: teardown.acsUsers,
          timeoutSeconds: teardown.timeoutSeconds,
          onEvent,
        }),
      );
    } catch (error) {
      throw explain(`delete user identity ${id}`, error);
    }
  },
};

/** Creates the identity exactly once, whatever happens to the answers. */
async function createOnce(
  client: SeamClient,
  claims: Claims,
  inputs: Properties,
  wanted: UserIdentityAttributes,
): Promise<{ identity: SeamUserIdentity; adopted: boolean }> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { identity: await client.createUserIdentity(wanted), adopted: false };
    } catch (error) {
      if (!(error instanceof SeamError)) throw error;
      const rejected = error instanceof SeamRejectedError;
      if (!rejected && !error.mayHaveHappened) throw error;
      let existing = await findExisting(client, inputs);
      if (existing === undefined && rejected) {
        // What is in the way can be late to appear.
        await beforeSecondLook();
        existing = await findExisting(client, inputs);
      }
      const id = existing?.user_identity_id ?? "";
      // Refused at the first attempt: it was there before, and only late to appear.
      if (existing !== undefined && inputs.adopt === true && rejected && attempt === 1) {
        return { identity: await bringUpToDate(client, existing, inputs), adopted: true };
      }
      if (existing !== undefined && !claims.isOwned(id) && leftByInterruptedRun(client, existing, inputs)) {
        claims.own(id);
        return { identity: await bringUpToDate(client, existing, inputs), adopted: false };
      }
      if (rejected || existing !== undefined) {
        throw await conflict(client, "create the user identity", error, inputs, undefined);
      }
      if (uniqueAttributes.every((name) => inputs[name] === undefined)) {
        throw explain(
          "create the user identity",
          error,
          "It may exist now, and without key, e-mail address and phone number it cannot be looked up: see in the Seam console, and import or delete it. Leaving defaultKey on avoids this",
        );
      }
      if (attempt >= createAttempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
    }
  }
}

async function bringUpToDate(
  client: SeamClient,
  existing: SeamUserIdentity,
  inputs: Properties,
): Promise<SeamUserIdentity> {
  const id = existing.user_identity_id;
  const differing = attributeNames.filter(
    (name) => inputs[name] !== undefined && !sameAttribute(name, existing, inputs),
  );
  if (differing.length === 0) return existing;
  const change = Object.fromEntries(differing.map((name) => [attributes[name], text(inputs[name]) ?? null]));
  await updateExisting(client, id, change, existing.workspace_id);
  return (await observeUserIdentity(client, id, existing.workspace_id)) ?? existing;
}

async function updateExisting(
  client: SeamClient,
  id: string,
  change: UserIdentityAttributes,
  workspaceId: string | undefined,
): Promise<void> {
  try {
    await client.updateUserIdentity(id, change);
  } catch (error) {
    if (!(error instanceof SeamNotFoundError)) throw error;
    if ((await observeUserIdentity(client, id, workspaceId)) === undefined) throw deletedBehindPulumi();
    await client.updateUserIdentity(id, change);
  }
}

function deletedBehindPulumi(): Error {
  return new Error(
    "it is not in Seam any more; somebody deleted it behind Pulumi's back. Run `pulumi refresh` to take it out of the state, then `pulumi up` to create it anew",
  );
}

/** Says who has what this program wants, and the ways out. */
async function conflict(
  client: SeamClient,
  doing: string,
  error: SeamError,
  inputs: Properties,
  own: string | undefined,
): Promise<ResourceError> {
  const owners = (await takenAttributes(client, inputs, own)).map(
    ({ name, owner }) => `its ${name} belongs to user identity ${owner.user_identity_id} already`,
  );
  if (owners.length === 0) return explain(doing, error, "Correct the arguments that Seam names");
  const wayOut =
    own === undefined
      ? "To take that one over, set adopt: true or import it; otherwise give another value"
      : "Give another value, or remove that identity first";
  return explain(doing, new Error(`${owners.join(", ")} (${error.message})`), wayOut);
}

function outputs(
  inputs: Properties,
  identity: SeamUserIdentity,
  extra: Record<string, unknown> = {},
): Record<string, unknown> {
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

/** The inputs as they would have to be for Seam to be as it is. */
function refreshedInputs(props: Properties, identity: SeamUserIdentity): Record<string, unknown> {
  const inputs: Record<string, unknown> = {};
  for (const name of [...settings, defaultKeyProperty]) {
    if (props[name] !== undefined) inputs[name] = props[name];
  }
  for (const name of attributeNames) {
    // What an adopting program never gave is not its business.
    if (props.adopted === true && props[name] === undefined) continue;
    const seen = identity[attributes[name]];
    if (seen === null) continue;
    inputs[name] = sameAttribute(name, identity, props) ? props[name] : seen;
  }
  return inputs;
}
