import type { SeamClient } from "../provider/seam/client";
import { findUserIdentityBy } from "../provider/seam/lookup";
import type { UserIdentity } from "../provider/seam/model";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a value has the format of an id. It can still be a key. */
export function hasIdFormat(named: string): boolean {
  return uuid.test(named);
}

/**
 * Finds the one identity that has this id, key, e-mail address or phone number, as given by a person at a terminal.
 *
 * @throws Error as {@link findIdentity}, and if there is none.
 */
export async function resolveIdentity(client: SeamClient, named: string): Promise<UserIdentity> {
  const found = await findIdentity(client, named);
  if (found === undefined) throw new Error(identityNotFound);
  return found;
}

export const identityNotFound =
  "there is no user identity with this id, key, e-mail address or phone number in the API key's workspace. Check what was given, and the key";

/**
 * Like {@link resolveIdentity}, but undefined if Seam has none.
 *
 * @throws Error if it was merged into another, or if there is more than one: the key of one can be the e-mail address of another.
 */
export async function findIdentity(client: SeamClient, named: string): Promise<UserIdentity | undefined> {
  if (named.trim() === "")
    throw new Error("the identity to look for is empty. Give its id, key, e-mail address or phone number");
  const [byId, byKey, ...byContact] = await Promise.all([
    hasIdFormat(named) ? client.findUserIdentity({ user_identity_id: named.toLowerCase() }) : undefined,
    client.findUserIdentity({ user_identity_key: named }),
    named.includes("@") ? findUserIdentityBy(client, "email_address", named) : undefined,
    named.startsWith("+") ? findUserIdentityBy(client, "phone_number", named) : undefined,
  ]);
  // The ids and keys of a merged identity return the one that it was merged into, which may belong to another person.
  if (byId !== undefined && byId.user_identity_id !== named.toLowerCase()) {
    throw mergedError(`user identity ${named}`, byId);
  }
  if (byKey !== undefined && byKey.user_identity_key?.toLowerCase() !== named.toLowerCase()) {
    throw mergedError("the user identity that had this key", byKey);
  }
  const found = [byId, byKey, ...byContact].filter((one) => one !== undefined);
  const ids = new Set(found.map((one) => one.user_identity_id));
  if (ids.size > 1) {
    throw new Error(
      `more than one user identity has this value, one as its key and another as its id, e-mail address or phone number: ${[...ids].join(", ")}. Give the id`,
    );
  }
  return found[0];
}

function mergedError(named: string, into: UserIdentity): Error {
  return new Error(
    `${named} was merged into ${into.user_identity_id} in Seam. Nothing was done. Give that id if it is the one you mean`,
  );
}
