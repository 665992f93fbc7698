import { cpus } from "node:os";
import { type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { Command } from "commander";
import { declare, peopleByBuilding } from "./buildings";
import { Progress } from "./progress";

// A stack for each building: none grows so large that its state slows it down, a failure in one holds up no other, and
// several run side by side. `npm start -- --help` tells how to use it.

interface Options {
  people: string;
  only?: string[];
  atOnce: number;
  parallel: number;
}

type Verb = "preview" | "up" | "refresh" | "destroy";

async function run(verb: Verb, options: Options): Promise<void> {
  const buildings = peopleByBuilding(options.people);
  const chosen = [...buildings.keys()].filter((building) => options.only?.includes(building) ?? true);
  const progress = new Progress();
  const failures: string[] = [];
  const next = async (): Promise<void> => {
    for (let building = chosen.shift(); building !== undefined; building = chosen.shift()) {
      const people = buildings.get(building) ?? [];
      try {
        // Inline programs need a folder with node_modules, or the plugin process does not find pulumi-seam.
        const stack = await LocalWorkspace.createOrSelectStack(
          { stackName: building, projectName: "seam-fan-out", program: async () => declare(people) },
          { workDir: __dirname },
        );
        progress.begin(building, people.length);
        progress.end(building, await apply(stack, verb, options.parallel, () => progress.step(stack.name)));
      } catch (error) {
        progress.end(building, "failed");
        failures.push(`${building}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, next));
  progress.close();
  if (failures.length === 0) return;
  console.error(failures.join("\n"));
  console.error(
    `${failures.length} of ${buildings.size} stacks failed; the same command goes on from there.`,
  );
  process.exitCode = 1;
}

async function apply(stack: Stack, verb: Verb, parallel: number, onStep: () => void): Promise<string> {
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
  .description("declare the people of each building in a stack of their own")
  .option("--people <file>", "a CSV file with key, name, email, building", "people.csv")
  .option("--only <buildings>", "these buildings alone, with commas between them", (text) => text.split(","))
  .option("--at-once <n>", "stacks that run side by side", Number, cpus().length)
  .option("--parallel <n>", "operations at a time in each of them", Number, 16);
for (const verb of ["preview", "up", "refresh", "destroy"] as const) {
  command.command(verb).action(() => run(verb, command.opts<Options>()));
}
void command.parseAsync();
