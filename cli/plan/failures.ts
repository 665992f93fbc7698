import { explain } from "../../provider/resources/resourceErrors";
import {
  SeamAuthenticationError,
  SeamForbiddenError,
  SeamNoAnswerError,
  SeamRateLimitError,
  SeamServerError,
  SeamUnreadableAnswerError,
} from "../../provider/seam/errors";
import type { Consequence } from "./consequences";

const tellNothing = [
  SeamAuthenticationError,
  SeamForbiddenError,
  SeamNoAnswerError,
  SeamRateLimitError,
  SeamServerError,
  SeamUnreadableAnswerError,
];

/** A look that failed says nothing of the apply; what Seam answered may foretell that it fails. */
export function noteFailure(consequence: Consequence, error: unknown): void {
  const { step, problems, unchecked } = consequence;
  if (tellNothing.some((kind) => error instanceof kind)) {
    unchecked.push(explain(`look at ${step.id ?? "what is in Seam"}`, error).message);
  } else {
    problems.push(error instanceof Error ? error.message : String(error));
  }
}
