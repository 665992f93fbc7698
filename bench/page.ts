import { format } from "prettier";
import type { CostResults } from "./cost";
import { renderCost } from "./costPage";
import { type GrantCost, renderGrantCost } from "./grantCost";
import type { Machine } from "./machine";
import { renderScale, type ScaleResults } from "./scalePage";
import { renderTeardown, type TeardownResults } from "./teardown";

/** The figures of each part, with their machine. Optional parts may not be measured yet. */
export interface Measured {
  teardown: TeardownResults & { machine: Machine };
  cost: CostResults & { machine: Machine };
  grants?: (GrantCost & { machine: Machine }) | undefined;
  scale?: (ScaleResults & { machine: Machine }) | undefined;
}

/** Renders docs/benchmarks.md from the figures in bench/results. */
export function benchmarksPage({ teardown, cost, grants, scale }: Measured): Promise<string> {
  const text = `# Benchmarks

Made by \`npm run bench\`, which writes the figures to \`bench/results/*.json\` as well. Timings differ from machine to machine; what counts
is how they compare within one run.

${renderTeardown(teardown, teardown.machine)}
${scale === undefined ? "" : renderScale(scale, scale.machine)}
${renderCost(cost, cost.machine)}
${grants === undefined ? "" : renderGrantCost(grants, grants.machine)}`;
  return format(text, { parser: "markdown" });
}
