import assert from "node:assert/strict";
import { deep, itInCi } from "../depth";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject } from "./pulumiProject";

describe("examples/directory through the real CLI", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  let project: PulumiProject;
  const names = async (): Promise<(string | null)[]> =>
    (await seam.state()).user_identities.map((one) => one.user_identity_key).sort();

  before(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [20, 100], eventDelayMs: 10 });
    const [lobby, offices] = [await seam.acsSystemId(0), await seam.acsSystemId(1)];
    for (const [system, name] of [
      [lobby, "jean"],
      [offices, "jean"],
      [lobby, "ada"],
      [offices, "sam"],
    ] as const) {
      await seam.createAcsUser(system, `${name}@example.com`);
    }
    project = await PulumiProject.create({ example: "directory", env: seam.env });
    await project.configure({ acsSystemIds: JSON.stringify({ lobby, offices }) });
  });
  after(() => seam?.close());

  it("creates identities and links for the people in the file", async () => {
    await project.up();
    assert.deepEqual(await names(), ["ada_byron", "jean_doe", "sam_rivers"]);
    assert.equal((await seam.state()).acs_users.filter((user) => user.user_identity_id).length, 4);
    if (!deep) return;
    await project.preview("--expect-no-changes");
    await project.refresh("--expect-no-changes");
  });

  itInCi("shows and reverts what was changed outside Pulumi", async () => {
    const { acs_users } = await seam.state();
    const ada = acs_users.find((user) => user.email_address === "ada@example.com");
    await seam.call("/user_identities/remove_acs_user", {
      user_identity_id: ada?.user_identity_id,
      acs_user_id: ada?.acs_user_id,
    });
    const { stdout } = await project.refresh();
    assert.match(stdout, /AcsUserLink.* ada_byron-lobby.*deleted/);
    assert.match((await project.preview()).stdout, /1 to create/);
    await project.up();
    assert.equal((await seam.state()).acs_users.filter((user) => user.user_identity_id).length, 4);
  });

  it("tears down the people who are no longer in the file, and nobody else", async () => {
    project.write(
      "people.csv",
      "key,name,email,phone,systems\njean_doe,Jean Doe,jean@example.com,+15555550110,lobby offices\n",
    );
    if (deep) assert.match((await project.preview()).stdout, /4 to delete/);
    assert.match((await project.up()).stdout, /4 deleted/);
    assert.deepEqual(await names(), ["jean_doe"]);
    assert.equal((await seam.state()).acs_users.length, 2);
    await project.destroy();
    const left = await seam.state();
    assert.deepEqual([left.user_identities, left.acs_users], [[], []]);
    assert.deepEqual(await seam.inspect("order_violations"), []);
  });
});
