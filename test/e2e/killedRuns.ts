import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { deep, everyNth, itInCi } from "../depth";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject, type StateResource } from "./pulumiProject";

/** What must not exist after a destroy. */
const owned = [
  "user_identities",
  "acs_users",
  "acs_credentials",
  "phones",
  "client_sessions",
  "access_grants",
  "access_methods",
  "spaces",
] as const;

/** The process to kill: the plugin that runs the resources, or the CLI with it. */
export type Victim = "plugin" | "cli";

/** The operation during which it is killed. */
export type KilledOperation = "up" | "destroy";

/** What is declared while a process is killed. */
export interface Scenario {
  /** A short description. */
  what: string;
  program: string;
  /** Creates in Seam what the program refers to. Returns the environment that names it. */
  prepare(seam: SimulatedWorkspace): Promise<Record<string, string>>;
  /** Asserts that everything declared is in Seam once, and nothing else. */
  assertWhole(
    seam: SimulatedWorkspace,
    resources: readonly StateResource[],
    env: Readonly<Record<string, string>>,
  ): Promise<void>;
}

/**
 * Kills the victim at calls of an `up` and of a `destroy`, and does afterwards what a user does. Outside of CI at one call of one of them.
 *
 * @param everywhere - The operation that is killed outside of CI, too; none where another scenario does.
 * @param step In CI, at one call in as many. @default 1
 */
export function killAtCalls(
  victim: Victim,
  scenario: Scenario,
  everywhere: KilledOperation | undefined,
  step = 1,
): void {
  const where = deep ? (step === 1 ? "at each call" : `at one call in ${step}`) : "at one call";
  describe(`the ${victim}, killed ${where}: ${scenario.what}`, function () {
    this.timeout(60 * 60_000);
    defineTests(victim, scenario, everywhere, step);
  });
}

/** The one call to kill at outside of CI: by then something is done, and more is running. */
const oneCall = 8;

/** Returns the ids of one type in the state. */
export function idsOf(resources: readonly StateResource[], type: string): (string | undefined)[] {
  return resources.filter((one) => one.type.endsWith(`:${type}`)).map((one) => one.id);
}

