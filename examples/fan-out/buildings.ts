import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import * as seam from "pulumi-seam";

export interface Person {
  key: string;
  name: string;
  email: string;
  building: string;
}

/** The people in a CSV file, by building. */
export function peopleByBuilding(file: string): Map<string, Person[]> {
  const people = parse<Person>(readFileSync(file, "utf8"), {
    columns: true,
    skip_empty_lines: true,
    trim: true,
  });
  const buildings = new Map<string, Person[]>();
  for (const person of people) {
    if (!/^[a-z][\w-]*$/.test(person.building)) {
      throw new Error(
        `${file}: ${person.key} is in the building "${person.building}", which is no stack name`,
      );
    }
    buildings.set(person.building, [...(buildings.get(person.building) ?? []), person]);
  }
  return buildings;
}

/** The Pulumi program of one building. */
export function declare(people: readonly Person[]): void {
  for (const { key, name, email } of people) {
    new seam.UserIdentity(key, { userIdentityKey: key, fullName: name, emailAddress: email });
  }
}
