import * as pulumi from "@pulumi/pulumi";
import type { DeletionPolicy } from "../resources/retention";
import { defaultSpaceKeyProperty } from "../resources/spaceArguments";
import { declaredAsProperty, pathOf } from "./declaredAs";
import { warnOfPlaintextKey } from "./keyWarnings";
import { assertArguments } from "./resourceArguments";
import { providerText, typeToken } from "./stateReference";

/** The arguments of a {@link Space}. */
export interface SpaceArgs {
  /** A display name, such as that of a building. */
  name: pulumi.Input<string>;
  /**
   * Your own key for the space, unique in the workspace. Default: a key derived from stack, project and resource name, by which
   * the next run finds the result of an interrupted create. A change replaces the space: the new one is created first.
   */
  spaceKey?: pulumi.Input<string> | undefined;
  /**
   * All entrances of access control systems in the space: UUIDs, for example from `getAcsEntrance`. Without this argument,
   * entrances are left alone.
   */
  acsEntranceIds?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** All smart locks in the space: UUIDs, for example from `getDevice`. Without this argument, devices are left alone. */
  deviceIds?: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /**
   * Whether to adopt the space that has the given `spaceKey`, if there is one. An adopted space is released, not deleted, when
   * the resource is deleted, unless `deletionPolicy` is `teardown`.
   *
   * @default `false`
   */
  adopt?: pulumi.Input<boolean> | undefined;
  /**
   * `teardown` deletes the space, unless grants still use it; `retain` leaves it unchanged in Seam.
   *
   * @default `teardown`; for an adopted space `retain`
   */
  deletionPolicy?: pulumi.Input<DeletionPolicy> | undefined;
}

const type = typeToken("Space");

/**
 * A place with its doors, such as a building. An {@link AccessGrant} for a space gives access to all of its entrances and smart
 * locks.
 *
 * The lists of entrances and devices are complete: an update adds missing members before it removes those that are no longer
 * given. Deleting a space that access grants still use is an error that names them, and nothing is deleted; grants of the same
 * program are deleted first.
 *
 * The Pulumi id is Seam's `space_id`.
 *
 * @example
 * ```ts
 * import * as seam from "pulumi-seam";
 *
 * const entrance = seam.getAcsEntranceOutput({ name: "Main entrance" });
 * const headquarters = new seam.Space("headquarters", {
 *   name: "Headquarters",
 *   acsEntranceIds: [entrance.acsEntranceId],
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
  /** The key in use: the given one, or the derived one. Undefined for an imported space without a key. */
  declare readonly spaceKey: pulumi.Output<string | undefined>;
  declare readonly acsEntranceIds: pulumi.Output<string[] | undefined>;
  declare readonly deviceIds: pulumi.Output<string[] | undefined>;
  /** The same as `id`. Prefer `id` in arguments of other resources, because it stays known in every preview. */
  declare readonly spaceId: pulumi.Output<string>;
  /** The name that Seam shows. */
  declare readonly displayName: pulumi.Output<string>;
  /** When Seam created it, in ISO 8601. */
  declare readonly createdAt: pulumi.Output<string>;
  /** The workspace that it belongs to. It is never changed with a key for another workspace. */
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
    assertArguments(`Space "${name}"`, args);
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
