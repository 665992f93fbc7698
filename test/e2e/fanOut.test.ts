import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { deep, itInCi } from "../depth";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject } from "./pulumiProject";

describe("examples/fan-out through the Automation API", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  let project: PulumiProject;
  let systems: Record<string, string>;
  before(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 10 });
    project = await PulumiProject.create({ example: "fan-out", env: seam.env });
    await seam.act("acs_systems", { name: "Tower" });
    const ids = (await seam.state()).acs_systems.map((system) => system.acs_system_id);
    systems = { north: ids[0] ?? "", south: ids[1] ?? "", tower: ids[2] ?? "" };
    const first = Object.entries(systems).filter(([building]) => deep || building === "tower");
    const rows = first.map(([building, id]) => `${building},${id}`);
    project.write("buildings.csv", `building,acsSystemId\n${rows.join("\n")}\n`);
  });
  after(() => seam?.close());

  /** Returns the accounts, and the ACS users by building. */
  async function access(): Promise<{ accounts: (string | null)[]; doors: string[] }> {
    const { user_identities, acs_users } = await seam.state();
    const keys = new Map(user_identities.map((one) => [one.user_identity_id, one.user_identity_key]));
    const doors = acs_users.map((user) => {
      const building = Object.keys(systems).find((name) => systems[name] === user.acs_system_id) ?? "";
      return `${keys.get(user.user_identity_id ?? "") ?? "nobody"} in ${building}`;
    });
    return { accounts: [...keys.values()].sort(), doors: doors.sort() };
  }
  function write(...rows: string[]): void {
    const people = rows.map((row) => {
      const [key = "", building = ""] = row.split(" in ");
      return `${key},${key.toUpperCase()},${key}@example.com,${building}`;
    });
    project.write("people.csv", `key,name,email,building\n${people.join("\n")}\n`);
  }

  function start(...args: string[]): Promise<{ code: number | null; output: string }> {
    return new Promise((resolve, reject) => {
      const program = join(project.folder, "node_modules", ".bin", "ts-node");
      const child = spawn(program, ["index.ts", ...args], {
        cwd: project.folder,
        env: { ...project.environment(), TS_NODE_TRANSPILE_ONLY: "1" },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      }
      child.on("error", reject).on("close", (code) => resolve({ code, output }));
    });
  }

  const everybody = deep
    ? ["ada in north", "jean in north", "jean in south", "lee in tower"]
    : ["jean in tower", "lee in tower"];

  it("gives everybody one account, and ACS users in each of their buildings", async () => {
    write(...everybody);
    if (deep) {
      const preview = await start("preview");
      assert.equal(preview.code, 0, preview.output);
    }
    const { code, output } = await start("up");
    assert.equal(code, 0, output);
    const accounts = [...new Set(everybody.map((row) => row.split(" in ")[0] ?? ""))];
    assert.deepEqual(await access(), { accounts, doors: everybody });
    if (deep) {
      const again = await start("preview");
      assert.equal(again.code, 0, again.output);
      assert.doesNotMatch(again.output, /create|update|delete/);
    }
  });

  itInCi(
    "removes somebody from one building and leaves the account and the other building alone",
    async () => {
      const { user_identities } = await seam.state();
      write("ada in north", "jean in north", "lee in tower");
      // Nobody is left in the south: the building is emptied, not forgotten.
      const { code, output } = await start("up");
      assert.equal(code, 0, output);
      assert.match(output, /^south: .*2 delete/m);
      assert.deepEqual(await access(), {
        accounts: ["ada", "jean", "lee"],
        doors: ["ada in north", "jean in north", "lee in tower"],
      });
      const ids = (await seam.state()).user_identities.map((one) => one.user_identity_id);
      assert.deepEqual(ids.sort(), user_identities.map((one) => one.user_identity_id).sort());
    },
  );

  it("continues with the others when one building fails, and empties one that is no longer listed", async () => {
    project.write(
      "buildings.csv",
      `building,acsSystemId\nnorth,00000000-0000-4000-8000-000000000001\nsouth,${systems.south ?? ""}\n`,
    );
    write("ada in north", "kim in north", "jean in south");
    const { code, output } = await start("up");
    assert.equal(code, 1);
    assert.match(output, /1 of 4 stacks failed/);
    assert.match(output, /^north: pulumi[^]*could not create the ACS user: .*Check acsSystemId/m);
    assert.doesNotMatch(output, /stdout:|stderr:/, "and not the whole output of the CLI");
    const { accounts, doors } = await access();
    assert.deepEqual(accounts, ["ada", "jean", "kim"], "who left is torn down");
    assert.ok(doors.includes("jean in south"));
    assert.ok(!doors.some((door) => door.endsWith("in tower")));
  });

  it("refuses a stack that does not exist, and changes nothing", async () => {
    const before = await access();
    const { code, output } = await start("--only", "north,sooth", "destroy");
    assert.equal(code, 1);
    assert.match(output, /--only sooth: there is no such stack; there are people, north, south, tower/);
    assert.deepEqual(await access(), before);
  });

  itInCi("destroys one building, and then everything", async () => {
    const one = await start("--only", "south", "destroy");
    assert.equal(one.code, 0, one.output);
    const { accounts, doors } = await access();
    assert.ok(accounts.includes("jean") && !doors.some((door) => door.endsWith("in south")));
    const { code, output } = await start("destroy");
    assert.equal(code, 0, output);
    assert.deepEqual(await access(), { accounts: [], doors: [] });
  });
});
