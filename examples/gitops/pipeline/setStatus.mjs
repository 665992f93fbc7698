// Sets the commit status "seam access", which the rule for the branch `main` requires. Anything but success blocks the merge.
import { gitHub } from "./gitHub.mjs";
import { pullRequestOfRun } from "./pullRequest.mjs";

const { PREVIEW: preview, GUARD: guard, UNSEEN: unseen = "", HEAD_SHA: commit, RUN_URL: url } = process.env;

function verdict() {
  if (unseen !== "")
    return ["failure", "Its deletions cannot be seen: push the commits to a branch of this repository"];
  if (preview !== "success") return ["failure", "The preview failed"];
  if (guard !== "success")
    return ["failure", "Beyond the limits, or it could not be checked: see the comment"];
  return ["success", "Within the limits"];
}

if ((await pullRequestOfRun()) === undefined) {
  console.log("no open pull request has this branch, base and commit any more");
} else {
  const [state, description] = verdict();
  await gitHub(`statuses/${commit}`, "POST", { state, description, context: "seam access", target_url: url });
  console.log(`${state}: ${description}`);
}
