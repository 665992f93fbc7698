import type { SeamClient, UserIdentityAttributes } from "../seam/client";
import { findUserIdentityBy, sameValue } from "../seam/lookup";
import type { UserIdentity } from "../seam/model";
import { ResourceError } from "./resourceErrors";
import { isRecent } from "./interruptedRun";
import { type Properties, text } from "./verbs";

/** The arguments that are attributes of the identity in Seam, by their names there. */
export const attributes = {
  userIdentityKey: "user_identity_key",
  emailAddress: "email_address",
  phoneNumber: "phone_number",
  fullName: "full_name",
} as const;
export type Attribute = keyof typeof attributes;
export const attributeNames = Object.keys(attributes) as Attribute[];
export const uniqueAttributes = ["userIdentityKey", "emailAddress", "phoneNumber"] as const;
export type UniqueAttribute = (typeof uniqueAttributes)[number];

/** Carries the derived key to `check`, which alone knows whether an earlier one has to be kept. */
export const defaultKeyProperty = "defaultUserIdentityKey";

/**
 * Whether an identity that is in the way was made by this very resource in a run that did not live to record it: nobody is
 * linked to it, and two of three agree: it has the key derived for this resource, it is new, it has the same attributes to the letter.
 */
export function leftByInterruptedRun(
  client: SeamClient,
  existing: UserIdentity,
  inputs: Properties,
): boolean {
  // A run that got as far as linking somebody had recorded the identity, so this one is somebody else's.
  if (existing.acs_user_ids.length > 0) return false;
  const derived = inputs[defaultKeyProperty];
  const ownKey = derived !== undefined && existing.user_identity_key === derived;
  const same = attributeNames.every((name) => sameAttribute(name, existing, inputs));
  // A derived key outlives a change of name, so an old identity with it can be another resource's.
  const isNew = isRecent(client, existing.created_at);
  return ownKey ? same || isNew : same && isNew;
}

/** What is wrong with leaving `adopt` out of the program again, or undefined if nothing is. */
export function undecidedAdoption(olds: Properties, news: Properties): string | undefined {
  if (olds.adopted !== true || news.adopt === true || news.deletionPolicy !== undefined) return undefined;
  return "it was adopted, and nothing says what is to become of it when the resource goes. Keep adopt: true, or set deletionPolicy to retain or teardown";
}

/** The one identity that has the given key, e-mail address or phone number. */
export async function findExisting(
  client: SeamClient,
  inputs: Properties,
): Promise<UserIdentity | undefined> {
  const found = await Promise.all(
    uniqueAttributes.map(async (name) => {
      const value = text(inputs[name]);
      return value === undefined ? undefined : findUserIdentityBy(client, attributes[name], value);
    }),
  );
  const ids = new Set(found.flatMap((identity) => identity?.user_identity_id ?? []));
  if (ids.size > 1) {
    const owners = uniqueAttributes.flatMap((name, index) => {
      const owner = found[index];
      return owner === undefined ? [] : [`${name} belongs to ${owner.user_identity_id}`];
    });
    throw new ResourceError(
      `could not create the user identity: the arguments name more than one existing identity (${owners.join(", ")}). Give only those of one person`,
    );
  }
  return found.find((identity) => identity !== undefined);
}

/** Which of the unique attributes belong to another identity than `own` already. */
export async function takenAttributes(
  client: SeamClient,
  inputs: Properties,
  own: string | undefined,
): Promise<{ name: UniqueAttribute; owner: UserIdentity }[]> {
  const taken = await Promise.all(
    uniqueAttributes.map(async (name) => {
      const value = text(inputs[name]);
      const owner =
        value === undefined ? undefined : await findUserIdentityBy(client, attributes[name], value);
      return owner === undefined || owner.user_identity_id === own ? [] : [{ name, owner }];
    }),
  );
  return taken.flat();
}

export function wireAttributes(inputs: Properties): UserIdentityAttributes {
  return Object.fromEntries(
    attributeNames.flatMap((name) => (inputs[name] === undefined ? [] : [[attributes[name], inputs[name]]])),
  );
}

export function sameAttribute(name: Attribute, identity: UserIdentity, inputs: Properties): boolean {
  return sameValue(attributes[name], identity[attributes[name]], text(inputs[name]));
}
