import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deep, itInCi } from "../depth";
import { PulumiProject } from "../e2e/pulumiProject";
import { SimulatedWorkspace } from "../simulatedWorkspace";

type Environment = Record<string, string>;

const states = join(__dirname, "states");

describe("states that earlier versions wrote", function () {
  this.timeout(30 * 60_000);

  const versions = readdirSync(states);

  it("exist from the first version on", () => {
    assert.ok(versions.includes("0.1.0"), versions.join());
  });

  // Between them is one with some of their resources.
  const everywhere = ["0.1.0-before-acs-users", "0.1.0-with-access"];

  for (const version of versions) {
    const itHere = everywhere.includes(version) ? it : itInCi;
    itHere(`of ${version} show no change, refresh without one, and are destroyed`, async () => {
      const stateFile = join(mkdtempSync(join(tmpdir(), "pulumi-seam-state-")), "workspace.json");
      const recorded = (name: string): string => join(states, version, name);
      cpSync(recorded("workspace.json"), stateFile);
      const seam = await SimulatedWorkspace.start(
        { deletionTimeMs: [10, 40], eventDelayMs: 5 },
        1,
        stateFile,
      );
      try {
        const project = await PulumiProject.create({
          example: "basic",
          program: readFileSync(recorded("program.ts.txt"), "utf8"),
          env: {
            ...seam.env,
            ...(JSON.parse(readFileSync(recorded("environment.json"), "utf8")) as Environment),
          },
        });
        await project.run(["stack", "import", "--file", recorded("state.json")]);
        if (deep) await project.preview("--expect-no-changes");
        await project.refresh("--expect-no-changes");
        await project.up("--expect-no-changes");
        await project.destroy();
        const left = await seam.state();
        const keys = left.user_identities.map((one) => one.user_identity_key).sort();
        assert.deepEqual(keys, ["adopted", "retained"]);
        // The id of an identity that the program declares means the identity, so the ACS user in the offices is deleted with it as well.
        assert.deepEqual(left.acs_users, []);
        assert.deepEqual([left.access_grants, left.access_methods, left.spaces], [[], [], []]);
      } finally {
        await seam.close();
      }
    });
  }
});
