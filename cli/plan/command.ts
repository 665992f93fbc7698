import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";
import { Command, InvalidArgumentError, Option } from "commander";
import { exitCodes } from "../exitCodes";
import { apiKeyAtHand, seamFromEnvironment } from "../seamFromEnvironment";
import { StatusLine } from "../terminal";
import { planAsJson } from "./asJson";
import { planAsMarkdown } from "./asMarkdown";
import { planAsText } from "./asText";
import { consequencesOf } from "./consequences";
import { readPreview } from "./previewSteps";
import type { Plan } from "./report";
import { beyondLimits, type Limits, totalsOf } from "./totals";

interface PlanOptions {
  format: "text" | "markdown" | "json";
  stack?: string;
  cwd?: string;
  showPersonalData: boolean;
  maxDeletes?: number;
  maxAcsUsers?: number;
  maxCredentials?: number;
  maxPhones?: number;
  maxUnlinks?: number;
  failOnProblems: boolean;
}

const formats = { text: planAsText, markdown: planAsMarkdown, json: planAsJson };

/** `pulumi-seam plan`: what a preview means for people's access. */
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
    .option("--show-personal-data", "do not mask names, e-mail addresses and phone numbers", false)
    .option("--max-deletes <n>", "user identities that may be torn down", wholeNumber)
    .option("--max-acs-users <n>", "ACS users that may go", wholeNumber)
    .option("--max-credentials <n>", "credentials that may go", wholeNumber)
    .option("--max-phones <n>", "phones that may be deactivated", wholeNumber)
    .option("--max-unlinks <n>", "links that may be taken away without their identity", wholeNumber)
    .option(
      "--fail-on-problems",
      "count problems, and what could not be checked, as beyond the limits",
      false,
    )
    .addHelpText(
      "after",
      `
Asks Seam with SEAM_API_KEY and SEAM_ENDPOINT; without a key it shows what Pulumi knows and says what it could not see.
Exit codes: 0 done, 1 failed, 2 not understood, ${exitCodes.overLimit} beyond a limit (or a limit that could not be checked).

Example, in a pipeline:
  pulumi preview --json > preview.json
  pulumi-seam plan preview.json --format markdown --max-deletes 5 > comment.md`,
    )
    .action(run);
}

async function run(file: string | undefined, options: PlanOptions): Promise<void> {
  const steps = readPreview(await previewText(file, options));
  const client = apiKeyAtHand() ? seamFromEnvironment() : undefined;
  const status = new StatusLine();
  const consequences = await consequencesOf(steps, client, (done) => {
    status.show(`asking Seam: ${done} of ${steps.length}`);
  });
  status.clear();
  const totals = totalsOf(consequences);
  const limits: Limits = {
    failOnProblems: options.failOnProblems,
    ...(options.maxDeletes === undefined ? {} : { deletions: options.maxDeletes }),
    ...(options.maxAcsUsers === undefined ? {} : { acsUsers: options.maxAcsUsers }),
    ...(options.maxCredentials === undefined ? {} : { credentials: options.maxCredentials }),
    ...(options.maxPhones === undefined ? {} : { phones: options.maxPhones }),
    ...(options.maxUnlinks === undefined ? {} : { unlinked: options.maxUnlinks }),
  };
  const plan: Plan = {
    consequences,
    totals,
    beyond: beyondLimits(totals, limits, consequences, client !== undefined),
    askedSeam: client !== undefined,
    showPersonalData: options.showPersonalData,
  };
  process.stdout.write(formats[options.format](plan));
  if (plan.beyond.length === 0) return;
  for (const one of plan.beyond) console.error(`pulumi-seam: over the limit: ${one}`);
  process.exitCode = exitCodes.overLimit;
}

async function previewText(file: string | undefined, options: PlanOptions): Promise<string> {
  if (file === "-") return readAll(process.stdin);
  if (file !== undefined) return readFileSync(file, "utf8");
  const args = ["preview", "--json", "--non-interactive"];
  if (options.stack !== undefined) args.push("--stack", options.stack);
  return runPulumi(args, options.cwd);
}

function runPulumi(args: readonly string[], cwd: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const pulumi = spawn("pulumi", args, {
      stdio: ["ignore", "pipe", "pipe"],
      ...(cwd === undefined ? {} : { cwd }),
    });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      pulumi[stream].setEncoding("utf8").on("data", (text: string) => {
        output[stream] += text;
      });
    }
    pulumi.on("error", (error: NodeJS.ErrnoException) => {
      const missing = error.code === "ENOENT";
      reject(missing ? new Error("there is no `pulumi` on the PATH; install it, or give a file") : error);
    });
    pulumi.on("close", (code) => {
      // A failed preview prints its reasons as JSON, which is read and told.
      if (code === 0 || output.stdout.includes("{")) resolve(output.stdout);
      else reject(new Error(`\`pulumi ${args.join(" ")}\` ended with ${code}:\n${output.stderr.trim()}`));
    });
  });
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}
