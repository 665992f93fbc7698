import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { Command, InvalidArgumentError, Option } from "commander";
import { defaultEndpoint, readConfig } from "../../provider/config";
import { takeOverIds } from "../../provider/resources/ownership";
import { SeamClient } from "../../provider/seam/client";
import { version } from "../../provider/version";
import { exitCodes } from "../exitCodes";
import { printError } from "../output";
import { hasApiKeyInEnvironment, seamFromEnvironment } from "../seamFromEnvironment";
import { StatusLine } from "../terminal";
import { forecast } from "./forecast/forecast";
import { contextOf } from "./judge/context";
import { judge } from "./judge/judge";
import { judgeStack, type KeySource, keySources } from "./judge/stack";
import { NotUnderstoodError } from "./preview/notUnderstood";
import { type Preview, readPreview } from "./preview/read";
import { runPreview } from "./runPreview";
import { planAsJson } from "./show/json";
import { planAsMarkdown } from "./show/markdown";
import type { Plan } from "./show/plan";
import { planAsText } from "./show/text";
import { type Clients, survey } from "./survey/survey";
import { exceededLimits, type Limits, totalsOf } from "./tally";

interface PlanOptions {
  format: "text" | "markdown" | "json";
  stack?: string;
  cwd?: string;
  key: ReadonlyMap<string, string>;
  keySource?: KeySource;
  showPersonalData: boolean;
  maxDeletes?: number;
  maxAcsUsers?: number;
  maxCredentials?: number;
  maxAccessGrants?: number;
  maxPhones?: number;
  maxUnlinks?: number;
  maxHandovers?: number;
  maxAttributeRemovals?: number;
  maxAccessLosses?: number;
  failOnProblems: boolean;
}

const formats = { text: planAsText, markdown: planAsMarkdown, json: planAsJson };

/** `pulumi-seam plan`: shows what a preview means for people's access. */
export function planCommand(): Command {
  return new Command("plan")
    .description("show what a Pulumi preview means in Seam: who loses which access, and what will fail")
    .argument(
      "[preview]",
      "what `pulumi preview --json` printed: a file, or - for standard input (default: runs it here)",
    )
    .addOption(new Option("--format <kind>", "how to show it").choices(Object.keys(formats)).default("text"))
    .option("-s, --stack <name>", "the stack to preview, if it is run here")
    .option("-C, --cwd <folder>", "where the Pulumi program is, if it is run here")
    .addOption(
      new Option(
        "--key <provider=variable>",
        "the environment variable with the API key for an explicit provider of the program; repeat it for each",
      )
        .argParser(keyOption)
        .default(new Map(), "none"),
    )
    .addOption(
      new Option(
        "--key-source <where>",
        "the required source of the API key: SEAM_API_KEY, or the stack's own seam:apiKey; anything else is a problem",
      ).choices(keySources),
    )
    .option("--show-personal-data", "do not mask names, e-mail addresses and phone numbers", false)
    .option("--max-deletes <n>", "user identities that may be torn down", wholeNumber)
    .option("--max-acs-users <n>", "ACS users that may be deleted", wholeNumber)
    .option("--max-credentials <n>", "credentials that may be deleted", wholeNumber)
    .option("--max-access-grants <n>", "access grants that may be deleted", wholeNumber)
    .option("--max-phones <n>", "phones that may be deactivated", wholeNumber)
    .option("--max-unlinks <n>", "links that may be removed without their identity", wholeNumber)
    .option(
      "--max-access-losses <n>",
      "ACS users and access grants that may lose access without being deleted",
      wholeNumber,
    )
    .option(
      "--max-handovers <n>",
      "people whose credentials, grants, phones or sessions somebody else may get",
      wholeNumber,
    )
    .option(
      "--max-attribute-removals <n>",
      "people who may be left without a key, name, e-mail address or phone number",
      wholeNumber,
    )
    .option(
      "--fail-on-problems",
      "count problems, and what could not be checked, as beyond the limits",
      false,
    )
    .addHelpText(
      "after",
      `
Calls Seam with SEAM_API_KEY and SEAM_ENDPOINT; without a key it shows what
Pulumi knows and says what it could not see.
Exit codes: 0 done, 1 failed, 2 not a complete preview, ${exitCodes.overLimit} beyond a limit (or a
limit that could not be checked).

Example, in a pipeline:
  pulumi preview --json --show-sames > preview.json
  pulumi-seam plan preview.json --format markdown --max-deletes 5 > comment.md`,
    )
    .action(async (file: string | undefined, options: PlanOptions) => {
      try {
        await run(file, options);
      } catch (error) {
        if (!(error instanceof NotUnderstoodError)) throw error;
        printError(error.message);
        process.exitCode = exitCodes.notUnderstood;
      }
    });
}

