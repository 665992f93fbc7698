import assert from "node:assert/strict";
import { idsOf, killAtCalls, type Scenario } from "./killedRuns";

/** A person with a grant for a space, and an ACS user in an access group. */
const access: Scenario = {
  what: "a person with access",
  program: `
    import * as seam from "pulumi-seam";
    const env = (name: string): string => process.env[name] ?? "";
    const jean = new seam.UserIdentity("jean", { fullName: "Jean Doe" });
    const lobby = new seam.Space("lobby", { name: "Lobby", acsEntranceIds: [env("ENTRANCE")] });
    const requestedAccessMethods = [{ mode: "mobile_key" as const }, { mode: "code" as const, code: "778811" }];
    new seam.AccessGrant("jean-lobby", { userIdentity: jean, spaces: [lobby], requestedAccessMethods });
    const acsUser = new seam.AcsUser("jean", { acsSystemId: env("SYSTEM"), fullName: "Jean Doe" });
    new seam.AcsAccessGroupMembership("jean", { acsAccessGroupId: env("GROUP"), acsUser });
  `,
  async prepare(seam) {
    const { acs_entrances, acs_access_groups } = await seam.places();
    return {
      ENTRANCE: acs_entrances[0]?.acs_entrance_id ?? "",
      GROUP: acs_access_groups[0]?.acs_access_group_id ?? "",
      SYSTEM: acs_access_groups[0]?.acs_system_id ?? "",
    };
  },
  async assertWhole(seam, resources, env) {
    const { user_identities, spaces, access_grants, access_methods, acs_users } = await seam.state();
    const there = {
      UserIdentity: user_identities.map((one) => one.user_identity_id),
      Space: spaces.map((one) => one.space_id),
      AccessGrant: access_grants.map((one) => one.access_grant_id),
    };
    for (const [type, ids] of Object.entries(there)) {
      assert.deepEqual(ids, idsOf(resources, type), type);
      assert.equal(ids.length, 1, type);
    }
    assert.deepEqual(access_methods.map((one) => one.mode).sort(), ["code", "mobile_key"]);
    const members = await seam.call<{ acs_users: { acs_user_id: string }[] }>(
      "/acs/access_groups/list_users",
      { acs_access_group_id: env.GROUP },
    );
    const [declared] = idsOf(resources, "AcsUser");
    assert.deepEqual(
      members.acs_users.map((one) => one.acs_user_id),
      [declared],
    );
    assert.ok(acs_users.some((one) => one.acs_user_id === declared));
  },
};

// Every other call: each one costs a kill, two operations and a refresh.
killAtCalls("plugin", access, undefined, 2);
