import { randomBytes } from "node:crypto";
import { closeSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Some of the files to write exist already. */
export class FileExistsError extends Error {
  constructor(readonly paths: readonly string[]) {
    super(
      `${paths.join(" and ")} exist${paths.length === 1 ? "s" : ""} already. Nothing was written. Move ${paths.length === 1 ? "it" : "them"}, or give --force to replace`,
    );
    this.name = "FileExistsError";
  }
}

/** @throws FileExistsError if anything exists at one of the paths, even a dangling symbolic link. */
export function assertNoFileExists(paths: readonly string[]): void {
  const present = paths.filter(exists);
  if (present.length > 0) throw new FileExistsError(present);
}

/**
 * Writes files that contain personal data or keys: readable only by their owner (mode 0600), all of them or none. An existing file or
 * symbolic link at a path is never written through: it is an error, or with `replace` its directory entry is replaced.
 *
 * @throws FileExistsError before anything is written.
 */
export function writePrivateFiles(files: ReadonlyMap<string, string>, options: { replace: boolean }): void {
  if (!options.replace) assertNoFileExists([...files.keys()]);
  for (const path of files.keys()) {
    if (exists(path) && lstatSync(path).isDirectory())
      throw new Error(`${path} is a folder. Nothing was written`);
  }
  const written: string[] = [];
  try {
    for (const [path, text] of files) {
      const target = options.replace ? join(dirname(path), `.${basename(path)}.${randomName()}`) : path;
      createExclusively(target, text);
      written.push(target);
    }
    if (options.replace) [...files.keys()].forEach((path, index) => renameSync(written[index] ?? "", path));
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    if (isErrorWithCode(error, "EEXIST")) throw new FileExistsError([error.path ?? ""]);
    throw error;
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function createExclusively(path: string, text: string): void {
  // "wx" neither follows a symbolic link nor opens a file that somebody else created in the meantime.
  const file = openSync(path, "wx", 0o600);
  try {
    writeFileSync(file, text);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

function randomName(): string {
  return randomBytes(6).toString("hex");
}

function isErrorWithCode(error: unknown, code: string): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && error.code === code;
}
