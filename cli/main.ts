#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { maskKeys, protectKey } from "../provider/seam/redaction";
import { version } from "../provider/version";
import { doctorCommand } from "./doctor";
import { exitCodes } from "./exitCodes";
import { importCommand } from "./import/command";
import { printableLines, printError } from "./output";
import { planCommand } from "./plan/command";
import { commandFailure } from "./seamFailure";
import { simulateCommand } from "./simulate";
import { teardownCommand } from "./teardown";

/** Ignores a closed standard output, such as a pipe to `head`: a teardown must not stop halfway because of it. */
function ignoreClosedOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

async function main(): Promise<void> {
  ignoreClosedOutput();
  // Before anything that could fail with the key in its message.
  protectKey(process.env.SEAM_API_KEY?.trim() ?? "");
  const program = new Command("pulumi-seam")
    .description(
      "Review, import and tear down the user identities that a Pulumi program declares with pulumi-seam",
    )
    .version(version)
    .addCommand(planCommand())
    .addCommand(importCommand())
    .addCommand(teardownCommand())
    .addCommand(doctorCommand())
    .addCommand(simulateCommand());
  const writeErr = (text: string): void => {
    process.stderr.write(maskKeys(printableLines(text)));
  };
  for (const command of [program, ...program.commands]) {
    const name = command === program ? program.name() : `${program.name()} ${command.name()}`;
    // Not the help itself, which is longer than many terminals, so that the error would scroll away.
    command.exitOverride().showHelpAfterError(`See \`${name} --help\`.`).configureOutput({ writeErr });
  }
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.notUnderstood;
      return;
    }
    printError(commandFailure(error));
    process.exitCode = exitCodes.failed;
  }
}

void main();