function defineTests(
  victim: Victim,
  scenario: Scenario,
  everywhere: KilledOperation | undefined,
  step: number,
): void {
  const itDuring = (operation: KilledOperation): typeof itInCi => (operation === everywhere ? it : itInCi);
  let seam: SimulatedWorkspace;
  let project: PulumiProject;
  let env: Record<string, string>;
  /** Whether nothing has been created yet with what the program refers to. */
  let unused: boolean;
  let kills = 0;

  beforeEach(async () => {
    kills = 0;
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 30], eventDelayMs: 5 });
    env = { ...seam.env, ...(await scenario.prepare(seam)) };
    unused = true;
    project = await PulumiProject.create({ example: "basic", program: scenario.program, env });
    await project.configure({ "seam:requestTimeoutSeconds": "1" });
  });
  afterEach(() => seam.close());

  /** Runs the CLI and kills `victim` when the given call has been handled and its answer is held back. */
  async function killedAt(callNumber: number, victim: "plugin" | "cli", args: string[]): Promise<void> {
    await seam.act("reset_log");
    await seam.act("faults", {}, "DELETE");
    await seam.act("faults", { match: { callNumber }, fault: { kind: "hang", handled: true } });
    let cli = 0;
    const running = project.run([...args, "--yes", "--skip-preview"], {
      mayFail: true,
      env,
      onStart: (id) => (cli = id),
    });
    let ended = false;
    void running.then(() => (ended = true));
    while (!ended) {
      if (
        (await seam.requests()).some((request) => request.number === callNumber && request.fault === "hang")
      ) {
        const plugins = pluginsOf(cli);
        for (const id of victim === "cli" ? [cli] : plugins) kill(id);
        kills += 1;
        // A plugin ends with its engine; one that continued would run at the same time as the next.
        while (plugins.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 5));
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await running;
    await seam.act("faults", {}, "DELETE");
    if (victim === "cli") await recover();
  }

  /** What a user does when the CLI died: its lock is still there, and it may have died while it wrote. */
  async function recover(): Promise<void> {
    const { stderr } = await project.run(["cancel", "--yes"], { mayFail: true });
    if (!stderr.includes("failed to load checkpoint: EOF")) return;
    project.removeTornAttributes();
    await project.run(["cancel", "--yes"], { mayFail: true });
  }

  /** What docs/teardown.md says comes first; every second time it is skipped, as by somebody in a hurry. */
  async function refreshNowAndThen(): Promise<void> {
    if (kills % 2 === 0) await project.run(["refresh", "--yes", "--skip-preview"], { env });
  }

  /**
   * Does what a user does after an interrupted run: the same command, and for each person in an error the command that it prints. The
   * engine stops at the first error, so that the next one may be printed by the next run only.
   */
  async function upAgain(): Promise<void> {
    const named = new Set<string>();
    for (let attempts = 4; ; attempts -= 1) {
      const { exitCode, stdout, stderr } = await project.run(["up", "--yes", "--skip-preview"], {
        env: named.size === 0 ? env : { ...env, SEAM_TAKE_OVER: [...named].join(",") },
        mayFail: true,
      });
      if (exitCode === 0) return;
      const output = stdout + stderr;
      assert.ok(attempts > 0, output);
      const advised = Array.from(
        output.matchAll(/SEAM_TAKE_OVER=([0-9a-f-]{36}) pulumi up/g),
        ([, id]) => id,
      );
      assert.notEqual(advised.length, 0, output);
      for (const id of advised) named.add(id ?? "");
    }
  }

  async function assertGone(): Promise<void> {
    const state = await seam.state();
    for (const kind of owned) assert.deepEqual(state[kind], [], kind);
    assert.deepEqual(
      (await project.resources()).filter((one) => one.type.includes("seam:")),
      [],
    );
    assert.deepEqual(await seam.inspect("order_violations"), []);
  }

  async function populate(): Promise<void> {
    const { user_identities, acs_users } = await seam.state();
    for (const user of acs_users) await seam.act("credentials", { acs_user_id: user.acs_user_id });
    for (const { user_identity_id } of user_identities) {
      await seam.act("phones", { user_identity_id });
      await seam.act("client_sessions", { user_identity_id });
    }
  }

  /** A teardown deletes what the program refers to, and the next round needs it. */
  async function prepareNext(): Promise<void> {
    if (!unused) Object.assign(env, await scenario.prepare(seam));
    unused = false;
  }

  async function createAll(): Promise<void> {
    await prepareNext();
    await project.run(["up", "--yes", "--skip-preview"], { env });
  }

  async function destroyAll(): Promise<void> {
    await project.run(["destroy", "--yes", "--skip-preview"], { env });
  }

  /** Returns how many calls an operation makes if nothing is killed. */
  async function callsOf(operation: () => Promise<void>): Promise<number> {
    await seam.act("reset_log");
    await operation();
    return (await seam.requests()).length;
  }

  if (victim === "cli") {
    itInCi(
      "while it writes the state: the state is intact once the damaged attributes are removed",
      async () => {
        await createAll();
        const before = await project.resources();
        project.tearAttributes();
        const { stderr } = await project.run(["stack", "export"], { mayFail: true });
        assert.match(stderr, /failed to load checkpoint: EOF/);
        await recover();
        assert.deepEqual(await project.resources(), before);
        await destroyAll();
        await assertGone();
      },
    );
  }

  itDuring("up")("during up: the next up converges", async () => {
    let calls = [oneCall];
    if (deep) {
      calls = everyNth(await callsOf(createAll), step);
      await destroyAll();
    }
    for (const call of calls) {
      await prepareNext();
      await killedAt(call, victim, ["up"]);
      await refreshNowAndThen();
      await upAgain();
      await scenario.assertWhole(seam, await project.resources(), env);
      await destroyAll();
      await assertGone();
    }
    assert.equal(kills, calls.length);
  });

  itDuring("destroy")("during destroy: the next destroy finishes it", async () => {
    let calls = [oneCall];
    if (deep) {
      await createAll();
      await populate();
      // A destroy has many calls: the plugin is killed at every other one, and the CLI at those in between.
      calls = everyNth(await callsOf(destroyAll), 2 * step, victim === "plugin" ? 1 : 1 + step);
      assert.ok(calls.length * 2 * step > 15);
    }
    for (const call of calls) {
      await createAll();
      await populate();
      await killedAt(call, victim, ["destroy"]);
      await refreshNowAndThen();
      await destroyAll();
      await assertGone();
    }
    // The number of polls differs from run to run, so the last call of one may be missing in another.
    assert.ok(kills >= Math.ceil(0.8 * calls.length), `${kills} kills in ${calls.length} runs`);
  });
}

/** The plugin processes below a CLI. */
function pluginsOf(cli: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const processes = table.split("\n").flatMap((line) => {
    const [, id, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ id: Number(id), parent: Number(parent), command }];
  });
  const below = new Set([cli]);
  for (let grown = true; grown;) {
    grown = false;
    for (const one of processes) {
      if (below.has(one.parent) && !below.has(one.id)) {
        below.add(one.id);
        grown = true;
      }
    }
  }
  const plugins = processes.filter((one) => below.has(one.id) && one.command.includes("dynamic-provider"));
  assert.ok(plugins.length > 0, "there is no plugin process");
  return plugins.map((one) => one.id);
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

function kill(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}
