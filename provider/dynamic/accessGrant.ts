import * as pulumi from "@pulumi/pulumi";
import type { DeletionPolicy } from "../resources/retention";
import { defaultAccessGrantKeyProperty } from "../resources/accessGrantArguments";
import { declaredAsProperty, pathOf } from "./declaredAs";
import { declaredIn, secretValueOf, valueOf } from "./declaredIn";
import { warnOfPlaintextKey } from "./keyWarnings";
import { providerText, typeToken } from "./stateReference";
import { declaredPathOf, keepsAccessGrants, UserIdentity } from "./userIdentity";

/** How somebody opens a door: with a PIN, a card, the app, or from afar. */
export type AccessMethodMode = "code" | "card" | "mobile_key" | "cloud_key";

/** One way in that a grant is to give. */
export interface RequestedAccessMethodArgs {
  mode: pulumi.Input<AccessMethodMode>;
  /** With `code` only: the PIN that is preferred, 4 to 9 digits. Always a secret in the state. Default: Seam chooses. */
  code?: pulumi.Input<string> | undefined;
  /** With `mobile_key` only: how often an instant key can be used, 1 or more. */
  instantKeyMaxUseCount?: pulumi.Input<number> | undefined;
}

/** How long to wait for what is issued. */
export interface AccessGrantIssueArgs {
  /** After how many seconds the wait for access methods to be issued, or to be gone, gives up, 1 to 86,400. Default 600. */
  timeoutSeconds?: pulumi.Input<number> | undefined;
}

/** How an {@link AccessGrant} is torn down. */
export interface AccessGrantTeardownArgs {
  /** After how many seconds the teardown gives up, 1 to 86,400. Default 600. The next run continues it. */
  timeoutSeconds?: pulumi.Input<number> | undefined;
}

/** A place that a lookup found or that the program declares. Its name is shown in previews. */
export interface NamedPlaceArgs {
  name?: pulumi.Input<string> | undefined;
}

/** The arguments of an {@link AccessGrant}. At least one place is needed. */
export interface AccessGrantArgs {
  /** Who may open the doors. Give this or `userIdentityId`. A change replaces the grant, the old one first. */
  userIdentity?: UserIdentity | undefined;
  /** The id of the identity: a UUID. The `id` of an identity that this program declares means the same as `userIdentity`. */
  userIdentityId?: pulumi.Input<string> | undefined;
  /** The ways in, at least one. A change requests new access methods and deletes those that are no longer requested, in place. */
  requestedAccessMethods: pulumi.Input<pulumi.Input<RequestedAccessMethodArgs>[]>;
  /** Spaces: a {@link Space} of this program, or what `getSpace` found. Give this or `spaceIds`. A change replaces the grant. */
  spaces?: readonly (NamedPlaceArgs & { spaceId: pulumi.Input<string> })[] | undefined;
  spaceIds?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Entrances of access control systems: what `getAcsEntrance` found. Give this or `acsEntranceIds`. A change replaces the grant. */
  acsEntrances?: readonly (NamedPlaceArgs & { acsEntranceId: pulumi.Input<string> })[] | undefined;
  acsEntranceIds?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Smart locks: what `getDevice` found. Give this or `deviceIds`. A change replaces the grant. */
  devices?: readonly (NamedPlaceArgs & { deviceId: pulumi.Input<string> })[] | undefined;
  deviceIds?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * Your own key for the grant, unique in the workspace. Default: a key derived from stack, project and resource name, by which an
   * interrupted create is found again. A change replaces the grant.
   */
  accessGrantKey?: pulumi.Input<string> | undefined;
  /** A name for people. */
  name?: pulumi.Input<string> | undefined;
  /** From when it is valid: ISO 8601 with a time zone, like `2026-12-24T08:00:00+01:00`. Default: at once. */
  startsAt?: pulumi.Input<string> | undefined;
  /** Until when, after `startsAt`. Default: no end. */
  endsAt?: pulumi.Input<string> | undefined;
  /** The key of a reservation that it belongs to. A change replaces the grant. */
  reservationKey?: pulumi.Input<string> | undefined;
  /** A customization profile: a UUID. A change replaces the grant. */
  customizationProfileId?: pulumi.Input<string> | undefined;
  /**
   * Whether to take over the grant that has the given `accessGrantKey`, if there is one. It is an error if it is for another identity
   * or other places. An adopted grant is released, not deleted, when the resource is deleted, unless `deletionPolicy` says `teardown`.
   *
   * @default false
   */
  adopt?: pulumi.Input<boolean> | undefined;
  /**
   * `teardown` deletes the grant with everything that it issued; `retain` leaves it as it is.
   *
   * @default `teardown`; for an adopted grant `retain`
   */
  deletionPolicy?: pulumi.Input<DeletionPolicy> | undefined;
  issue?: pulumi.Input<AccessGrantIssueArgs> | undefined;
  teardown?: pulumi.Input<AccessGrantTeardownArgs> | undefined;
}

