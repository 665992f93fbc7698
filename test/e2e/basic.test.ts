import assert from "node:assert/strict";
import { deep, itInCi } from "../depth";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject } from "./pulumiProject";

describe("examples/basic through the real CLI", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  let project: PulumiProject;

  before(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [50, 200], eventDelayMs: 20 });
    const [lobby, offices] = [await seam.acsSystemId(0), await seam.acsSystemId(1)];
    for (const [system, name] of [
      [lobby, "jean"],
      [offices, "jean"],
      [lobby, "ada"],
      [offices, "sam"],
    ] as const) {
      await seam.createAcsUser(system, `${name}@example.com`);
    }
    project = await PulumiProject.create({ example: "basic" });
    await project.configure({
      "seam:endpoint": seam.url,
      lobbyAcsSystemId: lobby,
      officesAcsSystemId: offices,
    });
  });

  after(() => seam?.close());

  it("previews without an API key and without a call", async () => {
    await seam.act("reset_log");
    const { stdout } = await project.preview();
    assert.match(stdout, /8 to create/);
    assert.deepEqual(await seam.requests(), []);
  });

  it("creates the identities and their links", async () => {
    await project.configure({ "seam:apiKey": seam.apiKey }, "--secret");
    const { stdout } = await project.up();
    assert.match(stdout, /8 created/);
    const { user_identities } = await seam.state();
    const byName = new Map(user_identities.map((identity) => [identity.full_name, identity]));
    assert.equal(byName.get("Jean Doe")?.acs_user_ids.length, 2);
    assert.equal(byName.get("Ada Byron")?.acs_user_ids.length, 1);
    assert.equal(byName.get("Ada Byron")?.user_identity_key, "pulumi:test:seam-basic:ada");
    assert.equal(byName.get("Sam Rivers")?.acs_user_ids.length, 1);
  });

  it("previews and refreshes no change afterwards", async () => {
    if (deep) await project.preview("--expect-no-changes");
    await project.refresh("--expect-no-changes");
    await project.preview("--expect-no-changes");
  });

  itInCi("shows a change made outside Pulumi, and reverts it", async () => {
    const jean = (await seam.state()).user_identities.find((one) => one.full_name === "Jean Doe");
    await seam.call("/user_identities/update", {
      user_identity_id: jean?.user_identity_id,
      full_name: "Somebody Else",
      phone_number: null,
    });
    const seen = await project.run(["refresh", "--yes", "--skip-preview", "--diff"]);
    assert.match(seen.stdout, /Somebody Else/);
    assert.match(seen.stdout, /~ 1 updated|1 updated/);
    const preview = await project.preview();
    assert.match(preview.stdout, /"Somebody Else" => "Jean Doe"/);
    assert.match(preview.stdout, /1 to update/);
    await project.up();
    const after = (await seam.state()).user_identities.find((one) => one.full_name === "Jean Doe");
    assert.equal(after?.phone_number, "+15555550110");
    assert.equal(after?.user_identity_id, jean?.user_identity_id);
  });

  itInCi("changes a name in place", async () => {
    await project.configure({ jeansName: "Jean Roe" });
    assert.match((await project.preview()).stdout, /1 to update/);
    await project.up();
    assert.ok((await seam.state()).user_identities.some((one) => one.full_name === "Jean Roe"));
  });

  it("destroys everything in order, keeps what is to be retained, and leaves no key in the state", async () => {
    const state = await seam.state();
    for (const user of state.acs_users)
      await seam.act("credentials", { acs_user_id: user.acs_user_id, count: 2 });
    for (const { user_identity_id } of state.user_identities) {
      await seam.act("phones", { user_identity_id });
      await seam.act("client_sessions", { user_identity_id });
      await seam.act("enrollment_automations", { user_identity_id });
    }
    assert.ok(!project.backendText().includes(seam.apiKey));
    const { stdout } = await project.destroy();
    assert.ok(!stdout.includes(seam.apiKey));
    const left = await seam.state();
    const sams = left.acs_users.map((user) => user.email_address);
    assert.deepEqual(sams, ["sam@example.com"]);
    assert.equal(left.acs_credentials.length, 2);
    assert.deepEqual(
      [left.user_identities, left.phones, left.client_sessions, left.enrollment_automations].map(
        (l) => l.length,
      ),
      [0, 0, 0, 0],
    );
    assert.deepEqual(await seam.inspect("order_violations"), []);
    assert.deepEqual(
      (await project.resources()).filter((resource) => resource.type.includes("seam")),
      [],
    );
    assert.ok(!project.backendText().includes(seam.apiKey));
  });
});
