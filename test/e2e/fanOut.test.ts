import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject } from "./pulumiProject";

describe("examples/fan-out through the Automation API", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  let project: PulumiProject;
  before(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 10 });
    project = await PulumiProject.create({ example: "fan-out", env: seam.env });
  });
  after(() => seam?.close());

  const keys = async () => (await seam.state()).user_identities.map((one) => one.user_identity_key).sort();

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

  it("declares everybody, a stack for each building", async () => {
    const { code, output } = await start("--at-once", "3", "up");
    assert.equal(code, 0, output);
    assert.deepEqual(await keys(), ["ada_byron", "jean_doe", "kim_lake", "lee_hill", "sam_rivers"]);
    for (const building of ["north", "south", "tower"])
      assert.match(output, new RegExp(`^${building}: .*create`, "m"));
    const again = await start("preview");
    assert.equal(again.code, 0, again.output);
    assert.doesNotMatch(again.output, /create|update|delete/);
  });

  it("goes on with the others when one fails", async () => {
    project.write(
      "people.csv",
      "key,name,email,building\nnew_one,New One,new@example.com,north\ntwin,Twin,lee@example.com,south\n",
    );
    const { code, output } = await start("--at-once", "2", "up");
    assert.equal(code, 1);
    assert.match(output, /south: .*belongs to user identity/s);
    assert.match(output, /1 of 2 stacks failed/);
    assert.ok((await keys()).includes("new_one"));
  });

  it("takes one building away, and then all", async () => {
    project.write(
      "people.csv",
      "key,name,email,building\nx,X,x@example.com,north\ny,Y,y@example.com,south\nz,Z,z@example.com,tower\n",
    );
    const tower = await start("--only", "tower", "destroy");
    assert.equal(tower.code, 0, tower.output);
    assert.ok(!(await keys()).includes("lee_hill"));
    const { code, output } = await start("destroy");
    assert.equal(code, 0, output);
    assert.deepEqual(await keys(), []);
  });
});
