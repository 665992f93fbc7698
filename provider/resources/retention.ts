/** What happens to the object in Seam when its resource is deleted. */
export type DeletionPolicy = "teardown" | "retain";

/** What decides whether an object stays in Seam when its resource is deleted; as arguments or outputs record it. */
export interface Retention {
  /** `teardown` or `retain`, as the program gave it. */
  deletionPolicy?: unknown;
  /** Whether the object existed before the resource did, and was adopted. */
  adopted?: unknown;
}

/**
 * Whether the object stays in Seam when its resource is deleted: where `deletionPolicy` says `retain`, and for an adopted
 * object unless `deletionPolicy` says `teardown`. The only home of this rule.
 */
export function staysInSeam({ deletionPolicy, adopted }: Retention): boolean {
  return (deletionPolicy ?? (adopted === true ? "retain" : "teardown")) === "retain";
}
