import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { itInCi } from "../depth";
import { runSeamCommand } from "../seamCommand";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject } from "./pulumiProject";

interface ProtectedResource {
  urn: string;
  type: string;
  protect?: boolean;
}

describe("an import through the real CLI", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  let project: PulumiProject;
  before(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 5 }, 1);
    const lobby = await seam.acsSystemId(0);
    for (const key of ["jean", "sam", "ada"]) {
      const id = await seam.createUserIdentity({ user_identity_key: key });
      const acs_user_id = await seam.createAcsUser(lobby, `${key}@example.com`, id);
      await seam.act("credentials", { acs_user_id, count: 1 });
    }
    project = await PulumiProject.create({ example: "basic", env: seam.env, program: "export {};" });
    const written = await runSeamCommand(["import", "--all", "--out", project.folder], { env: seam.env });
    const step = /^ {2}pulumi (import .*)$/m.exec(written.stdout)?.[1] ?? "";
    await project.run([...step.split(" "), "--yes", "--skip-preview"]);
  });
  after(() => seam?.close());

  /** The declarations of these people in seam-import.ts. */
  function program(...keys: string[]): string {
    const [head = "", ...declared] = readFileSync(join(project.folder, "seam-import.ts"), "utf8").split(
      /\n\n/,
    );
    return [head, ...declared.filter((one) => keys.some((key) => one.startsWith(`const ${key} =`)))].join(
      "\n\n",
    );
  }
  async function people(): Promise<[identities: unknown[], acsUsers: unknown[], credentials: number]> {
    const { user_identities, acs_users, acs_credentials } = await seam.state();
    return [
      user_identities.map((one) => one.user_identity_key).sort(),
      acs_users.map((one) => one.email_address).sort(),
      acs_credentials.length,
    ];
  }
  async function protectedNames(): Promise<string[]> {
    const resources: ProtectedResource[] = await project.resources();
    const ours = resources.filter((one) => one.type.includes("seam:") && one.protect === true);
    return ours.map((one) => one.urn.split("::").pop() ?? "").sort();
  }
  const everybody = [["ada", "jean", "sam"], ["ada@example.com", "jean@example.com", "sam@example.com"], 3];

  it("tears down nobody before a program declares the people", async () => {
    const { exitCode, stdout } = await project.run(["up", "--yes", "--skip-preview"], { mayFail: true });
    assert.notEqual(exitCode, 0);
    assert.match(stdout, /because it is protected/);
    assert.deepEqual(await people(), everybody);
    assert.equal((await protectedNames()).length, 6);
  });

  it("tears down nobody who is left out before the first up, not even in part", async () => {
    project.write("index.ts", program("ada", "jean"));
    const { exitCode } = await project.run(["up", "--yes", "--skip-preview"], { mayFail: true });
    assert.notEqual(exitCode, 0);
    assert.deepEqual(await people(), everybody);
    assert.deepEqual(
      await protectedNames(),
      ["sam", "sam-lobby"],
      "who is declared is not protected any more",
    );
  });

  it("then tears down people who are removed, with their ACS users and cards", async () => {
    project.write("index.ts", program("ada", "jean", "sam"));
    await project.up("--expect-no-changes");
    assert.deepEqual(await protectedNames(), []);
    project.write("index.ts", program("ada", "jean"));
    await project.up();
    assert.deepEqual(await people(), [["ada", "jean"], ["ada@example.com", "jean@example.com"], 2]);
    assert.deepEqual(await seam.inspect("order_violations"), []);
  });

  itInCi("keeps the protection of people whom the program protects", async () => {
    project.write("index.ts", program("ada", "jean").replaceAll(/^}\);$/gm, "}, { protect: true });"));
    await project.up();
    assert.equal((await protectedNames()).length, 4);
  });
});
