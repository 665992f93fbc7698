import * as pulumi from "@pulumi/pulumi";
import type { DeletionPolicy } from "../resources/retention";
import { declaredAsProperty, pathOf } from "./declaredAs";
import { warnOfPlaintextKey } from "./keyWarnings";
import { providerText, typeToken } from "./stateReference";

/** When an ACS user's access is valid. */
export interface AccessScheduleArgs {
  /** ISO 8601, like `2026-12-24T08:00:00Z`. */
  startsAt: pulumi.Input<string>;
  /** ISO 8601, after `startsAt`. Default: no end. */
  endsAt?: pulumi.Input<string> | undefined;
}

/** How an {@link AcsUser} is torn down. */
export interface AcsUserTeardownArgs {
  /** After how many seconds the teardown gives up, 1 to 86,400. Default 600. The next run continues it. */
  timeoutSeconds?: pulumi.Input<number> | undefined;
}

/** The arguments of an {@link AcsUser}. */
export interface AcsUserArgs {
  /** The access control system: a UUID. A change replaces the ACS user. */
  acsSystemId: pulumi.Input<string>;
  /** The person's full name. */
  fullName: pulumi.Input<string>;
  /** The person's e-mail address. Seam cannot remove it again, so leaving it out later replaces the ACS user. */
  emailAddress?: pulumi.Input<string> | undefined;
  /** The person's phone number in E.164 form. Leaving it out later replaces the ACS user. */
  phoneNumber?: pulumi.Input<string> | undefined;
  /** When the access is valid. Default: always. */
  accessSchedule?: pulumi.Input<AccessScheduleArgs> | undefined;
  /**
   * Whether the ACS user is suspended: it stays, with its credentials, and opens no door. Left out, a suspension that somebody makes
   * by hand is left alone; leaving out `true` again ends it.
   */
  suspended?: pulumi.Input<boolean> | undefined;
  /**
   * Access groups that it is in from the start: UUIDs, for systems in which an ACS user exists only in a group. Used when it is created, and
   * never again: no refresh compares it, and a change of it does nothing. Use {@link AcsAccessGroupMembership} for a membership that the program
   * manages.
   */
  acsAccessGroupIds?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * Whether to take over the ACS user of the system that has the given e-mail address or phone number, if there is one. It is an
   * error if there are several, if the other one contradicts, or if it is being deleted. An adopted ACS user is released, not deleted, when the resource is
   * deleted, unless `deletionPolicy` says `teardown`. Without it, an ACS user with the same e-mail address or phone number is an error.
   *
   * @default false
   */
  adopt?: pulumi.Input<boolean> | undefined;
  /**
   * `teardown` deletes the ACS user and its credentials with the resource; `retain` leaves both as they are.
   *
   * @default `teardown`; for an adopted ACS user `retain`
   */
  deletionPolicy?: pulumi.Input<DeletionPolicy> | undefined;
  /** How the teardown is done. */
  teardown?: pulumi.Input<AcsUserTeardownArgs> | undefined;
}

const type = typeToken("AcsUser");

/**
 * A person in one access control system. With a {@link UserIdentity} and an {@link AcsUserLink} a program declares somebody's
 * access from nothing.
 *
 * Deleting it suspends it, deletes its credentials, each confirmed gone, and then the ACS user itself. Attributes that the program
 * never set are left alone.
 *
 * The Pulumi id is Seam's `acs_user_id`.
 *
 * @example
 * ```ts
 * const jean = new seam.UserIdentity("jean", { emailAddress: "jean@example.com" });
 * const inTheLobby = new seam.AcsUser("jean-lobby", {
 *   acsSystemId: lobby,
 *   fullName: "Jean Doe",
 *   emailAddress: "jean@example.com",
 *   accessSchedule: { startsAt: "2026-12-01T00:00:00Z", endsAt: "2027-12-01T00:00:00Z" },
 * });
 * new seam.AcsUserLink("jean-lobby", { userIdentity: jean, acsUser: inTheLobby });
 * ```
 *
 * @example Close somebody's doors for a while and keep their credentials:
 * ```ts
 * new seam.AcsUser("sam", { acsSystemId: lobby, fullName: "Sam Rivers", suspended: true });
 * ```
 */
export class AcsUser extends pulumi.CustomResource {
  declare readonly acsSystemId: pulumi.Output<string>;
  declare readonly fullName: pulumi.Output<string>;
  declare readonly emailAddress: pulumi.Output<string | undefined>;
  declare readonly phoneNumber: pulumi.Output<string | undefined>;
  declare readonly accessSchedule: pulumi.Output<{ startsAt: string; endsAt?: string } | undefined>;
  declare readonly suspended: pulumi.Output<boolean | undefined>;
  /** The same as `id`. Prefer `id` when another resource refers to it: it stays known in every preview. */
  declare readonly acsUserId: pulumi.Output<string>;
  /** What Seam shows for the person. */
  declare readonly displayName: pulumi.Output<string>;
  /** When Seam made it, ISO 8601. */
  declare readonly createdAt: pulumi.Output<string>;
  /** The workspace it lives in. A key for another workspace never touches it. */
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
        // A second one with the same e-mail address or phone number would be refused, so the old one has to make room.
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

/** A program can load two copies of this package, so what one knows of a resource is kept on the resource. */
const declared = Symbol.for("pulumi-seam/declared");

/** Whether the program makes the ACS user, rather than reads one by its id. */
export function isDeclared(acsUser: AcsUser | undefined): boolean {
  return acsUser !== undefined && declared in acsUser && acsUser[declared] === true;
}
