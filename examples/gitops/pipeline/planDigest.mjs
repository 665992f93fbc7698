import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** `sha256:` and the digest of the file's bytes, which `pulumi up --plan` is going to read. */
export function digestOf(file) {
  return `sha256:${createHash("sha256").update(readFileSync(file)).digest("hex")}`;
}
