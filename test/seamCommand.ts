import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const program = join(__dirname, "..", "dist", "cli", "main.js");

/** The result of a run of the command `pulumi-seam`. */
export interface CommandOutcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Options of {@link runSeamCommand}. */
export interface CommandOptions {
  env?: Readonly<Record<string, string | undefined>>;
  input?: string;
  cwd?: string;
  onStart?: (child: ChildProcess) => void;
}

/** Runs the built command, without the Seam settings of the tests' own environment. */
export function runSeamCommand(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...process.env, SEAM_API_KEY: undefined, SEAM_ENDPOINT: undefined, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    options.onStart?.(child);
    const outcome = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        outcome[stream] += text;
      });
    }
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, ...outcome }));
    child.stdin.end(options.input ?? "");
  });
}
