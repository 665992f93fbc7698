import { described, type Machine } from "./machine";
import type { RateLimitResults } from "./rateLimit";
import type { ManyTeardowns } from "./scale";

/** What is measured beyond the sizes of the other parts. */
export interface ScaleResults {
  teardowns: ManyTeardowns[];
  rateLimit: RateLimitResults;
}

const floods: Readonly<Record<ManyTeardowns["flood"], string>> = {
  none: "none",
  oldestFirst: "500 a second, the oldest listed first",
  newestFirst: "500 a second, the newest listed first",
};
/** The longest that so many identities are to take, in seconds. */
const longest: Readonly<Record<number, number>> = { 200: 22, 300: 30 };
const leastUsed: Readonly<Record<number, string>> = { 1: "85 %", 4: "93 %", 8: "93 %" };

export function renderScale({ teardowns, rateLimit }: ScaleResults, machine: Machine): string {
  const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;
  const limit = (window: string, retryAfter: boolean): string =>
    `${window} window, ${retryAfter ? "with" : "without"} \`Retry-After\``;
  const many = teardowns.map(
    ({ identities, flood, seconds, requests, eventReads }) =>
      `| ${identities} | ${floods[flood]} | ${seconds.toFixed(1)} s | ${longest[identities] ?? ""} s | ${requests} | ${eventReads} (${(eventReads / seconds).toFixed(1)} a second) |`,
  );
  const shared = rateLimit.shared.map(
    ({ window, retryAfter, processes, used, slowest }) =>
      `| ${limit(window, retryAfter)} | ${processes} | ${percent(used)} | ${leastUsed[processes] ?? ""} | ${slowest.toFixed(2)} |`,
  );
  const late = rateLimit.late.map(
    ({ window, retryAfter, seconds }) => `| ${limit(window, retryAfter)} | ${seconds.toFixed(1)} s |`,
  );
  return `## At scale

Taken ${described(machine)}.

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
