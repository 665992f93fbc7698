import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { format } from "prettier";
import { findPulumiCli } from "../tools/pulumiCli";
import { type CostResults, measureCost, measureOnce } from "./cost";
import { costPlot, renderCost } from "./costPage";
import { type Machine, thisMachine } from "./machine";
import { measureTeardown, renderTeardown, type TeardownResults } from "./teardown";

interface Options {
  only?: "teardown" | "cost" | "state";
  render?: boolean;
  sizes: number[];
}

const docs = join(__dirname, "..", "docs");
const results = join(__dirname, "results");

/** Measures, and writes what was measured to JSON; docs/benchmarks.md and its picture are made of that. */
async function main(options: Options): Promise<void> {
  const say = (line: string): void => console.log(`bench: ${line}`);
  if (options.render !== true) {
    const machine = thisMachine((await findPulumiCli(say)).version);
    if (options.only === "state") save("cost", { ...load("cost"), ...(await measureOnce()) });
    if (options.only !== "cost" && options.only !== "state")
      save("teardown", { machine, ...(await measureTeardown(say)) });
    if (options.only !== "teardown" && options.only !== "state") {
      const repeat = (size: number): number => (size < 100 ? 3 : 1);
      save("cost", { machine, ...(await measureCost({ sizes: options.sizes, repeat, say })) });
    }
  }
  const teardown = load<TeardownResults>("teardown");
  const cost = load<CostResults>("cost");
  const page = join(docs, "benchmarks.md");
  const text = `# Benchmarks

Made by \`npm run bench\`, which writes the figures to \`bench/*.json\` as well. Timings differ from machine to machine; what counts
is how they compare within one run.

${renderTeardown(teardown, teardown.machine)}
${renderCost(cost, cost.machine)}`;
  writeFileSync(page, await format(text, { parser: "markdown" }));
  writeFileSync(join(docs, "cost.svg"), costPlot(cost));
}

function save(name: string, measured: object): void {
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(measured, null, 2)}\n`);
}

function load<Results>(name: string): Results & { machine: Machine } {
  return JSON.parse(readFileSync(join(results, `${name}.json`), "utf8")) as Results & { machine: Machine };
}

const command = new Command("npm run bench --")
  .description("measure teardowns, and what the package costs beside other providers")
  .addOption(new Option("--only <part>", "measure one part").choices(["teardown", "cost", "state"]))
  .option("--render", "make the page of the figures that are there already")
  .option(
    "--sizes <list>",
    "numbers of identities for the cost",
    (text) => text.split(",").map(Number),
    [10, 100, 1_000],
  )
  .action(main);

command.parseAsync().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
