import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** `sha256:` and the digest of the file that `pulumi up --plan` will read. */
export function digestOf(file) {
  return `sha256:${createHash("sha256").update(readFileSync(file)).digest("hex")}`;
}
