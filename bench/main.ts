import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { findPulumiCli } from "../tools/pulumiCli";
import { type GrantCost, measureGrantCost } from "./grantCost";
import { type CostResults, measureCost, measureOnce } from "./cost";
import { costPlot, renderCost } from "./costPage";
import { type Machine, thisMachine } from "./machine";
import { benchmarksPage } from "./page";
import { measureRateLimit } from "./rateLimit";
import { measureManyTeardowns } from "./scale";
import { scalePlot, type ScaleResults } from "./scalePage";
import { measureTeardown, type TeardownResults } from "./teardown";

const parts = ["teardown", "scale", "cost", "state", "grants"] as const;
type Part = (typeof parts)[number];

interface Options {
  only?: Part;
  render?: boolean;
  sizes?: number[];
}

/** The sizes on the page; the targets apply to the largest. */
const usualSizes = [10, 100, 1_000];
const docs = join(__dirname, "..", "docs");
const results = join(__dirname, "results");

/** Measures, writes the figures to JSON, and generates docs/benchmarks.md and its pictures from them. */
async function main(options: Options): Promise<void> {
  const say = (line: string): void => console.log(`bench: ${line}`);
  if (options.sizes !== undefined) return printCost(options.sizes, say);
  if (options.render !== true) {
    const machine = thisMachine((await findPulumiCli(say)).version);
    const measures = (part: Part): boolean => (options.only ?? part) === part;
    if (options.only === "state") save("cost", { ...load("cost"), ...(await measureOnce()) });
    if (measures("teardown")) save("teardown", { machine, ...(await measureTeardown(say)) });
    if (measures("scale")) {
      const teardowns = await measureManyTeardowns(say);
      save("scale", { machine, teardowns, rateLimit: await measureRateLimit(say) });
    }
    if (measures("grants")) save("grants", { machine, ...(await measureGrantCost(1_000, say)) });
    if (measures("cost"))
      save("cost", { machine, ...(await measureCost({ sizes: usualSizes, repeat, say })) });
  }
  const cost = load<CostResults>("cost");
  const scale = loadIfMeasured<ScaleResults>("scale");
  const page = await benchmarksPage({
    teardown: load<TeardownResults>("teardown"),
    cost,
    grants: loadIfMeasured<GrantCost>("grants"),
    scale,
  });
  writeFileSync(join(docs, "benchmarks.md"), page);
  writeFileSync(join(docs, "cost.svg"), costPlot(cost));
  if (scale !== undefined) writeFileSync(join(docs, "scale.svg"), scalePlot(scale));
}

/** Prints the cost of other sizes, which are neither on the page nor have targets. */
async function printCost(sizes: readonly number[], say: (line: string) => void): Promise<void> {
  const machine = thisMachine((await findPulumiCli(say)).version);
  console.log(renderCost(await measureCost({ sizes, repeat, say }), machine));
}

/** Small sizes are fast and vary a lot, so they are measured several times. */
function repeat(size: number): number {
  return size < 100 ? 3 : 1;
}

function save(name: string, measured: object): void {
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(measured, null, 2)}\n`);
}

function load<Results>(name: string): Results & { machine: Machine } {
  return JSON.parse(readFileSync(join(results, `${name}.json`), "utf8")) as Results & { machine: Machine };
}

/** Figures that may be missing: the page can be generated before everything was measured. */
function loadIfMeasured<Results>(name: string): (Results & { machine: Machine }) | undefined {
  return existsSync(join(results, `${name}.json`)) ? load<Results>(name) : undefined;
}

function numbersOf(text: string): number[] {
  const numbers = text.split(",").map(Number);
  if (numbers.every((number) => Number.isInteger(number) && number > 0)) return numbers;
  throw new InvalidArgumentError("It must be whole numbers, with commas between them.");
}

const command = new Command("npm run bench --")
  .description("measure teardowns, and what the package costs beside other providers")
  .addOption(new Option("--only <part>", "measure one part").choices(parts))
  .option("--render", "make the page of the figures that are there already")
  .addOption(
    new Option("--sizes <list>", "print the cost at these numbers of identities, and write nothing")
      .argParser(numbersOf)
      .conflicts(["only", "render"]),
  )
  .action(main);

command.parseAsync().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
