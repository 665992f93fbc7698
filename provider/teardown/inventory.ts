import { randomUUID } from "node:crypto";
import type { SeamClient } from "../seam/client";
import { SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import type { AccessMethod, AcsUser } from "../seam/model";
import { allEnded } from "./allSettled";
import { type Dependent, dependent } from "./dependent";
import { ForeignDependentsError } from "./errors";
import type { DependentKind, ListedKind } from "./graph";

export type { Dependent } from "./dependent";

/** The kinds that Seam lists by identity; credentials it lists by ACS user. */
export const directKinds = [
  "clientSession",
  "accessGrant",
  "acsUser",
  "enrollmentAutomation",
  "phone",
] as const;
export type DirectKind = (typeof directKinds)[number];

/** One object of a listing, and the owners that the listing names; empty where it names none. */
interface Listed {
  dependent: Dependent;
  owners: readonly string[];
}

/** A listing of dependents by their owner: the identity, or for credentials the ACS user. */
interface OwnedListing {
  route: string;
  list: (client: SeamClient, ownerId: string) => Promise<Listed[]>;
}

const listings: Readonly<Record<DependentKind, OwnedListing>> = {
  clientSession: {
    route: "/client_sessions/list",
    list: async (client, id) =>
      (await client.listClientSessions(id)).map((session) => ({
        dependent: dependent("clientSession", session.client_session_id, {}),
        owners: presentIds(session.user_identity_id, ...(session.user_identity_ids ?? [])),
      })),
  },
  accessGrant: {
    route: "/access_grants/list",
    list: async (client, id) =>
      (await client.listAccessGrants({ user_identity_id: id })).map((grant) => ({
        // A grant's errors concern giving access, not its deletion.
        dependent: dependent("accessGrant", grant.access_grant_id, { warnings: grant.warnings }),
        owners: presentIds(grant.user_identity_id),
      })),
  },
  acsUser: {
    route: "/acs/users/list",
    list: async (client, id) =>
      (await client.listAcsUsers({ user_identity_id: id })).map((user) => ({
        dependent: acsUserDependent(user),
        owners: presentIds(user.user_identity_id),
      })),
  },
  acsCredential: {
    route: "/acs/credentials/list",
    list: async (client, acsUserId) =>
      (await client.listAcsCredentials({ acs_user_id: acsUserId })).map((credential) => ({
        dependent: {
          ...dependent("acsCredential", credential.acs_credential_id, credential),
          acsUserId,
          acsSystemId: credential.acs_system_id,
          ...(credential.user_identity_id === null ? {} : { linkedTo: credential.user_identity_id }),
        },
        owners: presentIds(credential.acs_user_id),
      })),
  },
  enrollmentAutomation: {
    route: "/user_identities/enrollment_automations/list",
    list: async (client, id) =>
      (await client.listEnrollmentAutomations(id)).map((automation) => ({
        dependent: dependent("enrollmentAutomation", automation.enrollment_automation_id, automation),
        owners: presentIds(automation.user_identity_id),
      })),
  },
  phone: {
    route: "/phones/list",
    list: async (client, id) =>
      (await client.listPhones(id)).map((phone) => ({
        dependent: dependent("phone", phone.device_id, phone),
        owners: [],
      })),
  },
};

/**
 * Lists the dependents of identities and ACS users, and returns only those that are shown to be theirs: what is returned here
 * may be deleted. It is an error if an answer names other owners, or names none and the filter of the listing does not work.
 *
 * @throws ForeignDependentsError, SeamError, in each method
 */
export class Inventory {
  /** @param filters The filters of the client's workspace that are proven to work. */
  constructor(
    private readonly client: SeamClient,
    private readonly filters: ProvenFilters = new ProvenFilters(),
  ) {}

  /**
   * Lists the dependents of one kind of an identity.
   *
   * @param alsoKnownAs The ids of identities that were merged into that one; an answer may still name it by one of them.
   */
  list(
    kind: DirectKind,
    userIdentityId: string,
    alsoKnownAs: () => Promise<readonly string[]> = async () => [],
  ): Promise<Dependent[]> {
    return this.owned(kind, userIdentityId, alsoKnownAs);
  }

  /** Lists the credentials of one ACS user, including cards and codes, which Seam may not count as the identity's. */
  listCredentials(acsUserId: string): Promise<Dependent[]> {
    return this.owned("acsCredential", acsUserId, async () => []);
  }

  private async owned(
    kind: DependentKind,
    ownerId: string,
    alsoKnownAs: () => Promise<readonly string[]>,
  ): Promise<Dependent[]> {
    const listed = await listings[kind].list(this.client, ownerId);
    const foreign = listed.filter(({ owners }) => owners.length > 0 && !owners.includes(ownerId));
    if (foreign.length > 0) {
      const names = await alsoKnownAs();
      if (!foreign.every(({ owners }) => owners.some((id) => names.includes(id)))) {
        throw new ForeignDependentsError(listings[kind].route, kind);
      }
    }
    if (listed.some(({ owners }) => owners.length === 0)) {
      const { route, list } = listings[kind];
      await this.filters.prove(route, kind, (unknownId) => list(this.client, unknownId));
    }
    return listed.map((one) => one.dependent);
  }

  /** Lists what a grant has issued. An access method does not name its grant, so the filter is proved. */
  async listAccessMethods(accessGrantId: string): Promise<AccessMethod[]> {
    const list = (access_grant_id: string): Promise<AccessMethod[]> =>
      this.client.listAccessMethods({ access_grant_id });
    const listed = await list(accessGrantId);
    if (listed.length > 0) await this.filters.prove("/access_methods/list", "accessMethod", list);
    return listed;
  }
}

/** The listings whose filters are proven to work. Shared between all teardowns of a workspace. */
export class ProvenFilters {
  private readonly proofs = new Map<ListedKind, Promise<void>>();

  /**
   * Proves a filter: lists the objects of an owner that cannot exist, which must return none. Runs once for each kind.
   *
   * @throws ForeignDependentsError, SeamError
   */
  prove(
    route: string,
    kind: ListedKind,
    list: (ownerId: string) => Promise<readonly unknown[]>,
  ): Promise<void> {
    const proof = this.proofs.get(kind) ?? assertFilterWorks(route, kind, list);
    this.proofs.set(kind, proof);
    return proof.catch((error: unknown) => {
      this.proofs.delete(kind);
      throw error;
    });
  }
}

const proven = new WeakMap<object, ProvenFilters>();

/** Returns the proven filters of a workspace, which everything in the process that uses the workspace shares. */
export function provenFilters(workspace: object): ProvenFilters {
  const known = proven.get(workspace) ?? new ProvenFilters();
  proven.set(workspace, known);
  return known;
}

async function assertFilterWorks(
  route: string,
  kind: ListedKind,
  list: (ownerId: string) => Promise<readonly unknown[]>,
): Promise<void> {
  try {
    if ((await list(randomUUID())).length === 0) return;
  } catch (error) {
    // Seam searched for that owner, so it has read the filter.
    if (error instanceof SeamNotFoundError || error instanceof SeamRejectedError) return;
    throw error;
  }
  throw new ForeignDependentsError(route, kind);
}

/** Lists the direct dependents of an identity: all kinds except credentials, which belong to ACS users. */
export async function listDependents(
  client: SeamClient,
  userIdentityId: string,
  kinds: readonly DirectKind[],
): Promise<Dependent[]> {
  const inventory = new Inventory(client);
  return (await allEnded(kinds.map((kind) => inventory.list(kind, userIdentityId)))).flat();
}

/** Lists the credentials of one ACS user. */
export function listCredentials(client: SeamClient, acsUserId: string): Promise<Dependent[]> {
  return new Inventory(client).listCredentials(acsUserId);
}

export function acsUserDependent(user: AcsUser): Dependent {
  const { acs_user_id: acsUserId, acs_system_id: acsSystemId, is_suspended: suspended } = user;
  return { ...dependent("acsUser", acsUserId, user), acsUserId, acsSystemId, suspended };
}

function presentIds(...ids: (string | null | undefined)[]): string[] {
  return ids.filter((id): id is string => typeof id === "string" && id !== "");
}
