import { assertUnique, readTable, required } from "./table";

export interface Person {
  /** Your own key for the person. It must never change, and never be reused for another person. */
  key: string;
  name: string;
  email: string;
}

/** The stack that has all identities. No building can have this name. */
export const ownerStack = "people";

/** Who is in which building. */
export interface Directory {
  /** Each person once, regardless of the number of buildings. */
  people: Person[];
  /** The access control system of each building, by the building's name. */
  acsSystemIds: Map<string, string>;
  /** The people who may enter each building; none for a building in `buildings.csv` that is in no row of `people.csv`. */
  byBuilding: Map<string, Person[]>;
}

/**
 * Reads `people.csv` (`key`, `name`, `email`, `building`: a row for each person and building) and `buildings.csv` (`building`,
 * `acsSystemId`).
 *
 * @throws Error that names the file and the lines.
 */
export function readDirectory(peopleFile: string, buildingsFile: string): Directory {
  const buildings = readTable(buildingsFile, ["building", "acsSystemId"]);
  assertUnique(buildingsFile, buildings, "building", (row) => row.building);
  assertUnique(buildingsFile, buildings, "access control system", (row) => row.acsSystemId);
  const acsSystemIds = new Map<string, string>();
  for (const row of buildings) {
    const building = required(buildingsFile, row, "building");
    if (!/^[a-z][\w-]*$/.test(building) || building === ownerStack) {
      throw new Error(
        `${buildingsFile}, line ${row.line}: "${building}" cannot be the name of a building's stack`,
      );
    }
    acsSystemIds.set(building, required(buildingsFile, row, "acsSystemId"));
  }

  const rows = readTable(peopleFile, ["key", "name", "email", "building"]);
  assertUnique(peopleFile, rows, "person in the same building", (row) => `${row.key} ${row.building}`);
  const people = new Map<string, { person: Person; line: number }>();
  const byBuilding = new Map<string, Person[]>([...acsSystemIds.keys()].map((building) => [building, []]));
  for (const row of rows) {
    const person = {
      key: required(peopleFile, row, "key"),
      name: required(peopleFile, row, "name"),
      email: required(peopleFile, row, "email"),
    };
    const known = people.get(person.key);
    if (known !== undefined && (known.person.name !== person.name || known.person.email !== person.email)) {
      throw new Error(
        `${peopleFile}, lines ${known.line} and ${row.line}: the same key with another name or e-mail address. One key is one person`,
      );
    }
    if (known === undefined) people.set(person.key, { person, line: row.line });
    const inBuilding = byBuilding.get(required(peopleFile, row, "building"));
    if (inBuilding === undefined) {
      throw new Error(`${peopleFile}, line ${row.line}: ${buildingsFile} has no building "${row.building}"`);
    }
    inBuilding.push(person);
  }
  const firstRows = [...people.values()].map(({ person, line }) => ({ ...person, line }));
  assertUnique(peopleFile, firstRows, "key but for its case", (one) => one.key);
  assertUnique(peopleFile, firstRows, "e-mail address under another key", (one) => one.email);
  return { people: [...people.values()].map(({ person }) => person), acsSystemIds, byBuilding };
}
