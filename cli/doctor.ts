import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import semver from "semver";
import { parse } from "yaml";
import { ConfigError, readConfig } from "../provider/config";
import { explain } from "../provider/resources/resourceErrors";
import {
  SeamNoAnswerError,
  SeamRateLimitError,
  SeamServerError,
  SeamUnreadableAnswerError,
} from "../provider/seam/errors";
import { printable } from "../provider/seam/printable";
import { version } from "../provider/version";
import { exitCodes } from "./exitCodes";
import { apiKeyAtHand, seamFromEnvironment } from "./seamFromEnvironment";
import { styled } from "./terminal";

/** What one check found. `advice` says what to do about it. */
interface Finding {
  check: string;
  result: "ok" | "warning" | "failure";
  found: string;
  advice?: string;
}

/** The oldest CLI that imports dynamic resources from a file. */
const oldestCli = "3.254.0";
/** How far the clock may be off before logs and events are hard to bring together. Seconds. */
const clockTolerance = 30;

/** `pulumi-seam doctor`: whether everything that the package needs is there. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("check key, workspace, endpoint, clock, and the versions of what is installed")
    .option("-C, --cwd <folder>", "the folder of the Pulumi program", ".")
    .option("--json", "print the findings as JSON", false)
    .addHelpText("after", "\nExit codes: 0 nothing is wrong, 1 something is.")
    .action(run);
}

async function run(options: { cwd: string; json: boolean }): Promise<void> {
  const folder = resolve(options.cwd);
  const findings = [
    checkNode(),
    checkCli(),
    ...checkPackages(folder),
    checkProject(folder),
    ...(await checkSeam()),
  ];
  if (options.json) console.log(JSON.stringify(findings, null, 2));
  else for (const finding of findings) print(finding);
  if (findings.some((finding) => finding.result === "failure")) process.exitCode = exitCodes.failed;
}

function print({ check, result, found, advice }: Finding): void {
  const mark = {
    ok: styled("green", "ok  "),
    warning: styled("yellow", "warn"),
    failure: styled("red", "FAIL"),
  };
  console.log(`${mark[result]}  ${check}: ${found}`);
  if (advice !== undefined) console.log(`      ${advice}`);
}

function checkNode(): Finding {
  const check = "Node.js";
  const found = process.versions.node;
  if (semver.satisfies(found, engines())) return { check, result: "ok", found };
  return { check, result: "failure", found, advice: `Install Node.js ${engines()}.` };
}

function engines(): string {
  return ownPackage().engines.node;
}

function ownPackage(): { engines: { node: string }; peerDependencies: Record<string, string> } {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as ReturnType<typeof ownPackage>;
  }
}

function checkCli(): Finding {
  const check = "Pulumi CLI";
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const asked = spawnSync("pulumi", ["version"], { encoding: "utf8", env });
  const found = semver.clean(asked.stdout?.trim() ?? "");
  if (asked.error !== undefined || found === null) {
    return {
      check,
      result: "failure",
      found: "not on the PATH",
      advice: "Install it: https://www.pulumi.com/docs/install/",
    };
  }
  if (semver.gte(found, oldestCli)) return { check, result: "ok", found };
  const advice = `${oldestCli} is the oldest that can import identities from a file; update it to use \`pulumi-seam import\`.`;
  return { check, result: "warning", found, advice };
}

function checkPackages(folder: string): Finding[] {
  const wanted = ownPackage().peerDependencies["@pulumi/pulumi"] ?? "*";
  const sdk = installed(folder, "@pulumi/pulumi");
  const own = installed(folder, "pulumi-seam");
  const install = `Run \`npm install pulumi-seam @pulumi/pulumi\` in ${folder}.`;
  const sdkFinding: Finding =
    sdk === undefined
      ? { check: "@pulumi/pulumi", result: "failure", found: "not installed here", advice: install }
      : semver.satisfies(sdk, wanted)
        ? { check: "@pulumi/pulumi", result: "ok", found: sdk }
        : {
            check: "@pulumi/pulumi",
            result: "failure",
            found: sdk,
            advice: `Install a version of ${wanted}.`,
          };
  const ownFinding: Finding =
    own === undefined
      ? { check: "pulumi-seam", result: "failure", found: "not installed here", advice: install }
      : own === version
        ? { check: "pulumi-seam", result: "ok", found: own }
        : {
            check: "pulumi-seam",
            result: "warning",
            found: `${own}, and this command is ${version}`,
            advice: "Run the command of the program's own folder: `npx pulumi-seam doctor`.",
          };
  return [sdkFinding, ownFinding];
}

function installed(folder: string, name: string): string | undefined {
  try {
    const file = createRequire(join(folder, "package.json")).resolve(`${name}/package.json`);
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  } catch {
    return undefined;
  }
}

function checkProject(folder: string): Finding {
  const check = "Pulumi program";
  for (let at = folder; ; at = dirname(at)) {
    const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(at, name)).find((path) => existsSync(path));
    if (file !== undefined) {
      const runtime = runtimeOf(readFileSync(file, "utf8"));
      if (runtime === "nodejs") return { check, result: "ok", found: file };
      if (runtime === undefined) {
        const unreadable = `${file} names no runtime, or cannot be read as YAML`;
        return { check, result: "failure", found: unreadable, advice: "Correct it, with `runtime: nodejs`." };
      }
      const advice = "pulumi-seam works in programs with `runtime: nodejs` only.";
      return { check, result: "failure", found: `${file} is of another runtime`, advice };
    }
    if (dirname(at) === at) break;
  }
  const advice = "Run this where Pulumi.yaml is, or give --cwd.";
  return { check, result: "warning", found: `none in ${folder} or above`, advice };
}

/** `runtime: nodejs` or `runtime: { name: nodejs }`; undefined where there is none, or the file is no YAML. */
function runtimeOf(project: string): unknown {
  try {
    const { runtime } = parse(project) as { runtime?: string | { name?: unknown } };
    return typeof runtime === "object" ? runtime.name : runtime;
  } catch {
    return undefined;
  }
}

