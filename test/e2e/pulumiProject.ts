import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPulumiCli, type PulumiCli } from "../../tools/pulumiCli";
import { PulumiCommand, type PulumiOutcome, type PulumiRunOptions } from "../../tools/pulumiCommand";

const root = join(__dirname, "..", "..");
const temporary = mkdtempSync(join(tmpdir(), "pulumi-seam-e2e-"));
process.on("exit", () => rmSync(temporary, { recursive: true, force: true }));

/** What the processes of one test run share: the packed package, and what is installed. */
const shared = (): string => process.env.PULUMI_SEAM_TEST_FOLDER ?? temporary;

interface PackageJson {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** A resource of an exported state. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** Options of {@link PulumiProject.create}. */
export interface PulumiProjectOptions {
  /** The example to copy, by the name of its folder. */
  example: string;
  /** Replaces the example's program. */
  program?: string;
  env?: Readonly<Record<string, string | undefined>>;
  /** Installs the repository through a link in place of the packed package. */
  link?: boolean;
  /** Has its own `node_modules`, as users do, whose paths are short in the state. Default: a shared one. */
  ownModules?: boolean;
}

/** A copy of an example with the packed package installed, and a stack of its own. */
export class PulumiProject {
  private constructor(
    readonly folder: string,
    private readonly pulumi: PulumiCommand,
  ) {}

