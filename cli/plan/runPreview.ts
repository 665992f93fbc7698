import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { NotUnderstoodError } from "./preview/notUnderstood";

/** The folder and the stack of a preview. */
export interface PreviewOptions {
  stack?: string | undefined;
  cwd?: string | undefined;
}

/** Runs `pulumi preview --json` and returns what it printed. */
export function runPreview({ stack, cwd }: PreviewOptions): Promise<Uint8Array> {
  const args = ["preview", "--json", "--show-sames", "--non-interactive", "--color", "never"];
  if (stack !== undefined) args.push("--stack", stack);
  // A process that is started in a missing folder fails as if the command was missing.
  if (cwd !== undefined && !existsSync(cwd)) {
    return Promise.reject(new Error(`there is no folder ${cwd}. Correct --cwd`));
  }
  return new Promise((resolve, reject) => {
    const pulumi = spawn("pulumi", args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: environmentFor(process.env),
      ...(cwd === undefined ? {} : { cwd }),
    });
    const output: Buffer[] = [];
    let errorOutput = "";
    pulumi.stdout.on("data", (data: Buffer) => output.push(data));
    pulumi.stderr.setEncoding("utf8").on("data", (text: string) => {
      errorOutput += text;
    });
    pulumi.on("error", (error: NodeJS.ErrnoException) => {
      const missing = error.code === "ENOENT";
      reject(missing ? new Error("there is no `pulumi` on the PATH; install it, or give a file") : error);
    });
    pulumi.on("close", (code) => {
      const printed = Buffer.concat(output);
      // A failed preview prints its reasons as JSON, which `readPreview` reports.
      if (code === 0 || printed.includes('"severity": "error"')) resolve(printed);
      else
        reject(
          new NotUnderstoodError(`\`pulumi ${args.join(" ")}\` ended with ${code}:\n${errorOutput.trim()}`),
        );
    });
  });
}

/** Options that the environment may set: the stack, but not how the preview runs or prints. */
const keptOptions = ["PULUMI_OPTION_STACK", "PULUMI_OPTION_CWD", "PULUMI_OPTION_CONFIG_FILE"];

/** The environment of a preview, without variables that would change its content or format. */
export function environmentFor(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isDropped = (name: string): boolean =>
    (name.startsWith("PULUMI_OPTION_") && !keptOptions.includes(name)) ||
    ["PULUMI_ENABLE_STREAMING_JSON_PREVIEW", "FORCE_COLOR", "CLICOLOR_FORCE"].includes(name);
  const rest = Object.entries(env).filter(([name]) => !isDropped(name));
  return { ...Object.fromEntries(rest), NO_COLOR: "1", PULUMI_SKIP_UPDATE_CHECK: "true" };
}
