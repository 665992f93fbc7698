import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";

// Compares a tag with package.json, provider/version.ts, the changelog and the recorded states before anything is published. If the
// packed file is given as well, checks that it contains only what this package may contain.

const [tag = "", packed] = process.argv.slice(2);
const root = new URL("../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");

const { name, version, scripts } = JSON.parse(read("package.json"));
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
if (packed !== undefined) problems.push(...problemsOfPackedFile(packed));
for (const problem of problems) console.error(`release: ${problem}`);
if (problems.length === 0) console.log(`release: ${packed ?? tag} is ready`);
process.exitCode = problems.length === 0 ? 0 : 1;

function problemsOfPackedFile(file) {
  const found = [];
  const tar = (...args) => execFileSync("tar", [...args, file], { encoding: "utf8" });
  const inside = JSON.parse(
    execFileSync("tar", ["-xzOf", file, "package/package.json"], { encoding: "utf8" }),
  );
  if (basename(file) !== `${name}-${version}.tgz`) found.push(`the file is ${basename(file)}`);
  if (inside.name !== name || inside.version !== version) {
    found.push(`the file holds ${inside.name} ${inside.version}, not ${name} ${version}`);
  }
  // The build must not be able to add scripts that run where the package is installed.
  const changed = [...new Set([...Object.keys(scripts), ...Object.keys(inside.scripts ?? {})])].filter(
    (script) => inside.scripts?.[script] !== scripts[script],
  );
  if (changed.length > 0) found.push(`the file has other scripts than package.json: ${changed.join(", ")}`);
  for (const script of ["preinstall", "install", "postinstall"]) {
    if (inside.scripts?.[script] !== undefined) found.push(`the file runs "${script}" where it is installed`);
  }
  const allowed = /^package\/(dist\/.*|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/;
  const strange = tar("-tzf")
    .split("\n")
    .filter((path) => path !== "" && !path.endsWith("/") && !allowed.test(path));
  if (strange.length > 0) found.push(`the file holds ${strange.join(", ")}`);
  return found;
}
