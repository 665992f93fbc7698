// Copies preview.json from the folder that a pull request's run uploaded. Its content is untrusted text.
import { lstatSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustBeOfStack } from "./previewedStack.mjs";

const [stack = "", folder = ""] = process.argv.slice(2);
const file = join(folder, "preview.json");
const maxBytes = 64 * 1024 * 1024;

rmSync("preview.json", { force: true });
const found = lstatSync(file, { throwIfNoEntry: false });
if (found === undefined) {
  console.log("the run left no preview.json");
} else if (!found.isFile() || found.size > maxBytes) {
  // A symbolic link would make this job read and show one of its own files.
  throw new Error(`preview.json must be a regular file of at most ${maxBytes} bytes`);
} else {
  const text = readFileSync(file, "utf8");
  // A preview without secrets is of an empty stack, as the comment says.
  if (!process.env.UNSEEN) mustBeOfStack(text, stack);
  writeFileSync("preview.json", text);
}
