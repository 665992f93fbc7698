import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { type Simulator, startSimulator } from "pulumi-seam/testing";
import { findPulumiCli } from "../../tools/pulumiCli";
import { declarePeople } from "./people";

const root = join(__dirname, "..", "..");

describe("a program against the simulator of pulumi-seam/testing", function () {
  this.timeout(10 * 60_000);

  let simulator: Simulator;
  const { PATH } = process.env;
  before(async () => {
    process.env.PATH = [(await findPulumiCli()).binDir, PATH].join(delimiter);
    simulator = await startSimulator({ behavior: { deletionTimeMs: [10, 50] } });
  });
  after(() => {
    process.env.PATH = PATH;
    return simulator.close();
  });

  const state = async () =>
    (await (await fetch(`${simulator.url}/_simulator/state`)).json()) as { user_identities: unknown[] };

  it("lives its whole life by the Automation API", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-testing-"));
    const backend = join(folder, "backend");
    mkdirSync(backend);
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
    writeFileSync(join(folder, "Pulumi.yaml"), "name: people\nruntime: nodejs\n");
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "test", projectName: "people", program: async () => void declarePeople() },
      {
        workDir: folder,
        envVars: {
          PULUMI_HOME: join(folder, "home"),
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
          SEAM_ENDPOINT: simulator.url,
          SEAM_API_KEY: simulator.apiKey,
          PULUMI_BACKEND_URL: `file://${backend}`,
          PULUMI_CONFIG_PASSPHRASE: "test",
        },
      },
    );
    await stack.up();
    assert.equal((await state()).user_identities.length, 2);
    await stack.destroy();
    assert.equal((await state()).user_identities.length, 0);
  });
});
