import { cpus } from "node:os";
import { SeamClient } from "../provider/seam/client";
import { DeletionWatcher } from "../provider/teardown/deletionWatcher";
import { tearDownUserIdentity } from "../provider/teardown/teardown";
import { PulumiProject } from "../test/e2e/pulumiProject";
import { SimulatedWorkspace } from "../test/simulatedWorkspace";
import { describeMachine, type Machine } from "./machine";
import { inlineProgram, ourProgram } from "./programs";
import { seedProcedure } from "./seedProcedure";

// Measures the time and the requests of a teardown, compared with the documented procedure and a hand-written provider, in one run.

const behavior = { latencyMs: 50, deletionTimeMs: [750, 2250] as [number, number], eventDelayMs: 200 };
const dependents = {
  credentials_per_acs_user: [3, 3],
  phones: 2,
  client_sessions: 2,
  enrollment_automations: 1,
};

const noEvents = { events: { dropRate: 1, duplicateRate: 0, reorder: false, premature: false } };
const grantsPerPerson = 2;
const runsOfOne = 20;

interface Figures {
  /** From the first call to the last, in seconds. */
  seconds: number;
  /** From the first call until nothing opens a door any more, in seconds; null if something still does at the end. */
  doorsClosed?: number | null;
  longestChain: number;
  requests: number;
  polls: number;
}

interface CreatedPerson {
  user_identity_id: string;
}

async function figures(seam: SimulatedWorkspace, seconds?: number): Promise<Figures> {
  const calls = await seam.requests();
  const span = ((calls.at(-1)?.at ?? 0) - (calls[0]?.at ?? 0)) / 1000;
  const { milliseconds } = await seam.inspect<{ milliseconds: number }>("longest_chain");
  const polls = calls.filter((call) => call.path === "/events/list").length;
  const { open, lastClosedAt } = await seam.doors();
  const doorsClosed =
    open.length > 0 || lastClosedAt === null ? null : (lastClosedAt - (calls[0]?.at ?? 0)) / 1000;
  return {
    seconds: seconds ?? span,
    doorsClosed,
    longestChain: milliseconds / 1000,
    requests: calls.length,
    polls,
  };
}

/** Creates a person with `dependents`, and two access grants with a code on a smart lock each. */
async function createPerson(seam: SimulatedWorkspace, fullName: string): Promise<string> {
  const { user_identity_id } = await seam.act<CreatedPerson>("person", {
    full_name: fullName,
    ...dependents,
  });
  for (let grant = 0; grant < grantsPerPerson; grant += 1) await seam.createGrant(user_identity_id);
  return user_identity_id;
}

/** Measures one identity without the CLI, in several runs. */
async function one(
  tearDown: (seam: SimulatedWorkspace, userIdentityId: string) => Promise<void>,
  runs: number,
  events = true,
): Promise<Figures[]> {
  const all: Figures[] = [];
  for (let run = 0; run < runs; run += 1) {
    // The documented procedure does not delete grants: if they blocked the deletion of the identity, it would not end.
    const seam = await SimulatedWorkspace.start(
      { ...behavior, ...(events ? {} : noEvents), grantsOnIdentityDelete: "survive" },
      run + 1,
    );
    const userIdentityId = await createPerson(seam, "Jean");
    await seam.act("reset_log");
    const startedAt = performance.now();
    await tearDown(seam, userIdentityId);
    all.push(await figures(seam, (performance.now() - startedAt) / 1000));
    await seam.close();
  }
  return all;
}

async function ours(seam: SimulatedWorkspace, userIdentityId: string): Promise<void> {
  const client = new SeamClient({ apiKey: seam.apiKey, endpoint: seam.url });
  await tearDownUserIdentity({ client, watcher: new DeletionWatcher(client), userIdentityId });
}

function seeds(seam: SimulatedWorkspace, userIdentityId: string): Promise<void> {
  return seedProcedure((path, body) => seam.call(path, body), userIdentityId);
}

