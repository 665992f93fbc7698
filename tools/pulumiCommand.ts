import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { PulumiCli } from "./pulumiCli";

/** How one run of the CLI ended. */
export interface PulumiOutcome {
  stdout: string;
  stderr: string;
  /** Null when a signal ended it. */
  exitCode: number | null;
  milliseconds: number;
}

/** Options of one run. */
export interface PulumiRunOptions {
  /** Added to the environment; undefined takes a variable away. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Called with each piece of output as it comes. */
  onOutput?: (text: string) => void;
  /** Called with the process id of the CLI, which leads a process group of its own. */
  onStart?: (processId: number) => void;
}

/** Runs the Pulumi CLI on one program, with a home, a `file://` backend and a passphrase of its own. */
export class PulumiCommand {
  readonly backendFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;

  constructor(
    cli: PulumiCli,
    /** The program's folder: where Pulumi.yaml is. */
    private readonly folder: string,
    /** Where home and backend are kept. */
    keptIn: string,
    env: Readonly<Record<string, string | undefined>> = {},
  ) {
    this.backendFolder = join(keptIn, "backend");
    const home = join(keptIn, "home");
    for (const made of [this.backendFolder, home]) mkdirSync(made, { recursive: true });
    this.environment = {
      ...process.env,
      // What the tests are given must not leak into what they test.
      SEAM_API_KEY: undefined,
      SEAM_ENDPOINT: undefined,
      PATH: [cli.binDir, process.env.PATH].join(delimiter),
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${this.backendFolder}`,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      ...env,
    };
  }

  run(args: readonly string[], options: PulumiRunOptions = {}): Promise<PulumiOutcome> {
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      const child = spawn("pulumi", [...args, "--non-interactive"], {
        cwd: this.folder,
        env: { ...this.environment, ...options.env },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      });
      if (child.pid !== undefined) options.onStart?.(child.pid);
      const outcome = { stdout: "", stderr: "" };
      for (const stream of ["stdout", "stderr"] as const) {
        child[stream].setEncoding("utf8").on("data", (text: string) => {
          outcome[stream] += text;
          options.onOutput?.(text);
        });
      }
      child.on("error", reject);
      child.on("close", (exitCode) => {
        resolve({ ...outcome, exitCode, milliseconds: performance.now() - startedAt });
      });
    });
  }
}
