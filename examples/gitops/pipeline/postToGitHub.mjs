// Posts a comment, or writes over the last one. The text may come from a fork: it is only ever text, and it is said whose it is.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { failureText, forkBanner, marker } from "./texts.mjs";

const [file = "comment.md"] = process.argv.slice(2);
const { GH_REPO: repository, HEAD_SHA: commit, FROM_FORK: fromFork, RUN_URL: runUrl } = process.env;
/** GitHub takes 65,536 characters. */
const longest = 65_000;

function gh(args, input) {
  return execFileSync("gh", args, { encoding: "utf8", input, stdio: ["pipe", "pipe", "inherit"] });
}

function comment() {
  // Without a text the run ended before it came to writing one.
  const text = existsSync(file) ? readFileSync(file, "utf8") : failureText(runUrl);
  const body = text.replace(marker, "").trim();
  const parts = [marker, ...(fromFork === "true" ? [forkBanner] : []), body];
  return `${parts.join("\n\n").slice(0, longest)}\n`;
}

// By its commit, not by what the artifact says: a fork could name any pull request.
const open = JSON.parse(
  gh(["pr", "list", "--state", "open", "--limit", "1000", "--json", "number,headRefOid,isCrossRepository"]),
);
// A fork's commits may have been pushed to a branch here as well, whose pull request has another comment.
const pull = open.find(
  ({ headRefOid, isCrossRepository }) => headRefOid === commit && isCrossRepository === (fromFork === "true"),
);
if (pull === undefined) {
  console.log("no open pull request has this commit any more");
} else {
  const comments = `repos/${repository}/issues/${pull.number}/comments`;
  const all = JSON.parse(gh(["api", comments, "--paginate", "--slurp"])).flat();
  // Anybody may write the marker; only the pipeline's own comment is written over.
  const last = all.find(
    ({ user, body }) => user?.login === "github-actions[bot]" && body?.startsWith(marker),
  );
  const target =
    last === undefined
      ? ["--method", "POST", comments]
      : ["--method", "PATCH", `repos/${repository}/issues/comments/${last.id}`];
  gh(["api", ...target, "--field", "body=@-"], comment());
}
