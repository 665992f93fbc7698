import { printable } from "../seam/printable";

/** What a lookup is given, and how its errors show it without personal data. */

/** The arguments of a lookup by name; what was left out is undefined, or null in JavaScript. */
export type LookupArguments<Name extends string> = Readonly<Partial<Record<Name, string | undefined>>>;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The arguments that are given, by name.
 *
 * @throws Error if one is not among `names`, is not a non-empty string, or is an id that is no UUID.
 */
export function givenArguments<Name extends string>(
  args: LookupArguments<Name>,
  names: readonly Name[],
): Map<Name, string> {
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

/** For example `with acsSystemId 4850…, emailAddress j***@example.com`; empty if nothing is given. */
export function describeArguments(args: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  return described(args, names, masked);
}

/** The same of a place, whose name says nothing of a person: `with name "Lobby door"`. */
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

/** UUIDs are shown; of anything else no more than the first letter, the domain of an e-mail address and two last digits. */
function masked(value: string): string {
  if (uuid.test(value)) return value;
  const domain = /@([a-z0-9.-]{1,253})$/i.exec(value)?.[1];
  if (domain !== undefined) return `${/^[a-z0-9]/i.exec(value)?.[0] ?? ""}***@${domain}`;
  const phoneNumber = /^\+\d{5,13}(\d{2})$/.exec(value);
  if (phoneNumber !== null) return `+***${phoneNumber[1] ?? ""}`;
  return "***";
}
