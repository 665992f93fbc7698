import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";

/** A problem in a pipeline's files that a person should fix. */
export interface PipelineFinding {
  result: "warning" | "failure";
  found: string;
  advice: string;
}

/** In characters; GitHub and GitLab accept no larger files. */
const maxFileLength = 1_000_000;
/** The maximum number of flow-style brackets in a file: parsing deep nesting takes more than linear time. */
const maxBrackets = 5_000;
/** GitHub events that can run a pull request's own code. */
const pullRequestEvents = ["pull_request", "pull_request_target"];
const codeOwners = ["CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS"];

/** The nearest folder with `.git`, at `folder` or above it; undefined outside a checkout. */
export function checkoutOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** Checks the pipelines of a checkout: which jobs get the key, which actions they run, and who must review changes to them. */
export function checkPipelines(checkout: string): { files: number; findings: PipelineFinding[] } {
  const workflows = join(checkout, ".github", "workflows");
  const github = existsSync(workflows)
    ? readdirSync(workflows)
        .filter((name) => /\.ya?ml$/.test(name))
        .sort()
        .map((name) => join(workflows, name))
    : [];
  const gitlab = [".gitlab-ci.yml", ".gitlab-ci.yaml"]
    .map((name) => join(checkout, name))
    .filter((file) => existsSync(file));
  const findings = [
    ...github.flatMap((file) => checkFile(file, workflowFindings)),
    ...gitlab.flatMap((file) => checkFile(file, gitlabFindings)),
  ];
  const files = github.length + gitlab.length;
  if (files > 0 && !codeOwners.some((name) => existsSync(join(checkout, name)))) {
    findings.push({
      result: "warning",
      found: "there is no CODEOWNERS, so nobody in particular has to approve a change of the pipelines",
      advice:
        "Add one that names owners for the pipelines' files, and require their review in the branch's protection.",
    });
  }
  return { files, findings };
}

function checkFile(
  file: string,
  check: (name: string, content: unknown) => PipelineFinding[],
): PipelineFinding[] {
  const name = basename(file);
  try {
    if (!lstatSync(file).isFile()) throw new Error("it is not a regular file");
    const source = readFileSync(file, "utf8");
    if (source.length > maxFileLength) throw new Error("it is too large");
    if (source.split(/[[{]/).length > maxBrackets) throw new Error("it has too many brackets");
    return check(name, parse(source, { maxAliasCount: 100, logLevel: "error" }));
  } catch {
    const found = `${name} cannot be read as YAML, so it could not be checked`;
    return [{ result: "failure", found, advice: "Correct it." }];
  }
}

function workflowFindings(name: string, workflow: unknown): PipelineFinding[] {
  // YAML 1.1 reads `on` as a boolean, so some files quote it.
  const events = namesIn(field(workflow, "on") ?? field(workflow, "true"));
  const findings: PipelineFinding[] = [];
  const onPullRequests = events.filter((event) => pullRequestEvents.includes(event));
  const jobs = Object.entries(mapOf(field(workflow, "jobs")));
  for (const [id, job] of jobs) {
    if (onPullRequests.length === 0 || excludesPullRequests(job, onPullRequests)) continue;
    const [where, when] = [`job ${id} of ${name}`, onPullRequests.join(" and ")];
    if (namesKey([field(workflow, "env"), job])) findings.push(keyOnPullRequests(where, when));
    else if (field(job, "secrets") === "inherit") findings.push(allSecretsOnPullRequests(where, when));
  }
  const uses = stringsUnder(workflow, "uses").filter((action) => !action.startsWith("./"));
  const unpinned = [...new Set(uses)].filter(
    (action) => !/@(?:[0-9a-f]{40}|sha256:[0-9a-f]{64})$/.test(action),
  );
  if (unpinned.length > 0) {
    findings.push({
      result: "warning",
      found: `${name} uses ${unpinned.join(", ")}, not pinned to a commit`,
      advice:
        "Name each by its full commit (owner/action@<40 hex digits>): a tag can be moved to other code.",
    });
  }
  return findings;
}

function gitlabFindings(name: string, pipeline: unknown): PipelineFinding[] {
  return Object.entries(mapOf(pipeline)).flatMap(([id, job]) => {
    const onMergeRequests = JSON.stringify([
      field(job, "rules"),
      field(job, "only"),
      field(field(pipeline, "workflow"), "rules"),
    ]).includes("merge_request");
    if (!onMergeRequests || !namesKey([field(pipeline, "variables"), job])) return [];
    return [keyOnPullRequests(`job ${id} of ${name}`, "merge requests")];
  });
}

function keyOnPullRequests(where: string, when: string): PipelineFinding {
  return {
    result: "failure",
    found: `${where} has SEAM_API_KEY on ${when}`,
    advice:
      "Whoever may open a pull request can change what it runs, and so take the key. Preview without the key, and run `pulumi-seam plan` from the default branch (docs/gitops.md).",
  };
}

function allSecretsOnPullRequests(where: string, when: string): PipelineFinding {
  return {
    result: "warning",
    found: `${where} hands all secrets to the workflow that it calls (secrets: inherit) on ${when}`,
    advice: "Name the secrets that it needs one by one, without SEAM_API_KEY.",
  };
}

/** Whether a job does not run for these events of pull requests. */
function excludesPullRequests(job: unknown, events: readonly string[]): boolean {
  const condition = field(job, "if");
  if (typeof condition !== "string") return false;
  return (
    /^[^|]*github\.event_name\s*==\s*'(?!pull_request)\w+'[^|]*$/.test(condition) ||
    (!events.includes("pull_request_target") &&
      /^[^|]*github\.event_name\s*!=\s*'pull_request'[^|]*$/.test(condition))
  );
}

/** Whether a string or a field name contains the key's name, at any depth. */
function namesKey(value: unknown): boolean {
  if (typeof value === "string") return /\bSEAM_API_KEY\b/.test(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, inner]) => namesKey(name) || namesKey(inner));
}

function stringsUnder(value: unknown, wanted: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    name === wanted && typeof inner === "string" ? [inner] : stringsUnder(inner, wanted),
  );
}

function namesIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.filter((one) => typeof one === "string");
  return Object.keys(mapOf(value));
}

function field(value: unknown, name: string): unknown {
  return Object.hasOwn(mapOf(value), name) ? mapOf(value)[name] : undefined;
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
