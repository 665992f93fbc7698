import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { minVersion } from "semver";
import { providerText } from "../../provider/dynamic/stateReference";
import { findPulumiCli, type PulumiCli } from "../../tools/pulumiCli";
import { PulumiCommand } from "../../tools/pulumiCommand";
import { deep } from "../depth";
import { packedPackage, type StateResource } from "../e2e/pulumiProject";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { type Setup, setups } from "./setups";

const root = join(__dirname, "..", "..");
const kept = mkdtempSync(join(tmpdir(), "pulumi-seam-matrix-"));
const { peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  peerDependencies: Record<string, string>;
};
const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];

/** Yarn 4 does not read npm's configuration. */
function yarnEnvironment(): Record<string, string> {
  const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
  return {
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_UNSAFE_HTTP_WHITELIST: new URL(registry).hostname,
    YARN_ENABLE_TELEMETRY: "0",
    YARN_ENABLE_SCRIPTS: "0",
    // What it does by itself in a CI.
    YARN_ENABLE_IMMUTABLE_INSTALLS: "0",
  };
}

/** The folder of a Node of this major version: an npm package carries the binary. */
function nodeFolder(major: number): string {
  if (Number(process.versions.node.split(".")[0]) === major) return dirname(process.execPath);
  const folder = join(kept, `node-${major}`);
  mkdirSync(folder, { recursive: true });
  const name = `node-${process.platform}-${process.arch}`;
  execFileSync("npm", ["install", "--prefix", folder, "--prefer-offline", ...quiet, `${name}@${major}`]);
  return join(folder, "node_modules", name, "bin");
}

function tool(name: string, version: string, command = name): string {
  const folder = join(kept, `${command}-${version}`);
  mkdirSync(folder, { recursive: true });
  execFileSync("npm", ["install", "--prefix", folder, "--prefer-offline", ...quiet, `${name}@${version}`]);
  return join(folder, "node_modules", ".bin", command);
}

const sdkVersions = {
  lowest: minVersion(peerDependencies["@pulumi/pulumi"] ?? "")?.version ?? "",
  newest: "latest",
};

function install(setup: Setup, folder: string, path: string): void {
  const env = { ...process.env, PATH: path };
  const run = (command: string, args: readonly string[], more: Record<string, string> = {}): void => {
    execFileSync(command, args, {
      cwd: folder,
      env: { ...env, ...more },
      stdio: ["ignore", "ignore", "inherit"],
    });
  };
  switch (setup.installer) {
    case "npm":
      return run("npm", ["install", "--prefer-offline", ...quiet]);
    case "npm strict":
      return run("npm", ["install", "--engine-strict", "--prefer-offline", ...quiet]);
    case "pnpm":
      return run(tool("pnpm", "10"), ["install", "--prefer-offline", "--silent", "--ignore-scripts"]);
    case "yarn 1":
      return run(tool("yarn", "1"), ["install", "--prefer-offline", "--silent", "--ignore-scripts"]);
    case "yarn 4":
      return run(tool("@yarnpkg/cli-dist", "4", "yarn"), ["install"], yarnEnvironment());
  }
}

describe("the matrix", function () {
  this.timeout(20 * 60_000);

  let cli: PulumiCli;
  let seam: SimulatedWorkspace;
  before(async () => {
    cli = await findPulumiCli((line) => console.log(`      ${line}`));
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 5 });
  });
  after(() => seam?.close());

  const tested = (setup: Setup): boolean => setup.tested === "always" || (deep && setup.tested === "in CI");
  const chosen = process.env.MATRIX === "all" ? setups : setups.filter(tested);
  for (const [index, setup] of chosen.entries()) {
    it(setup.name, async () => {
      const home = join(kept, `setup-${index}`);
      const project = join(home, "project");
      const folder = join(project, setup.folder ?? "");
      mkdirSync(folder, { recursive: true });
      for (const [name, text] of Object.entries(setup.files)) {
        mkdirSync(dirname(join(project, name)), { recursive: true });
        writeFileSync(join(project, name), text);
      }
      writeFileSync(
        join(folder, "package.json"),
        JSON.stringify({
          name: "matrix-program",
          private: true,
          ...setup.packageJson,
          dependencies: {
            "@pulumi/pulumi": sdkVersions[setup.sdk],
            "@types/node": "^20",
            "pulumi-seam": `file:${packedPackage()}`,
            tsx: "^4",
            typescript: "~5.9.3",
          },
        }),
      );
      const node = setup.node === undefined ? dirname(process.execPath) : nodeFolder(setup.node);
      const path = [node, cli.binDir, process.env.PATH].join(delimiter);
      install(setup, project, path);

      const acsUserId = await seam.createAcsUser(await seam.acsSystemId(0), `person-${index}@example.com`);
      const env = { ...seam.env, ACS_USER_ID: acsUserId, PATH: path };
      const pulumi = new PulumiCommand(cli, folder, home, env);
      const cliRun = async (...args: string[]): Promise<string> => {
        const { exitCode, stdout, stderr } = await pulumi.run(args);
        assert.equal(exitCode, 0, `pulumi ${args.join(" ")}\n${stdout}\n${stderr}`);
        return stdout;
      };
      const program = setup.automation;
      const apply = (verb: string, same = false): Promise<unknown> =>
        program === undefined
          ? cliRun(
              verb,
              ...(verb === "preview" ? [] : ["--yes", "--skip-preview"]),
              ...(same ? ["--expect-no-changes"] : []),
            )
          : // Not the synchronous form, which would keep the simulator in this process from answering.
            promisify(execFile)(join(node, "node"), [program, verb, ...(same ? ["same"] : [])], {
              cwd: folder,
              env: { ...pulumi.environment, PATH: path },
            });
      /** How many identities and ACS users there are. */
      const people = async (): Promise<number[]> => {
        const { user_identities, acs_users } = await seam.state();
        return [user_identities.length, acs_users.length];
      };

      if (program === undefined) await cliRun("stack", "init", "test");
      if (deep) await apply("preview");
      assert.deepEqual(await people(), [0, 1], "the ACS user that the lookup finds");
      await apply("up");
      assert.deepEqual(await people(), [1, 2]);
      assert.deepEqual(await providerTexts(cliRun), [
        providerText("acsUser"),
        providerText("acsUserLink"),
        providerText("userIdentity"),
      ]);
      await apply("refresh", true);
      if (deep) await apply("preview", true);
      await apply("destroy");
      assert.deepEqual(await people(), [0, 0]);
    });
  }

  async function providerTexts(cliRun: (...args: string[]) => Promise<string>): Promise<unknown[]> {
    const state = JSON.parse(await cliRun("stack", "export", "--stack", "test")) as {
      deployment: { resources: StateResource[] };
    };
    const texts = state.deployment.resources.flatMap(({ inputs, outputs }) => [
      inputs?.__provider,
      outputs?.__provider,
    ]);
    return [...new Set(texts.filter((text) => text !== undefined))].sort();
  }
});
