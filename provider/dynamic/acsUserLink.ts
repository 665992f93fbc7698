import * as pulumi from "@pulumi/pulumi";
import { AcsUser, isDeclared } from "./acsUser";
import { declaredAsProperty, pathOf } from "./declaredAs";
import { declaredIn, valueOf } from "./declaredIn";
import { warnOfPlaintextKey } from "./keyWarnings";
import { assertArguments, assertDeletedItself, assertOneOf, assertResource } from "./resourceArguments";
import { providerText, typeToken } from "./stateReference";
import { declaredPathOf, isKept, UserIdentity } from "./userIdentity";

/** The arguments of an {@link AcsUserLink}. A change of any of them replaces the link: the old one is removed first. */
export interface AcsUserLinkArgs {
  /**
   * The person's identity. Deleting it also deletes the ACS user (or unlinks it, depending on `teardown`), so the link then
   * needs no step of its own. Give this or `userIdentityId`.
   */
  userIdentity?: UserIdentity | undefined;
  /**
   * The id of the identity: a UUID. The `id` of an identity that this program declares is equivalent to `userIdentity`. With
   * the id of any other identity, the link is removed on its own, and the ACS user keeps its credentials.
   */
  userIdentityId?: pulumi.Input<string> | undefined;
  /**
   * The ACS user, if this program declares it. The link is then deleted before the identity, and the ACS user is only deleted
   * with its own resource. Give this or `acsUserId`.
   */
  acsUser?: AcsUser | undefined;
  /**
   * The id of the ACS user: a UUID. The `id` of an ACS user that this program declares is equivalent to `acsUser`. An identity
   * has at most one ACS user in each system.
   */
  acsUserId?: pulumi.Input<string> | undefined;
}

const type = typeToken("AcsUserLink");

/**
 * Links an ACS user (a person in one access control system) to a user identity, so that the person's app gets the ACS user's
 * mobile credentials. Deleting only the link unlinks the two and deletes nobody.
 *
 * The Pulumi id is `<user_identity_id>/<acs_user_id>`.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import * as seam from "pulumi-seam";
 *
 * const acsSystemId = new pulumi.Config().require("acsSystemId");
 * const jean = new seam.UserIdentity("jean", { emailAddress: "jean@example.com" });
 * const inTheLobby = seam.getAcsUserOutput({ acsSystemId, emailAddress: "jean@example.com" });
 * new seam.AcsUserLink("jean-lobby", { userIdentity: jean, acsUserId: inTheLobby.acsUserId });
 * ```
 */
export class AcsUserLink extends pulumi.CustomResource {
  declare readonly userIdentityId: pulumi.Output<string>;
  declare readonly acsUserId: pulumi.Output<string>;
  /** The access control system that the ACS user belongs to. */
  declare readonly acsSystemId: pulumi.Output<string>;
  /** The workspace that both belong to. */
  declare readonly workspaceId: pulumi.Output<string>;

  /** Reads a link that this program does not manage; the id is `<user_identity_id>/<acs_user_id>`. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): AcsUserLink {
    return new AcsUserLink(name, undefined, { ...opts, id });
  }

  static override isInstance(value: unknown): value is AcsUserLink {
    return pulumi.CustomResource.isInstance(value) && "__pulumiType" in value && value.__pulumiType === type;
  }

  /** @throws Error if not exactly one of `userIdentity` and `userIdentityId` is given, or of `acsUser` and `acsUserId`. */
  constructor(name: string, args: AcsUserLinkArgs, opts?: pulumi.CustomResourceOptions);
  /** @internal Reading by id takes no arguments. */
  constructor(name: string, args: undefined, opts: pulumi.CustomResourceOptions);
  constructor(name: string, args?: AcsUserLinkArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { userIdentity, acsUser, ...rest }: AcsUserLinkArgs = args ?? {};
    if (opts.id === undefined) {
      const self = `AcsUserLink "${name}"`;
      assertArguments(self, args);
      assertOneOf(self, ["userIdentity", userIdentity], ["userIdentityId", rest.userIdentityId]);
      assertOneOf(self, ["acsUser", acsUser], ["acsUserId", rest.acsUserId]);
      assertResource(self, ["userIdentity", userIdentity], UserIdentity, "userIdentityId");
      assertResource(self, ["acsUser", acsUser], AcsUser, "acsUserId");
    }
    const identity = userIdentity ?? declaredIn(rest.userIdentityId, UserIdentity);
    const user = acsUser ?? declaredIn(rest.acsUserId, AcsUser);
    // The Pulumi id rather than the output, because it stays known while the identity is being updated.
    const userIdentityId = userIdentity?.id ?? rest.userIdentityId;
    const acsUserId = acsUser?.id ?? rest.acsUserId;
    // An ACS user that the program declares must not be deleted with the identity, and if the identity stays in Seam, the link
    // must be removed on its own.
    const deletedWith = identity === undefined || isDeclared(user) || isKept(identity) ? undefined : identity;
    assertDeletedItself(`AcsUserLink "${name}"`, opts, deletedWith);
    super(
      type,
      name,
      {
        ...rest,
        userIdentityId,
        acsUserId,
        ...(opts.id === undefined
          ? {
              [declaredAsProperty]: {
                path: pathOf(name, type, opts),
                ...(deletedWith === undefined ? {} : { deletedWith: declaredPathOf(deletedWith) }),
                userIdentityId: valueOf(identity?.id ?? userIdentityId),
                acsUserId: valueOf(user?.id ?? acsUserId),
              },
            }
          : {}),
        acsSystemId: undefined,
        workspaceId: undefined,
        __provider: providerText("acsUserLink"),
      },
      {
        ...(deletedWith === undefined ? {} : { deletedWith }),
        ...opts,
        // A system allows one ACS user per identity, so the old link is removed first.
        deleteBeforeReplace: true,
      },
    );
    warnOfPlaintextKey();
  }
}
