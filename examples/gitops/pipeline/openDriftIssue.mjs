// Opens an issue about drift, unless one is open. The differences are personal data, so the issue does not contain them.
import { execFileSync } from "node:child_process";

function gh(...args) {
  return execFileSync("gh", args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

const title = "Seam differs from the program";
gh("label", "create", "drift", "--force", "--description", title);
const open = JSON.parse(gh("issue", "list", "--label", "drift", "--state", "open", "--json", "number"));
if (open.length === 0) {
  const body = `The nightly comparison failed or found differences; see ${process.env.RUN_URL}. \`pulumi up --refresh\` sets them right.`;
  gh("issue", "create", "--label", "drift", "--title", title, "--body", body);
}
