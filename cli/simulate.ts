import { Command, InvalidArgumentError, Option } from "commander";
import { printable } from "../provider/seam/printable";
import { maskKeys } from "../provider/seam/redaction";
import { type Behavior, startSimulator } from "../simulator";

interface SimulateOptions {
  port: number;
  apiKey?: string;
  state?: string;
  latency: number;
  deletionTime: [number, number];
  eventDelay: number;
  rateLimit?: number;
  identityDelete: Behavior["identityDelete"];
  enrollmentAutomations: boolean;
}

/** `pulumi-seam simulate`: runs a local Seam workspace until it is interrupted. */
export function simulateCommand(): Command {
  return new Command("simulate")
    .description("run a local Seam workspace on loopback, to try programs against")
    .option("--port <number>", "the port to listen on; 0 takes any free one", portNumber, 3020)
    .option(
      "--api-key <key>",
      "the workspace's API key (default: a new random one at every start, which is printed)",
    )
    .option(
      "--state <file>",
      "a JSON file that keeps the workspace, without its key, from one start to the next",
    )
    .option("--latency <ms>", "how long each call takes", wholeNumber, 0)
    .addOption(
      new Option("--deletion-time <min-max>", "how many ms deletions take")
        .argParser(span)
        .default([300, 900], "300-900"),
    )
    .option("--event-delay <ms>", "how many ms after a change its events can be read", wholeNumber, 200)
    .option("--rate-limit <n>", "requests a second before it answers 429 (default: no limit)", wholeNumber)
    .option(
      "--identity-delete <refuse|cascade>",
      "what a delete of an identity with dependents does",
      choice,
      "refuse",
    )
    .option(
      "--no-enrollment-automations",
      "answer as newer workspaces do, which have no enrollment automations",
    )
    .action(async (options: SimulateOptions) => run(options));
}

async function run(options: SimulateOptions): Promise<void> {
  const { rateLimit } = options;
  const simulator = await startSimulator({
    port: options.port,
    ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    ...(options.state === undefined ? {} : { stateFile: options.state }),
    behavior: {
      latencyMs: options.latency,
      deletionTimeMs: options.deletionTime,
      eventDelayMs: options.eventDelay,
      identityDelete: options.identityDelete,
      enrollmentAutomations: options.enrollmentAutomations,
      rateLimit:
        rateLimit === undefined ? null : { requestsPerSecond: rateLimit, burst: rateLimit, retryAfter: true },
    },
  });
  const answer = await fetch(`${simulator.url}/_simulator/state`);
  const state = (await answer.json()) as { acs_systems: { acs_system_id: string; name: string }[] };
  console.log(`A Seam workspace is simulated at ${simulator.url}. Use it with:

  export SEAM_ENDPOINT=${simulator.url}
  export SEAM_API_KEY=${simulator.apiKey}

Its access control systems:
${state.acs_systems.map((system) => `  ${maskKeys(printable(`${system.acs_system_id}  ${system.name}`))}`).join("\n")}

Open ${simulator.url} in a browser to see who can open doors.
Its admin interface is under ${simulator.url}/_simulator. Ctrl-C ends it.`);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
    process.once("SIGHUP", resolve);
  });
  await simulator.close();
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError("It must be at most 65535.");
  return port;
}

function span(text: string): [number, number] {
  const [least = Number.NaN, most = least] = text.split("-").map(Number);
  if (!(least >= 0 && most >= least)) throw new InvalidArgumentError("It must be like 300-900.");
  return [least, most];
}

function choice(text: string): string {
  if (text !== "refuse" && text !== "cascade")
    throw new InvalidArgumentError("It must be refuse or cascade.");
  return text;
}
