/** What happens to the object in Seam when its resource is deleted. */
export type DeletionPolicy = "teardown" | "retain";

/** The arguments or outputs that decide whether an object stays in Seam when its resource is deleted. */
export interface Retention {
  /** `teardown` or `retain`, if the program gives it. */
  deletionPolicy?: unknown;
  /** Whether the object existed before the resource and was adopted. */
  adopted?: unknown;
}

/**
 * Whether the object stays in Seam when its resource is deleted: if `deletionPolicy` is `retain`, or if the object was adopted
 * and `deletionPolicy` is not `teardown`. This rule is implemented only here.
 */
export function staysInSeam({ deletionPolicy, adopted }: Retention): boolean {
  return (deletionPolicy ?? (adopted === true ? "retain" : "teardown")) === "retain";
}
