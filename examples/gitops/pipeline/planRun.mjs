// Fails unless a run of apply.yml, after a push, created its plan from the newest commit of this branch. Any run can have an artifact
// called "plan".
import { gitHub } from "./gitHub.mjs";

const { PLAN_RUN: id = "", GITHUB_REF_NAME: branch = "", GITHUB_SHA: commit } = process.env;
if (!/^\d+$/.test(id)) throw new Error("the run must be the number of the run that made the plan");
const run = await gitHub(`actions/runs/${id}`);
const newest = (await gitHub(`git/ref/heads/${branch}`)).object.sha;
const wrong = [
  [run.path?.split("@")[0] === ".github/workflows/apply.yml", `it is a run of ${run.path}, not of apply.yml`],
  [run.event === "push", `it was started by ${run.event}, not by a push`],
  [run.head_branch === branch, `it is about the branch ${run.head_branch}, not ${branch}`],
  [run.head_sha === commit && commit === newest, `${branch} has moved on since: approve the newest plan`],
].find(([holds]) => !holds);
if (wrong !== undefined) {
  console.error(`The plan of run ${id} is not applied: ${wrong[1]}.`);
  process.exitCode = 1;
}
