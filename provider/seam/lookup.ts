import { isBeingDeleted } from "./beingDeleted";
import type { AcsUserFilter, SeamClient } from "./client";
import type { AcsUser, UserIdentity } from "./model";

/** An attribute by which an identity can be found. Each is unique in a workspace. */
export type UserIdentityAttribute = "user_identity_key" | "email_address" | "phone_number";

/** The attributes by which ACS users of one access control system can be found. They are not unique in Seam. */
export interface AcsUserAttributesToFind {
  emailAddress?: string | undefined;
  phoneNumber?: string | undefined;
}

/** More than one object has the value that was looked up. The message and `ids` name the objects; neither contains the value. */
export class AmbiguousLookupError extends Error {
  constructor(
    message: string,
    /** The ids of all objects that match. */
    readonly ids: readonly string[],
  ) {
    super(message);
    this.name = "AmbiguousLookupError";
  }
}

/**
 * Seam answered a lookup by key with an identity that has another key, because the identity that had the key was merged into
 * it. Nothing shows that it is the person whom the key was given to.
 */
export class MergedUserIdentityKeyError extends Error {
  constructor(
    /** The id of the identity that Seam returned. */
    readonly mergedInto: string,
  ) {
    super(
      `the identity with this userIdentityKey was merged into user identity ${mergedInto} in Seam, which has another key. Nothing was changed. Give the id or the key of ${mergedInto} if it is the one you mean`,
    );
    this.name = "MergedUserIdentityKeyError";
  }
}

const nouns: Readonly<Record<UserIdentityAttribute, string>> = {
  user_identity_key: "key",
  email_address: "e-mail address",
  phone_number: "phone number",
};

/**
 * Finds the identity that has exactly this key, e-mail address (in any case) or phone number. Undefined if there is none.
 *
 * @throws AmbiguousLookupError, MergedUserIdentityKeyError, SeamError
 */
export async function findUserIdentityBy(
  client: SeamClient,
  attribute: UserIdentityAttribute,
  value: string,
): Promise<UserIdentity | undefined> {
  if (attribute === "user_identity_key") return findUserIdentityByKey(client, value);
  // Seam's search matches parts of several attributes, so its results are compared with the value.
  const found = (await client.listUserIdentities({ search: value })).filter((identity) =>
    sameValue(attribute, identity[attribute], value),
  );
  const ids = unique(found.map((identity) => identity.user_identity_id));
  if (ids.length > 1) {
    throw new AmbiguousLookupError(
      `more than one user identity has this ${nouns[attribute]}: ${ids.join(", ")}. Give the id or the key of one of them`,
      ids,
    );
  }
  return found[0];
}

async function findUserIdentityByKey(client: SeamClient, key: string): Promise<UserIdentity | undefined> {
  const found = await client.findUserIdentity({ user_identity_key: key });
  if (found !== undefined && found.user_identity_key !== key) {
    throw new MergedUserIdentityKeyError(found.user_identity_id);
  }
  return found;
}

/** Whether two values of an attribute are equal. E-mail addresses are compared without regard to case. */
export function sameValue(
  attribute: string,
  one: string | null | undefined,
  other: string | null | undefined,
): boolean {
  if (attribute === "email_address" && one && other) return one.toLowerCase() === other.toLowerCase();
  return (one ?? null) === (other ?? null);
}

/**
 * Finds all ACS users of a system that have exactly this e-mail address (in any case) or exactly this phone number, including
 * suspended ones and those that Seam is deleting. Each is listed once, those found by e-mail address first.
 *
 * @throws SeamError
 */
export async function findAcsUsersBy(
  client: SeamClient,
  acsSystemId: string,
  { emailAddress, phoneNumber }: AcsUserAttributesToFind,
): Promise<AcsUser[]> {
  const found = await Promise.all([
    findAcsUsersByOne(client, acsSystemId, "email_address", emailAddress),
    findAcsUsersByOne(client, acsSystemId, "phone_number", phoneNumber),
  ]);
  return [...new Map(found.flat().map((user) => [user.acs_user_id, user])).values()];
}

async function findAcsUsersByOne(
  client: SeamClient,
  acsSystemId: string,
  attribute: "email_address" | "phone_number",
  value: string | undefined,
): Promise<AcsUser[]> {
  if (value === undefined) return [];
  const filter: AcsUserFilter = { acs_system_id: acsSystemId, search: value };
  // This search also matches parts of values. The filter by system is only trusted if the response shows the system.
  return (await client.listAcsUsers(filter)).filter(
    (user) =>
      user.acs_system_id.toLowerCase() === acsSystemId.toLowerCase() &&
      sameValue(attribute, user[attribute], value),
  );
}

/**
 * Finds the one ACS user of a system that has exactly this e-mail address (in any case). Undefined if there is none.
 *
 * @throws AmbiguousLookupError, SeamError
 */
export async function findAcsUserByEmailAddress(
  client: SeamClient,
  acsSystemId: string,
  emailAddress: string,
): Promise<AcsUser | undefined> {
  return onlyAcsUser(await findAcsUsersBy(client, acsSystemId, { emailAddress }));
}

/**
 * Returns the only one of these ACS users, or undefined if there are none.
 *
 * @throws AmbiguousLookupError if there are more; it names those that are suspended and those that Seam is deleting.
 */
export function onlyAcsUser(found: readonly AcsUser[]): AcsUser | undefined {
  if (found.length > 1) {
    const ids = found.map((user) => user.acs_user_id);
    throw new AmbiguousLookupError(
      `more than one ACS user matches: ${found.map(idAndState).join(", ")}. Give the id of one of them`,
      ids,
    );
  }
  return found[0];
}

/** Describes an ACS user without personal data, for example `2e8c… (suspended)`. */
function idAndState(user: AcsUser): string {
  const states = [
    ...(user.is_suspended ? ["suspended"] : []),
    ...(isBeingDeleted(user) ? ["being deleted"] : []),
  ];
  return states.length === 0 ? user.acs_user_id : `${user.acs_user_id} (${states.join(", ")})`;
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
