import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** A Pulumi CLI that can run TypeScript programs. */
export interface PulumiCli {
  /** The folder of `pulumi` and its Node language host. */
  binDir: string;
  version: string;
  source: "PATH" | "Pulumi's own folder" | "the cache" | "Pulumi's download" | "Go modules";
}

/** The oldest CLI that imports dynamic resources from a file. */
export const oldestVersion = "3.254.0";
/** The version to install or build if none is found. */
export const wantedVersion = "3.259.0";
/** The last Node language host that is available as a Go module. It runs current programs. */
const languageHostVersion = "3.68.0";

const windows = process.platform === "win32";
const exe = windows ? ".exe" : "";

/**
 * Finds the Pulumi CLI: on PATH, in Pulumi's own folder, or in this project's cache. Otherwise installs it in the official way, or
 * builds it from Go modules, which takes minutes, once. Reports progress with `say`.
 *
 * @throws Error that lists everything that was tried.
 */
export async function findPulumiCli(say: (line: string) => void = () => undefined): Promise<PulumiCli> {
  const tried: string[] = [];
  const candidates: [PulumiCli["source"], string[]][] = [
    ["PATH", (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "")],
    ["Pulumi's own folder", [join(homedir(), ".pulumi", "bin")]],
    ["the cache", [cacheFolder(wantedVersion)]],
  ];
  for (const [source, folders] of candidates) {
    for (const folder of folders) {
      const found = inspectFolder(folder);
      if (found === undefined) continue;
      if ("problem" in found) tried.push(`${source}: ${found.problem}`);
      else return { ...found, source };
    }
  }
  try {
    return await download(say);
  } catch (error) {
    tried.push(`Pulumi's download: ${firstLine(error)}`);
  }
  try {
    return await build(say);
  } catch (error) {
    tried.push(`Go modules: ${firstLine(error)}`);
  }
  throw new Error(
    `there is no Pulumi CLI of ${oldestVersion} or newer, and it could not be installed:\n${tried.map((line) => `  - ${line}`).join("\n")}\nInstall it (https://www.pulumi.com/docs/install/), or Go 1.26 or newer, and run the same command again.`,
  );
}

/** The folder of a CLI that this project installed: in `PULUMI_SEAM_CACHE`, or else in the user's cache folder. */
export function cacheFolder(version: string): string {
  const caches = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const own = process.env.PULUMI_SEAM_CACHE ?? join(caches, "pulumi-seam");
  return join(own, `pulumi-${version}-${process.platform}-${process.arch}`);
}

