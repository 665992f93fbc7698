// Writes comment.md: what preview.json means, or that there is nothing to tell. The preview and the guard fail the check, not this.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { failureText } from "./texts.mjs";

const plan = spawnSync("pulumi-seam", ["plan", "preview.json", "--format", "markdown"], {
  encoding: "utf8",
  // Why it failed goes to the log alone: messages may quote people's names.
  stdio: ["ignore", "pipe", "inherit"],
});
writeFileSync("comment.md", plan.status === 0 ? plan.stdout : failureText(process.env.RUN_URL));
