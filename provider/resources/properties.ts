/** Properties as the engine sends them: parsed JSON, with `unknownValue` for what a preview cannot know yet. */
export type Properties = Readonly<Record<string, unknown>>;

/** What the engine sends in place of a value that is not known before the apply. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** One attribute of an object in Seam that two declared resources cannot share. */
export interface UniqueValue {
  /** As a message names it, for example `emailAddress`. */
  property: string;
  value: string;
}

/** A property that is a string, or undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