/** Measures a number of identities, destroyed by the real CLI. */
async function throughCli(
  program: string,
  count: number,
  parallel: string[],
): Promise<Figures & { bound: number }> {
  const seam = await SimulatedWorkspace.start({ grantsOnIdentityDelete: "survive" }, 99);
  const env = { ...seam.env, COUNT: String(count) };
  const project = await PulumiProject.create({ example: "basic", program, env });
  await project.up();
  const { user_identities } = await seam.state();
  const [lobby, offices] = [await seam.acsSystemId(0), await seam.acsSystemId(1)];
  for (const { user_identity_id } of user_identities) {
    for (const system of [lobby, offices]) {
      const acs_user_id = await seam.createAcsUser(system, "person@example.com", user_identity_id);
      await seam.act("credentials", { acs_user_id, count: 3 });
    }
    await seam.act("phones", { user_identity_id, count: 2 });
    await seam.act("client_sessions", { user_identity_id, count: 2 });
    await seam.act("enrollment_automations", { user_identity_id });
    for (let grant = 0; grant < grantsPerPerson; grant += 1) await seam.createGrant(user_identity_id);
  }
  await seam.behave(behavior);
  await seam.act("reset_log");
  await project.destroy(...parallel);
  const result = await figures(seam);
  const idsInOrder = new Set((await seam.requests()).flatMap((call) => call.ids.user_identity_id ?? []));
  const chains: number[] = [];
  for (const id of idsInOrder) {
    const chain = await seam.inspect<{ milliseconds: number }>(`longest_chain?user_identity_id=${id}`);
    chains.push(chain.milliseconds / 1000);
  }
  await seam.close();
  return { ...result, bound: minimumTime(chains, 4 * cpus().length) };
}

/** The time for all chains on a number of workers, each of which starts the next chain as soon as it is free. */
function minimumTime(chains: readonly number[], workers: number): number {
  const freeAt = Array.from({ length: workers }, () => 0);
  for (const chain of chains) {
    const soonest = freeAt.indexOf(Math.min(...freeAt));
    freeAt[soonest] = (freeAt[soonest] ?? 0) + chain;
  }
  return Math.max(...freeAt);
}

