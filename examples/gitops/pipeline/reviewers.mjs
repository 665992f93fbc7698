// Writes to the outputs of the step whether the environment "production" has required reviewers. Without them the apply would run at once.
import { appendFileSync } from "node:fs";
import { gitHub } from "./gitHub.mjs";

async function hasReviewers() {
  const { protection_rules: rules = [] } = await gitHub("environments/production");
  return rules.some(({ type, reviewers }) => type === "required_reviewers" && reviewers?.length > 0);
}

const reviewed = await hasReviewers().catch((error) => {
  console.error(`could not read the environment "production": ${error.message}`);
  return false;
});
console.log(
  reviewed
    ? "a reviewer of the environment has to approve"
    : "nobody has to approve, so it is applied by hand only",
);
appendFileSync(process.env.GITHUB_OUTPUT, `reviewed=${reviewed}\n`);
