import { findPulumiCli } from "../../tools/pulumiCli";

/** Once, before the processes that need the CLI start: where there is none, it is installed or built. */
export async function mochaGlobalSetup(): Promise<void> {
  await findPulumiCli((line) => console.log(line));
}

// Pulumi checks the types of a program at every run. CI does as users do; elsewhere it is left out, because it takes a quarter of each run.
if (process.env.CI !== "true") process.env.PULUMI_NODEJS_TRANSPILE_ONLY ??= "true";
