import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { parse } from "yaml";
import { ConfigError, readConfig, readEndpoint } from "../provider/config";
import { explain } from "../provider/resources/resourceErrors";
import { certificatesUnchecked } from "../provider/seam/certificates";
import { version } from "../provider/version";
import { exitCodes } from "./exitCodes";
import { importFiles } from "./import/importFiles";
import { safeJson, safeLine } from "./output";
import { checkoutOf, checkPipelines } from "./pipelineFiles";
import { adviceForCommand, NoApiKeyError } from "./seamFailure";
import { hasApiKeyInEnvironment, seamFromEnvironment } from "./seamFromEnvironment";
import {
  findProjectFile,
  plaintextKeys,
  plainValue,
  readStackFiles,
  shortName,
  type StackFile,
} from "./stackFiles";
import { styled } from "./terminal";
import { isAtLeast, isInRange, versionIn } from "./versionRange";

/** The result of one check. `advice` says how to fix it. */
interface Finding {
  check: string;
  result: "ok" | "warning" | "failure";
  found: string;
  advice?: string;
}

/** The oldest CLI that imports dynamic resources from a file. */
const oldestCli = "3.254.0";
/** The largest clock difference, in seconds, with which logs can still be matched with events. */
const clockTolerance = 30;

/** `pulumi-seam doctor`: checks that everything the package needs is in place. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description(
      "check API key, workspace, endpoint, TLS, clock, the stacks' settings, and the versions of what is installed",
    )
    .option("-C, --cwd <folder>", "the folder of the Pulumi program", ".")
    .option("-s, --stack <name>", "check the settings of this stack alone (default: of all stacks)")
    .option("--json", "print the findings as JSON", false)
    .addHelpText("after", "\nExit codes: 0 nothing is wrong, 1 something is.")
    .action(run);
}

async function run(options: { cwd: string; stack?: string; json: boolean }): Promise<void> {
  const folder = resolve(options.cwd);
  const projectFile = findProjectFile(folder);
  const { findings: foundInFiles, stacks } = checkStackFiles(projectFile, options.stack);
  const findings = [
    checkNode(),
    checkCli(),
    // In a folder without a program, no packages are expected.
    ...(projectFile === undefined ? [] : checkPackages(folder)),
    checkProject(folder, projectFile),
    ...foundInFiles,
    ...checkPipelineFiles(folder),
    ...checkImportFiles(folder),
    checkTls(),
    ...checkProxy(),
    ...(await checkSeam(stacks)),
  ];
  if (options.json) console.log(safeJson(findings));
  else for (const finding of findings) print(finding);
  if (findings.some((finding) => finding.result === "failure")) process.exitCode = exitCodes.failed;
}

function print({ check, result, found, advice }: Finding): void {
  const mark = {
    ok: styled("green", "ok  "),
    warning: styled("yellow", "warn"),
    failure: styled("red", "FAIL"),
  };
  console.log(`${mark[result]}  ${safeLine(`${check}: ${found}`)}`);
  if (advice !== undefined) console.log(`      ${safeLine(advice)}`);
}

function checkNode(): Finding {
  const check = "Node.js";
  const found = process.versions.node;
  if (isInRange(found, engines())) return { check, result: "ok", found };
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
  const child = spawnSync("pulumi", ["version"], { encoding: "utf8", env });
  const found = versionIn(child.stdout ?? "");
  if (child.error !== undefined || found === undefined) {
    return {
      check,
      result: "failure",
      found: "not on the PATH",
      advice: "Install it: https://www.pulumi.com/docs/install/",
    };
  }
  if (isAtLeast(found, oldestCli)) return { check, result: "ok", found };
  const advice = `${oldestCli} is the oldest that can import identities from a file; update it to use \`pulumi-seam import\`.`;
  return { check, result: "warning", found, advice };
}

function checkPackages(folder: string): Finding[] {
  const wanted = ownPackage().peerDependencies["@pulumi/pulumi"] ?? "*";
  const sdk = installed(folder, "@pulumi/pulumi");
  const own = installed(folder, "pulumi-seam");
  const install = (name: string): string =>
    `Run \`npm install${isNamed(folder, name) ? "" : ` ${name}`}\` in ${folder}.`;
  const sdkFinding: Finding =
    sdk === undefined
      ? {
          check: "@pulumi/pulumi",
          result: "failure",
          found: "not installed here",
          advice: install("@pulumi/pulumi"),
        }
      : isInRange(sdk, wanted)
        ? { check: "@pulumi/pulumi", result: "ok", found: sdk }
        : {
            check: "@pulumi/pulumi",
            result: "failure",
            found: sdk,
            advice: `Install a version of ${wanted}.`,
          };
  const ownFinding: Finding =
    own === undefined
      ? {
          check: "pulumi-seam",
          result: "failure",
          found: "not installed here",
          advice: install("pulumi-seam"),
        }
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

/** Whether the package.json of the program names a package, so that an install without arguments installs it. */
function isNamed(folder: string, name: string): boolean {
  try {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8"),
    ) as { dependencies?: object; devDependencies?: object };
    return [dependencies, devDependencies].some((names) => names !== undefined && Object.hasOwn(names, name));
  } catch {
    return false;
  }
}

