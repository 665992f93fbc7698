import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";

/** The contents of the locks that this process holds. */
const heldLocks = new Set<string>();

/**
 * A lock file next to another file, with the id of the process that uses it. The lock of a process that has ended is replaced.
 */
export class FileLock {
  private readonly content = `${process.pid} ${randomUUID()}\n`;

  /** @throws Error if a running process holds the lock. */
  constructor(
    private readonly path: string,
    locked: string,
  ) {
    for (;;) {
      try {
        // `wx` creates the file or fails, and follows no symbolic link.
        writeFileSync(path, this.content, { mode: 0o600, flag: "wx" });
        heldLocks.add(this.content);
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
          `${problem}: stop that one first; if process ${owner} is not a simulator, remove ${path}`,
        );
      }
      this.removeStale(other);
    }
  }

  release(): void {
    if (!heldLocks.delete(this.content)) return;
    if (contentOf(this.path) === this.content) rmSync(this.path, { force: true });
  }

  /** Removes the lock of a process that has ended, or restores it if another process replaced it in the meantime. */
  private removeStale(stale: string): void {
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
  // A container's processes get the same ids at every start, so the id of this process alone proves nothing.
  if (pid === process.pid) return heldLocks.has(content);
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
