import assert from "node:assert/strict";
import { deep, itInCi } from "../depth";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { runSeamCommand } from "../seamCommand";
import { PulumiProject } from "./pulumiProject";

describe("spaces through the real CLI", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 10 });
  });
  afterEach(() => seam.close());

  const program = `
    import * as seam from "pulumi-seam";
    const env = (name: string): string => process.env[name] ?? "";
    const headquarters = new seam.Space("headquarters", {
      name: "Headquarters",
      acsEntranceIds: [env("ENTRANCE")],
      deviceIds: [env("FRONT")],
    });
    const annex = new seam.Space("annex", { name: "Annex", deviceIds: [env("BACK")] });
    const jean = new seam.UserIdentity("jean", { fullName: "Jean Doe" });
    new seam.AccessGrant("jean", {
      userIdentity: jean,
      spaces: [headquarters],
      requestedAccessMethods: [{ mode: "code" }],
    });
    const ada = new seam.UserIdentity("ada", { fullName: "Ada Doe" });
    new seam.AccessGrant("ada", {
      userIdentity: ada,
      spaceIds: [annex.id],
      requestedAccessMethods: [{ mode: "cloud_key" }],
    });
    export const spaceKey = headquarters.spaceKey;
  `;

  it("creates and updates spaces as declared, and deletes them after their own grants only", async () => {
    const { devices, acs_entrances } = await seam.places();
    const [front, back, side] = devices.map((one) => one.device_id);
    const project = await PulumiProject.create({
      example: "basic",
      program,
      env: { ...seam.env, ENTRANCE: acs_entrances[0]?.acs_entrance_id, FRONT: front, BACK: back },
    });
    const state = () => seam.state();
    const idOf = async (name: string): Promise<string> =>
      (await state()).spaces.find((one) => one.name === name)?.space_id ?? "";
    const locksIn = async (id: string): Promise<string[]> =>
      (await seam.places()).devices.filter((one) => one.space_ids.includes(id)).map((one) => one.device_id);

    const planned = async (...args: string[]) => {
      const { stdout } = await project.run(["preview", "--json", "--show-sames"]);
      const ran = await runSeamCommand(["plan", "-", "--format", "markdown", ...args], {
        ...{ input: stdout, env: seam.env },
      });
      return { ...ran, rows: ran.stdout.split("\n").filter((line) => /^\| [^|]*\| `/.test(line)) };
    };
    const doorNames = [...acs_entrances.slice(0, 1), ...devices.slice(0, 2)].map((one) => one.display_name);
    const first = await planned("--fail-on-problems");
    assert.equal(first.status, 0, first.stderr);
    assert.deepEqual(first.rows, [
      `| 🟡 | \`annex\` | is a new space with ${doorNames[2]} |`,
      `| 🟡 | \`headquarters\` | is a new space with ${doorNames[0]} and ${doorNames[1]} |`,
      "| 🟢 | `ada` | joins, gets places that are known at the apply |",
      "| 🟢 | `jean` | joins, gets Headquarters |",
    ]);

    if (deep) assert.match((await project.preview()).stdout, /doors *: \[\s+\[0\]: "Headquarters"/);
    await project.up();
    if (deep) await project.preview("--expect-no-changes");
    const exported = await project.run(["stack", "export"]);
    const together = exported.stdout.match(/"deletedWith"/g) ?? [];
    assert.equal(together.length, 2, "an identity's teardown closes the doors of its grants, doors first");
    if (deep) await project.refresh("--expect-no-changes");
    const headquarters = await idOf("Headquarters");
    assert.deepEqual(
      (await state()).access_grants.map((one) => one.space_ids).sort(),
      [[headquarters], [await idOf("Annex")]].sort(),
    );

    // Drift is shown and corrected.
    if (deep) {
      await seam.call("/spaces/add_devices", { space_id: headquarters, device_ids: [side] });
      await seam.call("/spaces/remove_devices", { space_id: headquarters, device_ids: [front] });
      const drifted = await project.run(["refresh", "--yes", "--diff", "--skip-preview"]);
      assert.match(drifted.stdout, /deviceIds/);
      const repaired = await planned("--max-access-losses", "0");
      assert.deepEqual(repaired.rows, [
        `| 🔴 | \`headquarters\` | loses ${devices[2]?.display_name} (1 access grant); gets ${doorNames[1]} (1 access grant) |`,
      ]);
      assert.equal(repaired.status, 3);
      await project.up();
      assert.deepEqual(await locksIn(headquarters), [front]);
      await project.refresh("--expect-no-changes");
    }

    project.write("index.ts", program.replace('name: "Headquarters"', 'name: "Main building"'));
    await seam.act("reset_log");
    await project.up();
    assert.equal(await idOf("Main building"), headquarters);
    const sent = (await seam.requests()).map(({ path }) => path).filter((path) => !/get|list/.test(path));
    assert.deepEqual(sent, ["/spaces/update"], "a grant is not replaced for a space's name");

    // Another key is another space, created with its grant before the old one is deleted.
    const keyed = program.replace('name: "Headquarters"', 'name: "Main building", spaceKey: "hq"');
    project.write("index.ts", keyed);
    await seam.act("reset_log");
    await project.up();
    const moved = (await seam.requests())
      .map(({ path }) => path)
      .filter((path) => /create|delete/.test(path));
    assert.deepEqual(moved, [
      "/spaces/create",
      "/access_grants/delete",
      "/access_grants/create",
      "/spaces/delete",
    ]);
    if (deep) await project.refresh("--expect-no-changes");

    // What somebody deleted is created again, and the grants for it.
    const annex = await idOf("Annex");
    await seam.call("/spaces/delete", { space_id: annex });
    await project.run(["up", "--yes", "--skip-preview", "--refresh"]);
    const again = await idOf("Annex");
    assert.notEqual(again, annex);
    assert.deepEqual(
      (await state()).access_grants.flatMap((one) => one.space_ids).sort(),
      [again, await idOf("Main building")].sort(),
    );
    assert.equal((await seam.doors()).open.length, 2 + 1);

    // A grant that no program declares keeps its space from being deleted.
    const guest = await seam.createUserIdentity({ full_name: "Guest" });
    const foreign = await seam.createGrant(guest, { spaceIds: [await idOf("Annex")] });
    const refused = await project.run(["destroy", "--yes", "--skip-preview"], { mayFail: true });
    assert.notEqual(refused.exitCode, 0);
    assert.match(
      refused.stdout + refused.stderr,
      new RegExp(`an access grant gives access to it \\(${foreign}\\).*Nothing was deleted`),
    );
    assert.deepEqual(
      (await state()).access_grants.map((one) => one.access_grant_id),
      [foreign],
    );
    await seam.call("/access_grants/delete", { access_grant_id: foreign });
    await project.destroy();
    const { spaces, access_grants, user_identities } = await state();
    assert.deepEqual(
      [spaces, access_grants, user_identities.map((one) => one.full_name)],
      [[], [], ["Guest"]],
    );
  });

  itInCi("deletes spaces with their grants one at a time, whichever comes first", async () => {
    const { devices, acs_entrances } = await seam.places();
    const [FRONT, BACK] = devices.map((one) => one.device_id);
    const ENTRANCE = acs_entrances[0]?.acs_entrance_id;
    const env = { ...seam.env, ENTRANCE, FRONT, BACK };
    const project = await PulumiProject.create({ example: "basic", program, env });
    await project.up();
    await project.destroy("--parallel", "1");
    const { spaces, access_grants, user_identities } = await seam.state();
    assert.deepEqual([spaces, access_grants, user_identities], [[], [], []]);
    assert.deepEqual((await seam.doors()).open, []);
  });
});
