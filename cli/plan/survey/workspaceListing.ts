import type { SeamClient } from "../../../provider/seam/client";
import { SeamError } from "../../../provider/seam/errors";
import type { AcsUser, UserIdentity } from "../../../provider/seam/model";
import type { Page } from "../../../provider/seam/page";
import type { Step } from "../forecast/types";
import { shownValues } from "../forecast/values";
import { text } from "../../../provider/resources/properties";

/** The maximum number of requests of a listing, relative to the lookups that it saves. */
const maxCostRatio = 0.5;
/** With fewer lookups, single requests are as fast. */
const minLookups = 10;

/**
 * All objects of a workspace, listed once if that takes fewer requests than a plan's single lookups.
 *
 * It only proves absence: a value that it shows to be in use, in any spelling, is still looked up by itself.
 */
export class WorkspaceListing {
  private identityValues: ReadonlySet<string> | undefined;
  private acsUserValues: ReadonlySet<string> | undefined;
  private grantKeys: ReadonlySet<string> | undefined;
  private usersByIdentity: ReadonlyMap<string, readonly AcsUser[]> | undefined;

  constructor(private readonly client: SeamClient) {}

  /** Lists the kinds of objects for which that takes fewer requests for these steps. */
  async load(steps: readonly Step[], onProgress: (listed: number) => void): Promise<void> {
    const lookups = { identities: 0, acsUsers: 0, grants: 0 };
    for (const { resource, does, new: given } of steps) {
      const shown = shownValues(given);
      const values = [shown.userIdentityKey, shown.emailAddress, shown.phoneNumber].filter(
        (value) => text(value) !== undefined,
      ).length;
      if (resource === "UserIdentity" && does === "create") lookups.identities += values;
      if (resource === "AcsUser" && does === "create") lookups.acsUsers += values;
      if (resource === "UserIdentity" && (does === "delete" || does === "replace")) lookups.acsUsers += 1;
      if (resource === "AccessGrant" && does !== "delete" && does !== "update") {
        const key = text(shown.accessGrantKey);
        if (key !== undefined && key !== shown.defaultAccessGrantKey) lookups.grants += 1;
      }
      if (resource === "AcsUserLink" && does !== "delete" && text(shown.userIdentityId) !== undefined)
        lookups.acsUsers += 1;
    }
    const identities = await listed(
      lookups.identities,
      (next) => this.client.userIdentitiesPage({}, next),
      onProgress,
    );
    if (identities !== undefined) this.identityValues = new Set(identities.flatMap(valuesOfIdentity));
    const grants = await listed(lookups.grants, (next) => this.client.accessGrantsPage({}, next), onProgress);
    if (grants !== undefined)
      this.grantKeys = new Set(grants.flatMap((one) => one.access_grant_key ?? []).map(comparable));
    const users = await listed(lookups.acsUsers, (next) => this.client.acsUsersPage({}, next), onProgress);
    if (users === undefined) return;
    this.acsUserValues = new Set(
      users.flatMap((user) =>
        [user.email_address, user.phone_number].flatMap((value) =>
          value === null ? [] : [inSystem(user.acs_system_id, value)],
        ),
      ),
    );
    const byIdentity = new Map<string, AcsUser[]>();
    // Each once: pages shift while others create and delete objects.
    for (const user of new Map(users.map((one) => [one.acs_user_id, one])).values()) {
      if (user.user_identity_id === null) continue;
      const own = byIdentity.get(user.user_identity_id);
      if (own === undefined) byIdentity.set(user.user_identity_id, [user]);
      else own.push(user);
    }
    this.usersByIdentity = byIdentity;
  }

  /** Whether it is certain that no identity has this key, e-mail address or phone number, or had it before a merge. */
  isFree(value: string): boolean {
    return this.identityValues !== undefined && !this.identityValues.has(comparable(value));
  }

  /** Whether it is certain that no access grant has this key. */
  isFreeGrantKey(key: string): boolean {
    return this.grantKeys !== undefined && !this.grantKeys.has(comparable(key));
  }

  /** Whether it is certain that no ACS user of the system has this e-mail address or phone number. */
  isFreeInSystem(acsSystemId: string, value: string): boolean {
    return this.acsUserValues !== undefined && !this.acsUserValues.has(inSystem(acsSystemId, value));
  }

  /** The ACS users of an identity, each once. */
  async acsUsersOf(userIdentityId: string): Promise<readonly AcsUser[]> {
    if (this.usersByIdentity !== undefined) return this.usersByIdentity.get(userIdentityId) ?? [];
    return this.client.listAcsUsers({ user_identity_id: userIdentityId });
  }
}

/**
 * All items; undefined if that takes too many requests or the listing fails: then each object is looked up, and a failure is
 * reported there.
 */
async function listed<Item>(
  lookups: number,
  page: (next: string | undefined) => Promise<Page<Item>>,
  onProgress: (listed: number) => void,
): Promise<Item[] | undefined> {
  if (lookups < minLookups) return undefined;
  const items: Item[] = [];
  let next: string | undefined;
  try {
    for (let pages = 0; pages < lookups * maxCostRatio; pages += 1) {
      const answer = await page(next);
      for (const item of answer.items) items.push(item);
      onProgress(items.length);
      next = answer.next;
      if (next === undefined) return items;
    }
  } catch (error) {
    if (!(error instanceof SeamError)) throw error;
  }
  return undefined;
}

function valuesOfIdentity(identity: UserIdentity): string[] {
  const { user_identity_key, email_address, phone_number, merged_user_identity_keys } = identity;
  return [user_identity_key, email_address, phone_number, ...(merged_user_identity_keys ?? [])].flatMap(
    (value) => (value === null ? [] : [comparable(value)]),
  );
}

function inSystem(acsSystemId: string, value: string): string {
  return `${acsSystemId.toLowerCase()} ${comparable(value)}`;
}

/** Normalizes a value more coarsely than Seam does: values that differ here also differ in Seam. */
function comparable(value: string): string {
  return value.normalize("NFKC").replace(/\s/g, "").toLowerCase();
}