function installed(folder: string, name: string): string | undefined {
  try {
    const file = createRequire(join(folder, "package.json")).resolve(`${name}/package.json`);
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  } catch {
    return undefined;
  }
}

function checkProject(folder: string, file: string | undefined): Finding {
  const check = "Pulumi program";
  if (file === undefined) {
    const advice = "Run this where Pulumi.yaml is, or give --cwd.";
    return { check, result: "failure", found: `none in ${folder} or above`, advice };
  }
  const runtime = runtimeOf(readFileSync(file, "utf8"));
  if (runtime === "nodejs") return { check, result: "ok", found: file };
  if (runtime === undefined) {
    const unreadable = `${file} names no runtime, or cannot be read as YAML`;
    return { check, result: "failure", found: unreadable, advice: "Correct it, with `runtime: nodejs`." };
  }
  const advice = "pulumi-seam works in programs with `runtime: nodejs` only.";
  return { check, result: "failure", found: `${file} uses another runtime`, advice };
}

/** Checks the stacks' files, as far as possible without decrypting their secrets. */
function checkStackFiles(
  projectFile: string | undefined,
  wanted: string | undefined,
): { findings: Finding[]; stacks: StackFile[] } {
  const check = "stack settings";
  if (projectFile === undefined) return { findings: [], stacks: [] };
  // A stack's name can include its organization and project; the name of its file cannot.
  const stack = wanted?.split("/").at(-1);
  const files = readStackFiles(projectFile);
  const readable = files.flatMap((file) => ("unreadable" in file ? [] : [file]));
  const chosen = readable.filter(
    (file) => file.stack === undefined || stack === undefined || file.stack === stack,
  );
  const findings: Finding[] = [];
  for (const file of files) {
    // checkProject reports Pulumi.yaml.
    if (!("unreadable" in file) || file.file === projectFile) continue;
    findings.push({
      check,
      result: "failure",
      found: `${shortName(file)} cannot be read as YAML with a map \`config\`, so it could not be checked`,
      advice: "Correct it.",
    });
  }
  if (stack !== undefined && !chosen.some((file) => file.stack === stack)) {
    const found = `there is no readable file Pulumi.${stack}.yaml`;
    findings.push({ check, result: "failure", found, advice: "Check --stack and --cwd." });
  }
  for (const file of chosen) {
    for (const setting of plaintextKeys(file)) {
      const flag = file.stack === undefined ? "" : ` --stack ${file.stack}`;
      findings.push({
        check,
        result: "failure",
        found: `${shortName(file)} holds an API key in plain text (${setting})`,
        advice: `Whoever can read the file or its history has the key: make a new one in the Seam console, set it with \`pulumi config set --secret ${setting}${flag}\`, and then delete the old one in the console.`,
      });
    }
  }
  const stacks = withProjectSettings(chosen);
  for (const one of stacks) findings.push(...checkEndpointOf(one));
  if (findings.length === 0 && stacks.length > 0) {
    const names = stacks.map((one) => one.stack).join(", ");
    findings.push({ check, result: "ok", found: `no API key in plain text in ${names}` });
  }
  return { findings, stacks };
}

