import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";

/** The configuration in one file of a project: `Pulumi.yaml` or a stack's. Secrets are not decrypted. */
export interface StackFile {
  file: string;
  /** Undefined for `Pulumi.yaml`, whose configuration applies to all stacks. */
  stack: string | undefined;
  /** By full name, such as `seam:apiKey`. A secret is an object with `secure`. */
  settings: ReadonlyMap<string, unknown>;
}

/** A file that cannot be read as YAML with a map of settings. */
export interface UnreadableStackFile {
  file: string;
  unreadable: true;
}

/** The nearest `Pulumi.yaml`, in the folder or above it; undefined if there is none. */
export function findProjectFile(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const file = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(at, name)).find((path) => existsSync(path));
    if (file !== undefined || dirname(at) === at) return file;
  }
}

/** The configuration of a project: `Pulumi.yaml` first, then one file for each stack. */
export function readStackFiles(projectFile: string): (StackFile | UnreadableStackFile)[] {
  const project = readYaml(projectFile);
  const name = textOf(project?.name);
  const settingsOf = (config: unknown): ReadonlyMap<string, unknown> =>
    new Map(Object.entries(mapOf(config) ?? {}).map(([key, value]) => [withNamespace(key, name), value]));
  const files: (StackFile | UnreadableStackFile)[] =
    project === undefined
      ? [{ file: projectFile, unreadable: true }]
      : [{ file: projectFile, stack: undefined, settings: settingsOf(project.config) }];
  // A string in `config` is the older form of `stackConfigDir`.
  const folder = resolve(
    dirname(projectFile),
    textOf(project?.stackConfigDir) ?? textOf(project?.config) ?? ".",
  );
  for (const entry of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const stack = /^Pulumi\.(.+)\.ya?ml$/.exec(entry)?.[1];
    if (stack === undefined) continue;
    const file = join(folder, entry);
    const content = readYaml(file);
    const config = content?.config ?? {};
    files.push(
      content === undefined || mapOf(config) === undefined
        ? { file, unreadable: true }
        : { file, stack, settings: settingsOf(config) },
    );
  }
  return files;
}

/** The names of the settings that contain an API key in plain text. No value is returned. */
export function plaintextKeys({ settings }: StackFile): string[] {
  return [...settings].flatMap(([name, value]) =>
    (name === "seam:apiKey" && plainValue(value) !== undefined) || holdsKey(value) ? [name] : [],
  );
}

/** A setting as text, unless it is a secret: `value`, or in Pulumi.yaml `{ value }` or `{ default }`. */
export function plainValue(value: unknown): string | undefined {
  const map = mapOf(value);
  const plain = map === undefined ? value : (map.value ?? map.default);
  return typeof plain === "string" || typeof plain === "number" ? String(plain) : undefined;
}

function holdsKey(value: unknown): boolean {
  if (typeof value === "string") return /(?<![A-Za-z0-9])seam_[A-Za-z0-9_]{6,}/.test(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, inner]) => name !== "secure" && holdsKey(inner));
}

function withNamespace(key: string, project: string | undefined): string {
  return key.includes(":") || project === undefined ? key : `${project}:${key}`;
}

/** The name of a file without its folder, as messages show it. */
export function shortName({ file }: { file: string }): string {
  return basename(file);
}

function readYaml(file: string): Readonly<Record<string, unknown>> | undefined {
  try {
    // An empty file is a stack without settings.
    return mapOf(parse(readFileSync(file, "utf8")) ?? {});
  } catch {
    return undefined;
  }
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isMap(value) ? value : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
