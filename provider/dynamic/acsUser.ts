import * as pulumi from "@pulumi/pulumi";
import type { DeletionPolicy } from "../resources/retention";
import { declaredAsProperty, pathOf } from "./declaredAs";
import { warnOfPlaintextKey } from "./keyWarnings";
import { assertArguments, assertDeletedItself } from "./resourceArguments";
import { providerText, typeToken } from "./stateReference";

/** When an ACS user's access is valid. */
export interface AccessScheduleArgs {
  /** ISO 8601 with a time zone, like `2026-12-24T08:00:00+01:00`. */
  startsAt: pulumi.Input<string>;
  /** ISO 8601 with a time zone, after `startsAt`. Default: no end. */
  endsAt?: pulumi.Input<string> | undefined;
}

/** Options of the teardown of an {@link AcsUser}. */
export interface AcsUserTeardownArgs {
  /** The time limit of the teardown in seconds, 1 to 86,400. Default 600. The next run continues it. */
  timeoutSeconds?: pulumi.Input<number> | undefined;
}

/** The arguments of an {@link AcsUser}. */
export interface AcsUserArgs {
  /** The access control system: a UUID. A change replaces the ACS user. */
  acsSystemId: pulumi.Input<string>;
  /** The person's full name. */
  fullName: pulumi.Input<string>;
  /** The person's e-mail address. Seam cannot remove it, so removing it from the program replaces the ACS user. */
  emailAddress?: pulumi.Input<string> | undefined;
  /** The person's phone number in E.164 form. Removing it from the program replaces the ACS user. */
  phoneNumber?: pulumi.Input<string> | undefined;
  /** When the access is valid. Default: always. */
  accessSchedule?: pulumi.Input<AccessScheduleArgs> | undefined;
  /**
   * Whether the ACS user is suspended: it stays in Seam, with its credentials, and opens no door. Without this argument, a
   * suspension that somebody makes by hand is left alone; removing `true` from the program ends the suspension.
   */
  suspended?: pulumi.Input<boolean> | undefined;
  /**
   * Access groups that it is a member of from the start: UUIDs, for systems in which an ACS user exists only in a group. Used
   * only when it is created: no refresh compares it, and a change of it has no effect. Use {@link AcsAccessGroupMembership} for
   * a membership that the program manages.
   */
  acsAccessGroupIds?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * Whether to adopt the ACS user of the system that has the given e-mail address or phone number, if there is one. It is an
   * error if there are several, if the ACS user has another value for one of the two, or if it is being deleted. An adopted ACS
   * user is released, not deleted, when the resource is deleted, unless `deletionPolicy` is `teardown`. Without `adopt`, an
   * existing ACS user with the same e-mail address or phone number is an error.
   *
   * @default `false`
   */
  adopt?: pulumi.Input<boolean> | undefined;
  /**
   * `teardown` deletes the ACS user and its credentials with the resource; `retain` leaves both unchanged in Seam.
   *
   * @default `teardown`; for an adopted ACS user `retain`
   */
  deletionPolicy?: pulumi.Input<DeletionPolicy> | undefined;
  /** Options of the teardown. */
  teardown?: pulumi.Input<AcsUserTeardownArgs> | undefined;
}

const type = typeToken("AcsUser");

