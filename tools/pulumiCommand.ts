import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { PulumiCli } from "./pulumiCli";

/** The result of one run of the CLI. */
export interface PulumiOutcome {
  stdout: string;
  stderr: string;
  /** Null if a signal ended it. */
  exitCode: number | null;
  milliseconds: number;
}

/** Options of one run. */
export interface PulumiRunOptions {
  /** Added to the environment; undefined removes a variable. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Called with each chunk of output as it arrives. */
  onOutput?: (text: string) => void;
  /** Called with the process id of the CLI, which is the leader of its own process group. */
  onStart?: (processId: number) => void;
}

/** Runs the Pulumi CLI on one program, with its own home, `file://` backend and passphrase. */
export class PulumiCommand {
  readonly backendFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;

  constructor(
    cli: PulumiCli,
    /** The program's folder: where Pulumi.yaml is. */
    private readonly folder: string,
    /** The folder for home and backend. */
    stateFolder: string,
    env: Readonly<Record<string, string | undefined>> = {},
  ) {
    this.backendFolder = join(stateFolder, "backend");
    const home = join(stateFolder, "home");
    for (const created of [this.backendFolder, home]) mkdirSync(created, { recursive: true });
    this.environment = {
      ...process.env,
      // Settings of the test process must not leak into the CLI under test.
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
