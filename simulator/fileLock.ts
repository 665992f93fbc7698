import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";

/** The locks of this process, by what it wrote into them. */
const held = new Set<string>();

/** A file beside another that says which process uses it. One of a process that is gone is replaced. */
export class FileLock {
  private readonly content = `${process.pid} ${randomUUID()}\n`;

  /** @throws Error if a living process has the lock. */
  constructor(
    private readonly path: string,
    locked: string,
  ) {
    for (;;) {
      try {
        // `wx` creates it or fails, and follows no link.
        writeFileSync(path, this.content, { mode: 0o600, flag: "wx" });
        held.add(this.content);
        return;
      } catch (error) {
        if (!hasCode(error, "EEXIST")) throw error;
      }
      const other = contentOf(path);
      if (other === undefined) continue;
      const owner = Number.parseInt(other, 10);
      if (isAlive(owner, other)) {
        const problem = `${locked} is in use by another simulator (process ${owner})`;
        throw new Error(
          `${problem}: stop that one first; if process ${owner} is no simulator, remove ${path}`,
        );
      }
      this.setAside(other);
    }
  }

  release(): void {
    if (!held.delete(this.content)) return;
    if (contentOf(this.path) === this.content) rmSync(this.path, { force: true });
  }

  /** Removes a lock of a process that is gone; puts it back if, meanwhile, somebody else replaced it. */
  private setAside(stale: string): void {
    const aside = `${this.path}.${randomUUID()}`;
    try {
      renameSync(this.path, aside);
    } catch (error) {
      if (hasCode(error, "ENOENT")) return;
      throw error;
    }
    if (contentOf(aside) !== stale) linkSync(aside, this.path);
    rmSync(aside, { force: true });
  }
}

function isAlive(pid: number, content: string): boolean {
  // A container gives its processes the same ids at every start, so our own id alone says nothing.
  if (pid === process.pid) return held.has(content);
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
