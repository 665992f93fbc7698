import * as pulumi from "@pulumi/pulumi";
import type { DeletionPolicy } from "../resources/retention";
import { defaultKeyProperty } from "../resources/userIdentityAttributes";
import type { AccessGrantsPolicy, AcsUsersPolicy } from "../teardown/graph";
import { declaredAsProperty, pathOf } from "./declaredAs";
import { warnOfPlaintextKey } from "./keyWarnings";
import { assertArguments, assertDeletedItself } from "./resourceArguments";
import { providerText, typeToken } from "./stateReference";

export type { DeletionPolicy } from "../resources/retention";

/** Options of the teardown of a {@link UserIdentity}. */
export interface TeardownArgs {
  /**
   * What happens to the ACS users that are linked to the identity: `delete` deletes them and their credentials; `unlink`
   * retains both and only deletes the link. A retained ACS user still loses the credentials that access grants issued to it.
   *
   * @default `delete`
   */
  acsUsers?: pulumi.Input<AcsUsersPolicy> | undefined;
  /**
   * What happens to the identity's access grants, with their PINs, cards and keys: `delete` deletes them before anything else,
   * also with `acsUsers: "unlink"`; `retain` leaves them to Seam, which may refuse to delete the identity or keep them valid.
   *
   * @default `delete`
   */
  accessGrants?: pulumi.Input<AccessGrantsPolicy> | undefined;
  /** The time limit of the teardown in seconds, 1 to 86,400. Default 600. The next run continues it. */
  timeoutSeconds?: pulumi.Input<number> | undefined;
}

/**
 * The arguments of a {@link UserIdentity}. All are optional. A change of any of them is an update in place; a change of `adopt`,
 * `deletionPolicy` or `teardown` changes nothing in Seam.
 */
export interface UserIdentityArgs {
  /**
   * Your own key for the person, unique in the workspace, such as the account name in your app. Default: a key derived from
   * stack, project and resource name, by which the next run finds the result of an interrupted create; see `defaultKey`.
   */
  userIdentityKey?: pulumi.Input<string> | undefined;
  /** The person's e-mail address, unique in the workspace. */
  emailAddress?: pulumi.Input<string> | undefined;
  /** The person's phone number in E.164 form (`+15555550110`), unique in the workspace. */
  phoneNumber?: pulumi.Input<string> | undefined;
  /** The person's full name. */
  fullName?: pulumi.Input<string> | undefined;
  /**
   * Whether an identity without `userIdentityKey` gets a derived one. It stays the same when the resource is renamed or moved.
   * Without any key, a create whose response is lost may have to be cleaned up by hand. An existing identity without a key,
   * because it was adopted or imported, keeps none. Default true.
   */
  defaultKey?: pulumi.Input<boolean> | undefined;
  /**
   * Whether to adopt the identity that has the given key, e-mail address or phone number, if there is one. It is an error if
   * the identity has another value for one of these, or if it is being deleted. An adopted identity is released, not torn down,
   * when the resource is deleted, unless `deletionPolicy` is `teardown`; it is an error to remove `adopt` later without a
   * `deletionPolicy`. Default false: an existing identity is then an error, unless there is proof that it is the resource's
   * own.
   */
  adopt?: pulumi.Input<boolean> | undefined;
  /**
   * `teardown` deletes the identity and everything that belongs to it; `retain` leaves it unchanged in Seam. Default
   * `teardown`; for an adopted identity `retain`.
   */
  deletionPolicy?: pulumi.Input<DeletionPolicy> | undefined;
  /** Options of the teardown. */
  teardown?: pulumi.Input<TeardownArgs> | undefined;
}

const type = typeToken("UserIdentity");

/**
 * A person's account in your app, as Seam knows it. ACS users are linked to it with {@link AcsUserLink}.
 *
 * Deleting it closes doors first: the linked ACS users are suspended and access grants are deleted at once. Then credentials,
 * ACS users, client sessions, enrollment automations and phones are deleted, each confirmed gone, and the identity last.
 *
 * Attributes that the program never set are left alone.
 *
 * The Pulumi id is Seam's `user_identity_id`.
 *
 * @example
 * ```ts
 * import * as seam from "pulumi-seam";
 *
 * const jean = new seam.UserIdentity("jean", {
 *   userIdentityKey: "jean_doe",
 *   emailAddress: "jean@example.com",
 *   phoneNumber: "+15555550110",
 *   fullName: "Jean Doe",
 * });
 * ```
 *
 * @example Adopt an account that the app has already created, and retain it in Seam when the resource is deleted:
 * ```ts
 * import * as seam from "pulumi-seam";
 *
 * const ada = new seam.UserIdentity("ada", { userIdentityKey: "ada", adopt: true });
 * ```
 *
 * @example Retain the person's ACS users and credentials when the account is deleted:
 * ```ts
 * import * as seam from "pulumi-seam";
 *
 * const sam = new seam.UserIdentity("sam", {
 *   emailAddress: "sam@example.com",
 *   teardown: { acsUsers: "unlink", timeoutSeconds: 120 },
 * });
 * ```
 */
