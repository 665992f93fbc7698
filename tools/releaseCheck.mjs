import { readFileSync, readdirSync } from "node:fs";

// Holds a tag against package.json, provider/version.ts, the changelog and the recorded states, before anything is published.

const [tag = ""] = process.argv.slice(2);
const root = new URL("../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");

const { version } = JSON.parse(read("package.json"));
const problems = [];
if (tag !== `v${version}`) problems.push(`the tag is "${tag}", and package.json says ${version}`);
if (!read("provider/version.ts").includes(`"${version}"`))
  problems.push(`provider/version.ts is not ${version}`);
if (
  !new RegExp(`^## \\[${version.replaceAll(".", "\\.")}\\] - \\d{4}-\\d\\d-\\d\\d$`, "m").test(
    read("CHANGELOG.md"),
  )
) {
  problems.push(`CHANGELOG.md has no section "## [${version}] - <date>"`);
}
if (!readdirSync(new URL("test/compatibility/states", root)).includes(version)) {
  problems.push(`test/compatibility/states has none of ${version}: npm run record:state`);
}
for (const problem of problems) console.error(`release: ${problem}`);
if (problems.length === 0) console.log(`release: ${tag} is ready`);
process.exitCode = problems.length === 0 ? 0 : 1;