async function checkSeam(): Promise<Finding[]> {
  let endpoint: string;
  try {
    ({ endpoint } = readConfig(() => undefined));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const missing =
      "Set SEAM_API_KEY; where the key is in the stack: SEAM_API_KEY=$(pulumi config get seam:apiKey) pulumi-seam doctor";
    const advice = apiKeyAtHand() ? "Correct SEAM_API_KEY or SEAM_ENDPOINT as it says." : missing;
    return [{ check: "configuration", result: "failure", found: error.message, advice }];
  }
  const findings: Finding[] = [{ check: "endpoint", result: "ok", found: endpoint }];
  const client = seamFromEnvironment();
  try {
    const { name, workspace_id, is_sandbox } = await client.getWorkspace();
    const kind = is_sandbox ? "sandbox" : "production";
    findings.push({
      check: "API key",
      result: "ok",
      found: printable(`of the ${kind} workspace ${name} (${workspace_id})`),
    });
  } catch (error) {
    findings.push({
      check: "API key",
      result: "failure",
      found: explain("get the workspace from Seam", error, connectionAdvice(error)).message,
    });
    return findings;
  }
  const off = Math.round((Date.now() - client.serverNow().getTime()) / 1000);
  findings.push(
    Math.abs(off) <= clockTolerance
      ? { check: "clock", result: "ok", found: `within ${clockTolerance} s of Seam's` }
      : {
          check: "clock",
          result: "warning",
          found: `${Math.abs(off)} s ${off > 0 ? "ahead of" : "behind"} Seam's`,
          advice: "Set this machine's clock (NTP): times in its logs do not match Seam's.",
        },
  );
  return findings;
}

/** Undefined where the error's own advice is right: a check begins from the start, there is nothing to continue. */
function connectionAdvice(error: unknown): string | undefined {
  if (error instanceof SeamNoAnswerError)
    return "Check the network and the endpoint (SEAM_ENDPOINT), then run doctor again";
  if (error instanceof SeamRateLimitError) return "Run doctor again later";
  if (error instanceof SeamServerError || error instanceof SeamUnreadableAnswerError)
    return "Run doctor again. If it fails again, give the request id to Seam's support";
  return undefined;
}
