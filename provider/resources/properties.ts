/** Properties as the engine sends them: parsed JSON, with `unknownValue` for values that a preview does not know yet. */
export type Properties = Readonly<Record<string, unknown>>;

/** The placeholder that the engine sends for a value that is not known before the apply. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The value of an attribute in Seam that two declared resources cannot share. */
export interface UniqueValue {
  /** The name of the property in messages, for example `emailAddress`. */
  property: string;
  value: string;
}

/** Returns a property if it is a string, otherwise undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
