import * as pulumi from "@pulumi/pulumi";
import type { DeletionPolicy } from "../resources/retention";
import { defaultAccessGrantKeyProperty } from "../resources/accessGrantArguments";
import { isProperties } from "../resources/validation";
import { declaredAsProperty, pathOf } from "./declaredAs";
import { declaredIn, secretValueOf, valueOf } from "./declaredIn";
import { warnOfPlaintextKey } from "./keyWarnings";
import {
  assertArguments,
  assertDeletedItself,
  assertNotBoth,
  assertOneOf,
  assertPlaces,
  assertResource,
} from "./resourceArguments";
import { providerText, typeToken } from "./stateReference";
import { declaredPathOf, keepsAccessGrants, UserIdentity } from "./userIdentity";

/** How a person opens a door: with a PIN, a card, the app, or remotely. */
export type AccessMethodMode = "code" | "card" | "mobile_key" | "cloud_key";

/** A request for an access method of a grant. */
export interface RequestedAccessMethodArgs {
  mode: pulumi.Input<AccessMethodMode>;
  /** With `code` only: the preferred PIN, 4 to 9 digits. Always a secret in the state. Default: Seam chooses one. */
  code?: pulumi.Input<string> | undefined;
  /** With `mobile_key` only: how often an instant key can be used, 1 or more. */
  instantKeyMaxUseCount?: pulumi.Input<number> | undefined;
}

/** How long to wait for access methods. */
export interface AccessGrantIssueArgs {
  /** The time limit for access methods to be issued, or to be deleted, in seconds, 1 to 86,400. Default 600. */
  timeoutSeconds?: pulumi.Input<number> | undefined;
}

/** Options of the teardown of an {@link AccessGrant}. */
export interface AccessGrantTeardownArgs {
  /** The time limit of the teardown in seconds, 1 to 86,400. Default 600. The next run continues it. */
  timeoutSeconds?: pulumi.Input<number> | undefined;
}

/** A place that a lookup returned or that the program declares. Previews show its name. */
export interface NamedPlaceArgs {
  name?: pulumi.Input<string> | undefined;
}

/** The arguments of an {@link AccessGrant}. At least one place is required. */
export interface AccessGrantArgs {
  /** The person who may open the doors. Give this or `userIdentityId`. A change replaces the grant: the old one is deleted first. */
  userIdentity?: UserIdentity | undefined;
  /** The id of the identity: a UUID. The `id` of an identity that this program declares is equivalent to `userIdentity`. */
  userIdentityId?: pulumi.Input<string> | undefined;
  /** The access methods to request, at least one. A change requests new ones and deletes those that are no longer requested, in place. */
  requestedAccessMethods: pulumi.Input<pulumi.Input<RequestedAccessMethodArgs>[]>;
  /** Spaces: a {@link Space} of this program, or a result of `getSpace`. Give this or `spaceIds`. A change replaces the grant. */
  spaces?: readonly (NamedPlaceArgs & { spaceId: pulumi.Input<string> })[] | undefined;
  spaceIds?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Entrances of access control systems: results of `getAcsEntrance`. Give this or `acsEntranceIds`. A change replaces the grant. */
  acsEntrances?: readonly (NamedPlaceArgs & { acsEntranceId: pulumi.Input<string> })[] | undefined;
  acsEntranceIds?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** Smart locks: results of `getDevice`. Give this or `deviceIds`. A change replaces the grant. */
  devices?: readonly (NamedPlaceArgs & { deviceId: pulumi.Input<string> })[] | undefined;
  deviceIds?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * Your own key for the grant, unique in the workspace. Default: a key derived from stack, project and resource name, by which
   * the next run finds the result of an interrupted create. A change replaces the grant.
   */
  accessGrantKey?: pulumi.Input<string> | undefined;
  /** A display name. */
  name?: pulumi.Input<string> | undefined;
  /** The start of its validity: ISO 8601 with a time zone, like `2026-12-24T08:00:00+01:00`. Default: immediately. */
  startsAt?: pulumi.Input<string> | undefined;
  /** The end of its validity, after `startsAt`. Default: no end. */
  endsAt?: pulumi.Input<string> | undefined;
  /** The key of a reservation that it belongs to. A change replaces the grant. */
  reservationKey?: pulumi.Input<string> | undefined;
  /** A customization profile: a UUID. A change replaces the grant. */
  customizationProfileId?: pulumi.Input<string> | undefined;
  /**
   * Whether to adopt the grant that has the given `accessGrantKey`, if there is one. It is an error if it is for another
   * identity or other places. An adopted grant is released, not deleted, when the resource is deleted, unless `deletionPolicy`
   * is `teardown`.
   *
   * @default `false`
   */
  adopt?: pulumi.Input<boolean> | undefined;
  /**
   * `teardown` deletes the grant with everything that it issued; `retain` leaves it unchanged in Seam.
   *
   * @default `teardown`; for an adopted grant `retain`
   */
  deletionPolicy?: pulumi.Input<DeletionPolicy> | undefined;
  issue?: pulumi.Input<AccessGrantIssueArgs> | undefined;
  teardown?: pulumi.Input<AccessGrantTeardownArgs> | undefined;
}

