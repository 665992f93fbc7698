import { isDeepStrictEqual } from "node:util";
import { type Finding, note, problem } from "../finding";
import { isNotYetKnown, isSecret } from "../forecast/values";
import type { Preview, ProviderSettings } from "../preview/read";
import { quoted } from "../resourceNames";
import { foreignCode, runsForeignCode } from "./foreignCode";

/** Where operations get their API key: from `SEAM_API_KEY`, or from the stack's `seam:apiKey`, which takes precedence. */
export const keySources = ["environment", "stack"] as const;
export type KeySource = (typeof keySources)[number];

/** The settings with which a plan queries Seam. */
export interface Environment {
  /** The value of `SEAM_ENDPOINT`, or the default. */
  endpoint: string;
  /** The required source of the API key; any other is a problem. Default: either. */
  keySource?: KeySource | undefined;
}

/** Findings about the whole stack: where its API keys are sent, and what the preview does not show. */
export function judgeStack(preview: Preview, environment: Environment): Finding[] {
  const { config, providers, unchanged, listsUnchanged, steps } = preview;
  const foreign = unchanged.filter(runsForeignCode);
  const mayBeHeld = steps.some(({ does }) => does === "delete" || does === "replace");
  return [
    ...settingsFindings("the stack's configuration", config, environment),
    ...keySourceFindings(config, environment),
    ...providers.flatMap((provider) => providerFindings(provider, environment)),
    ...foreign.map((step) => problem(`${quoted(step.name)}: ${foreignCode(step)}`)),
    ...(mayBeHeld && !listsUnchanged
      ? [
          note(
            "the preview does not list what stays unchanged, so whether another resource of the program has what is deleted was not seen: add `--show-sames` to `pulumi preview --json`",
          ),
        ]
      : []),
  ];
}

/** Reports which key operations will use, because a preview does not show which one they used before. */
function keySourceFindings(config: Preview["config"], { keySource }: Environment): Finding[] {
  const found: KeySource = "seam:apiKey" in config ? "stack" : "environment";
  const ofStack =
    "the stack has an API key of its own (`seam:apiKey`): operations use that key, and this plan queried Seam with SEAM_API_KEY";
  if (keySource === undefined || keySource === found) return found === "stack" ? [note(ofStack)] : [];
  return [
    problem(
      found === "stack"
        ? `${ofStack}, so they may be about another workspace: review who wants that, or run \`pulumi config rm seam:apiKey\``
        : "operations use SEAM_API_KEY, and the stack was to have an API key of its own: set it with `pulumi config set --secret seam:apiKey`",
    ),
  ];
}

/** Findings about changed settings of a provider. Unchanged settings were applied, and reviewed, before. */
function providerFindings({ name, old, new: inputs }: ProviderSettings, environment: Environment): Finding[] {
  if (inputs === undefined || isDeepStrictEqual(old, inputs)) return [];
  const where = `the provider ${quoted(name)}`;
  const findings = settingsFindings(where, inputs, environment);
  if (old === undefined) return findings;
  if (old["seam:endpoint"] !== inputs["seam:endpoint"] && findings.length === 0) {
    findings.push(
      problem(
        `${where} gets another endpoint, so its API key is sent to another address: review who wants that`,
      ),
    );
  }
  if ("seam:apiKey" in old !== "seam:apiKey" in inputs) {
    findings.push(
      problem(
        `${where} takes its API key from elsewhere than before, so it may be for another workspace: review who wants that`,
      ),
    );
  }
  return findings;
}

function settingsFindings(
  where: string,
  values: Readonly<Record<string, unknown>>,
  { endpoint }: Environment,
): Finding[] {
  const [wanted, key] = [values["seam:endpoint"], values["seam:apiKey"]];
  const findings: Finding[] = [];
  if (wanted !== undefined && !sameUrl(wanted, endpoint)) {
    const address =
      isSecret(wanted) || isNotYetKnown(wanted)
        ? "an address that the preview does not show"
        : addressOf(wanted);
    findings.push(
      problem(
        `${where} sends the API key to ${address}, and this plan was made with ${addressOf(endpoint)}: if the first is right, set SEAM_ENDPOINT to it where the pipeline runs`,
      ),
    );
  }
  if (key !== undefined && !isSecret(key) && !isNotYetKnown(key)) {
    findings.push(
      problem(
        `${where} holds the API key in plain text, where everybody who reads the repository or the state has it: set it with \`pulumi config set --secret seam:apiKey\`, and issue a new key`,
      ),
    );
  }
  return findings;
}

function sameUrl(one: unknown, other: string): boolean {
  return addressOf(one) === addressOf(other);
}

/** The address of a URL without credentials, query and trailing slashes. */
function addressOf(url: unknown): string {
  if (typeof url !== "string" || !URL.canParse(url)) return "what is not a URL";
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname.replace(/\/+$/, "")}`;
}
