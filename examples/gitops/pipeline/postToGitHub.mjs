// Posts a comment on the pull request of a run, or replaces the last one.
import { existsSync, readFileSync } from "node:fs";
import { gitHub, gitHubList } from "./gitHub.mjs";
import { pullRequestOfRun } from "./pullRequest.mjs";
import { failureText, marker } from "./texts.mjs";

const [file = "comment.md"] = process.argv.slice(2);
/** GitHub accepts 65,536 characters. */
const longest = 65_000;

const pull = await pullRequestOfRun();
if (pull === undefined) {
  console.log("no open pull request has this branch, base and commit any more");
} else {
  // If there is no text, the run ended before it wrote one.
  const body = (existsSync(file) ? readFileSync(file, "utf8") : failureText(process.env.RUN_URL)).slice(
    0,
    longest,
  );
  // Anyone can write the marker; only the pipeline's own comment is replaced.
  const last = (await gitHubList(`issues/${pull.number}/comments`)).find(
    (comment) => comment.user?.login === "github-actions[bot]" && comment.body?.startsWith(marker),
  );
  await (last === undefined
    ? gitHub(`issues/${pull.number}/comments`, "POST", { body })
    : gitHub(`issues/comments/${last.id}`, "PATCH", { body }));
}
