import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "csv-parse/sync";
import * as seam from "pulumi-seam";

interface Person {
  key: string;
  name: string;
  email: string;
  phone: string;
  /** Names of access control systems, separated by blanks. */
  systems: string;
}

const config = new pulumi.Config();
const acsSystemIds = config.requireObject<Record<string, string>>("acsSystemIds");
const file = config.get("people") ?? "people.csv";
const people = parse<Person>(readFileSync(file, "utf8"), {
  columns: true,
  skip_empty_lines: true,
  trim: true,
});

for (const person of people) {
  const identity = new seam.UserIdentity(person.key, {
    userIdentityKey: person.key,
    emailAddress: person.email || undefined,
    phoneNumber: person.phone || undefined,
    fullName: person.name,
  });
  for (const system of person.systems.split(" ").filter((name) => name !== "")) {
    const acsSystemId = acsSystemIds[system];
    if (acsSystemId === undefined) {
      throw new Error(
        `${file}: ${person.key} is in the system "${system}", which acsSystemIds does not name`,
      );
    }
    const acsUser = seam.getAcsUserOutput({ acsSystemId, emailAddress: person.email });
    new seam.AcsUserLink(`${person.key}-${system}`, { userIdentity: identity, acsUserId: acsUser.acsUserId });
  }
}

export const identities = people.length;
