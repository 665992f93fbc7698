import type * as pulumi from "@pulumi/pulumi";
import { type Properties, unknownValue } from "./verbs";

/** Answers what is wrong with a value, or undefined. It never quotes the value, which may be personal. */
export type Rule = (value: unknown) => string | undefined;

/** Checks every known input against its rule; an input without a rule is an unknown argument. */
export function checkInputs(
  inputs: Properties,
  rules: Readonly<Record<string, Rule>>,
): pulumi.dynamic.CheckFailure[] {
  return Object.entries(inputs).flatMap(([property, value]) => {
    if (value === unknownValue || property === "__provider") return [];
    const rule = rules[property];
    const reason =
      rule === undefined
        ? `there is no argument ${property}; the arguments are ${Object.keys(rules).join(", ")}`
        : rule(value);
    return reason === undefined ? [] : [{ property, reason }];
  });
}

/** Drops what the program left out or set to null: both mean "not given". */
export function given(inputs: Properties): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).filter(([, value]) => value !== undefined && value !== null),
  );
}

export const isText: Rule = (value) =>
  typeof value === "string" && value.trim() !== "" ? undefined : "must be a text that is not empty";

export const isBoolean: Rule = (value) => (typeof value === "boolean" ? undefined : "must be true or false");

export const isEmailAddress: Rule = (value) =>
  typeof value === "string" && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value)
    ? undefined
    : "must be an e-mail address, like jean@example.com";

export const isPhoneNumber: Rule = (value) =>
  typeof value === "string" && /^\+[1-9]\d{6,14}$/.test(value)
    ? undefined
    : "must be a phone number in E.164 form: a plus, the country code and the number, without blanks, like +15555550110";

export const isSeamId: Rule = (value) =>
  typeof value === "string" && /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value)
    ? undefined
    : "must be an id of Seam's: a UUID, like 48500a8e-5e7e-4bde-b7e5-0be97cae5d7a";

export const isTime: Rule = (value) =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : "must be a time in ISO 8601 form, like 2026-12-24T18:00:00Z";

export function isOneOf(...choices: readonly string[]): Rule {
  return (value) =>
    typeof value === "string" && choices.includes(value)
      ? undefined
      : `must be ${choices.map((choice) => `"${choice}"`).join(" or ")}`;
}

/** An object whose fields have rules of their own. */
export function isObject(rules: Readonly<Record<string, Rule>>): Rule {
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return `must be an object with ${Object.keys(rules).join(", ")}`;
    }
    const failures = checkInputs(given(value as Properties), rules);
    return failures.length === 0
      ? undefined
      : failures.map((failure) => `${failure.property}: ${failure.reason}`).join("; ");
  };
}

export function isNumberBetween(least: number, most: number): Rule {
  return (value) =>
    typeof value === "number" && value >= least && value <= most
      ? undefined
      : `must be a number from ${least} to ${most}`;
}
