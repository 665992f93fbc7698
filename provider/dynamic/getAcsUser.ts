import type * as pulumi from "@pulumi/pulumi";
import type { SeamClient } from "../seam/client";
import { findAcsUsersBy, onlyAcsUser } from "../seam/lookup";
import type { AcsUser } from "../seam/model";
import {
  type AnyLookupOptions,
  type LookupOptions,
  lookUp,
  lookUpOutput,
  type OptionalLookupOptions,
} from "./lookup";
import { describeArguments, givenArguments } from "./lookupArguments";

/** The arguments of {@link getAcsUser}: its id, or its system and either e-mail address or phone number. */
export interface GetAcsUserArgs {
  /** A UUID. */
  acsUserId?: string | undefined;
  /** A UUID; with `emailAddress` or `phoneNumber`. */
  acsSystemId?: string | undefined;
  /** With `acsSystemId`; not case-sensitive. */
  emailAddress?: string | undefined;
  /** With `acsSystemId`; as in Seam, in general in E.164 form like `+15555550110`. */
  phoneNumber?: string | undefined;
}

/** Like {@link GetAcsUserArgs}, but values may be outputs. */
export type GetAcsUserOutputArgs = { [Name in keyof GetAcsUserArgs]: pulumi.Input<GetAcsUserArgs[Name]> };

/** An ACS user in Seam. */
export interface GetAcsUserResult {
  acsUserId: string;
  acsSystemId: string;
  /** The identity that it is linked to. */
  userIdentityId?: string | undefined;
  displayName: string;
  fullName?: string | undefined;
  emailAddress?: string | undefined;
  phoneNumber?: string | undefined;
  isSuspended: boolean;
  workspaceId: string;
}

const names = ["acsUserId", "acsSystemId", "emailAddress", "phoneNumber"] as const;

/**
 * Finds an ACS user by its id, or by its access control system and e-mail address (in any case) or phone number. Suspended ACS
 * users, and those that Seam is still deleting, are found too. Also runs in previews, where it needs an API key; {@link
 * getAcsUserOutput} does not.
 *
 * @returns Undefined if there is none and `ifMissing` is `"undefined"`.
 * @throws Error if there is none; if there is more than one, with their ids and which of them are suspended or being deleted;
 *   if the arguments are not one of these combinations; or if a call to Seam fails.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import * as seam from "pulumi-seam";
 *
 * const acsSystemId = new pulumi.Config().require("acsSystemId");
 * const jean = seam.getAcsUser({ acsSystemId, emailAddress: "jean@example.com" });
 * export const acsUserId = jean.then((found) => found.acsUserId);
 * ```
 */
export function getAcsUser(
  args: GetAcsUserArgs,
  opts: OptionalLookupOptions,
): Promise<GetAcsUserResult | undefined>;
export function getAcsUser(args: GetAcsUserArgs, opts?: LookupOptions): Promise<GetAcsUserResult>;
export function getAcsUser(
  args: GetAcsUserArgs,
  opts?: LookupOptions | OptionalLookupOptions,
): Promise<GetAcsUserResult | undefined>;
export function getAcsUser(
  args: GetAcsUserArgs,
  opts?: AnyLookupOptions,
): Promise<GetAcsUserResult | undefined> {
  return lookUp(`find the ACS user${describeArguments({ ...args }, names)}`, opts, async (client) => {
    const found = await find(client, givenArguments<(typeof names)[number]>(args, names));
    return found === undefined ? undefined : resultOf(found);
  });
}

async function find(
  client: SeamClient,
  given: ReadonlyMap<(typeof names)[number], string>,
): Promise<AcsUser | undefined> {
  const [acsUserId, acsSystemId] = [given.get("acsUserId"), given.get("acsSystemId")];
  if (acsUserId !== undefined && given.size === 1) return findById(client, acsUserId);
  if (acsUserId !== undefined || acsSystemId === undefined || given.size !== 2) {
    throw new Error("it takes either acsUserId, or acsSystemId and one of emailAddress and phoneNumber");
  }
  const by = { emailAddress: given.get("emailAddress"), phoneNumber: given.get("phoneNumber") };
  return onlyAcsUser(await findAcsUsersBy(client, acsSystemId, by));
}

async function findById(client: SeamClient, id: string): Promise<AcsUser | undefined> {
  const found = await client.findAcsUser(id);
  if (found !== undefined && found.acs_user_id.toLowerCase() !== id.toLowerCase()) {
    throw new Error(`Seam answered with another ACS user, ${found.acs_user_id}`);
  }
  return found;
}

function resultOf(found: AcsUser): GetAcsUserResult {
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
}

/**
 * Like {@link getAcsUser}, for outputs. In a preview, the result is unknown if there is no API key, or if the settings of the
 * `provider` are not known yet.
 */
export function getAcsUserOutput(
  args: GetAcsUserOutputArgs,
  opts: OptionalLookupOptions,
): pulumi.Output<GetAcsUserResult | undefined>;
export function getAcsUserOutput(
  args: GetAcsUserOutputArgs,
  opts?: LookupOptions,
): pulumi.Output<GetAcsUserResult>;
export function getAcsUserOutput(
  args: GetAcsUserOutputArgs,
  opts?: AnyLookupOptions,
): pulumi.Output<GetAcsUserResult | undefined> {
  return lookUpOutput(args, opts, (known) => getAcsUser(known, opts));
}
