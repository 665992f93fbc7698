import { SeamNotFoundError } from "../seam/errors";

/**
 * Runs a change of an object that exists; a "not found" of something that is there is answered by one more attempt.
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
    if (!(await isThere())) throw deletedBehindPulumi();
    await change();
  }
}

/** An object that the state has and Seam does not have any more. */
export function deletedBehindPulumi(): Error {
  return new Error(
    "it is not in Seam any more, or is being deleted there; somebody deleted it outside of Pulumi. Run `pulumi refresh` to remove it from the state, then `pulumi up` to create it again",
  );
}
