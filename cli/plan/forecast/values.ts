import { unknownValue } from "../../../provider/resources/properties";

/** What a preview prints in place of a secret; all its forms are normalized to this one. */
export const secret = "[secret]";
/** What it prints for values that are known only at the apply. */
const notYetKnown: readonly unknown[] = [unknownValue, "[unknown]"];

export function isSecret(value: unknown): boolean {
  return value === secret;
}

export function isNotYetKnown(value: unknown): boolean {
  return notYetKnown.includes(value);
}

/** The properties whose values the preview shows. */
export function shownValues(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => !isSecret(value) && !isNotYetKnown(value)),
  );
}
