import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
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
  /** Has a `node_modules` of its own, as users do, whose paths are short in the state. Default a shared one. */
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
    const installed = installation(options.example, options.link === true ? "link" : "packed");
    cpSync(join(root, "examples", options.example), folder, {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
    cpSync(join(installed, "package.json"), join(folder, "package.json"));
    const modules = [join(installed, "node_modules"), join(folder, "node_modules")] as const;
    if (options.ownModules === true) cpSync(...modules, { recursive: true, verbatimSymlinks: true });
    else symlinkSync(...modules, "dir");
    if (options.program !== undefined) writeFileSync(join(folder, "index.ts"), options.program);
    const project = new PulumiProject(
      folder,
      new PulumiCommand(await pulumiCli(), folder, kept, options.env),
    );
    await project.run(["stack", "init", "test"]);
    return project;
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

  async configure(settings: Readonly<Record<string, string>>, flags: string[] = []): Promise<void> {
    for (const [key, value] of Object.entries(settings)) {
      await this.run(["config", "set", ...flags, key, value]);
    }
  }

  up(...flags: string[]): Promise<PulumiOutcome> {
    return this.run(["up", "--yes", "--skip-preview", ...flags]);
  }

  preview(...flags: string[]): Promise<PulumiOutcome> {
    return this.run(["preview", "--diff", ...flags]);
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

  /** The stack's file in the backend, as Pulumi wrote it last. */
  stateText(): string {
    return readFileSync(this.stateFile(), "utf8");
  }

  /** Leaves what a CLI leaves that is killed just when it writes the attributes beside the stack's file. */
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

const installations = new Map<string, string>();

/** Installs an example's dependencies once per test run; projects of the same example share the folder. */
function installation(example: string, kind: "packed" | "link"): string {
  const name = `${example}-${kind}`;
  const known = installations.get(name);
  if (known !== undefined) return known;
  const folder = join(temporary, `installed-${name}`);
  mkdirSync(folder);
  const wanted = readPackageJson(join(root, "examples", example, "package.json"));
  const locked = readPackageJson(join(root, "node_modules", "@pulumi", "pulumi", "package.json"));
  const dependencies = {
    ...wanted.dependencies,
    "@pulumi/pulumi": locked.version ?? "",
    "pulumi-seam": kind === "packed" ? `file:${packedPackage()}` : `file:${root}`,
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...wanted, dependencies }));
  const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", "--no-package-lock"];
  execFileSync("npm", ["install", ...flags], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  installations.set(name, folder);
  return folder;
}

let packed: string | undefined;

/** What `npm publish` would send. */
export function packedPackage(): string {
  if (packed === undefined) {
    const flags = ["--json", "--ignore-scripts", "--pack-destination", temporary, "--loglevel=error"];
    const answer = execFileSync("npm", ["pack", ...flags], { cwd: root, encoding: "utf8" });
    const [tarball] = JSON.parse(answer) as { filename: string }[];
    packed = join(temporary, tarball?.filename ?? "");
  }
  return packed;
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
