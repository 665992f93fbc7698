import assert from "node:assert/strict";
import type { SimulatedWorkspace } from "../../../simulatedWorkspace";

/** An identity of a simulated workspace. */
export interface Person {
  id: string;
  acsUserIds: string[];
  credentialIds: string[];
  grantIds: string[];
}

/** An identity with two ACS users, three credentials each, and every other kind of dependent. */
export async function createPerson(seam: SimulatedWorkspace, name: string, grants = 0): Promise<Person> {
  const id = await seam.createUserIdentity({ full_name: name });
  const acsUserIds: string[] = [];
  const credentialIds: string[] = [];
  for (const index of [0, 1]) {
    const user = await seam.createAcsUser(await seam.acsSystemId(index), `${name}@example.com`, id);
    acsUserIds.push(user);
    const created = await seam.act<{ acs_credentials: { acs_credential_id: string }[] }>("credentials", {
      acs_user_id: user,
      count: 3,
    });
    credentialIds.push(...created.acs_credentials.map((one) => one.acs_credential_id));
  }
  await seam.act("phones", { user_identity_id: id, count: 2 });
  await seam.act("client_sessions", { user_identity_id: id, count: 2 });
  await seam.act("enrollment_automations", { user_identity_id: id });
  const grantIds: string[] = [];
  for (let index = 0; index < grants; index += 1) grantIds.push(await seam.createGrant(id));
  return { id, acsUserIds, credentialIds, grantIds };
}

/** The collections of objects that belong to identities; systems, entrances, devices and groups do not. */
export const ownedCollections = [
  "user_identities",
  "acs_users",
  "acs_credentials",
  "enrollment_automations",
  "phones",
  "client_sessions",
  "access_grants",
  "access_methods",
] as const;

/** Asserts that no one is left, that nothing opens a door, and that everything was deleted in order. */
export async function assertNobodyLeft(seam: SimulatedWorkspace): Promise<void> {
  const state = await seam.state();
  for (const kind of ownedCollections) assert.deepEqual(state[kind], [], kind);
  assert.deepEqual((await seam.doors()).open, []);
  assert.deepEqual(await seam.inspect("order_violations"), []);
}
