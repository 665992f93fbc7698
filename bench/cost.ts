import { execFileSync } from "node:child_process";
import { PulumiProject } from "../test/e2e/pulumiProject";
import { SimulatedWorkspace } from "../test/simulatedWorkspace";
import { peakPluginMemory } from "./pluginMemory";
import { doNothingProgram, inlineProgram, ourProgram } from "./programs";
import { median } from "./statistics";

// The cost of the package through the real CLI, compared with a provider that does nothing and one as tutorials write it. All three
// are measured in one run: each operation for all of them, then the next operation.

const programs = { ours: ourProgram, nothing: doNothingProgram, inline: inlineProgram };
export type Contender = keyof typeof programs;
export const contenders = Object.keys(programs) as Contender[];

export const operations = ["up", "preview", "changed", "refresh", "destroy"] as const;
export type Operation = (typeof operations)[number];

export interface Cost {
  seconds: number;
  requests: number;
  /** Peak of the plugin process, in MB. */
  memory: number;
}

export interface Sample {
  contender: Contender;
  /** Identities; there are as many links. */
  size: number;
  costs: Record<Operation, Cost>;
}

/** The size in bytes of a resource in the `file://` backend's file, and of the provider's text in an identity's inputs. */
export interface StateBytes {
  identity: number;
  link: number;
  providerText: number;
}

/** The time to load the SDK and the package, in milliseconds. */
export interface Startup {
  sdk: number;
  package: number;
}

export interface CostResults {
  samples: Sample[];
  state: Record<Contender, StateBytes>;
  startup: Startup;
}

export interface CostOptions {
  sizes: readonly number[];
  /** How many times to measure a size; each figure is the median. */
  repeat: (size: number) => number;
  say: (line: string) => void;
}

export async function measureCost({ sizes, repeat, say }: CostOptions): Promise<CostResults> {
  const samples: Sample[] = [];
  for (const size of sizes) {
    const rounds: Sample[][] = [];
    for (let round = 1; round <= repeat(size); round += 1) {
      rounds.push(
        await measureInTurn(contenders, size, (line) => say(`${size} identities, round ${round}: ${line}`)),
      );
    }
    for (const contender of contenders) {
      samples.push(middle(rounds.flat().filter((sample) => sample.contender === contender)));
    }
  }
  return { samples, ...(await measureOnce()) };
}

/** Measures what does not depend on the number of identities: bytes in the state, and the time to load the package. */
export async function measureOnce(): Promise<Omit<CostResults, "samples">> {
  const state: Partial<Record<Contender, StateBytes>> = {};
  for (const contender of contenders) {
    state[contender] = await measureState(contender);
  }
  return { state: state as Record<Contender, StateBytes>, startup: await measureStartup() };
}

export async function measureState(contender: Contender): Promise<StateBytes> {
  const one = await Running.start(contender, 10, true);
  try {
    await one.run("up");
    return one.stateBytes();
  } finally {
    await one.close();
  }
}

export async function measureInTurn(
  chosen: readonly Contender[],
  size: number,
  say: (line: string) => void,
): Promise<Sample[]> {
  const running = await Promise.all(chosen.map((contender) => Running.start(contender, size)));
  try {
    for (const operation of operations) {
      for (const one of running) {
        await one.run(operation);
        say(`${operation}, ${one.contender}: ${one.costs[operation]?.seconds.toFixed(1)} s`);
      }
    }
    return running.map((one) => one.sample());
  } finally {
    await Promise.all(running.map((one) => one.close()));
  }
}

/** One contender with its own program, state and workspace. */
class Running {
  readonly costs: Partial<Record<Operation, Cost>> = {};

  private constructor(
    readonly contender: Contender,
    private readonly size: number,
    private readonly seam: SimulatedWorkspace,
    private readonly project: PulumiProject,
  ) {}

