import type * as pulumi from "@pulumi/pulumi";
import type { SeamClient } from "../seam/client";
import { findUserIdentityBy } from "../seam/lookup";
import type { UserIdentity } from "../seam/model";
import {
  type AnyLookupOptions,
  type LookupOptions,
  lookUp,
  lookUpOutput,
  type OptionalLookupOptions,
} from "./lookup";
import { describeArguments, givenArguments } from "./lookupArguments";

/** The arguments of {@link getUserIdentity}; exactly one must be given. */
export interface GetUserIdentityArgs {
  /** A UUID. */
  userIdentityId?: string | undefined;
  /** The exact key. */
  userIdentityKey?: string | undefined;
  /** Not case-sensitive. */
  emailAddress?: string | undefined;
  /** E.164, like `+15555550110`. */
  phoneNumber?: string | undefined;
}

/** Like {@link GetUserIdentityArgs}, but values may be outputs. */
export type GetUserIdentityOutputArgs = {
  [Name in keyof GetUserIdentityArgs]: pulumi.Input<GetUserIdentityArgs[Name]>;
};

/** A user identity in Seam. */
export interface GetUserIdentityResult {
  userIdentityId: string;
  userIdentityKey?: string | undefined;
  emailAddress?: string | undefined;
  phoneNumber?: string | undefined;
  fullName?: string | undefined;
  displayName: string;
  /** The ACS users that are linked to it. */
  acsUserIds: string[];
  /** ISO 8601. */
  createdAt: string;
  workspaceId: string;
}

const attributes = {
  userIdentityKey: "user_identity_key",
  emailAddress: "email_address",
  phoneNumber: "phone_number",
} as const;
const names = ["userIdentityId", "userIdentityKey", "emailAddress", "phoneNumber"] as const;

/**
 * Finds a user identity by its id, key, e-mail address (in any case) or phone number. Also runs in previews, where it needs an
 * API key; {@link getUserIdentityOutput} does not.
 *
 * @returns Undefined if there is none and `ifMissing` is `"undefined"`.
 * @throws Error if there is none; if there is more than one, with their ids; if the identity was merged into another, with the
 *   id of that one; if not exactly one argument is given; or if a call to Seam fails.
 *
 * @example
 * ```ts
 * import * as seam from "pulumi-seam";
 *
 * const jean = seam.getUserIdentity({ emailAddress: "jean@example.com" });
 * export const userIdentityId = jean.then((found) => found.userIdentityId);
 * ```
 *
 * @example Find an account that may not exist yet:
 * ```ts
 * import * as seam from "pulumi-seam";
 *
 * const ada = seam.getUserIdentity({ userIdentityKey: "ada" }, { ifMissing: "undefined" });
 * export const hasAccount = ada.then((found) => found !== undefined);
 * ```
 */
export function getUserIdentity(
  args: GetUserIdentityArgs,
  opts: OptionalLookupOptions,
): Promise<GetUserIdentityResult | undefined>;
export function getUserIdentity(
  args: GetUserIdentityArgs,
  opts?: LookupOptions,
): Promise<GetUserIdentityResult>;
export function getUserIdentity(
  args: GetUserIdentityArgs,
  opts?: LookupOptions | OptionalLookupOptions,
): Promise<GetUserIdentityResult | undefined>;
export function getUserIdentity(
  args: GetUserIdentityArgs,
  opts?: AnyLookupOptions,
): Promise<GetUserIdentityResult | undefined> {
  const doing = `find the user identity${describeArguments({ ...args }, names)}`;
  return lookUp(doing, opts, async (client) => {
    const [by, ...others] = givenArguments<(typeof names)[number]>(args, names);
    if (by === undefined || others.length > 0) {
      throw new Error(`it takes exactly one of ${names.join(", ")}`);
    }
    const found = await find(client, ...by);
    return found === undefined ? undefined : resultOf(found);
  });
}

async function find(
  client: SeamClient,
  name: (typeof names)[number],
  value: string,
): Promise<UserIdentity | undefined> {
  if (name !== "userIdentityId") return findUserIdentityBy(client, attributes[name], value);
  const found = await client.findUserIdentity({ user_identity_id: value });
  if (found !== undefined && found.user_identity_id.toLowerCase() !== value.toLowerCase()) {
    throw new Error(
      `it was merged into user identity ${found.user_identity_id} in Seam. Look that one up if it is the one you mean`,
    );
  }
  return found;
}

function resultOf(found: UserIdentity): GetUserIdentityResult {
  return {
    userIdentityId: found.user_identity_id,
    userIdentityKey: found.user_identity_key ?? undefined,
    emailAddress: found.email_address ?? undefined,
    phoneNumber: found.phone_number ?? undefined,
    fullName: found.full_name ?? undefined,
    displayName: found.display_name ?? "",
    acsUserIds: found.acs_user_ids,
    createdAt: found.created_at,
    workspaceId: found.workspace_id,
  };
}

/**
 * Like {@link getUserIdentity}, for outputs. In a preview, the result is unknown if there is no API key, or if the settings of
 * the `provider` are not known yet.
 */
export function getUserIdentityOutput(
  args: GetUserIdentityOutputArgs,
  opts: OptionalLookupOptions,
): pulumi.Output<GetUserIdentityResult | undefined>;
export function getUserIdentityOutput(
  args: GetUserIdentityOutputArgs,
  opts?: LookupOptions,
): pulumi.Output<GetUserIdentityResult>;
export function getUserIdentityOutput(
  args: GetUserIdentityOutputArgs,
  opts?: AnyLookupOptions,
): pulumi.Output<GetUserIdentityResult | undefined> {
  return lookUpOutput(args, opts, (known) => getUserIdentity(known, opts));
}
