import { constants } from "node:os";
import { createInterface } from "node:readline/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { explain } from "../provider/resources/resourceErrors";
import { SeamError, SeamNotFoundError, SeamRejectedError } from "../provider/seam/errors";
import { observeUserIdentity } from "../provider/seam/observe";
import { printable } from "../provider/seam/printable";
import { DeletionWatcher } from "../provider/teardown/deletionWatcher";
import { type AcsUsersPolicy, type DependentKind, kindNames } from "../provider/teardown/graph";
import { type Dependent, directKinds, listCredentials, listDependents } from "../provider/teardown/inventory";
import { defaultTimeoutSeconds, tearDownUserIdentity } from "../provider/teardown/teardown";
import type { SeamClient } from "../provider/seam/client";
import type { UserIdentity } from "../provider/seam/model";
import { acsSystemNames } from "./acsSystemNames";
import { exitCodes } from "./exitCodes";
import { printableLines, printError, printReport, safeJson, safeLine } from "./output";
import { maskField } from "./plan/personalData";
import { findIdentity, hasIdFormat, identityNotFound } from "./resolveIdentity";
import { adviceForCommand, commandFailure } from "./seamFailure";
import { seamFromEnvironment } from "./seamFromEnvironment";
import { TeardownProgress } from "./teardownProgress";

interface TeardownOptions {
  dryRun: boolean;
  acsUsers: AcsUsersPolicy;
  timeout: number;
  ifExists: boolean;
  yes: boolean;
  json: boolean;
}

/** Ctrl-C, and what CI systems send to a job that is canceled. */
const interruptions = ["SIGINT", "SIGTERM"] as const;

/** `pulumi-seam teardown`: tears down one identity with everything under it. */
export function teardownCommand(): Command {
  return new Command("teardown")
    .description("tear down one user identity with everything under it, as the resource does")
    .argument("<identity>", "its id, key, e-mail address or phone number")
    .option("--dry-run", "only show what would be deleted", false)
    .addOption(
      new Option(
        "--acs-users <policy>",
        "what happens to its ACS users: delete them, or unlink and keep them",
      )
        .choices(["delete", "unlink"])
        .default("delete"),
    )
    .option("--timeout <seconds>", "after how many seconds to give up", seconds, defaultTimeoutSeconds)
    .option(
      "--if-exists",
      "succeed if nobody has this key, e-mail address or phone number (an id that is gone is always a success)",
      false,
    )
    .option("-y, --yes", "do not ask; needed without a terminal", false)
    .option("--json", "print one JSON document when it ends, and nothing else", false)
    .addHelpText(
      "after",
      `
Uses SEAM_API_KEY and SEAM_ENDPOINT. An identity that a Pulumi program declares
is torn down by that program instead: the next \`pulumi up\` would create it
again.
An id that is gone already is a success. A key, an e-mail address or a phone
number that nobody has is an error without --if-exists: it may be misspelled,
and the person's doors still open.
Ctrl-C ends it with 130, and a canceled CI job with 143 (SIGTERM); deletions
already requested continue in Seam, and the same command continues the rest.`,
    )
    .action(run);
}

async function run(named: string, options: TeardownOptions): Promise<void> {
  try {
    await tearDown(named, options);
  } catch (error) {
    if (!options.json) throw error;
    printJson({
      dryRun: options.dryRun,
      done: false,
      error: commandFailure(error),
    });
    process.exitCode = exitCodes.failed;
  }
}

