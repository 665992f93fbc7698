/** Exit codes of the commands. */
export const exitCodes = {
  done: 0,
  failed: 1,
  notUnderstood: 2,
  /** `plan`: a limit was exceeded, or could not be checked. */
  overLimit: 3,
} as const;