/** One file for each stack, with the settings of Pulumi.yaml as defaults. */
function withProjectSettings(files: readonly StackFile[]): StackFile[] {
  const ofProject = files.find((file) => file.stack === undefined)?.settings ?? new Map<string, unknown>();
  return files.flatMap((file) =>
    file.stack === undefined ? [] : [{ ...file, settings: new Map([...ofProject, ...file.settings]) }],
  );
}

/**
 * Checks a stack's endpoint: the key of the environment is not sent to an endpoint of a stack's file, so every operation would
 * fail.
 */
function checkEndpointOf({ stack, settings }: StackFile): Finding[] {
  const configured = plainValue(settings.get("seam:endpoint"));
  if (configured === undefined || settings.has("seam:apiKey")) return [];
  const check = "stack settings";
  try {
    const endpoint = readEndpoint(configured);
    const ofEnvironment = readEndpoint(process.env.SEAM_ENDPOINT?.trim() || undefined);
    if (endpoint === ofEnvironment) return [];
    return [
      {
        check,
        result: "failure",
        found: `stack ${stack} sets seam:endpoint to ${endpoint} and no seam:apiKey, and the environment's endpoint is ${ofEnvironment}: operations without a key in the configuration fail`,
        advice: `If you know this endpoint, set SEAM_ENDPOINT to it where SEAM_API_KEY is set; otherwise \`pulumi config rm seam:endpoint --stack ${stack}\`.`,
      },
    ];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const advice = `Correct seam:endpoint of stack ${stack}, or SEAM_ENDPOINT.`;
    return [{ check, result: "failure", found: `stack ${stack}: ${error.message}`, advice }];
  }
}

/** Checks the pipelines of the checkout that the program is in, if there are any. */
function checkPipelineFiles(folder: string): Finding[] {
  const check = "pipelines";
  const checkout = checkoutOf(folder);
  if (checkout === undefined) return [];
  const { files, findings } = checkPipelines(checkout);
  if (files === 0) return [];
  if (findings.length > 0) return findings.map((finding) => ({ check, ...finding }));
  return [{ check, result: "ok", found: `no pull request gets the key in ${files} files` }];
}

/**
 * Checks file permissions: `pulumi-seam import` creates files that only their owner can read; a copy or a checkout may lose
 * that.
 */
function checkImportFiles(folder: string): Finding[] {
  if (process.platform === "win32") return [];
  const files = Object.values(importFiles).filter((name) => {
    const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
    return found?.isFile() === true && (found.mode & 0o077) !== 0;
  });
  return files.map((name) => ({
    check: "personal data",
    result: "warning",
    found: `${name} holds names and addresses, and others on this machine can read or change it`,
    advice: `Delete it once the people are in the program and \`pulumi up\` has run; until then \`chmod 600 ${name}\`.`,
  }));
}

/** Reports a proxy by the name of its variable only, because its address can contain a password. */
function checkProxy(): Finding[] {
  const names = ["https_proxy", "HTTPS_PROXY"].filter((name) => /^http:/i.test(process.env[name] ?? ""));
  return names.slice(0, 1).map((name) => ({
    check: "proxy",
    result: "ok",
    found: `${name} is a proxy by plain http; the key goes through it in a TLS tunnel only`,
  }));
}

