// Writes comment.md: what preview.json means, or that there is nothing to show. Never fails the check; the preview and the guard do.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fenced } from "./inertText.mjs";
import { failureText, marker, unseenBanner } from "./texts.mjs";

/** "fork" or "dependabot" for a pull request that was previewed without secrets. */
const { UNSEEN: unseen = "", RUN_URL: runUrl } = process.env;
/** GitHub accepts 65,536 characters. */
const longest = 60_000;

const plan = spawnSync(
  "pulumi-seam",
  ["plan", "preview.json", "--format", unseen === "" ? "markdown" : "text"],
  {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    // The reason for a failure is only written to the log, because messages may quote people's names.
    stdio: ["ignore", "pipe", "inherit"],
  },
);

function comment() {
  if (plan.status !== 0) return failureText(runUrl);
  if (unseen === "") return plan.stdout;
  return `${[marker, unseenBanner(unseen), fenced(plan.stdout, longest)].join("\n\n")}\n`;
}
writeFileSync("comment.md", comment());
