import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { readPeople } from "../../../examples/gitops/readPeople";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

const examples = join(__dirname, "..", "..", "..", "examples");
const readmeOf = (name: string): string => readFileSync(join(examples, name, "README.md"), "utf8");
const folders = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe("the READMEs of the examples", () => {
  for (const name of folders) {
    it(`name every setting of ${name}, and the commands to run it`, () => {
      const readme = readmeOf(name);
      const sources = readdirSync(join(examples, name)).filter((file) => file.endsWith(".ts"));
      const code = sources.map((file) => readFileSync(join(examples, name, file), "utf8")).join("\n");
      for (const [, setting = ""] of code.matchAll(/config\.(?:get|require)\w*(?:<[^(]*>)?\(\s*"(\w+)"/g))
        assert.ok(readme.includes(`\`${setting}\``), setting);
      assert.match(readme, /\bnpm (?:install|start|script|run)/);
    });
  }

  // The pipelines of gitops need a repository at GitHub or GitLab.
  for (const name of folders.filter((folder) => folder !== "gitops")) {
    it(`say how to try ${name} without an account at Seam or at a backend`, () => {
      assert.match(readmeOf(name), /npx pulumi-seam simulate/);
      assert.match(readmeOf(name), /export PULUMI_BACKEND_URL="file:\/\/\$PWD"/);
    });
  }

  it("show a people.json that gitops reads", () => {
    const [, json = ""] = /^ *```json\n([^]*?)^ *```$/m.exec(readmeOf("gitops")) ?? [];
    const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-people-"));
    try {
      writeFileSync(join(folder, "people.json"), json);
      assert.deepEqual(
        readPeople(join(folder, "people.json")).map(({ key }) => key),
        ["jean_doe"],
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  describe("create the ACS users that an example looks for, in a simulated workspace", () => {
    let seam: SimulatedWorkspace;
    beforeEach(async () => {
      seam = await SimulatedWorkspace.start();
    });
    afterEach(() => seam.close());

    const lobby = "a0000000-0000-4000-8000-000000000001";
    const offices = "a0000000-0000-4000-8000-000000000002";
    for (const name of ["basic", "directory"]) {
      it(name, async () => {
        const [, block = ""] = /^```sh\n(acs_user\(\)[^]*?)^```$/m.exec(readmeOf(name)) ?? [];
        await promisify(execFile)("bash", ["-e", "-c", block], { env: { ...process.env, ...seam.env } });
        const { acs_users: users } = await seam.state();
        assert.deepEqual(users.map((user) => `${user.acs_system_id} ${user.email_address}`).sort(), [
          `${lobby} ada@example.com`,
          `${lobby} jean@example.com`,
          `${offices} jean@example.com`,
          `${offices} sam@example.com`,
        ]);
      });
    }
  });
});