  static async create(options: PulumiProjectOptions): Promise<PulumiProject> {
    const kept = mkdtempSync(join(temporary, `${options.example}-`));
    const folder = join(kept, "program");
    const kind = options.link === true ? "link" : "packed";
    const { packageJson, folder: installed } = installation(options.example, kind);
    cpSync(join(root, "examples", options.example), folder, {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
    writeFileSync(join(folder, "package.json"), packageJson);
    const modules = [join(installed, "node_modules"), join(folder, "node_modules")] as const;
    if (options.ownModules === true) cpSync(...modules, { recursive: true, verbatimSymlinks: true });
    else symlinkSync(...modules, "dir");
    if (options.program !== undefined) writeFileSync(join(folder, "index.ts"), options.program);
    const project = new PulumiProject(
      folder,
      new PulumiCommand(await pulumiCli(), folder, kept, options.env),
    );
    await project.run(["stack", "init", "test"]);
    project.empty = project.stateText();
    return project;
  }

  /** The stack's file as `pulumi stack init` made it. */
  private empty = "";

  /** Leaves the stack as `pulumi stack init` made it. */
  forgetResources(): void {
    writeFileSync(this.stateFile(), this.empty);
  }

  /** Runs the CLI; a failure throws with all output, unless `mayFail`. */
  async run(args: string[], options: PulumiRunOptions & { mayFail?: boolean } = {}): Promise<PulumiOutcome> {
    const outcome = await this.pulumi.run(args, options);
    if (outcome.exitCode !== 0 && options.mayFail !== true) {
      throw new Error(
        `pulumi ${args.join(" ")} ended with ${outcome.exitCode}\n${outcome.stdout}\n${outcome.stderr}`,
      );
    }
    return outcome;
  }

  async configure(
    settings: Readonly<Record<string, string>>,
    kind: "--plaintext" | "--secret" = "--plaintext",
  ): Promise<void> {
    const values = Object.entries(settings).flatMap(([key, value]) => [kind, `${key}=${value}`]);
    await this.run(["config", "set-all", ...values]);
  }

  up(...flags: string[]): Promise<PulumiOutcome> {
    return this.run(["up", "--yes", "--skip-preview", ...flags]);
  }

  preview(...flags: string[]): Promise<PulumiOutcome> {
    return this.run(["preview", "--diff", ...flags]);
  }

  /** What a preview after a refresh shows, which must be a difference: a pipeline that expects no changes fails. */
  async previewOfDrift(): Promise<string> {
    const args = ["preview", "--refresh", "--diff", "--expect-no-changes"];
    const { stdout, stderr, exitCode } = await this.run(args, { mayFail: true });
    assert.notEqual(exitCode, 0, stdout);
    assert.match(stdout + stderr, /no changes were expected for preview but changes were proposed/);
    return stdout;
  }

  refresh(...flags: string[]): Promise<PulumiOutcome> {
    return this.run(["refresh", "--yes", "--skip-preview", ...flags]);
  }

  destroy(...flags: string[]): Promise<PulumiOutcome> {
    return this.run(["destroy", "--yes", "--skip-preview", ...flags]);
  }

  async resources(): Promise<StateResource[]> {
    const { stdout } = await this.run(["stack", "export"]);
    const state = JSON.parse(stdout) as { deployment: { resources?: StateResource[] } };
    return state.deployment.resources ?? [];
  }

  /** Everything that the backend has on disk, histories and backups included. */
  backendText(): string {
    return textOf(this.pulumi.backendFolder);
  }

  /** What a process needs in its environment to run the same CLI on the same states. */
  environment(): Readonly<Record<string, string | undefined>> {
    return this.pulumi.environment;
  }

  /** Returns the stack's file in the backend. */
  stateText(): string {
    return readFileSync(this.stateFile(), "utf8");
  }

  /** Leaves what a CLI leaves that is killed while it writes the attributes next to the stack's file. */
  tearAttributes(): void {
    truncateSync(`${this.stateFile()}.attrs`);
  }

  /** What a user does about "failed to load checkpoint: EOF"; see docs/troubleshooting.md. */
  removeTornAttributes(): void {
    const attributes = `${this.stateFile()}.attrs`;
    if (statSync(attributes, { throwIfNoEntry: false })?.size === 0) rmSync(attributes);
  }

  private stateFile(): string {
    const folder = join(this.pulumi.backendFolder, ".pulumi", "stacks");
    const [file] = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".json"),
    );
    return join(folder, file ?? "");
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }
}

let cli: Promise<PulumiCli> | undefined;
function pulumiCli(): Promise<PulumiCli> {
  const say = (line: string): void => console.log(`      ${line}`);
  cli ??= findPulumiCli(say).then((found) => {
    say(`Pulumi CLI ${found.version}, from ${found.source}`);
    return found;
  });
  return cli;
}

/** Installs what an example depends on, once in a test run: examples with the same dependencies share the folder. */
export function installation(
  example: string,
  kind: "packed" | "link" = "packed",
): { packageJson: string; folder: string } {
  const wanted = readPackageJson(join(root, "examples", example, "package.json"));
  const locked = readPackageJson(join(root, "node_modules", "@pulumi", "pulumi", "package.json"));
  const dependencies = {
    ...wanted.dependencies,
    "@pulumi/pulumi": locked.version ?? "",
    "pulumi-seam": kind === "packed" ? `file:${packedPackage()}` : `file:${root}`,
  };
  const packageJson = JSON.stringify({ ...wanted, dependencies });
  const all = JSON.stringify([dependencies, wanted.devDependencies]);
  const name = `installed-${createHash("sha256").update(all).digest("hex").slice(0, 12)}`;
  const folder = madeOnce(name, (staged) => {
    writeFileSync(join(staged, "package.json"), packageJson);
    const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", "--no-package-lock"];
    execFileSync("npm", ["install", ...flags], { cwd: staged, stdio: ["ignore", "ignore", "inherit"] });
  });
  return { packageJson, folder };
}

/** What `npm publish` would send. */
export function packedPackage(): string {
  const folder = madeOnce("packed", (staged) => {
    const flags = ["--ignore-scripts", "--pack-destination", staged, "--loglevel=error"];
    execFileSync("npm", ["pack", ...flags], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  });
  const [tarball] = readdirSync(folder);
  return join(folder, tarball ?? "");
}

/** Returns a folder of the test run, made by the first process that needs it; the others wait for it. */
function madeOnce(name: string, make: (staged: string) => void): string {
  const folder = join(shared(), name);
  const staged = `${folder}.staged`;
  const patience = performance.now() + 5 * 60_000;
  while (!existsSync(folder)) {
    try {
      mkdirSync(staged);
    } catch (error) {
      // Another process makes it. If that fails, it is made again here; if that process was killed, nobody does.
      const taken = error instanceof Error && "code" in error && error.code === "EEXIST";
      if (!taken || performance.now() > patience) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      continue;
    }
    try {
      // Somebody else may have just ended.
      if (existsSync(folder)) break;
      make(staged);
      renameSync(staged, folder);
    } finally {
      rmSync(staged, { recursive: true, force: true });
    }
  }
  return folder;
}

function readPackageJson(path: string): PackageJson & { version?: string } {
  return JSON.parse(readFileSync(path, "utf8")) as PackageJson & { version?: string };
}

function textOf(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}
