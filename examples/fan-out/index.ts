import { cpus } from "node:os";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { Command } from "commander";
import { ownerStack, readDirectory } from "./people";
import { Progress } from "./progress";
import { declareBuilding, declarePeople } from "./programs";

// One stack has all identities, and each building has its own stack for its ACS users and links: no state grows so large that it
// becomes slow, a failure in one building does not block the others, and several stacks run in parallel.

interface Options {
  people: string;
  buildings: string;
  only?: string[];
  atOnce: number;
  parallel: number;
}

type Verb = "preview" | "up" | "refresh" | "destroy";

const projectName = "seam-fan-out";
/** The stack output that marks a building's stack, for when no file names the building any more. */
const buildingOutput = "isBuilding";
// Inline programs need a folder with node_modules; otherwise the plugin process does not find pulumi-seam.
const workDir = __dirname;

async function run(verb: Verb, options: Options): Promise<void> {
  const directory = readDirectory(options.people, options.buildings);
  const existing = await existingStacks();
  const names = new Set([ownerStack, ...directory.byBuilding.keys()]);
  // The stack of a building that no file names any more is emptied, not ignored. Stacks that are not of a building are left alone.
  for (const { name, isBuilding } of existing) {
    if (isBuilding) names.add(name);
    else if (!names.has(name))
      console.error(`${name}: left alone, because it is in no file and was never applied as a building`);
  }
  for (const name of options.only ?? []) {
    if (!names.has(name))
      throw new Error(`--only ${name}: there is no such stack; there are ${[...names].join(", ")}`);
  }
  const chosen = [...names].filter((name) => options.only?.includes(name) ?? true);
  const buildings = chosen.filter((name) => name !== ownerStack);

  const progress = new Progress();
  const failures: string[] = [];
  const apply = async (name: string, declarations: number, program: () => object): Promise<void> => {
    try {
      const stack = await LocalWorkspace.createOrSelectStack(
        { stackName: name, projectName, program: async () => program() },
        { workDir },
      );
      progress.begin(name, declarations);
      progress.end(name, await operate(stack, verb, options.parallel, () => progress.step(name)));
    } catch (error) {
      progress.end(name, "failed");
      failures.push(`${name}: ${reasonOf(error)}`);
    }
  };
  const applyPeople = async (): Promise<void> => {
    if (!chosen.includes(ownerStack)) return;
    const { people } = directory;
    await apply(ownerStack, people.length, () => {
      declarePeople(people);
      return {};
    });
  };
  const applyBuildings = async (): Promise<void> => {
    const known = verb === "preview" ? await keysOf(existing.map(({ name }) => name)) : new Set<string>();
    const next = async (): Promise<void> => {
      for (let name = buildings.shift(); name !== undefined; name = buildings.shift()) {
        const people = directory.byBuilding.get(name) ?? [];
        const acsSystemId = directory.acsSystemIds.get(name);
        await apply(name, 2 * people.length, () => {
          declareBuilding(acsSystemId, people, known);
          return { [buildingOutput]: true };
        });
      }
    };
    await Promise.all(Array.from({ length: options.atOnce }, next));
  };

  // People first: new people need an identity before their links, and deleting the identity of a person who left closes all doors.
  // A destroy uses the reverse order.
  const order = verb === "destroy" ? [applyBuildings, applyPeople] : [applyPeople, applyBuildings];
  for (const step of order) await step();
  progress.close();
  if (failures.length === 0) return;
  console.error(failures.join("\n"));
  console.error(
    `${failures.length} of ${chosen.length} stacks failed. Correct what they say and run the same command again.`,
  );
  process.exitCode = 1;
}

/** The diagnostics of a failed run: the message of such an error has the whole output of the CLI. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return /^Diagnostics:\n([\s\S]*?)\n\n(?=\S)/m.exec(error.message)?.[1]?.trim() ?? error.message;
}

async function existingStacks(): Promise<{ name: string; isBuilding: boolean }[]> {
  const workspace = await LocalWorkspace.create({ workDir });
  const stacks: { name: string; isBuilding: boolean }[] = [];
  for (const { name } of await workspace.listStacks()) {
    const outputs = await workspace.stackOutputs(name);
    stacks.push({ name, isBuilding: outputs[buildingOutput]?.value === true });
  }
  return stacks;
}

/** The keys of the identities that the stack of people has. */
async function keysOf(existing: readonly string[]): Promise<Set<string>> {
  if (!existing.includes(ownerStack)) return new Set();
  const exported = await (await LocalWorkspace.create({ workDir })).exportStack(ownerStack);
  const deployment = exported.deployment as { resources?: { inputs?: { userIdentityKey?: string } }[] };
  return new Set((deployment.resources ?? []).flatMap(({ inputs }) => inputs?.userIdentityKey ?? []));
}

async function operate(stack: Stack, verb: Verb, parallel: number, onStep: () => void): Promise<string> {
  const onEvent = (event: EngineEvent): void => {
    const { metadata } = event.resOutputsEvent ?? event.resourcePreEvent ?? {};
    const done = verb === "preview" ? event.resourcePreEvent : event.resOutputsEvent;
    if (done !== undefined && metadata?.type.includes("seam:") === true) onStep();
  };
  const options = { parallel, onEvent };
  const changes =
    verb === "preview"
      ? (await stack.preview(options)).changeSummary
      : (await stack[verb](options)).summary.resourceChanges;
  return Object.entries(changes ?? {})
    .map(([operation, count]) => `${count} ${operation}`)
    .join(", ");
}

const command = new Command("npm start --")
  .description("one stack for everybody's identity, and one for each building's ACS users and links")
  .option("--people <file>", "a CSV file with key, name, email, building", "people.csv")
  .option("--buildings <file>", "a CSV file with building, acsSystemId", "buildings.csv")
  .option("--only <stacks>", "these stacks alone, with commas between them: people, or buildings", (text) =>
    text.split(","),
  )
  .option("--at-once <n>", "buildings that are applied in parallel", Number, cpus().length)
  .option("--parallel <n>", "operations at a time in each stack", Number, 16);
for (const verb of ["preview", "up", "refresh", "destroy"] as const) {
  command.command(verb).action(() => run(verb, command.opts<Options>()));
}
command.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
