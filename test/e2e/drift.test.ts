import assert from "node:assert/strict";
import { deep, itInCi } from "../depth";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { until } from "../until";
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
    project = await PulumiProject.create({ example: "basic", env: seam.env, program: "" });
    declare();
    await project.up();
  });
  after(() => seam.close());
  const declare = (): void =>
    project.write(
      "index.ts",
      `import * as seam from "pulumi-seam";
       const jean = new seam.UserIdentity("jean", { userIdentityKey: "jean", fullName: "Jean Doe" });
       new seam.AcsUserLink("jean-lobby", { userIdentity: jean, acsUserId: "${lobbyUser}" });`,
    );
  // Each test leaves Seam and the state as declared.
  beforeEach(async () => {
    const { user_identities } = await seam.state();
    jean = user_identities.find((one) => one.user_identity_key === "jean")?.user_identity_id ?? "";
  });

  itInCi("is none after an apply", async () => {
    await project.preview("--refresh", "--expect-no-changes");
  });

  it("shows an attribute that somebody changed, restores it, and leaves one alone that the program never set", async () => {
    await seam.call("/user_identities/update", {
      user_identity_id: jean,
      full_name: "Changed by hand",
      phone_number: "+15555550110",
    });
    const text = await project.previewOfDrift();
    assert.match(text, /fullName\s*: "Changed by hand" => "Jean Doe"/);
    await project.up("--refresh");
    const [{ full_name, phone_number } = {}] = (await seam.state()).user_identities;
    assert.deepEqual([full_name, phone_number], ["Jean Doe", "+15555550110"]);
    await seam.call("/user_identities/update", { user_identity_id: jean, phone_number: null });
  });

  itInCi("shows no change for an attribute that the program never set", async () => {
    await seam.call("/user_identities/update", { user_identity_id: jean, phone_number: "+15555550110" });
    await project.up("--refresh", "--expect-no-changes");
    assert.equal((await seam.state()).user_identities[0]?.phone_number, "+15555550110");
    await seam.call("/user_identities/update", { user_identity_id: jean, phone_number: null });
  });

  it("shows an identity that somebody deleted as one to create, with its link", async () => {
    await seam.call("/user_identities/remove_acs_user", { user_identity_id: jean, acs_user_id: lobbyUser });
    await seam.call("/user_identities/delete", { user_identity_id: jean });
    const text = await project.previewOfDrift();
    assert.match(text, /\+ pulumi-nodejs:dynamic\/seam:UserIdentity: \(create\)/);
    assert.match(text, /\+ pulumi-nodejs:dynamic\/seam:AcsUserLink: \(create\)/);
    await project.up("--refresh");
    const { user_identities, acs_users } = await seam.state();
    assert.equal(user_identities.length, 1);
    assert.equal(acs_users[0]?.user_identity_id, user_identities[0]?.user_identity_id);
  });

  itInCi("shows a link that somebody removed, and creates it again", async () => {
    await seam.call("/user_identities/remove_acs_user", { user_identity_id: jean, acs_user_id: lobbyUser });
    const text = await project.previewOfDrift();
    assert.match(text, /\+ pulumi-nodejs:dynamic\/seam:AcsUserLink: \(create\)/);
    assert.doesNotMatch(text, /UserIdentity: \(create\)/);
    await project.up("--refresh");
    assert.equal((await seam.state()).acs_users[0]?.user_identity_id, jean);
  });

  it("leaves an ACS user alone that somebody linked to another person", async () => {
    const other = await seam.createUserIdentity({ full_name: "Other" });
    await seam.call("/user_identities/remove_acs_user", { user_identity_id: jean, acs_user_id: lobbyUser });
    await seam.call("/user_identities/add_acs_user", { user_identity_id: other, acs_user_id: lobbyUser });
    if (deep) await project.previewOfDrift();
    const { exitCode, stdout, stderr } = await project.run(["up", "--yes", "--skip-preview", "--refresh"], {
      mayFail: true,
    });
    assert.notEqual(exitCode, 0);
    assert.match(stdout + stderr, new RegExp(`is linked to user identity ${other} already`));
    assert.equal((await seam.state()).acs_users[0]?.user_identity_id, other);
    if (!deep) return;
    await seam.call("/user_identities/remove_acs_user", { user_identity_id: other, acs_user_id: lobbyUser });
    await seam.call("/user_identities/delete", { user_identity_id: other });
    await project.up();
  });

  itInCi("shows that an ACS user was deleted in its system, and blocks nothing else", async () => {
    await seam.call("/acs/users/delete", { acs_user_id: lobbyUser });
    const text = await project.previewOfDrift();
    assert.match(text, /\+ pulumi-nodejs:dynamic\/seam:AcsUserLink: \(create\)/);
    const { exitCode, stdout, stderr } = await project.run(["up", "--yes", "--skip-preview", "--refresh"], {
      mayFail: true,
    });
    assert.notEqual(exitCode, 0);
    assert.match(stdout + stderr, /there is no such ACS user/);
    await project.destroy("--refresh");
    assert.deepEqual((await seam.state()).user_identities, []);
    lobbyUser = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com");
    declare();
    await project.up();
  });

  itInCi("names the identity that somebody merged this one into, and changes nothing", async () => {
    const other = await seam.createUserIdentity({ full_name: "The other account" });
    await seam.act("merge", { from: jean, into: other });
    const before = await seam.state();
    for (const args of [
      ["preview", "--refresh"],
      ["up", "--yes", "--skip-preview", "--refresh"],
    ]) {
      const { exitCode, stdout, stderr } = await project.run(args, { mayFail: true });
      assert.notEqual(exitCode, 0);
      assert.match(stdout + stderr, new RegExp(`user identity ${jean} was merged into ${other}`));
    }
    assert.deepEqual(await seam.state(), before);
    for (const { urn } of (await project.resources()).filter((one) =>
      one.type.endsWith("seam:AcsUserLink"),
    )) {
      await project.run(["state", "delete", urn, "--yes"]);
    }
    const [identity] = (await project.resources()).filter((one) => one.type.endsWith("seam:UserIdentity"));
    await project.run(["state", "delete", identity?.urn ?? "", "--yes"]);
    await seam.act("reset");
  });
});