/** One access method that a grant has. Neither a code nor a token nor a link. */
export interface AccessMethodStatus {
  accessMethodId: string;
  mode: string;
  /** Whether Seam has issued it. A card is issued when somebody has encoded it. */
  issued: boolean;
  /** The place of what it was issued for, in the order in which access methods were requested of Seam. */
  request: number;
}

const type = typeToken("AccessGrant");

/**
 * Lets a person open doors: spaces, entrances and smart locks, with a PIN, a card or a phone, for a time.
 *
 * It is created when Seam has issued something for everything that was requested. Where Seam says that it cannot, the apply fails, and the grant is kept
 * in the state. Deleting it deletes everything that it issued, PINs on smart locks included, and resolves when Seam confirms that all
 * of it is gone. With its identity it needs no step of its own: the identity's teardown deletes grants first.
 *
 * PINs, session tokens and instant-key links of Seam's are never read. A `code` that the program gives is a secret in the state.
 *
 * The Pulumi id is Seam's `access_grant_id`.
 *
 * @example
 * ```ts
 * const jean = new seam.UserIdentity("jean", { emailAddress: "jean@example.com" });
 * new seam.AccessGrant("jean-headquarters", {
 *   userIdentity: jean,
 *   spaceIds: [headquarters],
 *   requestedAccessMethods: [{ mode: "mobile_key" }],
 *   endsAt: "2027-12-31T23:59:59Z",
 * });
 * ```
 */
export class AccessGrant extends pulumi.CustomResource {
  declare readonly userIdentityId: pulumi.Output<string>;
  declare readonly spaceIds: pulumi.Output<string[] | undefined>;
  declare readonly acsEntranceIds: pulumi.Output<string[] | undefined>;
  declare readonly deviceIds: pulumi.Output<string[] | undefined>;
  /** The key in use: the one given, or the derived one. */
  declare readonly accessGrantKey: pulumi.Output<string>;
  declare readonly startsAt: pulumi.Output<string | undefined>;
  declare readonly endsAt: pulumi.Output<string | undefined>;
  /** The same as `id`. Prefer `id` when another resource refers to it: it stays known in every preview. */
  declare readonly accessGrantId: pulumi.Output<string>;
  /** What it has issued, or is about to. */
  declare readonly accessMethods: pulumi.Output<AccessMethodStatus[]>;
  /** The codes of Seam's warnings, such as `requested_code_unavailable`. */
  declare readonly warnings: pulumi.Output<string[]>;
  /** The workspace it lives in. A key for another workspace never touches it. */
  declare readonly workspaceId: pulumi.Output<string>;

