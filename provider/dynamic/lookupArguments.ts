import { printable } from "../seam/printable";

/** Arguments of lookups, and how errors show them without personal data. */

/** The arguments of a lookup by name. An omitted one is undefined, or null in JavaScript. */
export type LookupArguments<Name extends string> = Readonly<Partial<Record<Name, string | undefined>>>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Returns the given arguments, by name.
 *
 * @throws Error if they are not an object, which JavaScript allows; if one is not among `names`, is not a non-empty string, or is an id but not a UUID.
 */
export function givenArguments<Name extends string>(
  args: LookupArguments<Name>,
  names: readonly Name[],
): Map<Name, string> {
  const all: unknown = args;
  if (typeof all !== "object" || all === null) {
    throw new Error(`it takes its arguments as an object, with ${names.join(", ")}`);
  }
  const unknown = Object.keys(args).filter((name) => !names.some((known) => known === name));
  if (unknown.length > 0) {
    throw new Error(`there is no argument ${unknown.join(", ")}; the arguments are ${names.join(", ")}`);
  }
  const given = new Map<Name, string>();
  for (const name of names) {
    const value: unknown = args[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== "string" || value.trim() === "") {
      throw new Error(`${name} must be a non-empty string`);
    }
    if (name.endsWith("Id") && !uuid.test(value)) {
      throw new Error(`${name} must be a UUID, like 48500a8e-5e7e-4bde-b7e5-0be97cae5d7a`);
    }
    given.set(name, value);
  }
  return given;
}

/**
 * Describes arguments without personal data, for example `with acsSystemId 4850…, emailAddress j***@example.com`; empty if none
 * are given.
 */
export function describeArguments(args: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  return described(args, names, masked);
}

/** Like {@link describeArguments} for a place, whose name is not personal data: `with name "Lobby door"`. */
export function describePlace(args: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  return described(args, names, (value) => (uuid.test(value) ? value : JSON.stringify(printable(value))));
}

function described(
  args: Readonly<Record<string, unknown>>,
  names: readonly string[],
  shown: (value: string) => string,
): string {
  const given = names.flatMap((name) => {
    const value = args[name];
    return typeof value === "string" ? [`${name} ${shown(value)}`] : [];
  });
  return given.length === 0 ? "" : ` with ${given.join(", ")}`;
}

/** Masks a value: shows UUIDs, and of anything else at most the first letter, the domain of an e-mail address and the last two digits. */
function masked(value: string): string {
  if (uuid.test(value)) return value;
  const domain = /@([a-z0-9.-]{1,253})$/i.exec(value)?.[1];
  if (domain !== undefined) return `${/^[a-z0-9]/i.exec(value)?.[0] ?? ""}***@${domain}`;
  const phoneNumber = /^\+\d{5,13}(\d{2})$/.exec(value);
  if (phoneNumber !== null) return `+***${phoneNumber[1] ?? ""}`;
  return "***";
}
