import * as echarts from "echarts";
import { describeMachine, type Machine } from "./machine";
import type { RateLimitResults } from "./rateLimit";
import type { ManyTeardowns } from "./scale";

/** The figures at larger sizes than in the other parts. */
export interface ScaleResults {
  teardowns: ManyTeardowns[];
  rateLimit: RateLimitResults;
}

const floods: Readonly<Record<ManyTeardowns["flood"], string>> = {
  none: "none",
  oldestFirst: "500 a second, the oldest listed first",
  newestFirst: "500 a second, the newest listed first",
};
/** The targets in seconds, by number of identities. */
const targetSeconds: Readonly<Record<number, number>> = { 200: 22, 300: 30 };
const targetUsed: Readonly<Record<number, string>> = { 1: "85 %", 4: "93 %", 8: "93 %" };

/**
 * The figures of the previous version, on an independent fake of Seam: seconds for 200 identities, and the fraction of the limit that
 * one process used.
 */
const previousVersion = { teardown200: 50, oneProcess: 0.38 };

/** Plots the seconds of many teardowns, and how much of a shared limit is used, compared with the previous version. */
export function scalePlot({ teardowns, rateLimit }: ScaleResults): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: 1000, height: 330 });
  const sizes = [...new Set(teardowns.map(({ identities }) => identities))];
  const kinds = Object.keys(floods) as ManyTeardowns["flood"][];
  const limits = [
    ["without Retry-After", false],
    ["with Retry-After", true],
  ] as const;
  const counts = [...new Set(rateLimit.shared.map(({ processes }) => processes))];
  /** The lower of the two windows. */
  const used = (retryAfter: boolean, processes: number): number =>
    Math.min(
      ...rateLimit.shared
        .filter((one) => one.retryAfter === retryAfter && one.processes === processes)
        .map((one) => 100 * one.used),
    );
  const bar = (grid: number, name: string, data: (number | null)[], color: string): object => ({
    ...{ type: "bar", name, data, color, xAxisIndex: grid, yAxisIndex: grid },
    label: {
      show: true,
      position: "top",
      fontSize: 10,
      formatter: ({ value }: { value?: unknown }) => shortNumber(value),
    },
  });
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    legend: { bottom: 0, textStyle: { fontSize: 11 } },
    title: [
      { text: "Teardown of many identities, seconds", left: 50, top: 5, textStyle: { fontSize: 12 } },
      { text: "Used of a shared rate limit, %", left: 550, top: 5, textStyle: { fontSize: 12 } },
    ],
    grid: [
      { left: 50, top: 40, width: 420, height: 215 },
      { left: 550, top: 40, width: 420, height: 215 },
    ],
    xAxis: [
      { type: "category", gridIndex: 0, data: sizes.map((size) => `${size} identities`) },
      {
        type: "category",
        gridIndex: 1,
        data: counts.map((count) => `${count} ${count === 1 ? "process" : "processes"}`),
      },
    ],
    yAxis: [
      { type: "value", gridIndex: 0 },
      { type: "value", gridIndex: 1, max: 100 },
    ],
    series: [
      bar(
        0,
        "version before",
        sizes.map((size) => (size === 200 ? previousVersion.teardown200 : null)),
        "#8a8f98",
      ),
      ...kinds.map((flood, index) =>
        bar(
          0,
          flood === "none" ? "no events of others" : `events of others: ${floods[flood]}`,
          sizes.map(
            (size) =>
              teardowns.find((one) => one.identities === size && one.flood === flood)?.seconds ?? null,
          ),
          ["#2458d3", "#6f93e8", "#b3c6f5"][index] ?? "#2458d3",
        ),
      ),
      bar(
        1,
        "version before",
        counts.map((count) => (count === 1 ? 100 * previousVersion.oneProcess : null)),
        "#8a8f98",
      ),
      ...limits.map(([name, retryAfter], index) =>
        bar(
          1,
          name,
          counts.map((count) => used(retryAfter, count)),
          ["#1f7a4d", "#7fc29f"][index] ?? "#1f7a4d",
        ),
      ),
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

function shortNumber(value: unknown): string {
  return typeof value === "number" ? value.toFixed(0) : "";
}

export function renderScale({ teardowns, rateLimit }: ScaleResults, machine: Machine): string {
  const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;
  const limit = (window: string, retryAfter: boolean): string =>
    `${window} window, ${retryAfter ? "with" : "without"} \`Retry-After\``;
  const many = teardowns.map(
    ({ identities, flood, seconds, requests, eventReads }) =>
      `| ${identities} | ${floods[flood]} | ${seconds.toFixed(1)} s | ${targetSeconds[identities] ?? ""} s | ${requests} | ${eventReads} (${(eventReads / seconds).toFixed(1)} a second) |`,
  );
  const shared = rateLimit.shared.map(
    ({ window, retryAfter, processes, used, slowest }) =>
      `| ${limit(window, retryAfter)} | ${processes} | ${percent(used)} | ${targetUsed[processes] ?? ""} | ${slowest.toFixed(2)} |`,
  );
  const late = rateLimit.late.map(
    ({ window, retryAfter, seconds }) => `| ${limit(window, retryAfter)} | ${seconds.toFixed(1)} s |`,
  );
  return `## At scale

Taken ${describeMachine(machine)}. What the version before measured on an independent fake of Seam: ${previousVersion.teardown200} s for 200 identities, blind to events once more of them
came than a page holds; one process alone used ${percent(previousVersion.oneProcess)} of the limit.

![Seconds of many teardowns, and how much of a shared limit is used](scale.svg)

Teardowns of identities with 13 dependents each, 64 at a time in one process, at 50 ms a call, deletions of 0.75 to 2.25 s and events 0.2 s late, while
nobody or others write events of the same type:

| identities | events of others | time | target | requests | of these for events |
| --- | --- | --- | --- | --- | --- |
${many.join("\n")}

Processes that share a limit of 50 requests a second, each with the same amount of work. "Used" is the part of the limit that was used until the first of
them was done; the slowest should take at most 1.35 times as long as the fastest:

| limit | processes | used | target | slowest / fastest |
| --- | --- | --- | --- | --- |
${shared.join("\n")}

A second process that starts 15 s after the first reaches 80 % of its share (target: within 15 s) after:

| limit | time |
| --- | --- |
${late.join("\n")}
`;
}
