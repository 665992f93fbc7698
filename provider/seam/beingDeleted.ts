import type { Issue } from "./model";

/**
 * Whether Seam has accepted the deletion of an object and not finished it. Such an object still shows up in answers, and is as
 * good as gone: it is not to be adopted, linked, updated or deleted once more.
 */
export function isBeingDeleted(shown: { warnings?: readonly Issue[] | undefined }): boolean {
  return (shown.warnings ?? []).some((warning) => warning.warning_code === "being_deleted");
}
