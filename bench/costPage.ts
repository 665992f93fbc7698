import * as echarts from "echarts";
import {
  type Contender,
  type CostResults,
  contenders,
  type Operation,
  operations,
  type Sample,
  type StateBytes,
} from "./cost";
import { describeMachine, type Machine } from "./machine";

const names: Readonly<Record<Contender, string>> = {
  ours: "pulumi-seam",
  nothing: "does nothing",
  inline: "as tutorials write it",
};
const operationNames: Readonly<Record<Operation, string>> = {
  up: "up",
  preview: "preview, no change",
  changed: "preview, 10 % changed",
  refresh: "refresh",
  destroy: "destroy",
};
/** The targets for the largest size. */
const targets = {
  size: 1_000,
  toNothing: 1.15,
  upToInline: 0.5,
  identity: 2_500,
  link: 2_000,
  providerText: 300,
  memory: 200,
};

export function renderCost(results: CostResults, machine: Machine): string {
  const sizes = [...new Set(results.samples.map((sample) => sample.size))];
  const largest = Math.max(...sizes);
  const tables = sizes.map((size) => table(results.samples, size)).join("\n");
  const { sdk, package: own } = results.startup;
  return `## What the package costs

Taken ${describeMachine(machine)}. Through the real CLI on a
\`file://\` backend, against a simulator that answers at once. Three programs declare the same identities, each with a link: one with
pulumi-seam; one with a dynamic provider that has the same arguments and outputs and does nothing; one with a provider as tutorials
write it (an object per resource, axios inside, Seam's documented procedure in \`delete\`). The three take turns at each operation.

![Seconds of each operation against the number of identities](cost.svg)

${tables}
### State

Bytes of the \`file://\` backend's file:

| provider | an identity | a link | \`__provider\` |
| --- | --- | --- | --- |
${contenders.map((contender) => stateRow(contender, results.state[contender])).join("\n")}

### Targets

${verdicts(results, largest)}

Loading: \`require("pulumi-seam")\` takes ${own.toFixed(0)} ms after \`@pulumi/pulumi\`, which itself takes ${sdk.toFixed(0)} ms (target: below 100 ms).
`;
}

function table(samples: readonly Sample[], size: number): string {
  const rows = contenders.map((contender) => {
    const { costs } = of(samples, size, contender);
    const times = operations.map((operation) => costs[operation].seconds.toFixed(1));
    const requests = operations.map((operation) => costs[operation].requests).join(" / ");
    const memory = Math.max(...operations.map((operation) => costs[operation].memory)).toFixed(0);
    return `| ${names[contender]} | ${times.join(" | ")} | ${requests} | ${memory} |`;
  });
  return `### ${size} identities, ${size} links

| provider | ${operations.map((operation) => `${operationNames[operation]} (s)`).join(" | ")} | requests of each | plugin's peak memory (MB) |
| --- | ${operations.map(() => "---").join(" | ")} | --- | --- |
${rows.join("\n")}
`;
}

function stateRow(contender: Contender, { identity, link, providerText }: StateBytes): string {
  return `| ${names[contender]} | ${identity} | ${link} | ${providerText} |`;
}

function verdicts(results: CostResults, size: number): string {
  const [ours, nothing, inline] = contenders.map((contender) => of(results.samples, size, contender));
  if (ours === undefined || nothing === undefined || inline === undefined) return "";
  if (size < targets.size) return `The targets are about ${targets.size} identities and links.`;
  const lines = [`With ${size} identities and links, against the targets:\n`];
  const say = (what: string, value: number, target: number, unit = ""): void => {
    const missed = value <= target ? "" : ` **Missed by ${(100 * (value / target - 1)).toFixed(0)} %.**`;
    const shown = value < 10 ? value.toFixed(2) : value.toFixed(0);
    lines.push(`- ${what}: ${shown}${unit} (target: at most ${target}${unit}).${missed}`);
  };
  for (const operation of ["up", "preview", "destroy"] as const) {
    const ratio = ours.costs[operation].seconds / nothing.costs[operation].seconds;
    say(`${operation}, times the provider that does nothing`, ratio, targets.toNothing);
  }
  say(
    "up, times the tutorials' provider",
    ours.costs.up.seconds / inline.costs.up.seconds,
    targets.upToInline,
  );
  const state = results.state.ours;
  say("state of an identity", state.identity, targets.identity, " bytes");
  say("state of a link", state.link, targets.link, " bytes");
  say("`__provider`", state.providerText, targets.providerText, " bytes");
  const memory = Math.max(...operations.map((operation) => ours.costs[operation].memory));
  say("memory", memory, targets.memory, " MB");
  say("requests of a refresh", ours.costs.refresh.requests, 50);
  return lines.join("\n");
}

/** Plots seconds against size, both logarithmic, in one small chart for each operation. */
export function costPlot(results: CostResults): string {
  const [width, height] = [280, 240];
  const chart = echarts.init(null, null, {
    renderer: "svg",
    ssr: true,
    width: width * operations.length,
    height: height + 50,
  });
  const sizes = [...new Set(results.samples.map((sample) => sample.size))];
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    legend: { top: 5 },
    color: ["#2458d3", "#8a8f98", "#d9622b"],
    title: [
      {
        text: "Both axes are logarithmic",
        textStyle: { fontSize: 12, fontWeight: "normal", color: "#555555" },
        left: 10,
        top: 8,
      },
      ...operations.map((operation, index) => ({
        text: `${operationNames[operation]}, seconds`,
        textStyle: { fontSize: 12 },
        left: index * width + 55,
        top: 32,
      })),
    ],
    grid: operations.map((_, index) => ({
      left: index * width + 50,
      top: 65,
      width: width - 75,
      height: height - 65,
    })),
    xAxis: operations.map((_, index) => ({
      type: "log",
      gridIndex: index,
      min: Math.min(...sizes),
      max: Math.max(...sizes),
      name: "identities",
      nameLocation: "middle",
      nameGap: 25,
    })),
    yAxis: operations.map((_, index) => ({ type: "log", gridIndex: index })),
    series: operations.flatMap((operation, index) =>
      contenders.map((contender) => ({
        type: "line",
        name: names[contender],
        xAxisIndex: index,
        yAxisIndex: index,
        data: sizes.map((size) => [size, of(results.samples, size, contender).costs[operation].seconds]),
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function of(samples: readonly Sample[], size: number, contender: Contender): Sample {
  const found = samples.find((sample) => sample.size === size && sample.contender === contender);
  if (found === undefined) throw new Error(`there are no figures for ${contender} at ${size}`);
  return found;
}
