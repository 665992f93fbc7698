// Appends the digest of plan.json to comment.md, and writes it to the outputs of the step. An approval refers to the plan by it.
import { appendFileSync } from "node:fs";
import { digestOf } from "./planDigest.mjs";

const digest = digestOf("plan.json");
const { GITHUB_RUN_ID: run, GITHUB_OUTPUT: outputs } = process.env;
const start =
  run === undefined || run === ""
    ? `start the job \`apply\` with the variable \`APPROVED_PLAN\` = \`${digest}\``
    : `approve the job \`apply\` of this run; where nobody has to, start it with \`gh workflow run apply.yml -f run=${run} -f digest=${digest}\``;
appendFileSync(
  "comment.md",
  `\nDigest of this plan: \`${digest}\`\n\nTo apply it, and nothing else, ${start}.\n`,
);
if (outputs !== undefined) appendFileSync(outputs, `digest=${digest}\n`);
