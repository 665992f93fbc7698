import type { SeamClient, UserIdentityAttributes } from "../seam/client";
import { findUserIdentityBy, MergedUserIdentityKeyError, sameValue } from "../seam/lookup";
import type { UserIdentity } from "../seam/model";
import type { AccessGrantsPolicy, AcsUsersPolicy } from "../teardown/graph";
import type { DeletionPolicy } from "./retention";

/** How a user identity is torn down, as a state records it. */
export interface UserIdentityTeardown {
  acsUsers?: AcsUsersPolicy | undefined;
  accessGrants?: AccessGrantsPolicy | undefined;
  timeoutSeconds?: number | undefined;
}

/** The checked arguments of a user identity. */
export type UserIdentityInputs = {
  /** The key given, or else the derived one. */
  userIdentityKey?: string | undefined;
  emailAddress?: string | undefined;
  phoneNumber?: string | undefined;
  fullName?: string | undefined;
  defaultKey?: boolean | undefined;
  adopt?: boolean | undefined;
  deletionPolicy?: DeletionPolicy | undefined;
  teardown?: UserIdentityTeardown | undefined;
  /** The key derived for this resource, where it is the one in use. */
  defaultUserIdentityKey?: string | undefined;
};

/** What a state records of a user identity. */
export type UserIdentityOutputs = UserIdentityInputs & {
  userIdentityId: string;
  displayName: string;
  createdAt: string;
  workspaceId: string;
  acsUserIds: string[];
  /** It existed before the resource did, and was adopted. */
  adopted?: true;
};

/** The arguments that are attributes of the identity in Seam, by their names there. */
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

/** Carries the derived key to `check`, which alone knows whether an earlier one has to be kept. */
export const defaultKeyProperty = "defaultUserIdentityKey";

/** What is wrong with leaving `adopt` out of the program again, or undefined if nothing is. */
export function undecidedAdoption(
  olds: Readonly<{ adopted?: unknown }>,
  news: Readonly<{ adopt?: unknown; deletionPolicy?: unknown }>,
): string | undefined {
  if (olds.adopted !== true || news.adopt === true || news.deletionPolicy !== undefined) return undefined;
  return "it was adopted, and nothing says whether it stays in Seam when the resource is deleted. Keep adopt: true, or set deletionPolicy to retain or teardown";
}

/** An identity that has one of the given values, which no two identities can share. */
export interface Owner {
  name: UniqueAttribute;
  owner: UserIdentity;
  /** It had the key before it was merged into the identity that Seam answers with. */
  merged: boolean;
}

/** The identities other than `own` that have the given key, e-mail address or phone number. */
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

/** The given attributes that an identity has and that are others there. */
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

/** Whether the identity has exactly the attributes given, and no others. */
export function sameToTheLetter(identity: UserIdentity, inputs: UserIdentityInputs): boolean {
  return attributeNames.every((name) => sameAttribute(name, identity, inputs));
}

export function sameAttribute(
  name: Attribute,
  identity: UserIdentity,
  inputs: Readonly<Partial<UserIdentityInputs>>,
): boolean {
  return sameValue(attributes[name], identity[attributes[name]], inputs[name]);
}