  /** Reads a grant that this program does not manage. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): AccessGrant {
    return new AccessGrant(name, undefined, { ...opts, id });
  }

  static override isInstance(value: unknown): value is AccessGrant {
    return pulumi.CustomResource.isInstance(value) && "__pulumiType" in value && value.__pulumiType === type;
  }

  /** @throws Error if not exactly one of `userIdentity` and `userIdentityId` is given, or places of one kind are given twice. */
  constructor(name: string, args: AccessGrantArgs, opts?: pulumi.CustomResourceOptions);
  /** @internal Reading by id takes no arguments. */
  constructor(name: string, args: undefined, opts: pulumi.CustomResourceOptions);
  constructor(name: string, args?: AccessGrantArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { userIdentity, spaces, acsEntrances, devices, ...rest }: Partial<AccessGrantArgs> = args ?? {};
    if (args !== undefined && (userIdentity === undefined) === (rest.userIdentityId === undefined)) {
      throw new Error(`AccessGrant "${name}" takes either userIdentity or userIdentityId`);
    }
    const given = [
      ["spaces", "spaceIds", spaces, rest.spaceIds],
      ["acsEntrances", "acsEntranceIds", acsEntrances, rest.acsEntranceIds],
      ["devices", "deviceIds", devices, rest.deviceIds],
    ] as const;
    for (const [objects, ids, one, other] of given) {
      if (one !== undefined && other !== undefined) {
        throw new Error(`AccessGrant "${name}" takes either ${objects} or ${ids}`);
      }
    }
    const identity = userIdentity ?? declaredIn(rest.userIdentityId, UserIdentity);
    const userIdentityId = userIdentity?.id ?? rest.userIdentityId;
    const hasOwnStep = identity === undefined || mayOutliveIdentity(args, identity);
    const deletedWith = hasOwnStep ? undefined : identity;
    const path = pathOf(name, type, opts);
    const methods = rest.requestedAccessMethods;
    const doors = [spaces, acsEntrances, devices].flatMap((places) =>
      (places ?? []).flatMap((place) => (place.name === undefined ? [] : [secretValueOf(place.name)])),
    );
    super(
      type,
      name,
      {
        accessGrantKey: undefined,
        startsAt: undefined,
        endsAt: undefined,
        ...rest,
        requestedAccessMethods: mayHaveCode(methods) ? pulumi.secret(methods) : methods,
        userIdentityId,
        spaceIds: spaces === undefined ? rest.spaceIds : spaces.map((one) => idOf(one, one.spaceId)),
        acsEntranceIds: acsEntrances?.map((one) => one.acsEntranceId) ?? rest.acsEntranceIds,
        deviceIds: devices?.map((one) => one.deviceId) ?? rest.deviceIds,
        ...(doors.length === 0 ? {} : { doors }),
        ...(opts.id === undefined
          ? {
              [defaultAccessGrantKeyProperty]: path,
              [declaredAsProperty]: {
                path,
                ...(deletedWith === undefined ? {} : { deletedWith: declaredPathOf(deletedWith) }),
                userIdentityId: valueOf(identity?.id ?? userIdentityId),
                ...(mayHaveCode(methods) ? {} : { withoutCode: true }),
              },
            }
          : {}),
        accessGrantId: undefined,
        accessMethods: undefined,
        warnings: undefined,
        workspaceId: undefined,
        __provider: providerText("accessGrant"),
      },
      {
        ...(deletedWith === undefined ? {} : { deletedWith }),
        ...opts,
        // The key is unique, and two grants for one person would both open doors.
        deleteBeforeReplace: true,
        additionalSecretOutputs: [
          ...(opts.additionalSecretOutputs ?? []),
          ...(mayHaveCode(methods) ? ["requestedAccessMethods"] : []),
        ],
      },
    );
    warnOfPlaintextKey();
  }
}

/** The Pulumi id of a resource rather than its output: it stays known while the resource is being updated. */
function idOf(place: object, id: pulumi.Input<string>): pulumi.Input<string> {
  return pulumi.CustomResource.isInstance(place) ? place.id : id;
}

/** Only "certainly deleted with the identity" lets a grant go without a step of its own. */
function mayOutliveIdentity(args: AccessGrantArgs | undefined, identity: UserIdentity): boolean {
  const { adopt, deletionPolicy } = args ?? {};
  const isOwn = (deletionPolicy ?? "teardown") === "teardown";
  return !isOwn || (adopt !== undefined && adopt !== false) || keepsAccessGrants(identity);
}

/** Whether a requested code may be among these; what is not known yet may be one. */
function mayHaveCode(methods: AccessGrantArgs["requestedAccessMethods"] | undefined): boolean {
  if (methods === undefined) return false;
  if (!Array.isArray(methods)) return true;
  return methods.some(
    (method) => pulumi.Output.isInstance(method) || method instanceof Promise || method.code !== undefined,
  );
}
