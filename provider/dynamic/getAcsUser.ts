import type * as pulumi from "@pulumi/pulumi";
import { findAcsUserByEmailAddress } from "../seam/lookup";
import { type LookupOptions, lookUp, lookUpOutput } from "./lookup";

/** By what to find an ACS user: its id, or its system and e-mail address. */
export interface GetAcsUserArgs {
  acsUserId?: string | undefined;
  /** With `emailAddress`. */
  acsSystemId?: string | undefined;
  /** With `acsSystemId`. */
  emailAddress?: string | undefined;
}

/** As {@link GetAcsUserArgs}, with outputs allowed. */
export type GetAcsUserOutputArgs = { [Name in keyof GetAcsUserArgs]: pulumi.Input<GetAcsUserArgs[Name]> };

/** An ACS user as Seam has it now. */
export interface GetAcsUserResult {
  acsUserId: string;
  acsSystemId: string;
  /** The identity it is linked to. */
  userIdentityId?: string | undefined;
  displayName: string;
  fullName?: string | undefined;
  emailAddress?: string | undefined;
  phoneNumber?: string | undefined;
  isSuspended: boolean;
  workspaceId: string;
}

/**
 * Finds an ACS user by its id, or by its access control system and e-mail address (in any case). Runs in previews too,
 * and needs an API key there; {@link getAcsUserOutput} does not.
 *
 * @throws Error if there is none, if the arguments do not name one way, or if Seam cannot be asked.
 *
 * @example
 * ```ts
 * const jean = await seam.getAcsUser({ acsSystemId: lobby, emailAddress: "jean@example.com" });
 * ```
 */
export function getAcsUser(args: GetAcsUserArgs, opts?: LookupOptions): Promise<GetAcsUserResult> {
  const { acsUserId, acsSystemId, emailAddress } = args;
  const doing =
    acsUserId === undefined ? "find the ACS user by system and e-mail address" : `find ACS user ${acsUserId}`;
  return lookUp(doing, opts, async (client) => {
    const byAddress = acsSystemId !== undefined && emailAddress !== undefined;
    if ((acsUserId === undefined) !== byAddress) {
      throw new Error("it takes either acsUserId, or acsSystemId and emailAddress");
    }
    const found =
      acsUserId === undefined
        ? await findAcsUserByEmailAddress(client, acsSystemId ?? "", emailAddress ?? "")
        : await client.findAcsUser(acsUserId);
    if (found === undefined) {
      throw new Error("there is none in the API key's workspace. Check the arguments and the key");
    }
    return {
      acsUserId: found.acs_user_id,
      acsSystemId: found.acs_system_id,
      userIdentityId: found.user_identity_id ?? undefined,
      displayName: found.display_name ?? "",
      fullName: found.full_name ?? undefined,
      emailAddress: found.email_address ?? undefined,
      phoneNumber: found.phone_number ?? undefined,
      isSuspended: found.is_suspended,
      workspaceId: found.workspace_id,
    };
  });
}

/** As {@link getAcsUser}, for outputs. In a preview without API key the result is unknown. */
export function getAcsUserOutput(
  args: GetAcsUserOutputArgs,
  opts?: LookupOptions,
): pulumi.Output<GetAcsUserResult> {
  return lookUpOutput(args, opts, (known) => getAcsUser(known, opts));
}
