import type { SeamClient, UserIdentityAttributes } from "../seam/client";
import { findUserIdentityBy, MergedUserIdentityKeyError, sameValue } from "../seam/lookup";
import type { UserIdentity } from "../seam/model";
import type { AccessGrantsPolicy, AcsUsersPolicy } from "../teardown/graph";
import type { DeletionPolicy } from "./retention";

/** The options of a user identity's teardown, as recorded in the state. */
export interface UserIdentityTeardown {
  acsUsers?: AcsUsersPolicy | undefined;
  accessGrants?: AccessGrantsPolicy | undefined;
  timeoutSeconds?: number | undefined;
}

/** The checked arguments of a user identity. */
export type UserIdentityInputs = {
  /** The key that is given, or the derived one. */
  userIdentityKey?: string | undefined;
  emailAddress?: string | undefined;
  phoneNumber?: string | undefined;
  fullName?: string | undefined;
  defaultKey?: boolean | undefined;
  adopt?: boolean | undefined;
  deletionPolicy?: DeletionPolicy | undefined;
  teardown?: UserIdentityTeardown | undefined;
  /** The key derived for this resource, if it is the one in use. */
  defaultUserIdentityKey?: string | undefined;
};

/** The outputs of a user identity, as recorded in the state. */
export type UserIdentityOutputs = UserIdentityInputs & {
  userIdentityId: string;
  displayName: string;
  createdAt: string;
  workspaceId: string;
  acsUserIds: string[];
  /** Whether it existed before the resource and was adopted. */
  adopted?: true;
};

/** The arguments that are attributes of the identity in Seam, with their names there. */
export const attributes = {
  userIdentityKey: "user_identity_key",
  emailAddress: "email_address",
  phoneNumber: "phone_number",
  fullName: "full_name",
} as const;
export type Attribute = keyof typeof attributes;
export const attributeNames = ["userIdentityKey", "emailAddress", "phoneNumber", "fullName"] as const;
export const uniqueAttributes = ["userIdentityKey", "emailAddress", "phoneNumber"] as const;
export type UniqueAttribute = (typeof uniqueAttributes)[number];

/** Passes the derived key to `check`, which decides whether an earlier one must be kept. */
export const defaultKeyProperty = "defaultUserIdentityKey";

/** Returns what is wrong with removing `adopt` from the program, or undefined if nothing is. */
export function undecidedAdoption(
  olds: Readonly<{ adopted?: unknown }>,
  news: Readonly<{ adopt?: unknown; deletionPolicy?: unknown }>,
): string | undefined {
  if (olds.adopted !== true || news.adopt === true || news.deletionPolicy !== undefined) return undefined;
  return "it was adopted, and nothing says whether it stays in Seam when the resource is deleted. Keep adopt: true, or set deletionPolicy to retain or teardown";
}

/** An identity that has one of the given unique values. */
export interface Owner {
  name: UniqueAttribute;
  owner: UserIdentity;
  /** Whether the value was the key of an identity that was merged into this one. */
  merged: boolean;
}

/** Finds the identities, except `own`, that have the given key, e-mail address or phone number. */
export async function ownersOf(
  client: SeamClient,
  inputs: UserIdentityInputs,
  own?: string,
): Promise<Owner[]> {
  const owners = await Promise.all(
    uniqueAttributes.map(async (name): Promise<Owner[]> => {
      const value = inputs[name];
      if (value === undefined) return [];
      const found = await find(client, name, value);
      return found === undefined || found.owner.user_identity_id === own ? [] : [found];
    }),
  );
  return owners.flat();
}

async function find(client: SeamClient, name: UniqueAttribute, value: string): Promise<Owner | undefined> {
  try {
    const owner = await findUserIdentityBy(client, attributes[name], value);
    return owner === undefined ? undefined : { name, owner, merged: false };
  } catch (error) {
    if (!(error instanceof MergedUserIdentityKeyError)) throw error;
    const owner = await client.findUserIdentity({ user_identity_id: error.mergedInto });
    return owner === undefined ? undefined : { name, owner, merged: true };
  }
}

/** Returns the given attributes for which the identity has another value. */
export function contradictions(identity: UserIdentity, inputs: UserIdentityInputs): UniqueAttribute[] {
  return uniqueAttributes.filter(
    (name) =>
      inputs[name] !== undefined &&
      identity[attributes[name]] !== null &&
      !sameAttribute(name, identity, inputs),
  );
}

export function wireAttributes(inputs: UserIdentityInputs): UserIdentityAttributes {
  return Object.fromEntries(
    attributeNames.flatMap((name) => (inputs[name] === undefined ? [] : [[attributes[name], inputs[name]]])),
  );
}

/** Whether the identity has exactly the given attributes. */
export function isIdentical(identity: UserIdentity, inputs: UserIdentityInputs): boolean {
  return attributeNames.every((name) => sameAttribute(name, identity, inputs));
}

export function sameAttribute(
  name: Attribute,
  identity: UserIdentity,
  inputs: Readonly<Partial<UserIdentityInputs>>,
): boolean {
  return sameValue(attributes[name], identity[attributes[name]], inputs[name]);
}
