import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPulumiCli } from "./pulumiCli";
import { PulumiCommand } from "./pulumiCommand";

// The full lifecycle of a few identities with the real CLI, against a simulated workspace. Exits with 1 if any result is not as
// expected.

interface State {
  acs_systems: { acs_system_id: string; name: string }[];
  user_identities: { user_identity_id: string; display_name: string; acs_user_ids: string[] }[];
  acs_users: {
    acs_user_id: string;
    acs_system_id: string;
    display_name: string;
    user_identity_id?: string;
  }[];
  acs_credentials: { acs_credential_id: string; acs_user_id: string; display_name: string }[];
  enrollment_automations: { enrollment_automation_id: string; owner: string }[];
  phones: { device_id: string; owner: string }[];
  client_sessions: { client_session_id: string; owner: string }[];
}

interface Deletion {
  kind: string;
  id: string;
  user_identity_id?: string;
  requestedAt: number;
  goneAt?: number;
}

interface Doors {
  /** When the last key stopped opening a door. */
  lastClosedAt: number | null;
}

const root = join(__dirname, "..");
const command = join(root, "dist", "cli", "main.js");
const color = (process.stdout.isTTY || process.env.FORCE_COLOR === "1") && !process.env.NO_COLOR;

async function demo(): Promise<void> {
  const startedAt = Date.now();
  const cli = await findPulumiCli((line) => console.log(line));
  console.log(`Pulumi CLI ${cli.version}, from ${cli.source}`);
  const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-demo-"));
  const simulator = await startSimulator();
  try {
    const env = { SEAM_ENDPOINT: simulator.url, SEAM_API_KEY: simulator.apiKey };
    await tour(new PulumiCommand(cli, programIn(folder), folder, env), env);
    title(`Done in ${Math.round((Date.now() - startedAt) / 1000)} s`);
  } finally {
    simulator.process.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A copy of the checkout's program, so that the stack's configuration is not written into the checkout. */
function programIn(folder: string): string {
  for (const part of ["Pulumi.yaml", "examples"])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  return folder;
}

async function tour(
  pulumi: PulumiCommand,
  env: { SEAM_ENDPOINT: string; SEAM_API_KEY: string },
): Promise<void> {
  const { SEAM_ENDPOINT: url, SEAM_API_KEY: apiKey } = env;
  const run = async (...args: string[]): Promise<void> => {
    console.log(dim(`$ pulumi ${args.join(" ")}`));
    const colors = ["--color", color ? "always" : "never"];
    const { exitCode } = await pulumi.run([...args, ...colors], { onOutput: withoutBlankLines() });
    if (exitCode !== 0) throw new Error(`pulumi ${args[0]} ended with ${exitCode}`);
  };
  const now = ["--yes", "--skip-preview", "--suppress-progress"];

  title("A stack for the simulated workspace");
  const { acs_systems } = await readAdmin<State>(url, "state");
  const [lobby, offices] = acs_systems;
  for (const [name, system] of [
    ["jean", lobby],
    ["jean", offices],
    ["ada", lobby],
    ["sam", offices],
  ] as const) {
    const person = {
      full_name: name,
      email_address: `${name}@example.com`,
      acs_system_id: system?.acs_system_id,
    };
    await post(`${url}/acs/users/create`, person, apiKey);
  }
  await run("stack", "init", "demo");
  await run("config", "set", "lobbyAcsSystemId", lobby?.acs_system_id ?? "");
  await run("config", "set", "officesAcsSystemId", offices?.acs_system_id ?? "");

  title("What will happen");
  await run("preview", "--suppress-progress");
  title("Apply it");
  await run("up", ...now);

  title("A change: its preview, then the change itself");
  await run("config", "set", "jeansName", "Jean Roe");
  await run("preview", "--diff");
  await run("up", ...now);
  title("Does Seam agree with the state?");
  await run("refresh", "--expect-no-changes", ...now);

  title("Meanwhile, the app is used. What each identity has now");
  await useApp(url);
  const before = await readAdmin<State>(url, "state");
  printTree(before);

  title("What a destroy would do to people's access");
  await showPlan(pulumi, env);
  title("Destroy");
  await post(`${url}/_simulator/reset_log`, {});
  await run("destroy", ...now);
  title("What was deleted, in which order");
  const deletions = await readAdmin<Deletion[]>(url, "deletions");
  printDeletions(deletions, before);
  title("When the doors were closed");
  await printDoors(url, deletions, before);
  await check(url, before);
}

/** Writes all lines except blank ones. */
function withoutBlankLines(): (text: string) => void {
  let incomplete = "";
  return (text) => {
    const lines = (incomplete + text).split("\n");
    incomplete = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") process.stdout.write(`${line}\n`);
  };
}

/** Runs `pulumi-seam plan` for a destroy, as a pipeline would. */
async function showPlan(pulumi: PulumiCommand, env: Record<string, string>): Promise<void> {
  const preview = ["destroy", "--preview-only", "--json"];
  console.log(dim(`$ pulumi ${preview.join(" ")} | pulumi-seam plan -`));
  const { exitCode, stdout } = await pulumi.run(preview);
  if (exitCode !== 0) throw new Error(`pulumi destroy --preview-only ended with ${exitCode}`);
  const plan = spawn(process.execPath, [command, "plan", "-"], {
    // The plan writes to a pipe here, and is shown in this terminal.
    env: { COLUMNS: process.stdout.columns?.toString(), ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  plan.stdout.setEncoding("utf8").on("data", (text: string) => process.stdout.write(text));
  plan.stdin.end(stdout);
  const code = await new Promise<number | null>((resolve) => plan.on("close", resolve));
  if (code !== 0) throw new Error(`pulumi-seam plan ended with ${code}`);
}

/** Signs all identities in, enrolls phones and issues credentials, as an app and a front desk would. */
async function useApp(url: string): Promise<void> {
  const { user_identities, acs_users } = await readAdmin<State>(url, "state");
  const act = (action: string, body: object): Promise<unknown> => post(`${url}/_simulator/${action}`, body);
  for (const { acs_user_id } of acs_users) await act("credentials", { acs_user_id, count: 2 });
  for (const { user_identity_id } of user_identities) {
    await act("phones", { user_identity_id });
    await act("client_sessions", { user_identity_id });
    await act("enrollment_automations", { user_identity_id });
  }
}

function printTree(state: State): void {
  const systemName = new Map(state.acs_systems.map((system) => [system.acs_system_id, system.name]));
  for (const identity of state.user_identities) {
    console.log(identity.display_name);
    const id = identity.user_identity_id;
    const own = <T extends { owner: string }>(all: T[]): number =>
      all.filter((one) => one.owner === id).length;
    for (const user of state.acs_users.filter((one) => one.user_identity_id === id)) {
      const held = state.acs_credentials.filter((one) => one.acs_user_id === user.acs_user_id);
      console.log(`  ACS user in ${systemName.get(user.acs_system_id)}: ${held.length} credentials`);
    }
    console.log(
      `  ${own(state.phones)} phone, ${own(state.client_sessions)} client session, ${own(state.enrollment_automations)} enrollment automation`,
    );
  }
}

function printDeletions(deletions: Deletion[], before: State): void {
  const name = new Map(before.user_identities.map((one) => [one.user_identity_id, one.display_name]));
  const first = Math.min(...deletions.map((one) => one.requestedAt));
  const seconds = (at: number | undefined): string =>
    at === undefined ? "never" : `${((at - first) / 1000).toFixed(2)} s`;
  for (const one of [...deletions].sort((a, b) => a.requestedAt - b.requestedAt)) {
    const requested = seconds(one.requestedAt).padStart(7);
    const gone = seconds(one.goneAt).padStart(7);
    const whose = name.get(one.user_identity_id ?? "") ?? "";
    console.log(`  requested ${requested}, gone ${gone}  ${one.kind.padEnd(21)} of ${whose}`);
  }
}

/**
 * Prints when the doors of each identity were closed. That is the first step of a teardown, long before everything is deleted.
 */
async function printDoors(url: string, deletions: readonly Deletion[], before: State): Promise<void> {
  const [requests] = await readAdmin<{ at: number }[]>(url, "requests");
  const began = requests?.at ?? 0;
  for (const { user_identity_id: id, display_name: name } of before.user_identities) {
    const doors = await readAdmin<Doors>(url, `doors?user_identity_id=${id}`);
    const gone = deletions.find((one) => one.kind === "user_identity" && one.id === id)?.goneAt;
    const closed = doors.lastClosedAt;
    const seconds = (at: number): string => `${((at - began) / 1000).toFixed(2)} s`;
    const when =
      closed === null
        ? "ACS user and keys kept, as the program says"
        : `no key opens a door after ${seconds(closed)}`;
    const end = closed === null ? "account" : "all";
    console.log(
      `  ${name.padEnd(12)} ${when}${gone === undefined ? "" : `; ${end} gone after ${seconds(gone)}`}`,
    );
  }
}

async function check(url: string, before: State): Promise<void> {
  const left = await readAdmin<State>(url, "state");
  const problems: string[] = await readAdmin<string[]>(url, "order_violations");
  for (const kind of ["user_identities", "enrollment_automations", "phones", "client_sessions"] as const) {
    if (left[kind].length > 0) problems.push(`${left[kind].length} ${kind} are left`);
  }
  const samsId = before.user_identities.find((one) => one.display_name === "Sam Rivers")?.user_identity_id;
  const keptAcsUserIds = before.acs_users
    .filter((one) => one.user_identity_id === samsId)
    .map((one) => one.acs_user_id);
  if (left.acs_users.map((one) => one.acs_user_id).join() !== keptAcsUserIds.join()) {
    problems.push("the ACS users left are not just the one that the program keeps");
  }
  if (problems.length > 0) throw new Error(problems.join("; "));
  console.log(
    "\nNothing is left but Sam's ACS user with its credentials, which the program keeps on purpose.",
  );
}

/** Starts the simulator as a separate process, as a user would. */
async function startSimulator(): Promise<{ url: string; apiKey: string; process: ChildProcess }> {
  const child = spawn(process.execPath, [command, "simulate", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.once("exit", () => child.kill());
  let output = "";
  for await (const text of child.stdout) {
    output += String(text);
    const url = /SEAM_ENDPOINT=(\S+)/.exec(output)?.[1];
    const apiKey = /SEAM_API_KEY=(\S+)/.exec(output)?.[1];
    if (url !== undefined && apiKey !== undefined) return { url, apiKey, process: child };
  }
  throw new Error("the simulator did not start");
}

async function readAdmin<T>(url: string, path: string): Promise<T> {
  return (await (await fetch(`${url}/_simulator/${path}`)).json()) as T;
}

async function post(url: string, body: object, apiKey = ""): Promise<unknown> {
  const headers = { "content-type": "application/json", authorization: `Bearer ${apiKey}` };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status} ${await response.text()}`);
  return response.json();
}

function title(text: string): void {
  console.log(color ? `\n\u001b[1m${text}\u001b[0m` : `\n== ${text}`);
}

function dim(text: string): string {
  return color ? `\u001b[2m${text}\u001b[0m` : text;
}

demo().catch((error: unknown) => {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
