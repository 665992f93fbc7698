import type { Finding } from "../finding";
import type { Step } from "../forecast/types";
import type { Judgement } from "../judge/types";
import type { Totals } from "../tally";

/** Everything that the ways of showing a plan have in common. */
export interface Plan {
  judgements: readonly Judgement[];
  /** What concerns the whole stack. */
  findings: readonly Finding[];
  /** What stays as it is, as far as the preview lists it: people are named by it. */
  unchanged: readonly Step[];
  totals: Totals;
  /** What exceeds the limits that were given. */
  overLimit: readonly string[];
  /** Whether Seam was asked; without a key a plan shows only what Pulumi knows. */
  askedSeam: boolean;
  showPersonalData: boolean;
}

export const notQueriedNotice =
  "There was no API key, so nobody asked Seam: what is deleted with an identity, and conflicts that will fail at apply, are not shown. Set SEAM_API_KEY (and SEAM_ENDPOINT) to see them.";
