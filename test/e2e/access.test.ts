import assert from "node:assert/strict";
import { deep } from "../depth";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject } from "./pulumiProject";

describe("access as code through the real CLI", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 10 });
  });
  afterEach(() => seam.close());

  const program = `
    import * as seam from "pulumi-seam";
    const env = (name: string): string => process.env[name] ?? "";
    const jean = new seam.UserIdentity("jean", { fullName: "Jean Doe" });
    const user = new seam.AcsUser("jean", { acsSystemId: env("SYSTEM"), fullName: "Jean Doe", emailAddress: "jean@example.com" });
    new seam.AcsAccessGroupMembership("jean", { acsAccessGroupId: env("GROUP"), acsUser: user });
    const grant = new seam.AccessGrant("jean", {
      userIdentity: jean,
      deviceIds: [env("DEVICE")],
      requestedAccessMethods: [{ mode: "code", code: env("CODE") }, ...(env("CARD") === "" ? [] : [{ mode: "card" as const }])],
      endsAt: "2099-01-01T00:00:00Z",
    });
    export const methods = grant.accessMethods;
  `;

  it("keeps a requested code encrypted in every operation, and closes doors with the identity", async () => {
    const [device] = (await seam.places()).devices;
    const [group] = (await seam.places()).acs_access_groups;
    const fixed = {
      ...seam.env,
      SYSTEM: group?.acs_system_id,
      GROUP: group?.acs_access_group_id,
      DEVICE: device?.device_id,
    };
    const project = await PulumiProject.create({
      example: "basic",
      program,
      env: { ...fixed, CODE: "77881155" },
    });
    const shown: string[] = [];
    const keep = ({ stdout, stderr }: { stdout: string; stderr: string }): void =>
      void shown.push(stdout, stderr);
    if (deep) keep(await project.preview());
    keep(await project.up());
    if (deep) {
      keep(await project.refresh("--expect-no-changes"));
      keep(await project.up("--expect-no-changes"));
    }
    assert.equal((await seam.state()).access_methods.length, 1);

    // Seam does not issue a card for a smart lock: the grant is kept, can be refreshed, and the next run repairs it.
    project.write("index.ts", program.replace('env("CARD") === ""', "false"));
    const failed = await project.run(["up", "--yes", "--skip-preview"], { mayFail: true });
    keep(failed);
    assert.notEqual(failed.exitCode, 0);
    assert.match(failed.stdout + failed.stderr, /Seam does not issue card/);
    keep(await project.refresh());
    project.write("index.ts", program.replace('env("CODE")', '"88992266"'));
    keep(await project.preview());
    keep(await project.up());
    if (deep) keep(await project.refresh("--expect-no-changes"));

    const everything = [...shown, project.backendText()].join("\n");
    for (const code of ["77881155", "88992266"])
      assert.ok(!everything.includes(code), "a code is shown or stored");
    const { access_methods } = await seam.call<{ access_methods: { code?: string }[] }>(
      "/access_methods/list",
      {
        access_grant_id: (await seam.state()).access_grants[0]?.access_grant_id,
      },
    );
    assert.deepEqual(
      access_methods.map(({ code }) => code),
      ["88992266"],
    );

    await project.destroy();
    const { user_identities, acs_users, access_grants } = await seam.state();
    assert.deepEqual([user_identities, acs_users, access_grants], [[], [], []]);
    const asked = (await seam.requests()).filter(({ path }) => path === "/access_grants/delete");
    assert.equal(asked.length, 1, "the grant is deleted once, with its identity");
  });
});
