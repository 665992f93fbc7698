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

/** Whether the preview does not show a value: it is secret, or known only at the apply. */
export function isHidden(value: unknown): boolean {
  return isSecret(value) || isNotYetKnown(value);
}

/** The properties whose values the preview shows. */
export function shownValues(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => !isHidden(value)));
}
