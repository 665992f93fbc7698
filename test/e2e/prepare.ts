import { findPulumiCli } from "../../tools/pulumiCli";

/** Once, before the processes that need the CLI start: where there is none, it is installed or built. */
export async function mochaGlobalSetup(): Promise<void> {
  await findPulumiCli((line) => console.log(line));
}