  static async start(contender: Contender, size: number, ownModules = false): Promise<Running> {
    const seam = await SimulatedWorkspace.start({ deletionTimeMs: [0, 0], eventDelayMs: 0 }, 7);
    await seam.act("populate", { identities: size, identities_too: false, acs_users: true });
    const { acs_users } = await seam.state();
    const project = await PulumiProject.create({
      example: "basic",
      program: programs[contender],
      ownModules,
      env: { ...seam.env, COUNT: String(size), PEOPLE: "people.json" },
    });
    project.write("people.json", JSON.stringify(acs_users.map((user) => user.acs_user_id)));
    return new Running(contender, size, seam, project);
  }

  async run(operation: Operation): Promise<void> {
    await this.seam.act("reset_log");
    let seconds = 0;
    const memory = await peakPluginMemory(async (onStart) => {
      const { milliseconds } = await this.project.run(commands[operation], {
        onStart,
        env: { CHANGED: operation === "changed" ? "0.1" : "0" },
      });
      seconds = milliseconds / 1000;
    });
    const { total } = await this.seam.inspect<{ total: number }>("counts");
    this.costs[operation] = { seconds, memory, requests: total };
  }

  sample(): Sample {
    const costs = this.costs as Record<Operation, Cost>;
    return { contender: this.contender, size: this.size, costs };
  }

  stateBytes(): StateBytes {
    return stateBytes(this.project.stateText());
  }

  close(): Promise<void> {
    return this.seam.close();
  }
}

const commands: Readonly<Record<Operation, string[]>> = {
  up: ["up", "--yes", "--skip-preview"],
  preview: ["preview"],
  changed: ["preview"],
  refresh: ["refresh", "--yes", "--skip-preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

interface Stored {
  urn: string;
  inputs?: Record<string, unknown>;
}

/** Reads the sizes from the file, which is JSON without whitespace: the size of a resource is its JSON and a comma. */
function stateBytes(text: string): StateBytes {
  const { checkpoint } = JSON.parse(text) as { checkpoint: { latest: { resources: Stored[] } } };
  const bytes = (name: string): number => {
    const resource = checkpoint.latest.resources.find(({ urn }) => urn.endsWith(`::${name}`));
    const serialized = `${JSON.stringify(resource)},`;
    if (!text.includes(serialized.slice(0, -1)))
      throw new Error(`the state's file has another form than ${name} was read in`);
    return Buffer.byteLength(serialized);
  };
  const identity = checkpoint.latest.resources.find(({ urn }) => urn.endsWith("::person-5"));
  return {
    identity: bytes("person-5"),
    link: bytes("link-person-5"),
    providerText: Buffer.byteLength(String(identity?.inputs?.__provider)),
  };
}

function middle(samples: readonly Sample[]): Sample {
  const [first] = samples;
  if (first === undefined) throw new Error("nothing was measured");
  const costs = Object.fromEntries(
    operations.map((operation) => {
      const of = (name: keyof Cost): number => median(samples.map((sample) => sample.costs[operation][name]));
      return [operation, { seconds: of("seconds"), requests: of("requests"), memory: of("memory") }];
    }),
  ) as Record<Operation, Cost>;
  return { ...first, costs };
}

/** Measures `require`, each time in a new process. */
export async function measureStartup(): Promise<Startup> {
  const project = await PulumiProject.create({ example: "basic", program: ourProgram });
  const script = `
    const time = (name) => { const at = performance.now(); require(name); return performance.now() - at; };
    console.log(JSON.stringify({ sdk: time("@pulumi/pulumi"), package: time("pulumi-seam") }));
  `;
  const runs = Array.from(
    { length: 9 },
    () =>
      JSON.parse(
        execFileSync(process.execPath, ["-e", script], { cwd: project.folder, encoding: "utf8" }),
      ) as Startup,
  );
  return { sdk: median(runs.map((run) => run.sdk)), package: median(runs.map((run) => run.package)) };
}
