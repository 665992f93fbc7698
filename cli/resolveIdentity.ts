import type { SeamClient } from "../provider/seam/client";
import { findUserIdentityBy } from "../provider/seam/lookup";
import type { UserIdentity } from "../provider/seam/model";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Finds the one identity that a person at a terminal means by an id, a key, an e-mail address or a phone number.
 *
 * @throws Error if there is none.
 */
export async function resolveIdentity(client: SeamClient, named: string): Promise<UserIdentity> {
  const found =
    (uuid.test(named) ? await client.findUserIdentity({ user_identity_id: named }) : undefined) ??
    (await client.findUserIdentity({ user_identity_key: named })) ??
    (named.includes("@") ? await findUserIdentityBy(client, "email_address", named) : undefined) ??
    (named.startsWith("+") ? await findUserIdentityBy(client, "phone_number", named) : undefined);
  if (found === undefined) {
    throw new Error(
      `there is no user identity with this id, key, e-mail address or phone number in the API key's workspace. Check what was given, and the key`,
    );
  }
  return found;
}
