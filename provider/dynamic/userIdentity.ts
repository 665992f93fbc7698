import * as pulumi from "@pulumi/pulumi";
import type { DeletionPolicy } from "../resources/retention";
import { defaultKeyProperty } from "../resources/userIdentityAttributes";
import type { AccessGrantsPolicy, AcsUsersPolicy } from "../teardown/graph";
import { declaredAsProperty, pathOf } from "./declaredAs";
import { warnOfPlaintextKey } from "./keyWarnings";
import { providerText, typeToken } from "./stateReference";

export type { DeletionPolicy } from "../resources/retention";

/** How a {@link UserIdentity} is torn down. */
export interface TeardownArgs {
  /**
   * What becomes of the ACS users linked to the identity: `delete` deletes them and their credentials, `unlink`
   * keeps both and only deletes the link. A kept ACS user still loses the credentials that access grants issued to it.
   *
   * @default `delete`
   */
  acsUsers?: pulumi.Input<AcsUsersPolicy> | undefined;
  /**
   * What happens to the identity's access grants, with their PINs, cards and keys: `delete` removes them before anything else, with
   * `acsUsers: "unlink"` as well; `retain` leaves them to Seam, which may refuse to delete the identity or keep them valid.
   *
   * @default `delete`
   */
  accessGrants?: pulumi.Input<AccessGrantsPolicy> | undefined;
  /** After how many seconds the teardown gives up, 1 to 86,400. Default 600. The next run continues it. */
  timeoutSeconds?: pulumi.Input<number> | undefined;
}

/**
 * The arguments of a {@link UserIdentity}. All are optional. A change of any of them is an update in place; one of `adopt` calls
 * nothing, because `adopt` decides when the resource is created.
 */
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
   * Whether to take over the identity that has the given key, e-mail address or phone number, if there is one. It is an error if
   * another of these contradicts, or if it is being deleted. An adopted identity is released, not torn down,
   * when the resource is deleted, unless `deletionPolicy` says `teardown`; it is an error to leave `adopt` out later
   * without a `deletionPolicy`. Default false: then an identity that exists already is an error, unless something proves that it is
   * the resource's own.
   */
  adopt?: pulumi.Input<boolean> | undefined;
  /**
   * `teardown` deletes the identity and everything that belongs to it; `retain` leaves it in Seam untouched. Default
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
 * Deleting it closes doors first: the linked ACS users are suspended and access grants deleted at once. Then credentials, ACS users,
 * client sessions, enrollment automations and phones are deleted, each confirmed gone, and the identity last.
 *
 * Attributes that the program never set are left alone.
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
 * @example Take over an account that the app has already made, and keep it in Seam when the resource is deleted:
 * ```ts
 * const ada = new seam.UserIdentity("ada", { userIdentityKey: "ada", adopt: true });
 * ```
 *
 * @example Keep the person's ACS users and credentials when the account is deleted:
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
    const path = pathOf(name, type, opts);
    const maybeKept = mayBeKept(args, opts);
    const derivedKey = pulumi
      .output({ unwanted: args.adopt, wanted: args.defaultKey })
      .apply(({ unwanted, wanted }) => (unwanted === true || wanted === false ? undefined : path));
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
        // Key, e-mail address and phone number are unique, so the old one has to make room.
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

/** Only "certainly torn down" lets a link go without a step of its own; what is not known before the apply is not certain. */
function mayBeKept({ adopt, deletionPolicy }: UserIdentityArgs, opts: pulumi.CustomResourceOptions): boolean {
  if (opts.id !== undefined || opts.retainOnDelete === true) return true;
  if (deletionPolicy !== undefined) return deletionPolicy !== "teardown";
  return adopt !== undefined && adopt !== false;
}

function mayKeepGrants({ teardown }: UserIdentityArgs): boolean {
  if (teardown === undefined) return false;
  if (pulumi.Output.isInstance(teardown) || teardown instanceof Promise) return true;
  return teardown.accessGrants !== undefined && teardown.accessGrants !== "delete";
}

/** A program can load two copies of this package, so what one knows of a resource is kept on the resource. */
const kept = Symbol.for("pulumi-seam/kept");

const grantsKept = Symbol.for("pulumi-seam/grants-kept");

const ownPath = Symbol.for("pulumi-seam/path");

/** The path of the identity, as `declaredAs` sends it; undefined for one that another version of this package declared. */
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
