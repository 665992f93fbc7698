import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPipelines } from "../../../cli/pipelineFiles";

describe("the check of pipelines", () => {
  const found = (workflow: string): string[] => {
    const folder = mkdtempSync(join(tmpdir(), "pipelines-"));
    mkdirSync(join(folder, ".github", "workflows"), { recursive: true });
    writeFileSync(join(folder, ".github", "workflows", "ci.yml"), workflow);
    writeFileSync(join(folder, "CODEOWNERS"), "* @owners");
    return checkPipelines(folder).findings.map((finding) => finding.found);
  };
  const env = "env: { SEAM_API_KEY: '${{ secrets.SEAM_API_KEY }}' }";

  it("finds a key on pull requests, and an action that is not pinned", () => {
    assert.match(
      found(`on: pull_request\njobs: { a: { ${env} } }`).join(),
      /job a of ci.yml has SEAM_API_KEY/,
    );
    assert.match(
      found(`on: [push, pull_request_target]\n${env}\njobs: { a: {} }`).join(),
      /has SEAM_API_KEY/,
    );
    assert.deepEqual(found(`on: push\njobs: { a: { ${env} } }`), []);
    assert.match(found("jobs: { a: { steps: [{ uses: actions/checkout@v4 }] } }").join(), /not pinned/);
  });

  it("finds a called workflow that gets all secrets on pull requests", () => {
    const call = "{ uses: ./.github/workflows/preview.yml, secrets: inherit }";
    assert.match(found(`on: pull_request\njobs: { a: ${call} }`).join(), /job a of ci.yml hands all secrets/);
    assert.deepEqual(found(`on: push\njobs: { a: ${call} }`), []);
    const chosen = call.replace("inherit", "{ TOKEN: '${{ secrets.PULUMI_ACCESS_TOKEN }}' }");
    assert.deepEqual(found(`on: pull_request\njobs: { a: ${chosen} }`), []);
  });

  it("reads in a condition which events of the workflow it allows", () => {
    const job = `{ if: "github.event_name != 'pull_request'", ${env} }`;
    assert.deepEqual(found(`on: [push, pull_request]\njobs: { a: ${job} }`), []);
    assert.match(found(`on: [pull_request_target]\njobs: { a: ${job} }`).join(), /has SEAM_API_KEY/);
  });

  it("reports hostile YAML as unreadable", () => {
    for (const text of ["a: [", "a: &a [*a, *b]", `${"[".repeat(20_000)}`]) {
      assert.match(found(text).join(), /cannot be read as YAML/);
    }
  });
});
