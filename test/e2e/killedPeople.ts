import assert from "node:assert/strict";
import { idsOf, type Scenario } from "./killedRuns";

/** Identities, links, and ACS users of the program's own. */
export const people: Scenario = {
  what: "people with ACS users",
  program: `
    import * as seam from "pulumi-seam";
    const jean = new seam.UserIdentity("jean", { fullName: "Jean Doe" });
    const ada = new seam.UserIdentity("ada", { userIdentityKey: "ada", fullName: "Ada Byron" });
    new seam.AcsUserLink("link", { userIdentity: jean, acsUserId: process.env.ACS_USER_ID! });
    const inTheLobby = new seam.AcsUser("ada-lobby", { acsSystemId: process.env.LOBBY!, fullName: "Ada Byron" });
    new seam.AcsUserLink("ada-lobby", { userIdentity: ada, acsUser: inTheLobby });
    new seam.AcsUser("visitor", { acsSystemId: process.env.LOBBY!, fullName: "Visitor" });
  `,
  async prepare(seam) {
    const lobby = await seam.acsSystemId(0);
    return { LOBBY: lobby, ACS_USER_ID: await seam.createAcsUser(lobby, "jean@example.com") };
  },
  async assertWhole(seam, resources, env) {
    const { user_identities, acs_users } = await seam.state();
    const identities = user_identities.map((one) => one.user_identity_id).sort();
    assert.deepEqual(identities, idsOf(resources, "UserIdentity").sort());
    assert.deepEqual(user_identities.map((one) => one.full_name).sort(), ["Ada Byron", "Jean Doe"]);
    const declared = idsOf(resources, "AcsUser");
    assert.equal(declared.length, 2);
    const ids = acs_users.map((user) => user.acs_user_id).sort();
    const all = [...declared, env.ACS_USER_ID].sort();
    assert.deepEqual(ids, all, "somebody has access whom no state knows");
    assert.equal(acs_users.filter((user) => user.user_identity_id).length, 2);
  },
};
