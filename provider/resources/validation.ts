import type { CheckFailure } from "./lifecycle";
import { type Properties, unknownValue } from "./properties";

/** Returns what is wrong with a value, or undefined. It never quotes the value, which may be personal or secret. */
export type Rule = (value: unknown) => string | undefined;

/** Checks every known input against its rule; an input without a rule is an unknown argument. */
export function checkInputs(inputs: Properties, rules: Readonly<Record<string, Rule>>): CheckFailure[] {
  return Object.entries(inputs).flatMap(([property, value]) => {
    if (value === unknownValue || property === "__provider") return [];
    const rule = Object.hasOwn(rules, property) ? rules[property] : undefined;
    if (rule === undefined) {
      return [
        { reason: `there is no argument ${property}; the arguments are ${Object.keys(rules).join(", ")}` },
      ];
    }
    const reason = rule(value);
    return reason === undefined ? [] : [{ property, reason }];
  });
}

/** Removes arguments that are undefined or null: both mean "not given". */
export function given(inputs: Properties): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).filter(([, value]) => value !== undefined && value !== null),
  );
}

export const isText: Rule = (value) =>
  typeof value === "string" && value.trim() !== "" ? undefined : "must be a non-empty string";

export const isBoolean: Rule = (value) => (typeof value === "boolean" ? undefined : "must be true or false");

/** Blanks of all kinds, control characters and invisible characters (zero width, direction marks). */
const invisible = /[\s\p{Cc}\p{Cf}\p{Z}]/u;

export const isEmailAddress: Rule = (value) =>
  typeof value === "string" && isAddress(value)
    ? undefined
    : "must be a plain e-mail address, like jean@example.com: no name, brackets, scheme or invisible characters around it";

/** Checks each part once, without a regular expression for the entire address. */
function isAddress(value: string): boolean {
  if (value.length > 320 || invisible.test(value)) return false;
  const at = value.lastIndexOf("@");
  const local = value.slice(0, at);
  const labels = value.slice(at + 1).split(".");
  return (
    at > 0 &&
    !/[@<>()[\],;:"\\]/.test(local) &&
    labels.length > 1 &&
    labels.every((label) => /^[\p{L}\p{N}\p{M}-]+$/u.test(label))
  );
}

export const isPhoneNumber: Rule = (value) =>
  typeof value === "string" && /^\+[1-9]\d{6,14}$/.test(value)
    ? undefined
    : "must be a phone number in E.164 form: a plus, the country code and the number, without spaces, like +15555550110";

export const isSeamId: Rule = (value) =>
  typeof value === "string" && /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value)
    ? undefined
    : "must be a Seam id: a UUID, like 48500a8e-5e7e-4bde-b7e5-0be97cae5d7a";

/** Normalizes an id to the form that Seam returns. Values that are not strings are unchanged. */
export function canonicalId(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}

/** Normalizes a list of ids, which is a set: sorted and without duplicates. */
export function canonicalIds(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return [...new Set(value.map(canonicalId))].sort();
}

const isTime: Rule = (value) =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : "must be a time in ISO 8601 form, like 2026-12-24T18:00:00Z";

/** A time without a zone would be another one on each machine. */
export const isTimeWithZone: Rule = (value) => {
  if (isTime(value) !== undefined || typeof value !== "string") return isTime(value);
  if (!/(?:Z|[+-]\d\d:\d\d)$/.test(value)) {
    return "must include a time zone, like 2026-12-24T18:00:00Z or 2026-12-24T18:00:00+01:00";
  }
  const [year = 0, month = 0, day = 0] = value.slice(0, 10).split("-").map(Number);
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate() ? undefined : "must be an existing date";
};

export function isOneOf(...choices: readonly string[]): Rule {
  return (value) =>
    typeof value === "string" && choices.includes(value)
      ? undefined
      : `must be ${choices.map((choice) => `"${choice}"`).join(" or ")}`;
}

/** A list whose known items follow a rule. */
export function isListOf(rule: Rule): Rule {
  return (value) => {
    if (!Array.isArray(value)) return "must be a list";
    const items: unknown[] = value;
    const index = items.findIndex((item) => item !== unknownValue && rule(item) !== undefined);
    return index < 0
      ? undefined
      : inside([{ property: `item ${index + 1}`, reason: rule(items[index]) ?? "" }]);
  };
}

/** An object whose fields follow their own rules. */
export function isObject(rules: Readonly<Record<string, Rule>>): Rule {
  return (value) => {
    if (!isProperties(value)) return `must be an object with ${Object.keys(rules).join(", ")}`;
    const failures = checkInputs(given(value), rules);
    return failures.length === 0 ? undefined : inside(failures);
  };
}

/** Returns the reason for an argument that is wrong because of values inside of it. */
function inside(failures: readonly CheckFailure[]): string {
  return `: ${failures.map(failureText).join("; ")}`;
}

/** Describes a failure in one sentence that names the argument and not its value. */
export function failureText({ property, reason }: CheckFailure): string {
  if (property === undefined) return reason;
  return reason.startsWith(":") ? `${property}${reason}` : `${property} ${reason}`;
}

export function isProperties(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isNumberBetween(least: number, most: number): Rule {
  return (value) =>
    typeof value === "number" && value >= least && value <= most
      ? undefined
      : `must be a number from ${least} to ${most}`;
}
