import type { Issue } from "./model";

/**
 * Whether Seam has accepted the deletion of an object and not finished it. Such an object still appears in responses, but
 * counts as gone: it must not be adopted, linked, updated or deleted again.
 */
export function isBeingDeleted(shown: { warnings?: readonly Issue[] | undefined }): boolean {
  return (shown.warnings ?? []).some((warning) => warning.warning_code === "being_deleted");
}
