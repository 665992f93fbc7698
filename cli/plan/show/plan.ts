import type { Finding } from "../finding";
import type { Step } from "../forecast/types";
import type { Judgement } from "../judge/types";
import type { Totals } from "../tally";

/** The input of all output formats. */
export interface Plan {
  judgements: readonly Judgement[];
  /** Findings about the whole stack. */
  findings: readonly Finding[];
  /** Unchanged resources, as far as the preview lists them; they are used to name people. */
  unchanged: readonly Step[];
  totals: Totals;
  /** The limits that are exceeded, in words. */
  overLimit: readonly string[];
  /** Whether Seam was queried; without a key a plan shows only what Pulumi knows. */
  askedSeam: boolean;
  showPersonalData: boolean;
}

export const notQueriedNotice =
  "There was no API key, so Seam was not queried: what is deleted with an identity, and conflicts that will fail at apply, are not shown. Set SEAM_API_KEY (and SEAM_ENDPOINT) to see them.";
