import assert from "node:assert/strict";
import { itInCi } from "../depth";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { until } from "../until";
import { PulumiProject } from "./pulumiProject";

// What docs/drift.md says of access grants and memberships, through the real CLI.

describe("drift of access", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  let project: PulumiProject;
  let group: string;
  let guest: string;

  before(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 10 }, 1);
    const system = await seam.acsSystemId(0);
    const { devices, acs_access_groups } = await seam.places();
    group = acs_access_groups.find((one) => one.acs_system_id === system)?.acs_access_group_id ?? "";
    guest = await seam.createAcsUser(system, "guest@example.com");
    project = await PulumiProject.create({
      example: "basic",
      env: seam.env,
      program: `
        import * as seam from "pulumi-seam";
        const jean = new seam.UserIdentity("jean", { userIdentityKey: "jean", fullName: "Jean Doe" });
        new seam.AccessGrant("jean", {
          userIdentity: jean,
          deviceIds: ["${devices[0]?.device_id}"],
          requestedAccessMethods: [{ mode: "code" }, { mode: "cloud_key" }],
          endsAt: "2099-01-01T00:00:00Z",
        });
        const user = new seam.AcsUser("jean", { acsSystemId: "${system}", fullName: "Jean Doe", emailAddress: "jean@example.com" });
        new seam.AcsAccessGroupMembership("jean", { acsAccessGroupId: "${group}", acsUser: user });
        new seam.AcsAccessGroupMembership("guest", { acsAccessGroupId: "${group}", acsUserId: "${guest}" });
      `,
    });
    await project.up();
  });
  after(() => seam.close());

  itInCi("is none after an apply", async () => {
    await project.preview("--refresh", "--expect-no-changes");
  });

  const grant = async () => {
    const [only] = (await seam.state()).access_grants;
    assert.ok(only !== undefined);
    return only;
  };
  const members = async () =>
    (await seam.places()).acs_access_groups.find((one) => one.acs_access_group_id === group)?.acs_user_ids ??
    [];

  it("shows a changed time and a deleted access method of a grant as one update, and restores both", async () => {
    const { access_grant_id, access_method_ids } = await grant();
    await seam.call("/access_grants/update", {
      access_grant_id,
      name: "Named by hand",
      ends_at: "2098-01-01T00:00:00Z",
    });
    await seam.call("/access_methods/delete", { access_method_id: access_method_ids[0] });
    await until(async () => (await grant()).access_method_ids.length === 1);
    const text = await project.previewOfDrift();
    assert.match(text, /endsAt\s*: "2098-01-01T00:00:00[.0]*Z" => "2099-01-01T00:00:00Z"/);
    assert.match(text, /requestedAccessMethods/);
    assert.match(text, /~ pulumi-nodejs:dynamic\/seam:AccessGrant: \(update\)/);
    await project.up("--refresh");
    const now = await grant();
    assert.equal(now.access_grant_id, access_grant_id);
    assert.equal(Date.parse(now.ends_at ?? ""), Date.parse("2099-01-01T00:00:00Z"));
    assert.equal(now.access_method_ids.length, 2);
    assert.ok(!now.access_method_ids.includes(access_method_ids[0] ?? ""), "it is a new access method");
    assert.equal(now.name, "Named by hand", "the program never gave a name");
  });

  itInCi("creates a grant again that somebody deleted", async () => {
    const { access_grant_id } = await grant();
    await seam.call("/access_grants/delete", { access_grant_id });
    assert.match(await project.previewOfDrift(), /\+ pulumi-nodejs:dynamic\/seam:AccessGrant: \(create\)/);
    await project.up("--refresh");
    assert.notEqual((await grant()).access_grant_id, access_grant_id);
  });

  itInCi("adds a member again that somebody removed, and leaves other members alone", async () => {
    const [jean = ""] = (await members()).filter((id) => id !== guest);
    const other = await seam.createAcsUser(await seam.acsSystemId(0), "other@example.com");
    await seam.call("/acs/access_groups/remove_user", { acs_access_group_id: group, acs_user_id: jean });
    await seam.call("/acs/access_groups/add_user", { acs_access_group_id: group, acs_user_id: other });
    assert.match(
      await project.previewOfDrift(),
      /\+ pulumi-nodejs:dynamic\/seam:AcsAccessGroupMembership: \(create\)/,
    );
    await project.up("--refresh");
    assert.deepEqual(new Set(await members()), new Set([jean, guest, other]));
    await seam.call("/acs/users/delete", { acs_user_id: other });
    await until(async () => (await seam.state()).acs_users.length === 2);
  });

  itInCi("fails to add an ACS user that is gone, and applies the rest with --continue-on-error", async () => {
    await seam.call("/acs/users/delete", { acs_user_id: guest });
    const [jean] = (await members()).filter((id) => id !== guest);
    await seam.call("/acs/users/delete", { acs_user_id: jean });
    await until(async () => (await seam.state()).acs_users.length === 0);
    const text = await project.previewOfDrift();
    assert.match(text, /\+ pulumi-nodejs:dynamic\/seam:AcsUser: \(create\)/);
    assert.equal(
      text.match(/\+ pulumi-nodejs:dynamic\/seam:AcsAccessGroupMembership: \(create\)/g)?.length,
      2,
    );
    const { exitCode, stdout, stderr } = await project.run(
      ["up", "--yes", "--skip-preview", "--refresh", "--continue-on-error"],
      { mayFail: true },
    );
    assert.notEqual(exitCode, 0);
    assert.match(stdout + stderr, /there is no such ACS user/);
    const [again] = (await seam.state()).acs_users;
    assert.deepEqual(await members(), [again?.acs_user_id]);
  });
});