function checkTls(): Finding {
  const check = "TLS";
  if (!certificatesUnchecked()) return { check, result: "ok", found: "certificates are checked" };
  return {
    check,
    result: "failure",
    found: "NODE_TLS_REJECT_UNAUTHORIZED=0 turns off the check of certificates",
    advice:
      "Anybody between here and Seam can read the API key. Unset it; for a certificate authority of your own, set NODE_EXTRA_CA_CERTS to its file.",
  };
}

/** The runtime in `runtime: nodejs` or `runtime: { name: nodejs }`; undefined if there is none, or the file is not YAML. */
function runtimeOf(project: string): unknown {
  try {
    const { runtime } = parse(project) as { runtime?: string | { name?: unknown } };
    return typeof runtime === "object" ? runtime.name : runtime;
  } catch {
    return undefined;
  }
}

async function checkSeam(stacks: readonly StackFile[]): Promise<Finding[]> {
  let endpoint: string;
  try {
    ({ endpoint } = readConfig(() => undefined));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const wrong = { check: "configuration", result: "failure" } as const;
    return [
      hasApiKeyInEnvironment()
        ? { ...wrong, found: error.message, advice: "Correct SEAM_API_KEY or SEAM_ENDPOINT as it says." }
        : { ...wrong, found: NoApiKeyError.found, advice: `${NoApiKeyError.advice}.` },
    ];
  }
  const findings: Finding[] = [{ check: "endpoint", result: "ok", found: endpoint }];
  const client = seamFromEnvironment();
  try {
    const { name, workspace_id, is_sandbox } = await client.getWorkspace();
    const kind = is_sandbox ? "sandbox" : "production";
    findings.push({
      check: "API key",
      result: "ok",
      found: `of the ${kind} workspace ${name} (${workspace_id})`,
    });
    findings.push(...checkPins(stacks, workspace_id));
  } catch (error) {
    findings.push({
      check: "API key",
      result: "failure",
      found: explain("get the workspace from Seam", error, adviceForCommand(error, "run doctor again"))
        .message,
    });
    return findings;
  }
  const offset = Math.round((Date.now() - client.serverNow().getTime()) / 1000);
  findings.push(
    Math.abs(offset) <= clockTolerance
      ? { check: "clock", result: "ok", found: `within ${clockTolerance} s of Seam's` }
      : {
          check: "clock",
          result: "warning",
          found: `${Math.abs(offset)} s ${offset > 0 ? "ahead of" : "behind"} Seam's`,
          advice: "Set this machine's clock (NTP): times in its logs do not match Seam's.",
        },
  );
  return findings;
}

/** Checks which stacks the key is for. If it fits one of them, a stack pinned to another workspace is only a warning. */
function checkPins(stacks: readonly StackFile[], workspaceId: string): Finding[] {
  const check = "workspace";
  const pins = stacks.flatMap(({ stack, settings }) => {
    const pinned = settings.get("seam:workspaceId");
    return pinned === undefined ? [] : [{ stack, pinned: plainValue(pinned)?.trim().toLowerCase() }];
  });
  const fits = (pin: (typeof pins)[number]): boolean => pin.pinned === workspaceId.toLowerCase();
  const anyFits = pins.some(fits);
  return pins.map((pin): Finding => {
    if (fits(pin))
      return { check, result: "ok", found: `stack ${pin.stack} is pinned to the API key's workspace` };
    if (pin.pinned === undefined || !/^[0-9a-f-]{36}$/.test(pin.pinned)) {
      const found = `seam:workspaceId of stack ${pin.stack} is not a UUID in plain text, so it could not be checked`;
      const advice = `Set it with \`pulumi config set seam:workspaceId <id> --stack ${pin.stack}\`.`;
      return { check, result: "failure", found, advice };
    }
    return {
      check,
      result: anyFits ? "warning" : "failure",
      found: `stack ${pin.stack} is pinned to the workspace ${pin.pinned}, which the API key does not belong to`,
      advice: `Use a key of that workspace for this stack, or correct its seam:workspaceId.`,
    };
  });
}
