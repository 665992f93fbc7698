import { createInterface } from "node:readline/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { explain } from "../provider/resources/explain";
import { redact } from "../provider/seam/redaction";
import { DeletionWatcher } from "../provider/teardown/deletionWatcher";
import { type AcsUsersPolicy, type DependentKind, kindNames } from "../provider/teardown/graph";
import { type Dependent, directKinds, listCredentials, listDependents } from "../provider/teardown/inventory";
import {
  defaultTimeoutSeconds,
  type TeardownEvent,
  tearDownUserIdentity,
} from "../provider/teardown/teardown";
import type { SeamClient } from "../provider/seam/client";
import { resolveIdentity } from "./resolveIdentity";
import { seamFromEnvironment } from "./seamFromEnvironment";
import { StatusLine } from "./terminal";

interface TeardownOptions {
  dryRun: boolean;
  acsUsers: AcsUsersPolicy;
  timeout: number;
  yes: boolean;
  json: boolean;
}

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
the next \`pulumi up\` would create it anew.`,
    )
    .action(run);
}

async function run(named: string, options: TeardownOptions): Promise<void> {
  const client = seamFromEnvironment();
  const { user_identity_id: userIdentityId, workspace_id: workspaceId } = await resolveIdentity(
    client,
    named,
  );
  const found = await everythingUnder(client, userIdentityId, options.acsUsers);
  if (options.dryRun) {
    if (options.json) printJson({ userIdentityId, dryRun: true, dependents: found });
    else
      console.log(
        `user identity ${userIdentityId}: a teardown would take\n${listed(found, options.acsUsers)}`,
      );
    return;
  }
  if (!options.yes) await confirm(userIdentityId, found, options.acsUsers);
  const progress = new Progress(options.json);
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
    printJson({ userIdentityId, dryRun: false, done: false, gone: progress.gone, error: failure.message });
    process.exitCode = 1;
    return;
  }
  progress.end();
  if (options.json) printJson({ userIdentityId, dryRun: false, done: true, gone: progress.gone });
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

function listed(found: readonly Dependent[], policy: AcsUsersPolicy): string {
  const lines = found.map((one) => {
    const verb = one.kind === "acsUser" && policy === "unlink" ? " (unlinked, and kept)" : "";
    return `  ${kindNames[one.kind]} ${one.id}${verb}`;
  });
  return [...lines, "  and the identity itself"].join("\n");
}

async function confirm(id: string, found: readonly Dependent[], policy: AcsUsersPolicy): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new Error("nobody is there to confirm the teardown; give --yes, or look first with --dry-run");
  }
  console.error(`This takes away user identity ${id}, with\n${listed(found, policy)}`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question("Go on? Type yes: ");
  terminal.close();
  if (answer.trim().toLowerCase() !== "yes") throw new Error("nothing was taken away");
}

/** What has happened so far: a status line where a person watches, plain lines in a log. */
class Progress {
  readonly gone: { kind: DependentKind; id: string; afterSeconds: number }[] = [];
  private readonly waitingFor = new Map<string, Dependent>();
  private readonly status = new StatusLine();
  private readonly timer: NodeJS.Timeout;
  private readonly startedAt = performance.now();

  constructor(private readonly silent: boolean) {
    this.timer = setInterval(() => this.draw(), 200);
    this.timer.unref();
  }

  note(event: TeardownEvent): void {
    const after = event.after / 1000;
    if (event.type === "deleting") this.waitingFor.set(event.dependent.id, event.dependent);
    if (event.type === "gone") {
      for (const { kind, id } of event.dependents) {
        if (!this.waitingFor.delete(id)) continue;
        this.gone.push({ kind, id, afterSeconds: Number(after.toFixed(1)) });
        this.say(`${kindNames[kind]} ${id} is gone`, after);
      }
    }
    if (event.type === "identityGone") this.say("the user identity is gone", after);
    this.draw();
  }

  end(): void {
    clearInterval(this.timer);
    this.status.clear();
  }

  private say(line: string, after: number): void {
    if (this.silent) return;
    this.status.clear();
    console.log(`${after.toFixed(1).padStart(6)} s  ${line}`);
  }

  private draw(): void {
    if (this.silent) return;
    const waiting = [...this.waitingFor.values()].map((one) => kindNames[one.kind]);
    const counts = [...new Set(waiting)].map(
      (name) => `${waiting.filter((one) => one === name).length} ${name}`,
    );
    const after = ((performance.now() - this.startedAt) / 1000).toFixed(0);
    this.status.show(`${after} s, waiting for ${counts.length === 0 ? "Seam to answer" : counts.join(", ")}`);
  }
}

function printJson(document: object): void {
  process.stdout.write(`${redact(JSON.stringify(document, null, 2))}\n`);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 1 && value <= 86_400)) throw new InvalidArgumentError("It must be 1 to 86400.");
  return value;
}
