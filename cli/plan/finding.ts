/**
 * Something that a reviewer has to know about one step.
 * - `problem`: the apply will fail or do harm; the text ends with how to fix it
 * - `unchecked`: whether there is a problem could not be checked
 * - `note`: worth knowing
 */
export interface Finding {
  kind: "problem" | "unchecked" | "note";
  text: string;
}

export const problem = (text: string): Finding => ({ kind: "problem", text });
export const unchecked = (text: string): Finding => ({ kind: "unchecked", text });
export const note = (text: string): Finding => ({ kind: "note", text });
