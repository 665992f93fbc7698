import assert from "node:assert/strict";
import { runSeamCommand } from "../seamCommand";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject } from "./pulumiProject";

describe("a plan of access through the real CLI", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 10 }, 1);
  });
  afterEach(() => seam.close());

  it("shows for a real preview who loses and gains which doors, and counts what is deleted", async () => {
    const { devices, acs_access_groups } = await seam.places();
    const [front, garage] = devices.map(({ display_name }) => display_name);
    const [group] = acs_access_groups;
    const program = (body: string): string => `
      import * as seam from "pulumi-seam";
      const front = seam.getDeviceOutput({ name: ${JSON.stringify(front)} });
      const garageId = ${JSON.stringify(devices[1]?.device_id)};
      const code = [{ mode: "code" as const }];
      const mia = new seam.UserIdentity("mia", { fullName: "Mia" });
      const badge = new seam.AcsUser("mia", {
        acsSystemId: "${group?.acs_system_id}", fullName: "Mia", emailAddress: "mia@example.com",
      });
      new seam.AcsUserLink("mia", { userIdentity: mia, acsUser: badge });
      ${body}
    `;
    const before = program(`
      new seam.AccessGrant("mia-front", { userIdentity: mia, deviceIds: [front.deviceId], requestedAccessMethods: code });
      new seam.AccessGrant("mia-garage", {
        userIdentity: mia, deviceIds: [garageId], requestedAccessMethods: [{ mode: "code", code: "77881155" }],
      });
      new seam.AcsAccessGroupMembership("mia-group", { acsAccessGroupId: "${group?.acs_access_group_id}", acsUser: badge });
      const max = new seam.UserIdentity("max", { fullName: "Max" });
      new seam.AccessGrant("max-front", { userIdentity: max, devices: [front], requestedAccessMethods: code });
    `);
    const project = await PulumiProject.create({ example: "basic", env: seam.env, program: before });
    const preview = async () => (await project.run(["preview", "--json", "--show-sames"])).stdout;
    const planned = (input: string, ...args: string[]) =>
      runSeamCommand(["plan", "-", ...args], { input, env: seam.env });
    const rowsOf = (markdown: string): string[] =>
      markdown.split("\n").filter((line) => /^\| [^|]*\| `/.test(line));

    const first = await planned(await preview(), "--format", "markdown", "--fail-on-problems");
    assert.equal(first.status, 0, first.stderr);
    assert.deepEqual(rowsOf(first.stdout), [
      `| 🟢 | \`max\` | joins, gets ${front} |`,
      `| 🟢 | \`mia\` | joins, gets ${front}, ${garage}, the access group ${group?.name} in Lobby, Lobby |`,
    ]);
    await project.up();

    project.write(
      "index.ts",
      program(`
        new seam.AccessGrant("mia-garage", {
          userIdentity: mia, deviceIds: [garageId], requestedAccessMethods: [{ mode: "code", code: "77881155" }],
          endsAt: "2099-01-01T00:00:00Z",
        });
        const sam = new seam.UserIdentity("sam", { fullName: "Sam" });
        new seam.AccessGrant("sam-front", {
          userIdentity: sam, devices: [front], requestedAccessMethods: code, endsAt: "2099-12-31T00:00:00Z",
        });
      `),
    );
    const within = ["--max-deletes", "1", "--max-access-grants", "2", "--max-access-losses", "2"];
    const change = await preview();
    const second = await planned(change, "--format", "markdown", "--fail-on-problems", ...within);
    assert.equal(second.status, 0, second.stderr);
    assert.deepEqual(rowsOf(second.stdout), [
      `| 🔴 | \`max\` | loses ${front} (1 code), the app |`,
      `| 🔴 | \`mia\` | loses ${front} (1 code), ${garage} (1 code) after 2099-01-01T00:00:00Z, the access group ${group?.name} in Lobby |`,
      `| 🟢 | \`sam\` | joins, gets ${front} until 2099-12-31T00:00:00Z |`,
    ]);
    assert.match(
      second.stdout,
      /^\*\*Seam access:\*\* 2 people lose access \(2 access grants\)\. 1 person joins\.$/m,
    );
    assert.doesNotMatch(`${first.stdout}${second.stdout}`, /77881155/);
    for (const [limit, most] of [
      ["--max-access-grants", 1],
      ["--max-access-losses", 1],
    ] as const) {
      assert.equal((await planned(change, limit, `${most}`)).status, 3, limit);
    }
    const ids = async () => (await seam.state()).access_grants.map((one) => one.access_grant_id);
    const there = await ids();
    await project.up();
    const left = await ids();
    assert.equal(there.filter((id) => !left.includes(id)).length, 2);
  });
});
