#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { version } from "../provider/version";
import { simulateCommand } from "./simulate";

/** Exit codes: 0 done, 1 failed, 2 not understood. */
async function main(): Promise<void> {
  const program = new Command("pulumi-seam")
    .description("Companion of the Pulumi package pulumi-seam")
    .version(version)
    .showHelpAfterError()
    .addCommand(simulateCommand());
  for (const command of [program, ...program.commands]) command.exitOverride().showHelpAfterError();
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    console.error(`pulumi-seam: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

void main();
