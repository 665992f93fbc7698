import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { observeUserIdentity } from "../seam/absence";
import type { SeamClient, UserIdentityAttributes } from "../seam/client";
import { SeamError, SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import type { UserIdentity as SeamUserIdentity } from "../seam/model";
import { beforeSecondLook } from "../seam/retry";
import type { AcsUsersPolicy } from "../teardown/graph";
import { tearDownUserIdentity } from "../teardown/teardown";
import type { Claims } from "./claims";
import { explain, ResourceError } from "./explain";
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
import { providerText, typeToken } from "./shim";
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

/** What becomes of the identity in Seam when the resource is deleted. */
export type DeletionPolicy = "teardown" | "retain";

/** How a {@link UserIdentity} is torn down. */
export interface TeardownArgs {
  /**
   * What becomes of the ACS users linked to the identity: `delete` removes them and their credentials from the access
   * control systems, `unlink` keeps both and only takes the link away. Default `delete`.
   */
  acsUsers?: pulumi.Input<AcsUsersPolicy> | undefined;
  /** After how many seconds the teardown gives up, 1 to 86,400. Default 600. The next run goes on from there. */
  timeoutSeconds?: pulumi.Input<number> | undefined;
}

/** The arguments of a {@link UserIdentity}. All are optional, and all but `adopt` can be changed in place. */
export interface UserIdentityArgs {
  /**
   * Your own key for the person, unique in the workspace: what your app calls the account. Default: a key derived from
   * stack, project and resource name, by which an interrupted create is found again; see `defaultKey`.
   */
  userIdentityKey?: pulumi.Input<string> | undefined;
  /** The person's e-mail address, unique in the workspace. */
  emailAddress?: pulumi.Input<string> | undefined;
  /** The person's phone number in E.164 form (`+15555550110`), unique in the workspace. */
  phoneNumber?: pulumi.Input<string> | undefined;
  /** The person's full name. */
  fullName?: pulumi.Input<string> | undefined;
  /**
   * Whether an identity without `userIdentityKey` gets a derived one. It stays the same when the resource is renamed or
   * moved. Without any key, a create whose answer is lost may have to be cleaned up by hand. An identity that exists
   * without a key, because it was adopted or imported, keeps none. Default true.
   */
  defaultKey?: pulumi.Input<boolean> | undefined;
  /**
   * Whether to take over the identity that has the given key, e-mail address or phone number, if there is one.
   * Attributes that the program does not give are left as they are. An adopted identity is released, not torn down,
   * when the resource is deleted, unless `deletionPolicy` says `teardown`; it is an error to leave `adopt` out later
   * without a `deletionPolicy`. Default false: then an identity that is there already is an error.
   */
  adopt?: pulumi.Input<boolean> | undefined;
  /**
   * `teardown` takes the identity and everything under it away; `retain` leaves it in Seam untouched. Default
   * `teardown`; for an adopted identity `retain`.
   */
  deletionPolicy?: pulumi.Input<DeletionPolicy> | undefined;
  /** How the teardown is done. */
  teardown?: pulumi.Input<TeardownArgs> | undefined;
}

const type = typeToken("UserIdentity");

/**
 * One person's account in your app, as Seam knows it. ACS users are linked to it with {@link AcsUserLink}.
 *
 * Deleting it signs the person out and takes away, in this order and each confirmed gone: client sessions; the linked ACS
 * users, their credentials first; enrollment automations and phones; the identity itself.
 *
 * The Pulumi id is Seam's `user_identity_id`.
 *
 * @example
 * ```ts
 * const jean = new seam.UserIdentity("jean", {
 *   userIdentityKey: "jean_doe",
 *   emailAddress: "jean@example.com",
 *   phoneNumber: "+15555550110",
 *   fullName: "Jean Doe",
 * });
 * ```
 *
 * @example Take over an account that the app has already made, and leave it alone when the resource goes:
 * ```ts
 * const ada = new seam.UserIdentity("ada", { userIdentityKey: "ada", adopt: true });
 * ```
 *
 * @example Keep the person's ACS users and their cards when the account goes:
 * ```ts
 * const sam = new seam.UserIdentity("sam", {
 *   emailAddress: "sam@example.com",
 *   teardown: { acsUsers: "unlink", timeoutSeconds: 120 },
 * });
 * ```
 */
export class UserIdentity extends pulumi.CustomResource {
  /** The key in use: the one given, or the derived one. */
  declare readonly userIdentityKey: pulumi.Output<string | undefined>;
  declare readonly emailAddress: pulumi.Output<string | undefined>;
  declare readonly phoneNumber: pulumi.Output<string | undefined>;
  declare readonly fullName: pulumi.Output<string | undefined>;
  /** The same as `id`. Prefer `id` when another resource refers to it: it stays known in every preview. */
  declare readonly userIdentityId: pulumi.Output<string>;
  /** What Seam shows for the person: the name, or else e-mail address or phone number. */
  declare readonly displayName: pulumi.Output<string>;
  /** When Seam made it, ISO 8601. */
  declare readonly createdAt: pulumi.Output<string>;
  /** The workspace it lives in. A key for another workspace never touches it. */
  declare readonly workspaceId: pulumi.Output<string>;
  /**
   * The ACS users that were linked to it when this resource was created, adopted or last updated. Links that the program
   * makes later are resources of their own, which notice drift themselves.
   */
  declare readonly acsUserIds: pulumi.Output<string[]>;

  /** Reads an identity that this program does not manage. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): UserIdentity {
    return new UserIdentity(name, {}, { ...opts, id });
  }

  static override isInstance(value: unknown): value is UserIdentity {
    return pulumi.CustomResource.isInstance(value) && "__pulumiType" in value && value.__pulumiType === type;
  }

  constructor(name: string, args: UserIdentityArgs = {}, opts: pulumi.CustomResourceOptions = {}) {
    const derivedKey = pulumi
      .output({ unwanted: args.adopt, wanted: args.defaultKey })
      .apply(({ unwanted, wanted }) =>
        unwanted === true || wanted === false ? undefined : keyFrom(name, opts),
      );
    // Seam makes the display name of these, so it is as secret as they may be.
    const mayBeSecret = [args.emailAddress, args.phoneNumber, args.fullName].some((arg) =>
      pulumi.Output.isInstance(arg),
    );
    super(
      type,
      name,
      {
        userIdentityKey: undefined,
        emailAddress: undefined,
        phoneNumber: undefined,
        fullName: undefined,
        ...args,
        ...(opts.id === undefined ? { [defaultKeyProperty]: derivedKey } : {}),
        userIdentityId: undefined,
        displayName: undefined,
        createdAt: undefined,
        workspaceId: undefined,
        acsUserIds: undefined,
        __provider: providerText("userIdentity"),
      },
      {
        ...opts,
        // Key, e-mail address and phone number are unique, so the old one has to make room.
        deleteBeforeReplace: true,
        additionalSecretOutputs: [
          ...(opts.additionalSecretOutputs ?? []),
          ...(mayBeSecret ? ["displayName"] : []),
        ],
      },
    );
    if (mayBeKept(args, opts)) kept.add(this);
  }
}

/** Only "certainly torn down" lets a link go without a step of its own; what is not known before the apply is not certain. */
function mayBeKept({ adopt, deletionPolicy }: UserIdentityArgs, opts: pulumi.CustomResourceOptions): boolean {
  if (opts.id !== undefined || opts.retainOnDelete === true) return true;
  if (deletionPolicy !== undefined) return deletionPolicy !== "teardown";
  return adopt !== undefined && adopt !== false;
}

const kept = new WeakSet<UserIdentity>();

/** Whether the identity stays in Seam when the resource goes, or may stay. */
export function isKept(identity: UserIdentity): boolean {
  return kept.has(identity);
}

/** `pulumi:<stack>:<project>:[<parent types>$]<name>`: as unique as the resource's URN. */
function keyFrom(name: string, opts: pulumi.CustomResourceOptions): Promise<string> {
  const urn = pulumi.createUrn(name, type, opts.parent);
  // A promise, not the output: that depends on the parent, which means on all its children, this one among them.
  return new Promise((resolve) => {
    urn.apply((known) => resolve(known.replace(/^urn:/, "").replaceAll("::", ":").replace(`${type}:`, "")));
  });
}

// Verbs: what the plugin process runs.

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
