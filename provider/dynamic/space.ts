import * as pulumi from "@pulumi/pulumi";
import type { DeletionPolicy } from "../resources/retention";
import { defaultSpaceKeyProperty } from "../resources/spaceArguments";
import { declaredAsProperty, pathOf } from "./declaredAs";
import { warnOfPlaintextKey } from "./keyWarnings";
import { providerText, typeToken } from "./stateReference";

/** The arguments of a {@link Space}. */
export interface SpaceArgs {
  /** A name for people, such as that of a building. */
  name: pulumi.Input<string>;
  /**
   * Your own key for the space, unique in the workspace. Default: a key derived from stack, project and resource name, by which an
   * interrupted create is found again. A change replaces the space, the new one first.
   */
  spaceKey?: pulumi.Input<string> | undefined;
  /**
   * The entrances of access control systems that are in the space: UUIDs, for example from `getAcsEntrance`. The whole set. Left out, entrances
   * are left alone.
   */
  acsEntranceIds?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** The smart locks that are in the space: UUIDs, for example from `getDevice`. The whole set. Left out, devices are left alone. */
  deviceIds?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * Whether to take over the space that has the given `spaceKey`, if there is one. An adopted space is released, not deleted, when the
   * resource is deleted, unless `deletionPolicy` says `teardown`.
   *
   * @default false
   */
  adopt?: pulumi.Input<boolean> | undefined;
  /**
   * `teardown` deletes the space, unless grants still use it; `retain` leaves it as it is.
   *
   * @default `teardown`; for an adopted space `retain`
   */
  deletionPolicy?: pulumi.Input<DeletionPolicy> | undefined;
}

const type = typeToken("Space");

/**
 * A place with its doors, such as a building: entrances of access control systems and smart locks, to which an {@link AccessGrant}
 * gives access as a whole.
 *
 * The lists of entrances and devices are whole sets: an update adds what is missing before it removes what is no longer given. Deleting a space that
 * access grants still use is an error that names them, and nothing is deleted; grants of the same program are deleted first.
 *
 * The Pulumi id is Seam's `space_id`.
 *
 * @example
 * ```ts
 * const headquarters = new seam.Space("headquarters", {
 *   name: "Headquarters",
 *   acsEntranceIds: [mainEntrance],
 * });
 * const jean = new seam.UserIdentity("jean", { emailAddress: "jean@example.com" });
 * new seam.AccessGrant("jean-headquarters", {
 *   userIdentity: jean,
 *   spaces: [headquarters],
 *   requestedAccessMethods: [{ mode: "mobile_key" }],
 * });
 * ```
 */
export class Space extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  /** The key in use: the one given, or the derived one. Undefined for an imported space without one. */
  declare readonly spaceKey: pulumi.Output<string | undefined>;
  declare readonly acsEntranceIds: pulumi.Output<string[] | undefined>;
  declare readonly deviceIds: pulumi.Output<string[] | undefined>;
  /** The same as `id`. Prefer `id` when another resource refers to it: it stays known in every preview. */
  declare readonly spaceId: pulumi.Output<string>;
  /** As Seam shows it. */
  declare readonly displayName: pulumi.Output<string>;
  /** When Seam made it, ISO 8601. */
  declare readonly createdAt: pulumi.Output<string>;
  /** The workspace it lives in. A key for another workspace never touches it. */
  declare readonly workspaceId: pulumi.Output<string>;

  /** Reads a space that this program does not manage. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Space {
    return new Space(name, undefined, { ...opts, id });
  }

  static override isInstance(value: unknown): value is Space {
    return pulumi.CustomResource.isInstance(value) && "__pulumiType" in value && value.__pulumiType === type;
  }

  constructor(name: string, args: SpaceArgs, opts?: pulumi.CustomResourceOptions);
  /** @internal Reading by id takes no arguments. */
  constructor(name: string, args: undefined, opts: pulumi.CustomResourceOptions);
  constructor(name: string, args?: SpaceArgs, opts: pulumi.CustomResourceOptions = {}) {
    const path = pathOf(name, type, opts);
    super(
      type,
      name,
      {
        spaceKey: undefined,
        acsEntranceIds: undefined,
        deviceIds: undefined,
        ...args,
        name: args?.name,
        ...(opts.id === undefined ? { [defaultSpaceKeyProperty]: path, [declaredAsProperty]: { path } } : {}),
        spaceId: undefined,
        displayName: undefined,
        createdAt: undefined,
        workspaceId: undefined,
        __provider: providerText("space"),
      },
      opts,
    );
    warnOfPlaintextKey();
  }
}
