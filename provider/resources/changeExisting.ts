import { SeamNotFoundError } from "../seam/errors";

/**
 * Runs a change of an object that exists. If it fails with "not found" although the object exists, it is tried once more.
 *
 * @param isThere Whether Seam still has the object.
 */
export async function changeExisting(
  change: () => Promise<void>,
  isThere: () => Promise<boolean>,
): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof SeamNotFoundError)) throw error;
    if (!(await isThere())) throw deletedOutsidePulumi();
    await change();
  }
}

/** The error for an object that is in the state, but no longer in Seam. */
export function deletedOutsidePulumi(): Error {
  return new Error(
    "it is not in Seam any more, or is being deleted there; somebody deleted it outside of Pulumi. Run `pulumi refresh` to remove it from the state, then `pulumi up` to create it again",
  );
}
