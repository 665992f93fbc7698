import { explain, ResourceError } from "../../../provider/resources/resourceErrors";
import {
  SeamAuthenticationError,
  SeamDeadlineError,
  SeamError,
  SeamForbiddenError,
  SeamNoAnswerError,
  SeamRateLimitError,
  SeamRejectedError,
  SeamServerError,
  SeamUnreadableAnswerError,
} from "../../../provider/seam/errors";
import { AmbiguousLookupError } from "../../../provider/seam/lookup";
import { MergedUserIdentityError, WrongWorkspaceError } from "../../../provider/seam/observe";
import { type Finding, problem, unchecked } from "../finding";

/** These say nothing of the apply. */
const inconclusive = [
  SeamAuthenticationError,
  SeamDeadlineError,
  SeamForbiddenError,
  SeamNoAnswerError,
  SeamRateLimitError,
  SeamRejectedError,
  SeamServerError,
  SeamUnreadableAnswerError,
];

/**
 * A look at Seam that failed, as a finding. What Seam refuses here, the apply will fail with.
 *
 * @throws what is no answer of Seam's: an error of our own is not the user's problem.
 */
export function failure(operation: string, error: unknown): Finding {
  if (inconclusive.some((kind) => error instanceof kind)) return unchecked(explain(operation, error).message);
  const alsoFailApply = [
    ...[SeamError, WrongWorkspaceError, MergedUserIdentityError, AmbiguousLookupError, ResourceError],
  ];
  if (error instanceof Error && alsoFailApply.some((kind) => error instanceof kind)) {
    return problem(error.message);
  }
  throw error;
}