async function run(file: string | undefined, options: PlanOptions): Promise<void> {
  const preview = readPreview(await previewBytes(file, options));
  const clients = clientsFor(preview, options);
  const status = new StatusLine();
  const forecasts = forecast(preview.steps, preview);
  const surveyed = await survey(forecasts, clients, (progress) => {
    status.show(`querying Seam: ${progress}`);
  });
  status.clear();
  const takeOver = takeOverIds(process.env);
  const judgements = judge(contextOf({ ...preview, forecasts, survey: surveyed, takeOver }));
  const endpoint = process.env.SEAM_ENDPOINT?.trim() || defaultEndpoint;
  const findings = judgeStack(preview, { endpoint, keySource: options.keySource });
  const totals = totalsOf(judgements, findings);
  const plan: Plan = {
    judgements,
    findings,
    unchanged: preview.unchanged,
    totals,
    overLimit: exceededLimits(totals, limitsOf(options), judgements, surveyed.asked),
    askedSeam: surveyed.asked,
    showPersonalData: options.showPersonalData,
  };
  process.stdout.write(formats[options.format](plan));
  if (plan.overLimit.length === 0) return;
  for (const one of plan.overLimit) printError(`over the limit: ${one}`);
  process.exitCode = exitCodes.overLimit;
}

function limitsOf(options: PlanOptions): Limits {
  const limits = {
    deletions: options.maxDeletes,
    acsUsers: options.maxAcsUsers,
    credentials: options.maxCredentials,
    accessGrants: options.maxAccessGrants,
    phones: options.maxPhones,
    unlinked: options.maxUnlinks,
    handovers: options.maxHandovers,
    attributeRemovals: options.maxAttributeRemovals,
    accessLosses: options.maxAccessLosses,
  };
  const given = Object.entries(limits).filter(([, most]) => most !== undefined);
  return { ...Object.fromEntries(given), failOnProblems: options.failOnProblems };
}

function previewBytes(file: string | undefined, options: PlanOptions): Promise<Uint8Array> {
  if (file === "-") return buffer(process.stdin);
  if (file !== undefined) {
    return readFile(file).catch((error: unknown) => {
      const next = isFolder(file)
        ? `That is a folder. Give a file, or --cwd ${file} to run the preview there`
        : "Write it with `pulumi preview --json --show-sames > <file>`";
      throw new Error(
        `could not read the preview: ${error instanceof Error ? error.message : String(error)}. ${next}`,
      );
    });
  }
  return runPreview(options);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** A client for each workspace that has a key. All of them use the endpoint of the environment. */
function clientsFor(preview: Preview, { key }: PlanOptions): Clients {
  const clients = new Map<string | undefined, SeamClient>();
  if (hasApiKeyInEnvironment()) clients.set(undefined, seamFromEnvironment());
  for (const [provider, variable] of key) {
    const apiKey = process.env[variable]?.trim();
    if (apiKey === undefined || apiKey === "") {
      throw new Error(`--key ${provider}=${variable}: the environment variable ${variable} is not set`);
    }
    const settings = readConfig((name) => (name === "seam:apiKey" ? apiKey : undefined));
    clients.set(provider, new SeamClient({ ...settings, userAgent: `pulumi-seam-cli/${version}` }));
    if (!preview.steps.some((step) => step.provider === provider)) {
      printError(`no step of this preview belongs to the provider ${provider}`);
    }
  }
  return clients;
}

function keyOption(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, provider, variable] = /^(.+)=([A-Za-z_]\w*)$/.exec(text) ?? [];
  if (provider === undefined || variable === undefined) {
    throw new InvalidArgumentError(
      "It must be the provider's name in the program, an equals sign and the name of an environment variable.",
    );
  }
  return new Map([...before, [provider, variable]]);
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}
