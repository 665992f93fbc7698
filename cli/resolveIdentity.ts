import type { SeamClient } from "../provider/seam/client";
import { findUserIdentityBy } from "../provider/seam/lookup";
import type { UserIdentity } from "../provider/seam/model";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Finds the one identity that a person at a terminal means by an id, a key, an e-mail address or a phone number.
 *
 * @throws Error if there is none, if it was merged into another, or if there is more than one: the key of one can be the e-mail
 * address of another.
 */
export async function resolveIdentity(client: SeamClient, named: string): Promise<UserIdentity> {
  const all = await Promise.all([
    uuid.test(named) ? client.findUserIdentity({ user_identity_id: named }) : undefined,
    findUserIdentityBy(client, "user_identity_key", named),
    named.includes("@") ? findUserIdentityBy(client, "email_address", named) : undefined,
    named.startsWith("+") ? findUserIdentityBy(client, "phone_number", named) : undefined,
  ]);
  const byId = new Map(
    all.flatMap((one) => (one === undefined ? [] : [[one.user_identity_id, one] as const])),
  );
  const [byIdGiven] = all;
  if (byIdGiven !== undefined && byIdGiven.user_identity_id !== named.toLowerCase()) {
    throw new Error(
      `user identity ${named} was merged into ${byIdGiven.user_identity_id} in Seam. Nothing was done. Give that id if it is the one you mean`,
    );
  }
  const [found, ...others] = byId.values();
  if (others.length > 0) {
    throw new Error(
      `more than one user identity goes by this, one as its key and another as its id, e-mail address or phone number: ${[...byId.keys()].join(", ")}. Give the id`,
    );
  }
  if (found === undefined) {
    throw new Error(
      `there is no user identity with this id, key, e-mail address or phone number in the API key's workspace. Check what was given, and the key`,
    );
  }
  return found;
}