describe("drift of an adopted identity", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  before(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
  });
  after(() => seam.close());

  itInCi("leaves an attribute alone that the program does not set", async () => {
    const ada = await seam.createUserIdentity({ user_identity_key: "ada", full_name: "Ada" });
    const project = await PulumiProject.create({
      example: "basic",
      env: seam.env,
      program: `
        import * as seam from "pulumi-seam";
        new seam.UserIdentity("ada", { userIdentityKey: "ada", adopt: true });
      `,
    });
    await project.up();
    await seam.call("/user_identities/update", { user_identity_id: ada, phone_number: "+15555550110" });
    await project.up("--refresh", "--expect-no-changes");
    assert.equal((await seam.state()).user_identities[0]?.phone_number, "+15555550110");
  });
});

describe("drift of an ACS user that the program declares", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  let project: PulumiProject;
  let jean: string;

  before(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 10 }, 1);
    project = await PulumiProject.create({
      example: "basic",
      env: seam.env,
      program: `
        import * as seam from "pulumi-seam";
        new seam.AcsUser("jean", {
          acsSystemId: "${await seam.acsSystemId(0)}",
          fullName: "Jean Doe",
          emailAddress: "jean@example.com",
          accessSchedule: { startsAt: "2026-12-01T00:00:00Z", endsAt: "2027-12-01T00:00:00Z" },
        });
      `,
    });
    await project.up();
  });
  after(() => seam.close());
  // Each test leaves Seam and the state as declared.
  beforeEach(async () => {
    jean = (await seam.state()).acs_users[0]?.acs_user_id ?? "";
  });

  itInCi("is none after an apply", async () => {
    await project.preview("--refresh", "--expect-no-changes");
  });

  interface Seen {
    full_name: string;
    is_suspended: boolean;
    access_schedule: { starts_at: string; ends_at: string } | null;
  }
  const seen = async () =>
    (await seam.call<{ acs_user: Seen }>("/acs/users/get", { acs_user_id: jean })).acs_user;
  itInCi("shows an attribute that somebody changed, and restores it", async () => {
    await seam.call("/acs/users/update", { acs_user_id: jean, full_name: "Changed by hand" });
    assert.match(await project.previewOfDrift(), /fullName\s*: "Changed by hand" => "Jean Doe"/);
    await project.up("--refresh");
    assert.equal((await seen()).full_name, "Jean Doe");
  });

  itInCi("leaves a manual suspension alone, because the program sets none", async () => {
    await seam.call("/acs/users/suspend", { acs_user_id: jean });
    await project.up("--refresh", "--expect-no-changes");
    assert.equal((await seen()).is_suspended, true);
    await seam.call("/acs/users/unsuspend", { acs_user_id: jean });
  });

  itInCi("shows a schedule that somebody changed or removed, and restores it", async () => {
    await seam.call("/acs/users/update", {
      acs_user_id: jean,
      access_schedule: { starts_at: "2026-12-01T00:00:00Z", ends_at: "2099-12-01T00:00:00Z" },
    });
    assert.match(
      await project.previewOfDrift(),
      /endsAt\s*: "2099-12-01T00:00:00[.0]*Z" => "2027-12-01T00:00:00Z"/,
    );
    await project.up("--refresh");
    assert.equal(
      Date.parse((await seen()).access_schedule?.ends_at ?? ""),
      Date.parse("2027-12-01T00:00:00Z"),
    );
    await seam.call("/acs/users/update", { acs_user_id: jean, access_schedule: null });
    assert.match(await project.previewOfDrift(), /\+ accessSchedule/);
    await project.up("--refresh");
    assert.equal(
      Date.parse((await seen()).access_schedule?.ends_at ?? ""),
      Date.parse("2027-12-01T00:00:00Z"),
    );
  });

  itInCi("shows one that somebody deleted as one to create, and creates it again", async () => {
    await seam.call("/acs/users/delete", { acs_user_id: jean });
    await until(async () => (await seam.state()).acs_users.length === 0);
    assert.match(await project.previewOfDrift(), /\+ pulumi-nodejs:dynamic\/seam:AcsUser: \(create\)/);
    await project.up("--refresh");
    const { acs_users } = await seam.state();
    assert.equal(acs_users.length, 1);
    assert.notEqual(acs_users[0]?.acs_user_id, jean);
  });

  itInCi("treats one that is being deleted as existing until it is gone", async () => {
    await seam.behave({ deletionTimeMs: [20_000, 20_000] });
    await seam.call("/acs/users/delete", { acs_user_id: jean });
    await project.preview("--refresh", "--expect-no-changes");
    assert.equal((await seam.state()).acs_users[0]?.acs_user_id, jean, "the preview came while it was there");
    await until(async () => (await seam.state()).acs_users.length === 0);
    assert.match(await project.previewOfDrift(), /\+ pulumi-nodejs:dynamic\/seam:AcsUser: \(create\)/);
    await project.up("--refresh");
    assert.equal((await seam.state()).acs_users.length, 1);
  });
});
