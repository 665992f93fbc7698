// Copies preview.json out of the folder that a pull request's run uploaded. Whatever is in there is text, made by strangers.
import { lstatSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustBeOfStack } from "./previewedStack.mjs";

const [stack = "", folder = ""] = process.argv.slice(2);
const file = join(folder, "preview.json");
const mostBytes = 64 * 1024 * 1024;

rmSync("preview.json", { force: true });
const found = lstatSync(file, { throwIfNoEntry: false });
if (found === undefined) {
  console.log("the run left no preview.json");
} else if (!found.isFile() || found.size > mostBytes) {
  // A link would have this job read and show a file of its own.
  throw new Error(`preview.json must be a regular file of at most ${mostBytes} bytes`);
} else {
  const text = readFileSync(file, "utf8");
  // Without secrets it is of an empty stack, as the comment says.
  if (!process.env.UNSEEN) mustBeOfStack(text, stack);
  writeFileSync("preview.json", text);
}