/** An access method of a grant, without its code, token or link. */
export interface AccessMethodStatus {
  accessMethodId: string;
  mode: string;
  /** Whether Seam has issued it. A card is issued once it has been encoded. */
  issued: boolean;
  /** The index of the request that it was issued for, in the order in which access methods were requested from Seam. */
  request: number;
}

const type = typeToken("AccessGrant");

/**
 * Gives a person access to doors (spaces, entrances and smart locks) with a PIN, a card or a phone, for a time.
 *
 * Creating it waits until Seam has issued an access method for every request. If Seam reports that it cannot, the apply fails,
 * and the grant is kept in the state. Deleting it deletes everything that it issued, including PINs on smart locks, and
 * finishes when Seam confirms that all of it is gone. If its identity is deleted too, the grant needs no step of its own: the
 * identity's teardown deletes grants first.
 *
 * PINs, session tokens and instant-key links that Seam creates are never read. A `code` that the program gives is a secret in
 * the state.
 *
 * The Pulumi id is Seam's `access_grant_id`.
 *
 * @example
 * ```ts
 * import * as seam from "pulumi-seam";
 *
 * const { spaceId } = seam.getSpaceOutput({ name: "Headquarters" });
 * const jean = new seam.UserIdentity("jean", { emailAddress: "jean@example.com" });
 * new seam.AccessGrant("jean-headquarters", {
 *   userIdentity: jean,
 *   spaceIds: [spaceId],
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
  /** The key in use: the given one, or the derived one. */
  declare readonly accessGrantKey: pulumi.Output<string>;
  declare readonly startsAt: pulumi.Output<string | undefined>;
  declare readonly endsAt: pulumi.Output<string | undefined>;
  /** The same as `id`. Prefer `id` in arguments of other resources, because it stays known in every preview. */
  declare readonly accessGrantId: pulumi.Output<string>;
  /** The access methods that it has issued, or is about to issue. */
  declare readonly accessMethods: pulumi.Output<AccessMethodStatus[]>;
  /** The codes of Seam's warnings, such as `requested_code_unavailable`. */
  declare readonly warnings: pulumi.Output<string[]>;
  /** The workspace that it belongs to. It is never changed with a key for another workspace. */
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
    if (opts.id === undefined) {
      const self = `AccessGrant "${name}"`;
      assertArguments(self, args);
      assertOneOf(self, ["userIdentity", userIdentity], ["userIdentityId", rest.userIdentityId]);
      assertResource(self, ["userIdentity", userIdentity], UserIdentity, "userIdentityId");
      assertNotBoth(self, ["spaces", spaces], ["spaceIds", rest.spaceIds]);
      assertNotBoth(self, ["acsEntrances", acsEntrances], ["acsEntranceIds", rest.acsEntranceIds]);
      assertNotBoth(self, ["devices", devices], ["deviceIds", rest.deviceIds]);
      assertPlaces(self, ["spaces", spaces], "spaceId");
      assertPlaces(self, ["acsEntrances", acsEntrances], "acsEntranceId");
      assertPlaces(self, ["devices", devices], "deviceId");
    }
    const identity = userIdentity ?? declaredIn(rest.userIdentityId, UserIdentity);
    const userIdentityId = userIdentity?.id ?? rest.userIdentityId;
    const hasOwnStep = identity === undefined || mayOutliveIdentity(args, identity);
    const deletedWith = hasOwnStep ? undefined : identity;
    assertDeletedItself(`AccessGrant "${name}"`, opts, deletedWith);
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
        spaceIds: spaces?.map((one) => idOf(one, one.spaceId)) ?? rest.spaceIds,
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
        // The key is unique, and two grants for the same person would both open doors.
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

/** Returns the Pulumi id of a resource rather than its output, because the id stays known while the resource is being updated. */
function idOf(place: object, id: pulumi.Input<string>): pulumi.Input<string> {
  return pulumi.CustomResource.isInstance(place) ? place.id : id;
}

/** Whether a grant may remain when its identity is deleted. Only if it certainly does not, it needs no step of its own. */
function mayOutliveIdentity(args: AccessGrantArgs | undefined, identity: UserIdentity): boolean {
  const { adopt, deletionPolicy } = args ?? {};
  const isOwn = (deletionPolicy ?? "teardown") === "teardown";
  return !isOwn || (adopt ?? false) !== false || keepsAccessGrants(identity);
}

/** Whether these may include a requested code. A value that is not known yet may be one. */
function mayHaveCode(methods: AccessGrantArgs["requestedAccessMethods"] | undefined): boolean {
  if ((methods ?? undefined) === undefined) return false;
  if (!Array.isArray(methods)) return true;
  return methods.some(
    (method) =>
      pulumi.Output.isInstance(method) ||
      method instanceof Promise ||
      // In JavaScript, an item can be anything; the provider's check refuses it.
      (isProperties(method) && (method.code ?? undefined) !== undefined),
  );
}
