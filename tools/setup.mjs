// Prepares a checkout on a machine that has only git, Node and npm. Uses only Node's own modules, because nothing is installed yet.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");

requireNode([20, 19]);
installDependencies();
linkPackage();

function requireNode([major, minor]) {
  const [nowMajor, nowMinor] = process.versions.node.split(".").map(Number);
  if (nowMajor > major || (nowMajor === major && nowMinor >= minor)) return;
  console.error(`pulumi-seam needs Node ${major}.${minor} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

function installDependencies() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(modules, ".pulumi-seam-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.log("setup: installing dependencies (npm ci)");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const options = { cwd: root, stdio: ["ignore", "ignore", "inherit"], shell: process.platform === "win32" };
  const { status, error } = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], options);
  if (status !== 0) {
    console.error(`setup: npm ci failed${error ? `: ${error.message}` : ""}. See its message above.`);
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

/** Links "pulumi-seam", which the examples import, to the checkout itself. npm sometimes removes the link. */
function linkPackage() {
  const link = join(modules, "pulumi-seam");
  const existing = lstatSync(link, { throwIfNoEntry: false });
  if (existing?.isSymbolicLink() && readlinkSync(link) === "..") return;
  if (existing !== undefined) rmSync(link, { recursive: true });
  symlinkSync("..", link, "dir");
}
