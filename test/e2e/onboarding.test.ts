import assert from "node:assert/strict";
import { deep, itInCi } from "../depth";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject } from "./pulumiProject";

interface WireUser {
  full_name: string;
  user_identity_id?: string;
  is_suspended: boolean;
}

describe("examples/onboarding through the real CLI", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  let project: PulumiProject;
  const people = (...all: object[]): Promise<void> => project.configure({ people: JSON.stringify(all) });
  const users = async () => (await seam.state()).acs_users as unknown as WireUser[];
  const jean = { key: "jean_doe", fullName: "Jean Doe", emailAddress: "jean@example.com" };
  const ada = {
    key: "ada_byron",
    fullName: "Ada Byron",
    emailAddress: "ada@example.com",
    until: "2027-06-30T00:00:00Z",
  };

  before(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 5 });
    project = await PulumiProject.create({ example: "onboarding", env: seam.env });
    const acsSystemIds = { north: await seam.acsSystemId(0), south: await seam.acsSystemId(1) };
    await project.configure({ acsSystemIds: JSON.stringify(acsSystemIds) });
  });
  after(() => seam?.close());

  it("creates people, linked in every building", async () => {
    await people(jean, ada);
    await project.up();
    const made = await users();
    assert.equal(made.length, 4);
    assert.ok(made.every((user) => user.user_identity_id !== undefined && !user.is_suspended));
    if (!deep) return;
    await project.preview("--expect-no-changes");
    await project.refresh("--expect-no-changes");
  });

  itInCi("suspends somebody's access, and restores it", async () => {
    await people({ ...jean, away: true }, ada);
    await project.up();
    assert.equal((await users()).filter((user) => user.is_suspended).length, 2);
    await people(jean, ada);
    await project.up();
    assert.equal((await users()).filter((user) => user.is_suspended).length, 0);
  });

  it("removes somebody who left, credentials first", async () => {
    for (const user of (await seam.state()).acs_users) {
      await seam.act("credentials", { acs_user_id: user.acs_user_id, count: 2 });
    }
    await people(ada);
    await project.up();
    assert.deepEqual([...new Set((await users()).map((user) => user.full_name))], ["Ada Byron"]);
    await project.destroy();
    const { user_identities, acs_users, acs_credentials } = await seam.state();
    assert.deepEqual([user_identities, acs_users, acs_credentials], [[], [], []]);
    assert.deepEqual(await seam.inspect("order_violations"), []);
  });
});
