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
import { adviceForCommand } from "../../seamFailure";
import { type Finding, problem, unchecked } from "../finding";

/** Errors that do not show whether the apply will fail. */
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
 * A failed query as a finding. If Seam rejects it here, the apply will fail for the same reason.
 *
 * @throws any error that is not a response of Seam: a bug of this package is not a problem of the plan.
 */
export function failure(operation: string, error: unknown): Finding {
  if (inconclusive.some((kind) => error instanceof kind))
    return unchecked(explain(operation, error, adviceForCommand(error)).message);
  const alsoFailApply = [
    ...[SeamError, WrongWorkspaceError, MergedUserIdentityError, AmbiguousLookupError, ResourceError],
  ];
  if (error instanceof Error && alsoFailApply.some((kind) => error instanceof kind)) {
    return problem(error.message);
  }
  throw error;
}
