import type { AcsUserFilter, SeamClient } from "./client";
import type { AcsUser, UserIdentity } from "./model";

/** One attribute by which an identity can be found, each unique in a workspace. */
export type UserIdentityAttribute = "user_identity_key" | "email_address" | "phone_number";

/** Finds the identity that has exactly this key, e-mail address (in any case) or phone number. */
export async function findUserIdentityBy(
  client: SeamClient,
  attribute: UserIdentityAttribute,
  value: string,
): Promise<UserIdentity | undefined> {
  if (attribute === "user_identity_key") return client.findUserIdentity({ user_identity_key: value });
  // Seam's search is by part and over several attributes, so its answer still has to be held against the value.
  const found = await client.listUserIdentities({ search: value });
  return found.find((identity) => sameValue(attribute, identity[attribute], value));
}

/** Whether two values of an attribute mean the same; e-mail addresses do not depend on case. */
export function sameValue(
  attribute: string,
  one: string | null | undefined,
  other: string | null | undefined,
): boolean {
  if (attribute === "email_address" && one && other) return one.toLowerCase() === other.toLowerCase();
  return (one ?? null) === (other ?? null);
}

/** Finds the ACS user of a system that has exactly this e-mail address (in any case). */
export async function findAcsUserByEmailAddress(
  client: SeamClient,
  acsSystemId: string,
  emailAddress: string,
): Promise<AcsUser | undefined> {
  const filter: AcsUserFilter = { acs_system_id: acsSystemId, search: emailAddress };
  const found = await client.listAcsUsers(filter);
  return found.find((user) => sameValue("email_address", user.email_address, emailAddress));
}
