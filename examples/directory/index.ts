import * as pulumi from "@pulumi/pulumi";
import * as seam from "pulumi-seam";
import { readPeople } from "./people";

const config = new pulumi.Config();
const acsSystemIds = config.requireObject<Record<string, string>>("acsSystemIds");
const file = config.get("people") ?? "people.csv";
const people = readPeople(file);

for (const person of people) {
  const identity = new seam.UserIdentity(person.key, {
    userIdentityKey: person.key,
    emailAddress: person.email,
    phoneNumber: person.phone,
    fullName: person.name,
  });
  for (const system of person.systems) {
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