async function tearDown(named: string, options: TeardownOptions): Promise<void> {
  const client = seamFromEnvironment();
  const identity = await findIdentity(client, named);
  if (identity === undefined) return reportMissingIdentity(client, named, options);
  const { user_identity_id: userIdentityId, workspace_id: workspaceId } = identity;
  if (options.dryRun) return showDryRun(client, identity, options);
  if (!options.yes) {
    await confirm(describeIdentity(identity), async () => {
      const inventory = await collectInventory(client, userIdentityId, options.acsUsers);
      return formatInventory(client, inventory, options.acsUsers);
    });
  }
  const progress = new TeardownProgress(options.json, userIdentityId, options.acsUsers);
  const printResult = (done: boolean, error?: string): void => {
    if (!options.json) return;
    const { gone, unlinked } = progress;
    const alreadyGone = done && !progress.identityWasThere;
    printJson({ userIdentityId, dryRun: false, done, alreadyGone, gone, unlinked, error });
  };
  const interrupted = (signal: NodeJS.Signals): void => {
    progress.end();
    const error =
      "interrupted. Deletions already requested continue in Seam; run the same command again to continue";
    printResult(false, error);
    printError(error);
    // As shells say that a signal ended a command.
    process.exit(128 + constants.signals[signal]);
  };
  // Not `once`: a second signal, as of an impatient person, would kill it before it has printed this.
  for (const signal of interruptions) process.on(signal, interrupted);
  try {
    await tearDownUserIdentity({
      client,
      watcher: new DeletionWatcher(client),
      userIdentityId,
      workspaceId,
      acsUsers: options.acsUsers,
      timeoutSeconds: options.timeout,
      onEvent: (event) => progress.record(event),
    });
  } catch (error) {
    progress.end();
    const advice = adviceForCommand(error, "run the same command again; it continues from here");
    const failure = explain(`tear down user identity ${userIdentityId}`, error, advice);
    if (!options.json) throw failure;
    printResult(false, failure.message);
    process.exitCode = exitCodes.failed;
    return;
  } finally {
    for (const signal of interruptions) process.removeListener(signal, interrupted);
  }
  progress.end();
  if (!progress.identityWasThere && !options.json) {
    printReport(`user identity ${userIdentityId} was gone already; nothing was left to tear down`);
  }
  printResult(true);
}

/** Ends without an identity to tear down: it was deleted earlier, or the value is a mistake. */
async function reportMissingIdentity(
  client: SeamClient,
  named: string,
  options: TeardownOptions,
): Promise<void> {
  const id = hasIdFormat(named) ? named.toLowerCase() : undefined;
  if (id === undefined && !options.ifExists) {
    throw new Error(
      `${identityNotFound}. If the person may be gone already, give the id, or --if-exists for a success in that case`,
    );
  }
  if (id !== undefined) await assertGone(client, id);
  const where = await describeWorkspace(client);
  if (options.json) {
    const nothing = options.dryRun ? { dependents: [] } : { gone: [], unlinked: [] };
    printJson({ userIdentityId: id, dryRun: options.dryRun, done: true, alreadyGone: true, ...nothing });
    return;
  }
  const who =
    id === undefined
      ? "nobody with this key, e-mail address or phone number is"
      : `user identity ${id} is not`;
  printReport(`${who} in ${where}: nothing to tear down`);
}

/** @throws Error if Seam lists the identity after all, or ACS users that are still linked to it. */
async function assertGone(client: SeamClient, id: string): Promise<void> {
  if ((await observeUserIdentity(client, id, undefined)) !== undefined) {
    throw new Error(
      `Seam lists user identity ${id} and does not find it. Nothing was done. Run the same command again later`,
    );
  }
  const linked = await client.listAcsUsers({ user_identity_id: id }).catch((error: unknown) => {
    if (error instanceof SeamNotFoundError || error instanceof SeamRejectedError) return [];
    throw error;
  });
  const left = linked.filter((user) => user.user_identity_id === id).map((user) => user.acs_user_id);
  if (left.length > 0) {
    throw new Error(
      `user identity ${id} is gone, and ACS users that were linked to it are not: ${left.join(", ")}. They may still open doors. See in the Seam console whether they are to be deleted`,
    );
  }
}

async function describeWorkspace(client: SeamClient): Promise<string> {
  try {
    const { name, workspace_id } = await client.getWorkspace();
    return safeLine(`the workspace ${name} (${workspace_id})`);
  } catch (error) {
    if (!(error instanceof SeamError)) throw error;
    return "the API key's workspace";
  }
}

