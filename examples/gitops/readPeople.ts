import { readFileSync } from "node:fs";

/** One entry of `people.json`. */
export interface Person {
  /** The `user_identity_key`, which is also the name of the resource. It must never change. */
  key: string;
  fullName: string;
  emailAddress: string;
  /** The person's ACS users: a name for each access control system, and the `acs_user_id` in it. */
  acsUsers: Record<string, string>;
}

/** @throws Error that names the entry and the property, but not its value, which would be printed in a log. */
export function readPeople(file: string): Person[] {
  const entries = parsed(readFileSync(file, "utf8").replace(/^\uFEFF/, ""), file);
  if (!Array.isArray(entries)) throw new Error(`${file} must be a list of people`);
  return entries.map((entry: unknown, index) => {
    const where = `${file}, entry ${index + 1}`;
    const person = propertiesOf(entry, where);
    return {
      key: text(person.key, `${where}: "key"`),
      fullName: text(person.fullName, `${where}: "fullName"`),
      emailAddress: text(person.emailAddress, `${where}: "emailAddress"`),
      acsUsers: Object.fromEntries(
        Object.entries(propertiesOf(person.acsUsers, `${where}: "acsUsers"`)).map(([system, id]) => [
          system,
          text(id, `${where}: "acsUsers.${system}"`),
        ]),
      ),
    };
  });
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The error of JSON.parse is not used, because it quotes the text.
    throw new Error(`${file} is not valid JSON`);
  }
}

function propertiesOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${what} must be an object`);
  }
  return { ...value };
}

function text(value: unknown, what: string): string {
  if (typeof value !== "string" || value.trim() === "") throw new Error(`${what} must be a non-empty string`);
  return value;
}