/**
 * A person in one access control system. Together with a {@link UserIdentity} and an {@link AcsUserLink}, it declares the
 * access of a new person.
 *
 * Deleting it suspends the ACS user, deletes its credentials, each confirmed gone, and then deletes the ACS user itself.
 * Attributes that the program never set are left alone.
 *
 * The Pulumi id is Seam's `acs_user_id`.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import * as seam from "pulumi-seam";
 *
 * const acsSystemId = new pulumi.Config().require("acsSystemId");
 * const jean = new seam.UserIdentity("jean", { emailAddress: "jean@example.com" });
 * const inTheLobby = new seam.AcsUser("jean-lobby", {
 *   acsSystemId,
 *   fullName: "Jean Doe",
 *   emailAddress: "jean@example.com",
 *   accessSchedule: { startsAt: "2026-12-01T00:00:00Z", endsAt: "2027-12-01T00:00:00Z" },
 * });
 * new seam.AcsUserLink("jean-lobby", { userIdentity: jean, acsUser: inTheLobby });
 * ```
 *
 * @example Close somebody's doors for a while and keep their credentials:
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import * as seam from "pulumi-seam";
 *
 * const acsSystemId = new pulumi.Config().require("acsSystemId");
 * new seam.AcsUser("sam", { acsSystemId, fullName: "Sam Rivers", suspended: true });
 * ```
 */
export class AcsUser extends pulumi.CustomResource {
  declare readonly acsSystemId: pulumi.Output<string>;
  declare readonly fullName: pulumi.Output<string>;
  declare readonly emailAddress: pulumi.Output<string | undefined>;
  declare readonly phoneNumber: pulumi.Output<string | undefined>;
  declare readonly accessSchedule: pulumi.Output<{ startsAt: string; endsAt?: string } | undefined>;
  declare readonly suspended: pulumi.Output<boolean | undefined>;
  /** The same as `id`. Prefer `id` in arguments of other resources, because it stays known in every preview. */
  declare readonly acsUserId: pulumi.Output<string>;
  /** The name that Seam shows for the person. */
  declare readonly displayName: pulumi.Output<string>;
  /** When Seam created it, in ISO 8601. */
  declare readonly createdAt: pulumi.Output<string>;
  /** The workspace that it belongs to. It is never changed with a key for another workspace. */
  declare readonly workspaceId: pulumi.Output<string>;

  /** Reads an ACS user that this program does not manage. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): AcsUser {
    return new AcsUser(name, undefined, { ...opts, id });
  }

  static override isInstance(value: unknown): value is AcsUser {
    return pulumi.CustomResource.isInstance(value) && "__pulumiType" in value && value.__pulumiType === type;
  }

  constructor(name: string, args: AcsUserArgs, opts?: pulumi.CustomResourceOptions);
  /** @internal Reading by id takes no arguments. */
  constructor(name: string, args: undefined, opts: pulumi.CustomResourceOptions);
  constructor(name: string, args?: AcsUserArgs, opts: pulumi.CustomResourceOptions = {}) {
    assertArguments(`AcsUser "${name}"`, args);
    assertDeletedItself(`AcsUser "${name}"`, opts);
    const mayBeSecret = pulumi.Output.isInstance(args?.fullName);
    super(
      type,
      name,
      {
        acsSystemId: undefined,
        fullName: undefined,
        emailAddress: undefined,
        phoneNumber: undefined,
        accessSchedule: undefined,
        suspended: undefined,
        ...args,
        ...(args === undefined ? {} : { [declaredAsProperty]: { path: pathOf(name, type, opts) } }),
        acsUserId: undefined,
        displayName: undefined,
        createdAt: undefined,
        workspaceId: undefined,
        __provider: providerText("acsUser"),
      },
      {
        ...opts,
        // A second one with the same e-mail address or phone number would be refused, so the old one is deleted first.
        deleteBeforeReplace: true,
        additionalSecretOutputs: [
          ...(opts.additionalSecretOutputs ?? []),
          ...(mayBeSecret ? ["displayName"] : []),
        ],
      },
    );
    Object.defineProperty(this, declared, { value: args !== undefined });
    warnOfPlaintextKey();
  }
}

/** Registered symbols, because a program can load two copies of this package, which share what is stored on a resource. */
const declared = Symbol.for("pulumi-seam/declared");

/** Whether the program declares the ACS user, rather than reads an existing one by its id. */
export function isDeclared(acsUser: AcsUser | undefined): boolean {
  return acsUser !== undefined && declared in acsUser && acsUser[declared] === true;
}
