import { ConfigError } from "../config";
import { ResourceError } from "./resourceErrors";

/**
 * The limit of teardowns in one operation (`seam:maxTeardowns`), for each kind of resource. It counts the deletions that this
 * process is requested to run; other providers and processes count their own.
 */
export class TeardownLimit {
  private readonly counts = new Map<string, number>();

  /** @param limit undefined for no limit. */
  constructor(private readonly limit: number | undefined) {}

  /**
   * Counts a teardown before it starts.
   *
   * @param noun The kind, as in "user identity".
   * @throws ResourceError if the limit is reached; nothing has been changed then
   */
  count(noun: string, id: string): void {
    if (this.limit === undefined) return;
    const before = this.counts.get(noun) ?? 0;
    if (before >= this.limit) {
      throw new ResourceError(
        `could not delete ${noun} ${id}: seam:maxTeardowns allows ${this.limit} in one operation, and that many were begun already. Nothing was done to this one. If all of them are meant, raise seam:maxTeardowns (\`pulumi config set seam:maxTeardowns <number>\`) and run the same command again`,
      );
    }
    this.counts.set(noun, before + 1);
  }
}

/** Reads `seam:maxTeardowns`: a whole number, or nothing for no limit. @throws ConfigError */
export function readTeardownLimit(text: string | undefined): number | undefined {
  const trimmed = text?.trim();
  if (trimmed === undefined || trimmed === "") return undefined;
  if (!/^\d{1,9}$/.test(trimmed)) {
    throw new ConfigError("seam:maxTeardowns must be a whole number, 0 or more");
  }
  return Number(trimmed);
}