export class UserIdentity extends pulumi.CustomResource {
  /** The key in use: the given one, or the derived one. */
  declare readonly userIdentityKey: pulumi.Output<string | undefined>;
  declare readonly emailAddress: pulumi.Output<string | undefined>;
  declare readonly phoneNumber: pulumi.Output<string | undefined>;
  declare readonly fullName: pulumi.Output<string | undefined>;
  /** The same as `id`. Prefer `id` in arguments of other resources, because it stays known in every preview. */
  declare readonly userIdentityId: pulumi.Output<string>;
  /** The name that Seam shows for the person: the full name, otherwise the e-mail address or phone number. */
  declare readonly displayName: pulumi.Output<string>;
  /** When Seam created it, in ISO 8601. */
  declare readonly createdAt: pulumi.Output<string>;
  /** The workspace that it belongs to. It is never changed with a key for another workspace. */
  declare readonly workspaceId: pulumi.Output<string>;
  /**
   * The ACS users that were linked to it when this resource was created, adopted or last updated. Links that the program
   * creates later are separate resources, which detect drift themselves.
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
    assertArguments(`UserIdentity "${name}"`, args);
    assertDeletedItself(`UserIdentity "${name}"`, opts);
    const path = pathOf(name, type, opts);
    const maybeKept = mayBeKept(args, opts);
    const derivedKey = pulumi
      .output({ unwanted: args.adopt, wanted: args.defaultKey })
      .apply(({ unwanted, wanted }) => (unwanted === true || wanted === false ? undefined : path));
    // Seam derives the display name from these, so it must be secret if one of them may be.
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
        ...(opts.id === undefined
          ? { [defaultKeyProperty]: derivedKey, [declaredAsProperty]: { path } }
          : {}),
        userIdentityId: undefined,
        displayName: undefined,
        createdAt: undefined,
        workspaceId: undefined,
        acsUserIds: undefined,
        __provider: providerText("userIdentity"),
      },
      {
        ...opts,
        // Key, e-mail address and phone number are unique, so the old identity is deleted first.
        deleteBeforeReplace: true,
        additionalSecretOutputs: [
          ...(opts.additionalSecretOutputs ?? []),
          ...(mayBeSecret ? ["displayName"] : []),
        ],
      },
    );
    Object.defineProperties(this, {
      [kept]: { value: maybeKept },
      [grantsKept]: { value: maybeKept || mayKeepGrants(args) },
      [ownPath]: { value: path },
    });
    warnOfPlaintextKey();
  }
}

/**
 * Whether the identity may stay in Seam. Only if it certainly does not, links need no step of their own; a value that is not
 * known before the apply may keep it.
 */
function mayBeKept({ adopt, deletionPolicy }: UserIdentityArgs, opts: pulumi.CustomResourceOptions): boolean {
  if (opts.id !== undefined || opts.retainOnDelete === true) return true;
  // In JavaScript, an argument that is not given can be null.
  if ((deletionPolicy ?? undefined) !== undefined) return deletionPolicy !== "teardown";
  return (adopt ?? false) !== false;
}

function mayKeepGrants({ teardown }: UserIdentityArgs): boolean {
  if ((teardown ?? undefined) === undefined) return false;
  if (pulumi.Output.isInstance(teardown) || teardown instanceof Promise) return true;
  return (teardown?.accessGrants ?? "delete") !== "delete";
}

/** Registered symbols, because a program can load two copies of this package, which share what is stored on a resource. */
const kept = Symbol.for("pulumi-seam/kept");

const grantsKept = Symbol.for("pulumi-seam/grants-kept");

const ownPath = Symbol.for("pulumi-seam/path");

/** Returns the path of the identity, as `declaredAs` sends it; undefined for one that another version of this package declared. */
export function declaredPathOf(identity: UserIdentity): Promise<string> | undefined {
  const path: unknown = ownPath in identity ? identity[ownPath] : undefined;
  return path instanceof Promise ? path.then(String) : undefined;
}

/** Whether the identity stays in Seam when the resource is deleted, or may stay. */
export function isKept(identity: UserIdentity): boolean {
  return kept in identity && identity[kept] === true;
}

/** Whether the identity's access grants stay in Seam when the resource is deleted, or may stay. */
export function keepsAccessGrants(identity: UserIdentity): boolean {
  return !(grantsKept in identity) || identity[grantsKept] !== false;
}
