/**
 * Something that a reviewer has to know of one step.
 * - `problem`: the apply will fail or do harm; the text ends with the way out
 * - `unchecked`: it could not be seen whether there is a problem
 * - `note`: worth knowing
 */
export interface Finding {
  kind: "problem" | "unchecked" | "note";
  text: string;
}

export const problem = (text: string): Finding => ({ kind: "problem", text });
export const unchecked = (text: string): Finding => ({ kind: "unchecked", text });
export const note = (text: string): Finding => ({ kind: "note", text });
