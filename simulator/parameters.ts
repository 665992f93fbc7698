import { ApiError, invalidInput } from "./errors";
import type { AccessMethodRequest } from "./workspace/accessGrants";

/** The type of a parameter. With a `?` it may be null, with a `*` it is required. */
export type ParameterType =
  | "uuid"
  | "text"
  | "email"
  | "phone"
  | "count"
  | "time"
  | "boolean"
  | "uuids"
  | "texts"
  | "schedule"
  | "whole schedule"
  | "access methods"
  | "object"
  | "any";
type Marked = ParameterType | `${ParameterType}?` | `${ParameterType}*`;

/** The parameters of a route. */
export type ParameterSpec = Readonly<Record<string, Marked>>;
/** Parameters that match a spec. */
export type Parameters = Readonly<Record<string, unknown>>;

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

const fits: Readonly<Record<ParameterType, (value: unknown) => boolean>> = {
  uuid: (value) => typeof value === "string" && uuid.test(value),
  text: (value) => typeof value === "string",
  email: (value) => typeof value === "string" && isEmailAddress(value),
  phone: (value) => typeof value === "string" && /^\+\d{7,15}$/.test(value),
  count: (value) => typeof value === "number" && Number.isInteger(value) && value > 0,
  time: (value) => typeof value === "string" && !Number.isNaN(Date.parse(value)),
  boolean: (value) => typeof value === "boolean",
  uuids: (value) => Array.isArray(value) && value.every((one) => fits.uuid(one)),
  texts: (value) => Array.isArray(value) && value.every((one) => typeof one === "string"),
  schedule: (value) =>
    isObject(value) && isTime(value.starts_at, true) && isTime(value.ends_at ?? undefined, true),
  "whole schedule": (value) => isObject(value) && isTime(value.starts_at) && isTime(value.ends_at),
  "access methods": (value) => Array.isArray(value) && value.length > 0 && value.every(isAccessMethodRequest),
  object: isObject,
  any: () => true,
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTime(value: unknown, optional = false): boolean {
  return (optional && value === undefined) || fits.time(value);
}

/** Whether text has one `@` and a dot within the domain. Not a regular expression, which could take quadratic time. */
function isEmailAddress(text: string): boolean {
  if (/\s/.test(text)) return false;
  const [local = "", domain = "", ...more] = text.split("@");
  const dot = domain.indexOf(".", 1);
  return local !== "" && more.length === 0 && dot > 0 && dot < domain.length - 1;
}

/** Whether a value is a valid request for an access method. */
export function isAccessMethodRequest(value: unknown): value is AccessMethodRequest {
  if (!isObject(value)) return false;
  const { mode, code, instant_key_max_use_count: uses } = value;
  return (
    (mode === "code" || mode === "card" || mode === "mobile_key" || mode === "cloud_key") &&
    (code === undefined || (typeof code === "string" && /^\d{4,9}$/.test(code))) &&
    (uses === undefined || fits.count(uses))
  );
}

/**
 * Checks parameters against a spec.
 *
 * @throws ApiError, Seam's 400, for a parameter that is missing, unknown or malformed.
 */
export function checkParameters(given: Parameters, spec: ParameterSpec): Parameters {
  for (const [name, marked] of Object.entries(spec)) {
    if (marked.endsWith("*") && given[name] === undefined) throw invalidInput(name, "Required");
  }
  const checked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (name === "_strict" || value === undefined) continue;
    const marked = Object.hasOwn(spec, name) ? spec[name] : undefined;
    if (marked === undefined) throw invalidInput(name, "Unrecognized key");
    const type = marked.replace(/[?*]$/, "") as ParameterType;
    if (!(value === null && marked.endsWith("?")) && !fits[type](value)) {
      throw invalidInput(name, `Expected ${type}`);
    }
    checked[name] = value;
  }
  return checked;
}

/** Converts the strings of a query to the types in the spec. */
export function fromQuery(
  query: Readonly<Record<string, string | string[]>>,
  spec: ParameterSpec,
): Parameters {
  return Object.fromEntries(
    Object.entries(query).map(([written, value]): [string, unknown] => {
      const name = written.replace(/\[\]$/, "");
      const type = Object.hasOwn(spec, name) ? spec[name]?.replace(/[?*]$/, "") : undefined;
      if (type === "uuids" || type === "texts") {
        return [name, Array.isArray(value) ? value : value.split(",")];
      }
      const single = Array.isArray(value) ? value[0] : value;
      if (type === "count") return [name, Number(single)];
      if (type === "boolean") return [name, single === "true"];
      return [name, single];
    }),
  );
}

/** Reads a parameter that was checked to be a string. */
export function textOf(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  return typeof value === "string" ? value : undefined;
}

/** Reads a parameter that was checked to be a list of strings. */
export function textsOf(parameters: Parameters, name: string): string[] | undefined {
  const value = parameters[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : undefined;
}

/**
 * The name and value of the first given parameter of several.
 *
 * @throws ApiError if none is given.
 */
export function oneOf(parameters: Parameters, ...names: string[]): [string, string] {
  for (const name of names) {
    const value = textOf(parameters, name);
    if (value !== undefined) return [name, value];
  }
  throw new ApiError(400, "invalid_input", `One of ${names.join(", ")} is required`);
}
