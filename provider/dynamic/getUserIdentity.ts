import type * as pulumi from "@pulumi/pulumi";
import { findUserIdentityBy } from "../seam/lookup";
import { type LookupOptions, lookUp, lookUpOutput } from "./lookup";

/** By what to find a user identity; exactly one of them. */
export interface GetUserIdentityArgs {
  userIdentityId?: string | undefined;
  userIdentityKey?: string | undefined;
  emailAddress?: string | undefined;
  /** E.164, like `+15555550110`. */
  phoneNumber?: string | undefined;
}

/** As {@link GetUserIdentityArgs}, with outputs allowed. */
export type GetUserIdentityOutputArgs = {
  [Name in keyof GetUserIdentityArgs]: pulumi.Input<GetUserIdentityArgs[Name]>;
};

/** A user identity as Seam has it now. */
export interface GetUserIdentityResult {
  userIdentityId: string;
  userIdentityKey?: string | undefined;
  emailAddress?: string | undefined;
  phoneNumber?: string | undefined;
  fullName?: string | undefined;
  displayName: string;
  /** The ACS users linked to it. */
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

/**
 * Finds a user identity by its id, key, e-mail address (in any case) or phone number. Runs in previews too, and needs an
 * API key there; {@link getUserIdentityOutput} does not.
 *
 * @throws Error if there is none, if not exactly one argument is given, or if Seam cannot be asked.
 *
 * @example
 * ```ts
 * const jean = await seam.getUserIdentity({ emailAddress: "jean@example.com" });
 * ```
 */
export function getUserIdentity(
  args: GetUserIdentityArgs,
  opts?: LookupOptions,
): Promise<GetUserIdentityResult> {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const [name = ""] = given[0] ?? [];
  return lookUp(`find the user identity by ${name === "" ? "nothing" : name}`, opts, async (client) => {
    const known = ["userIdentityId", ...Object.keys(attributes)];
    if (given.length !== 1 || !known.includes(name)) {
      throw new Error(`it takes exactly one of ${known.join(", ")}`);
    }
    const { userIdentityId } = args;
    const found =
      userIdentityId !== undefined
        ? await client.findUserIdentity({ user_identity_id: userIdentityId })
        : await findUserIdentityBy(
            client,
            attributes[name as keyof typeof attributes],
            args[name as keyof typeof attributes] ?? "",
          );
    if (found === undefined) {
      throw new Error("there is none in the API key's workspace. Check the value and the key");
    }
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
  });
}

/** As {@link getUserIdentity}, for outputs. In a preview without API key the result is unknown. */
export function getUserIdentityOutput(
  args: GetUserIdentityOutputArgs,
  opts?: LookupOptions,
): pulumi.Output<GetUserIdentityResult> {
  return lookUpOutput(args, opts, (known) => getUserIdentity(known, opts));
}
