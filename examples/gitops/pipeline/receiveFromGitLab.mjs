// Fetches preview.json of a merge request's newest commit. It is untrusted text from the branch. Without it the guard fails.
import { rmSync, writeFileSync } from "node:fs";
import { artifact, gitLab, gitLabList, mergeRequestNumber } from "./gitLab.mjs";
import { mustBeOfStack } from "./previewedStack.mjs";

const [stack = ""] = process.argv.slice(2);
const number = mergeRequestNumber();
const merge = await gitLab(`merge_requests/${number}`);
if (merge.target_branch !== process.env.CI_DEFAULT_BRANCH) {
  throw new Error(`merge request ${number} is into ${merge.target_branch}, which nothing is applied from`);
}
if (merge.source_project_id !== merge.target_project_id) {
  throw new Error(
    `merge request ${number} comes from a fork: push its commits to a branch of this project, after reading them`,
  );
}

async function preview() {
  const [pipeline] = (await gitLabList(`merge_requests/${number}/pipelines`))
    .filter(({ sha, source }) => sha === merge.sha && source === "merge_request_event")
    .sort((one, other) => other.id - one.id);
  if (pipeline === undefined) return undefined;
  const [job] = (await gitLabList(`pipelines/${pipeline.id}/jobs`))
    .filter(({ name }) => name === "preview")
    .sort((one, other) => other.id - one.id);
  return job?.status === "success" ? artifact(job.id, "preview.json") : undefined;
}

rmSync("preview.json", { force: true });
const text = await preview();
if (text === undefined) {
  console.log("there is no finished preview of the newest commit");
} else {
  mustBeOfStack(text, stack);
  writeFileSync("preview.json", text);
}