/** Whether version `one` is `other` or newer. Both are like `3.259.0`; a leading `v` and a suffix are allowed. */
export function atLeast(one: string, other: string): boolean {
  const parts = (version: string): number[] =>
    version.replace(/^v/, "").split(/[-+]/, 1)[0]?.split(".").map(Number) ?? [];
  const [a, b] = [parts(one), parts(other)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function inspectFolder(
  binDir: string,
): { binDir: string; version: string } | { problem: string } | undefined {
  const pulumi = join(binDir, `pulumi${exe}`);
  if (!existsSync(pulumi)) return undefined;
  const child = spawnSync(pulumi, ["version"], {
    encoding: "utf8",
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  const version = child.stdout?.trim() ?? "";
  if (child.status !== 0 || !/^v?\d+\.\d+\.\d+/.test(version)) return { problem: `${pulumi} does not run` };
  if (!atLeast(version, oldestVersion)) {
    return { problem: `${pulumi} is ${version}, older than ${oldestVersion}` };
  }
  if (!existsSync(join(binDir, `pulumi-language-nodejs${exe}`))) {
    return { problem: `${pulumi} has no pulumi-language-nodejs next to it` };
  }
  return { binDir, version: version.replace(/^v/, "") };
}

async function download(say: (line: string) => void): Promise<PulumiCli> {
  say(`installing the Pulumi CLI ${wantedVersion}`);
  const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
  const { SemVer } = await import("semver");
  const root = mkdtempSync(join(tmpdir(), "pulumi-install-"));
  try {
    await PulumiCommand.install({ root, version: new SemVer(wantedVersion) });
    return moveToCache(join(root, "bin"), "Pulumi's download");
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function build(say: (line: string) => void): Promise<PulumiCli> {
  const go = spawnSync("go", ["env", "GOVERSION"], { encoding: "utf8" });
  if (go.status !== 0) throw new Error("there is no Go");
  if (!atLeast(go.stdout.trim().replace(/^go/, ""), "1.26.0")) {
    throw new Error(`${go.stdout.trim()} is older than 1.26`);
  }
  say(`building the Pulumi CLI ${wantedVersion} from Go modules; this takes some minutes, once`);
  const folder = mkdtempSync(join(tmpdir(), "pulumi-build-"));
  const startedAt = Date.now();
  const progress = setInterval(() => {
    say(`still building (${Math.round((Date.now() - startedAt) / 1000)} s)`);
  }, 30_000);
  try {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    const sdk = "github.com/pulumi/pulumi/sdk/v3";
    const stamp = (version: string): string => `-X ${sdk}/go/common/version.Version=${version}`;
    const host = goModule(join(folder, "host"), [`${sdk} v${languageHostVersion}`], "");
    await goRun(host, [
      "build",
      ...[
        "-mod=mod",
        "-ldflags",
        stamp(languageHostVersion),
        "-o",
        join(bin, `pulumi-language-nodejs${exe}`),
      ],
      `${sdk}/nodejs/cmd/pulumi-language-nodejs`,
    ]);
    // The one replacement in pkg/v3's go.mod, which does not apply to modules that require it.
    const clipboard =
      "replace github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e";
    const required = [`github.com/pulumi/pulumi/pkg/v3 v${wantedVersion}`, `${sdk} v${wantedVersion}`];
    const cli = goModule(join(folder, "cli"), required, clipboard);
    await goRun(cli, [
      "build",
      ...["-mod=mod", "-ldflags", stamp(wantedVersion), "-o", join(bin, `pulumi${exe}`)],
      "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ]);
    const sources = (await goRun(cli, ["list", "-mod=mod", "-m", "-f", "{{.Dir}}", sdk])).trim();
    const plugin = `pulumi-resource-pulumi-nodejs${windows ? ".cmd" : ""}`;
    copyFileSync(join(sources, "nodejs", "dist", plugin), join(bin, plugin));
    chmodSync(join(bin, plugin), 0o755);
    return moveToCache(bin, "Go modules");
  } finally {
    clearInterval(progress);
    rmSync(folder, { recursive: true, force: true });
  }
}

function goModule(folder: string, required: readonly string[], more: string): string {
  mkdirSync(folder);
  const requirements = required.map((line) => `require ${line}`).join("\n");
  writeFileSync(
    join(folder, "go.mod"),
    `module pulumi-seam/tools\n\ngo 1.26\n\n${requirements}\n\n${more}\n`,
  );
  return folder;
}

function goRun(cwd: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const go = spawn("go", args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    go.stdout.on("data", (chunk) => {
      output += String(chunk);
    });
    go.stderr.on("data", (chunk) => {
      errors += String(chunk);
    });
    go.on("error", reject);
    go.on("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(errors.trim().split("\n").slice(-3).join(" ")));
    });
  });
}

/** Moves a finished folder into the cache atomically, so that two processes can do it at the same time. */
function moveToCache(bin: string, source: PulumiCli["source"]): PulumiCli {
  const target = cacheFolder(wantedVersion);
  mkdirSync(dirname(target), { recursive: true });
  const staged = mkdtempSync(`${target}.`);
  const copied: SpawnSyncReturns<Buffer> = spawnSync(windows ? "xcopy" : "cp", [
    ...(windows ? ["/e", "/i", "/q", bin, staged] : ["-R", `${bin}/.`, staged]),
  ]);
  if (copied.status !== 0) throw new Error(`could not copy the CLI to ${staged}`);
  try {
    renameSync(staged, target);
  } catch {
    // Another process was first, and its copy is the same.
    rmSync(staged, { recursive: true, force: true });
  }
  const found = inspectFolder(target);
  if (found === undefined) throw new Error("what was installed is not complete");
  if ("problem" in found) throw new Error(found.problem);
  return { ...found, source };
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n").find((line) => line.trim() !== "") ?? "failed";
}

if (require.main === module) {
  const args = process.argv.slice(2);
  findPulumiCli((line) => console.error(`pulumi-cli: ${line}`)).then(
    (cli) => {
      if (args.length === 0) {
        console.error(`pulumi-cli: ${cli.version}, from ${cli.source}`);
        console.log(join(cli.binDir, `pulumi${exe}`));
        return;
      }
      const path = [cli.binDir, process.env.PATH].join(delimiter);
      const env = { ...process.env, PATH: path };
      const { status } = spawnSync(join(cli.binDir, `pulumi${exe}`), args, { stdio: "inherit", env });
      process.exitCode = status ?? 1;
    },
    (error: unknown) => {
      console.error(`pulumi-cli: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    },
  );
}
