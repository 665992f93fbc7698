import * as pulumi from "@pulumi/pulumi";
import { AcsUser } from "./acsUser";
import { declaredAsProperty, pathOf } from "./declaredAs";
import { warnOfPlaintextKey } from "./keyWarnings";
import { assertArguments, assertOneOf, assertResource } from "./resourceArguments";
import { providerText, typeToken } from "./stateReference";

/**
 * The arguments of an {@link AcsAccessGroupMembership}. A change of any of them replaces the membership: the old one is removed
 * first.
 */
export interface AcsAccessGroupMembershipArgs {
  /** The access group: a UUID, for example from `getAcsAccessGroup`. */
  acsAccessGroupId: pulumi.Input<string>;
  /** The ACS user, if this program declares it. Give this or `acsUserId`. */
  acsUser?: AcsUser | undefined;
  /** The id of the ACS user: a UUID. It must be in the access control system of the group. */
  acsUserId?: pulumi.Input<string> | undefined;
}

const type = typeToken("AcsAccessGroupMembership");

/**
 * Makes an ACS user a member of an access group, whose members may open the doors of the group.
 *
 * It manages only this membership: other members of the group, and other groups of the ACS user, are left alone. An existing
 * membership is kept, and is removed when the resource is deleted. A change that the system defers counts as done. Deleting the
 * resource removes the ACS user from the group and deletes nobody.
 *
 * The Pulumi id is `<acs_access_group_id>/<acs_user_id>`.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import * as seam from "pulumi-seam";
 *
 * const acsSystemId = new pulumi.Config().require("acsSystemId");
 * const { acsAccessGroupId } = seam.getAcsAccessGroupOutput({ acsSystemId, name: "Staff" });
 * const jean = new seam.AcsUser("jean", { acsSystemId, fullName: "Jean Doe", emailAddress: "jean@example.com" });
 * new seam.AcsAccessGroupMembership("jean-staff", { acsAccessGroupId, acsUser: jean });
 * ```
 */
export class AcsAccessGroupMembership extends pulumi.CustomResource {
  declare readonly acsAccessGroupId: pulumi.Output<string>;
  declare readonly acsUserId: pulumi.Output<string>;
  /** The access control system that both belong to. */
  declare readonly acsSystemId: pulumi.Output<string>;
  /** The workspace that both belong to. They are never changed with a key for another workspace. */
  declare readonly workspaceId: pulumi.Output<string>;

  /** Reads a membership that this program does not manage; the id is `<acs_access_group_id>/<acs_user_id>`. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): AcsAccessGroupMembership {
    return new AcsAccessGroupMembership(name, undefined, { ...opts, id });
  }

  static override isInstance(value: unknown): value is AcsAccessGroupMembership {
    return pulumi.CustomResource.isInstance(value) && "__pulumiType" in value && value.__pulumiType === type;
  }

  /** @throws Error if not exactly one of `acsUser` and `acsUserId` is given. */
  constructor(name: string, args: AcsAccessGroupMembershipArgs, opts?: pulumi.CustomResourceOptions);
  /** @internal Reading by id takes no arguments. */
  constructor(name: string, args: undefined, opts: pulumi.CustomResourceOptions);
  constructor(name: string, args?: AcsAccessGroupMembershipArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { acsUser, ...rest }: Partial<AcsAccessGroupMembershipArgs> = args ?? {};
    if (opts.id === undefined) {
      const self = `AcsAccessGroupMembership "${name}"`;
      assertArguments(self, args);
      assertOneOf(self, ["acsUser", acsUser], ["acsUserId", rest.acsUserId]);
      assertResource(self, ["acsUser", acsUser], AcsUser, "acsUserId");
    }
    super(
      type,
      name,
      {
        ...rest,
        // The Pulumi id rather than the output, because it stays known while the ACS user is being updated.
        acsUserId: acsUser?.id ?? rest.acsUserId,
        acsAccessGroupId: rest.acsAccessGroupId,
        ...(opts.id === undefined ? { [declaredAsProperty]: { path: pathOf(name, type, opts) } } : {}),
        acsSystemId: undefined,
        workspaceId: undefined,
        __provider: providerText("acsAccessGroupMembership"),
      },
      { ...opts, deleteBeforeReplace: true },
    );
    warnOfPlaintextKey();
  }
}
