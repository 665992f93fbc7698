import { createInterface } from "node:readline/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { explain } from "../provider/resources/resourceErrors";
import { redact } from "../provider/seam/redaction";
import { DeletionWatcher } from "../provider/teardown/deletionWatcher";
import { type AcsUsersPolicy, kindNames } from "../provider/teardown/graph";
import { type Dependent, directKinds, listCredentials, listDependents } from "../provider/teardown/inventory";
import { defaultTimeoutSeconds, tearDownUserIdentity } from "../provider/teardown/teardown";
import type { SeamClient } from "../provider/seam/client";
import type { UserIdentity } from "../provider/seam/model";
import { exitCodes } from "./exitCodes";
import { maskField } from "./plan/personalData";
import { resolveIdentity } from "./resolveIdentity";
import { seamFromEnvironment } from "./seamFromEnvironment";
import { TeardownProgress } from "./teardownProgress";

interface TeardownOptions {
  dryRun: boolean;
  acsUsers: AcsUsersPolicy;
  timeout: number;
  yes: boolean;
  json: boolean;
}

/** What a shell makes of SIGINT: 128 and its number. */
const interruptedExitCode = 130;

/** `pulumi-seam teardown`: takes one identity away, with everything under it. */
export function teardownCommand(): Command {
  return new Command("teardown")
    .description("take one user identity away with everything under it, as the resource does")
    .argument("<identity>", "its id, key, e-mail address or phone number")
    .option("--dry-run", "only show what would go", false)
    .addOption(
      new Option(
        "--acs-users <policy>",
        "what becomes of its ACS users: delete them, or unlink and keep them",
      )
        .choices(["delete", "unlink"])
        .default("delete"),
    )
    .option("--timeout <seconds>", "after how many seconds to give up", seconds, defaultTimeoutSeconds)
    .option("-y, --yes", "do not ask; needed where nobody can answer", false)
    .option("--json", "print one JSON document when it ends, and nothing else", false)
    .addHelpText(
      "after",
      `
Uses SEAM_API_KEY and SEAM_ENDPOINT. An identity that a Pulumi program declares is taken away by that program instead:
the next \`pulumi up\` would create it anew.
Ctrl-C ends it with 130; what was asked for goes on in Seam, and the same command goes on from there.`,
    )
    .action(run);
}

async function run(named: string, options: TeardownOptions): Promise<void> {
  try {
    await takeAway(named, options);
  } catch (error) {
    if (!options.json) throw error;
    printJson({
      dryRun: options.dryRun,
      done: false,
      error: error instanceof Error ? error.message : String(error),
    });
    process.exitCode = exitCodes.failed;
  }
}

async function takeAway(named: string, options: TeardownOptions): Promise<void> {
  const client = seamFromEnvironment();
  const identity = await resolveIdentity(client, named);
  const { user_identity_id: userIdentityId, workspace_id: workspaceId } = identity;
  const found = await everythingUnder(client, userIdentityId, options.acsUsers);
  if (options.dryRun) {
    if (options.json) printJson({ userIdentityId, dryRun: true, dependents: found });
    else {
      const list = await listed(client, found, options.acsUsers);
      console.log(`${called(identity)}: a teardown would take\n${list}`);
    }
    return;
  }
  if (!options.yes) await confirm(called(identity), () => listed(client, found, options.acsUsers));
  const progress = new TeardownProgress(options.json, options.acsUsers);
  const tell = (done: boolean, error?: string): void => {
    const { gone, unlinked } = progress;
    if (options.json) printJson({ userIdentityId, dryRun: false, done, gone, unlinked, error });
  };
  const interrupted = (): void => {
    progress.end();
    const error =
      "interrupted. What was asked for goes on in Seam; run the same command again to go on from here";
    tell(false, error);
    console.error(`pulumi-seam: ${error}`);
    process.exit(interruptedExitCode);
  };
  process.once("SIGINT", interrupted);
  try {
    await tearDownUserIdentity({
      client,
      watcher: new DeletionWatcher(client),
      userIdentityId,
      workspaceId,
      acsUsers: options.acsUsers,
      timeoutSeconds: options.timeout,
      onEvent: (event) => progress.note(event),
    });
  } catch (error) {
    progress.end();
    const failure = explain(`tear down user identity ${userIdentityId}`, error);
    if (!options.json) throw failure;
    tell(false, failure.message);
    process.exitCode = exitCodes.failed;
    return;
  } finally {
    process.removeListener("SIGINT", interrupted);
  }
  progress.end();
  tell(true);
}

async function everythingUnder(
  client: SeamClient,
  userIdentityId: string,
  policy: AcsUsersPolicy,
): Promise<Dependent[]> {
  const direct = await listDependents(client, userIdentityId, directKinds);
  if (policy === "unlink") return direct;
  const acsUsers = direct.filter((one) => one.kind === "acsUser");
  const credentials = await Promise.all(acsUsers.map((user) => listCredentials(client, user.id)));
  return [...direct, ...credentials.flat()];
}

/** The id, and enough of the name for a person to see whether it is the right one. */
function called({ user_identity_id, display_name, full_name }: UserIdentity): string {
  const name = full_name ?? display_name;
  return `user identity ${user_identity_id}${name === null ? "" : ` (${String(maskField("fullName", name))})`}`;
}

async function listed(
  client: SeamClient,
  found: readonly Dependent[],
  policy: AcsUsersPolicy,
): Promise<string> {
  const systems = new Map(
    (await client.listAcsSystems()).map((system) => [system.acs_system_id, system.name]),
  );
  const lines = found.map((one) => {
    const verb = one.kind === "acsUser" && policy === "unlink" ? " (unlinked, and kept)" : "";
    const where =
      one.acsSystemId === undefined ? "" : ` in ${systems.get(one.acsSystemId) ?? one.acsSystemId}`;
    return `  ${kindNames[one.kind]} ${one.id}${where}${verb}`;
  });
  return [...lines, "  and the identity itself"].join("\n");
}

async function confirm(identity: string, list: () => Promise<string>): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new Error("nobody is there to confirm the teardown; give --yes, or look first with --dry-run");
  }
  console.error(`This takes away ${identity}, with\n${await list()}`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D end the question without an answer, which is a no.
  const unanswered = new Promise<undefined>((resolve) => terminal.once("close", () => resolve(undefined)));
  const question = terminal.question("Go on? Type yes: ").catch(() => undefined);
  const answer = await Promise.race([question, unanswered]);
  terminal.close();
  if (answer === undefined) console.error();
  if (answer?.trim().toLowerCase() !== "yes") throw new Error("nothing was taken away");
}

function printJson(document: object): void {
  process.stdout.write(`${redact(JSON.stringify(document, null, 2))}\n`);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 1 && value <= 86_400)) throw new InvalidArgumentError("It must be 1 to 86400.");
  return value;
}
