import type { SeamClient } from "../seam/client";
import type { AcsUser, Issue } from "../seam/model";
import { allEnded } from "./allSettled";
import type { DependentKind } from "./graph";

/** One thing that hangs under a user identity, as Seam showed it last. */
export interface Dependent {
  kind: DependentKind;
  id: string;
  /** The ACS user that a credential belongs to; of an ACS user, its own id. */
  acsUserId?: string;
  /** Of ACS users and credentials. */
  acsSystemId?: string;
  /** Seam accepted its deletion and has not finished it. */
  beingDeleted: boolean;
  /** Seam's own errors on the object, `code: message`. */
  problems: string[];
  /** The access control system refused the deletion, so waiting is of no use. */
  deletionFailed: boolean;
}

/** The kinds that Seam lists by identity; credentials it lists by ACS user. */
export const directKinds = ["clientSession", "acsUser", "enrollmentAutomation", "phone"] as const;
type DirectKind = (typeof directKinds)[number];

/** Lists what hangs directly under an identity: all kinds but credentials, which hang under ACS users. */
export async function listDependents(
  client: SeamClient,
  userIdentityId: string,
  kinds: readonly DirectKind[],
): Promise<Dependent[]> {
  const lists: Record<DirectKind, () => Promise<Dependent[]>> = {
    clientSession: async () =>
      (await client.listClientSessions(userIdentityId)).map((session) =>
        dependent("clientSession", session.client_session_id, {}),
      ),
    acsUser: async () =>
      (await client.listAcsUsers({ user_identity_id: userIdentityId })).map(acsUserDependent),
    enrollmentAutomation: async () =>
      (await client.listEnrollmentAutomations(userIdentityId)).map((automation) =>
        dependent("enrollmentAutomation", automation.enrollment_automation_id, automation),
      ),
    phone: async () =>
      (await client.listPhones(userIdentityId)).map((phone) => dependent("phone", phone.device_id, phone)),
  };
  return (await allEnded(kinds.map((kind) => lists[kind]()))).flat();
}

export function acsUserDependent(user: AcsUser): Dependent {
  const { acs_user_id: acsUserId, acs_system_id: acsSystemId } = user;
  return { ...dependent("acsUser", acsUserId, user), acsUserId, acsSystemId };
}

/** Lists the credentials of one ACS user: cards and codes as well, which Seam may not count as the identity's. */
export async function listCredentials(client: SeamClient, acsUserId: string): Promise<Dependent[]> {
  return (await client.listAcsCredentials({ acs_user_id: acsUserId })).map((credential) => ({
    ...dependent("acsCredential", credential.acs_credential_id, credential),
    acsUserId,
    acsSystemId: credential.acs_system_id,
  }));
}

function dependent(
  kind: DependentKind,
  id: string,
  shown: { errors?: Issue[]; warnings?: Issue[] },
): Dependent {
  const errors = shown.errors ?? [];
  return {
    kind,
    id,
    beingDeleted: (shown.warnings ?? []).some((warning) => warning.warning_code === "being_deleted"),
    problems: errors.map((error) => `${error.error_code ?? "error"}: ${error.message}`),
    deletionFailed: errors.some((error) => error.error_code === "failed_to_delete_on_acs_system"),
  };
}
