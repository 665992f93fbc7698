import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPulumiCli } from "../../tools/pulumiCli";
import { deep } from "../depth";

// Pulumi checks the types of a program at every run. CI does as users do; elsewhere it is left out, because it takes a quarter of each run.
if (!deep) {
  process.env.PULUMI_NODEJS_TRANSPILE_ONLY ??= "true";
  // The CLI runs for seconds only, so that collecting its garbage costs more than it gives.
  process.env.GOGC ??= "off";
}

/** Once, before the processes that run the tests start: where there is no CLI, it is installed or built. */
export async function mochaGlobalSetup(): Promise<void> {
  await findPulumiCli((line) => console.log(line));
  process.env.PULUMI_SEAM_TEST_FOLDER = mkdtempSync(join(tmpdir(), "pulumi-seam-tests-"));
}

export function mochaGlobalTeardown(): void {
  const { PULUMI_SEAM_TEST_FOLDER: folder } = process.env;
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