/** Measures 200 identities at once with a limit of 50 requests a second. */
async function againstLimit(): Promise<{ seconds: number; used: number; requests: number; limited: number }> {
  const limit = { requestsPerSecond: 50, burst: 50, retryAfter: true };
  const seam = await SimulatedWorkspace.start({}, 5);
  const people: CreatedPerson[] = [];
  for (let index = 0; index < 200; index += 1) {
    people.push(await seam.act<CreatedPerson>("person", { full_name: `Person ${index}`, ...dependents }));
  }
  await seam.behave({ ...behavior, rateLimit: limit });
  await seam.act("reset_log");
  const client = new SeamClient({ apiKey: seam.apiKey, endpoint: seam.url });
  const watcher = new DeletionWatcher(client);
  const startedAt = performance.now();
  await Promise.all(
    people.map(({ user_identity_id }) =>
      tearDownUserIdentity({ client, watcher, userIdentityId: user_identity_id, timeoutSeconds: 1200 }),
    ),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const { total, limited } = await seam.inspect<{ total: number; limited: number }>("counts");
  await seam.close();
  const accepted = total - limited;
  return { seconds, used: accepted / (seconds * limit.requestsPerSecond), requests: accepted, limited };
}

export async function measureTeardown(say: (line: string) => void): Promise<TeardownResults> {
  say("one identity");
  const oursOne = middle(await one(ours, runsOfOne));
  say("one identity, no events");
  const withoutEvents = middle(await one(ours, runsOfOne, false));
  const seedOne = middle(await one(seeds, 3));
  say("50 identities through the CLI, --parallel 64");
  const wide = await throughCli(ourProgram, 50, ["--parallel", "64"]);
  say("50 identities through the CLI, default parallelism");
  const narrow = await throughCli(ourProgram, 50, []);
  say("the same with a hand-written provider");
  const inlineWide = await throughCli(inlineProgram, 50, ["--parallel", "64"]);
  const inlineNarrow = await throughCli(inlineProgram, 50, []);
  say("200 identities against 50 requests a second");
  const limited = await againstLimit();

  return { oursOne, withoutEvents, seedOne, wide, narrow, inlineWide, inlineNarrow, limited };
}

export interface TeardownResults {
  oursOne: Figures;
  /** In a workspace that emits no events. */
  withoutEvents: Figures;
  seedOne: Figures;
  wide: Figures & { bound: number };
  narrow: Figures & { bound: number };
  inlineWide: Figures & { bound: number };
  inlineNarrow: Figures & { bound: number };
  limited: { seconds: number; used: number; requests: number; limited: number };
}

export function renderTeardown(results: TeardownResults, machine: Machine): string {
  const { limited } = results;
  const row = (what: string, who: string, f: Figures, least: number, target: string): string =>
    `| ${what} | ${who} | ${shownDoors(f)} | ${f.seconds.toFixed(1)} s | ${(f.seconds / least).toFixed(2)} | ${target} | ${f.requests - f.polls} | ${f.polls} (${(f.polls / f.seconds).toFixed(1)} a second) |`;
  const { oursOne, withoutEvents, seedOne, wide, narrow, inlineWide, inlineNarrow } = results;
  const rows = [
    row("one identity", `pulumi-seam (median of ${runsOfOne})`, oursOne, oursOne.longestChain, "1.2"),
    row("one identity, no events", "the same", withoutEvents, withoutEvents.longestChain, "1.25"),
    row("one identity", "Seam's documented procedure (median of 3)", seedOne, seedOne.longestChain, ""),
    row("50 identities, `--parallel 64`", "pulumi-seam", wide, wide.longestChain, "1.3"),
    row("50 identities, `--parallel 64`", "hand-written provider", inlineWide, inlineWide.longestChain, ""),
    row("50 identities, default parallelism", "pulumi-seam", narrow, narrow.bound, "1.2"),
    row("50 identities, default parallelism", "hand-written provider", inlineNarrow, inlineNarrow.bound, ""),
  ];
  return `## A teardown

Taken ${describeMachine(machine)}. All of it against the simulator, at 50 ms a call, deletions of 0.75 to 2.25 s and events 0.2 s late; each identity has 2 ACS users with 3
credentials each, 1 enrollment automation, 2 phones, 2 client sessions and 2 access grants with a code on a smart lock. All rows are of one run.

"Doors closed" is the time from the first call until nothing opens a door any more (target: 0.35 s for one identity, 1.0 s for 50 with
\`--parallel 64\`); "never" where something still opens one at the end, "not measured" in a record that is older than this column. The documented procedure knows no access grants, so these workspaces let them survive their identity.

"Least" is what no teardown can undercut: the longest chain of dependent deletions, which the simulator works out from its log; for
the CLI's default parallelism (${machine.parallelism} here), the time in which that many workers get through all chains, in the order
in which the engine began them, each taking the next one as soon as it is free. Times through the CLI are from the first call to the last.

| what | who | doors closed | time | × least | target | requests | polls of the events |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

200 identities at once against a limit of 50 requests a second: no failure, ${limited.requests} requests in ${limited.seconds.toFixed(0)} s, which is ${(100 * limited.used).toFixed(0)} % of
the limit (target: 80 %); ${limited.limited} requests were answered 429 and sent again.

### What the time goes to

What is above "least" is mostly the time from the end of a deletion until it is noticed, once for the credentials and once for the ACS
users of each chain. A single teardown lists what it waits for about four times a second while a deletion is due, and reads no events. Several share the polls of
the events, at most one a second for each and eight in all: the event is 0.2 s late, the next poll comes after that, and the poll and the listing
that proves it take 0.05 s each. They list a few times without an event as well, at most 32 times a second in all and never while Seam
holds requests back.
`;
}

function middle(all: readonly Figures[]): Figures {
  const sorted = [...all].sort((a, b) => a.seconds / a.longestChain - b.seconds / b.longestChain);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("no runs");
  return middle;
}

function shownDoors({ doorsClosed }: Figures): string {
  if (doorsClosed === undefined) return "not measured";
  return doorsClosed === null ? "never" : `${doorsClosed.toFixed(2)} s`;
}
