import { assertUnique, readTable, required } from "./table";

export interface Person {
  /** Your own key for the person. It must never change, and never be reused for another person. */
  key: string;
  name: string;
  email: string;
  phone: string | undefined;
  /** Names of access control systems. */
  systems: string[];
}

/**
 * Reads the people in a CSV file with the columns `key`, `name`, `email`, `phone` (may be empty) and `systems` (separated by spaces,
 * may be empty).
 *
 * @throws Error that names the file and the lines.
 */
export function readPeople(file: string): Person[] {
  const rows = readTable(file, ["key", "name", "email", "phone", "systems"]);
  assertUnique(file, rows, "key", (row) => row.key);
  assertUnique(file, rows, "e-mail address", (row) => row.email);
  assertUnique(file, rows, "phone number", (row) => row.phone);
  return rows.map((row) => {
    const systems = row.systems.split(/\s+/).filter((name) => name !== "");
    if (new Set(systems).size < systems.length) {
      throw new Error(`${file}, line ${row.line}: the column "systems" has a system twice`);
    }
    return {
      key: required(file, row, "key"),
      name: required(file, row, "name"),
      email: required(file, row, "email"),
      phone: row.phone === "" ? undefined : row.phone,
      systems,
    };
  });
}