async function showDryRun(
  client: SeamClient,
  identity: UserIdentity,
  options: TeardownOptions,
): Promise<void> {
  const { user_identity_id: userIdentityId } = identity;
  const inventory = await collectInventory(client, userIdentityId, options.acsUsers);
  const { found: dependents, notListed } = inventory;
  if (options.json) {
    printJson({ userIdentityId, dryRun: true, dependents, ...(notListed.length === 0 ? {} : { notListed }) });
  } else {
    const list = await formatInventory(client, inventory, options.acsUsers);
    printReport(`${describeIdentity(identity)}: a teardown would delete\n${list}`);
  }
  if (notListed.length > 0) process.exitCode = exitCodes.failed;
}

/** What a person is shown before the teardown. The teardown does its own listing. */
interface Inventory {
  found: Dependent[];
  /** What Seam did not list, and why. */
  notListed: { kind: DependentKind; error: string }[];
}

async function collectInventory(
  client: SeamClient,
  userIdentityId: string,
  policy: AcsUsersPolicy,
): Promise<Inventory> {
  const inventory: Inventory = { found: [], notListed: [] };
  const add = async (kind: DependentKind, listing: Promise<Dependent[]>): Promise<Dependent[]> => {
    try {
      const listed = await listing;
      inventory.found.push(...listed);
      return listed;
    } catch (error) {
      if (!(error instanceof SeamError)) throw error;
      inventory.notListed.push({ kind, error: error.message });
      return [];
    }
  };
  await Promise.all(
    directKinds.map(async (kind) => {
      const listed = await add(kind, listDependents(client, userIdentityId, [kind]));
      if (kind !== "acsUser" || policy === "unlink") return;
      await Promise.all(listed.map((user) => add("acsCredential", listCredentials(client, user.id))));
    }),
  );
  const order: readonly DependentKind[] = [...directKinds, "acsCredential"];
  inventory.found.sort((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
  return inventory;
}

/** The id, and enough of the name for a person to recognize it. */
function describeIdentity({ user_identity_id, display_name, full_name }: UserIdentity): string {
  const name = full_name ?? display_name;
  return `user identity ${user_identity_id}${name === null ? "" : ` (${String(maskField("fullName", printable(name)))})`}`;
}

async function formatInventory(
  client: SeamClient,
  { found, notListed }: Inventory,
  policy: AcsUsersPolicy,
): Promise<string> {
  const systems = await acsSystemNames(client);
  const lines = found.map((one) => {
    const verb = one.kind === "acsUser" && policy === "unlink" ? " (unlinked, and kept)" : "";
    const where =
      one.acsSystemId === undefined ? "" : ` in ${systems.get(one.acsSystemId) || one.acsSystemId}`;
    return `  ${safeLine(`${kindNames[one.kind]} ${one.id}${where}${verb}`)}`;
  });
  const unknown = notListed.map(
    ({ kind, error }) => `  ${safeLine(`${kindNames[kind]}s, which could not be listed: ${error}`)}`,
  );
  return [...lines, ...unknown, "  and the identity itself"].join("\n");
}

async function confirm(identity: string, list: () => Promise<string>): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new Error(
      "the teardown cannot be confirmed without a terminal; give --yes, or check it first with --dry-run",
    );
  }
  process.stderr.write(`${printableLines(`This deletes ${identity}, with\n${await list()}`)}\n`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D close the question without an answer, which counts as no.
  const unanswered = new Promise<undefined>((resolve) => terminal.once("close", () => resolve(undefined)));
  const question = terminal.question("Continue? Type yes: ").catch(() => undefined);
  const answer = await Promise.race([question, unanswered]);
  terminal.close();
  if (answer === undefined) console.error();
  if (answer?.trim().toLowerCase() !== "yes") throw new Error("nothing was deleted");
}

function printJson(document: object): void {
  process.stdout.write(`${safeJson(document)}\n`);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 1 && value <= 86_400)) throw new InvalidArgumentError("It must be 1 to 86400.");
  return value;
}
