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

/** What a listing shows of one object, and whose it says that it is: none where it names no owner. */
interface Listed {
  dependent: Dependent;
  owners: readonly string[];
}

/** One way of listing dependents by their owner: the identity, or for credentials the ACS user. */
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
        owners: named(session.user_identity_id, ...(session.user_identity_ids ?? [])),
      })),
  },
  accessGrant: {
    route: "/access_grants/list",
    list: async (client, id) =>
      (await client.listAccessGrants({ user_identity_id: id })).map((grant) => ({
        // A grant's errors are about giving access, not about taking it back.
        dependent: dependent("accessGrant", grant.access_grant_id, { warnings: grant.warnings }),
        owners: named(grant.user_identity_id),
      })),
  },
  acsUser: {
    route: "/acs/users/list",
    list: async (client, id) =>
      (await client.listAcsUsers({ user_identity_id: id })).map((user) => ({
        dependent: acsUserDependent(user),
        owners: named(user.user_identity_id),
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
        owners: named(credential.acs_user_id),
      })),
  },
  enrollmentAutomation: {
    route: "/user_identities/enrollment_automations/list",
    list: async (client, id) =>
      (await client.listEnrollmentAutomations(id)).map((automation) => ({
        dependent: dependent("enrollmentAutomation", automation.enrollment_automation_id, automation),
        owners: named(automation.user_identity_id),
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
 * Lists what hangs under identities and ACS users, and lets nothing pass that is not shown to be theirs: what is returned here may
 * be deleted. An answer that names other owners, or that names none although its filter does not work, is an error.
 *
 * @throws ForeignDependentsError, SeamError, in each method
 */
export class Inventory {
  /** @param filters What is known of the filters of the workspace that the client is for. */
  constructor(
    private readonly client: SeamClient,
    private readonly filters: ProvenFilters = new ProvenFilters(),
  ) {}

  /**
   * What of one kind hangs under an identity.
   *
   * @param alsoKnownAs The ids of identities that were merged into that one, by which an answer may still call it.
   */
  list(
    kind: DirectKind,
    userIdentityId: string,
    alsoKnownAs: () => Promise<readonly string[]> = async () => [],
  ): Promise<Dependent[]> {
    return this.owned(kind, userIdentityId, alsoKnownAs);
  }

  /** The credentials of one ACS user: cards and codes as well, which Seam may not count as the identity's. */
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
      await this.filters.prove(route, kind, (nobody) => list(this.client, nobody));
    }
    return listed.map((one) => one.dependent);
  }

  /** What a grant has issued. An access method does not say whose it is, so the filter is proved. */
  async listAccessMethods(accessGrantId: string): Promise<AccessMethod[]> {
    const list = (access_grant_id: string): Promise<AccessMethod[]> =>
      this.client.listAccessMethods({ access_grant_id });
    const listed = await list(accessGrantId);
    if (listed.length > 0) await this.filters.prove("/access_methods/list", "accessMethod", list);
    return listed;
  }
}

/** Which listings were seen to keep to their filter. Worth sharing between all teardowns of a workspace. */
export class ProvenFilters {
  private readonly proofs = new Map<ListedKind, Promise<void>>();

  /**
   * Lists what an owner has that cannot exist, which must be nothing. Done once for each kind.
   *
   * @throws ForeignDependentsError, SeamError
   */
  prove(
    route: string,
    kind: ListedKind,
    list: (ownerId: string) => Promise<readonly unknown[]>,
  ): Promise<void> {
    const proof = this.proofs.get(kind) ?? listsNothingOfNobody(route, kind, list);
    this.proofs.set(kind, proof);
    return proof.catch((error: unknown) => {
      this.proofs.delete(kind);
      throw error;
    });
  }
}

const proven = new WeakMap<object, ProvenFilters>();

/** What is known of filters, shared by everything in the process that has to do with one workspace. @param workspace What that has in common. */
export function provenFilters(workspace: object): ProvenFilters {
  const known = proven.get(workspace) ?? new ProvenFilters();
  proven.set(workspace, known);
  return known;
}

async function listsNothingOfNobody(
  route: string,
  kind: ListedKind,
  list: (ownerId: string) => Promise<readonly unknown[]>,
): Promise<void> {
  try {
    if ((await list(randomUUID())).length === 0) return;
  } catch (error) {
    // Seam looked for that owner, so it has read the filter.
    if (error instanceof SeamNotFoundError || error instanceof SeamRejectedError) return;
    throw error;
  }
  throw new ForeignDependentsError(route, kind);
}

/** Lists what hangs directly under an identity: all kinds but credentials, which hang under ACS users. */
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

function named(...ids: (string | null | undefined)[]): string[] {
  return ids.filter((id): id is string => typeof id === "string" && id !== "");
}
