import type { Behavior } from "../behavior";
import { ApiError } from "../errors";
import type { UserIdentity } from "./objects";

/** The attributes of an identity that a caller can set. */
export type IdentityAttributes = Partial<
  Pick<UserIdentity, "user_identity_key" | "email_address" | "phone_number" | "full_name">
>;

const unique = ["user_identity_key", "email_address", "phone_number"] as const;
type Unique = (typeof unique)[number];

/** Keys, e-mail addresses and phone numbers of one workspace, and the identity that has each. */
export class UniqueAttributes {
  private readonly owners = new Map<string, string>();

  constructor(private readonly behavior: () => Behavior) {}

  /** @throws ApiError, Seam's conflict, if another identity than `own` has one of these. */
  assertFree(attributes: IdentityAttributes, own: string | undefined): void {
    for (const name of unique) {
      const value = attributes[name];
      if (value === undefined || value === null) continue;
      const owner = this.ownerOf(name, value);
      if (owner !== undefined && owner !== own) {
        const { status, type } = this.behavior().conflictError;
        const published = name === "user_identity_key" ? "conflict" : "user_identity_email_or_phone_conflict";
        throw new ApiError(
          status,
          type ?? published,
          `A user identity with this ${name} (${value}) already exists`,
        );
      }
    }
  }

  ownerOf(name: Unique, value: string): string | undefined {
    return this.owners.get(entry(name, value));
  }

  claim(attributes: IdentityAttributes, id: string): void {
    for (const name of unique) {
      const value = attributes[name] ?? null;
      if (value !== null) this.owners.set(entry(name, value), id);
    }
  }

  release(attributes: IdentityAttributes): void {
    for (const name of unique) {
      const value = attributes[name] ?? null;
      if (value !== null) this.owners.delete(entry(name, value));
    }
  }

  clear(): void {
    this.owners.clear();
  }
}

function entry(name: Unique, value: string): string {
  return `${name} ${name === "email_address" ? value.toLowerCase() : value}`;
}
