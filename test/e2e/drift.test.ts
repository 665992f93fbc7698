import assert from "node:assert/strict";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject } from "./pulumiProject";

// What docs/drift.md says, through the real CLI.

describe("drift", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  let project: PulumiProject;
  let jean: string;
  let lobbyUser: string;

  before(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 10 }, 1);
    lobbyUser = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com");
    project = await PulumiProject.create({
      example: "basic",
      env: seam.env,
      program: `
        import * as seam from "pulumi-seam";
        const jean = new seam.UserIdentity("jean", { userIdentityKey: "jean", fullName: "Jean Doe" });
        new seam.AcsUserLink("jean-lobby", { userIdentity: jean, acsUserId: "${lobbyUser}" });
      `,
    });
  });
  after(() => seam.close());
  beforeEach(async () => {
    await project.up("--refresh");
    const { user_identities } = await seam.state();
    jean = user_identities.find((one) => one.user_identity_key === "jean")?.user_identity_id ?? "";
    await project.preview("--refresh", "--expect-no-changes");
  });

  /** What `preview --refresh` shows, which must be a difference. */
  async function shown(): Promise<string> {
    const { stdout } = await project.run(["preview", "--refresh", "--diff"]);
    const { exitCode } = await project.run(["preview", "--refresh", "--expect-no-changes"], {
      mayFail: true,
    });
    assert.notEqual(exitCode, 0, "a pipeline that expects no changes must notice");
    return stdout;
  }

  it("shows an attribute that somebody changed, and sets it right", async () => {
    await seam.call("/user_identities/update", { user_identity_id: jean, full_name: "Changed by hand" });
    const text = await shown();
    assert.match(text, /fullName\s*: "Changed by hand" => "Jean Doe"/);
    await project.up("--refresh");
    assert.equal((await seam.state()).user_identities[0]?.full_name, "Jean Doe");
  });

  it("takes an attribute that the program does not give for drift, and only with a refresh", async () => {
    await seam.call("/user_identities/update", { user_identity_id: jean, phone_number: "+15555550110" });
    await project.preview("--expect-no-changes");
    assert.match(await shown(), /- phoneNumber/);
    await seam.call("/user_identities/update", { user_identity_id: jean, phone_number: null });
  });

  it("shows an identity that somebody deleted as one to create, with its link", async () => {
    await seam.call("/user_identities/remove_acs_user", { user_identity_id: jean, acs_user_id: lobbyUser });
    await seam.call("/user_identities/delete", { user_identity_id: jean });
    const text = await shown();
    assert.match(text, /\+ pulumi-nodejs:dynamic\/seam:UserIdentity: \(create\)/);
    assert.match(text, /\+ pulumi-nodejs:dynamic\/seam:AcsUserLink: \(create\)/);
    await project.up("--refresh");
    const { user_identities, acs_users } = await seam.state();
    assert.equal(user_identities.length, 1);
    assert.equal(acs_users[0]?.user_identity_id, user_identities[0]?.user_identity_id);
  });

  it("shows a link that somebody took away, and makes it again", async () => {
    await seam.call("/user_identities/remove_acs_user", { user_identity_id: jean, acs_user_id: lobbyUser });
    const text = await shown();
    assert.match(text, /\+ pulumi-nodejs:dynamic\/seam:AcsUserLink: \(create\)/);
    assert.doesNotMatch(text, /UserIdentity: \(create\)/);
    await project.up("--refresh");
    assert.equal((await seam.state()).acs_users[0]?.user_identity_id, jean);
  });

  it("does not take an ACS user back that somebody linked to another person", async () => {
    const other = await seam.createUserIdentity({ full_name: "Other" });
    await seam.call("/user_identities/remove_acs_user", { user_identity_id: jean, acs_user_id: lobbyUser });
    await seam.call("/user_identities/add_acs_user", { user_identity_id: other, acs_user_id: lobbyUser });
    await shown();
    const { exitCode, stdout, stderr } = await project.run(["up", "--yes", "--skip-preview", "--refresh"], {
      mayFail: true,
    });
    assert.notEqual(exitCode, 0);
    assert.match(stdout + stderr, new RegExp(`is linked to user identity ${other} already`));
    assert.equal((await seam.state()).acs_users[0]?.user_identity_id, other);
    await seam.call("/user_identities/remove_acs_user", { user_identity_id: other, acs_user_id: lobbyUser });
    await seam.call("/user_identities/delete", { user_identity_id: other });
  });

  it("says so in the plan when an ACS user was deleted in its system, and blocks nothing else", async () => {
    await seam.call("/acs/users/delete", { acs_user_id: lobbyUser });
    const text = await shown();
    assert.match(text, /\+ pulumi-nodejs:dynamic\/seam:AcsUserLink: \(create\)/);
    const { exitCode, stdout, stderr } = await project.run(["up", "--yes", "--skip-preview", "--refresh"], {
      mayFail: true,
    });
    assert.notEqual(exitCode, 0);
    assert.match(stdout + stderr, /there is no such ACS user/);
    await project.destroy("--refresh");
    assert.deepEqual((await seam.state()).user_identities, []);
    lobbyUser = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com");
  });
});
