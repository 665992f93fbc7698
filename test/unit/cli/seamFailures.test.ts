import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSeamCommand } from "../../seamCommand";
import { SimulatedWorkspace } from "../../simulatedWorkspace";
import { urnOf } from "./planSteps";

// What a command says when Seam cannot be asked. A command reads its key and endpoint from the environment alone, and only a
// teardown has anything to continue.

describe("a command that cannot reach Seam", function () {
  this.timeout(60_000);

  const id = "11111111-1111-4111-8111-111111111111";
  let seam: SimulatedWorkspace;
  let forbidding: SimulatedWorkspace;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-seam-failures-"));
    seam = await SimulatedWorkspace.start({}, 1);
    forbidding = await SimulatedWorkspace.start({}, 1);
    const fault = { kind: "status", status: 403 };
    for (const path of ["/user_identities/*", "/workspaces/get", "/acs/systems/list"])
      await forbidding.act("faults", { match: { path, times: 1000 }, fault });
  });
  after(async () => {
    await seam?.close();
    await forbidding?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const commands = {
    teardown: ["teardown", "jean", "--yes"],
    "teardown --json": ["teardown", "jean", "--yes", "--json"],
    import: ["import", "--all"],
    doctor: ["doctor"],
    plan: ["plan", "-"],
  };
  for (const [name, args] of Object.entries(commands)) {
    const said = async (env: Record<string, string>): Promise<string> => {
      const oldState = { id, inputs: {}, outputs: { workspaceId: seam.workspaceId } };
      const steps = [{ op: "delete", urn: urnOf("UserIdentity", "jean"), oldState }];
      const input = JSON.stringify({ steps });
      const { stdout, stderr } = await runSeamCommand(args, { env, cwd: folder, input });
      const all = `${stdout}\n${stderr}`;
      assert.doesNotMatch(all, /continues from here/, "nothing was begun");
      assert.doesNotMatch(all, /pulumi config set|seam:endpoint/, "no command reads the stack's settings");
      return all;
    };

    it(`says what to do about a key that Seam refuses: ${name}`, async () => {
      const all = await said({ ...seam.env, SEAM_API_KEY: "seam_wrong_key_00000" });
      assert.match(all, /401 unauthorized.*Check it in the Seam console.*SEAM_API_KEY/s);
    });

    it(`says what to do about an endpoint where nobody answers: ${name}`, async () => {
      const all = await said({ ...seam.env, SEAM_ENDPOINT: "http://127.0.0.1:9" });
      assert.match(all, /did not answer.*Check the network and the endpoint \(SEAM_ENDPOINT\), then run/s);
    });

    it(`says what to do about a key that may not be used for it: ${name}`, async () => {
      assert.match(await said(forbidding.env), /This API key may not use .*, then run/s);
    });

    it(`says what to do without a key: ${name}`, async () => {
      assert.match(await said({}), /Set SEAM_API_KEY/);
    });
  }
});
