import * as pulumi from "@pulumi/pulumi";
import * as seam from "pulumi-seam";
import type { Person } from "./people";

/** The program of the stack that has all identities. Removing a person from it tears them down, in all buildings. */
export function declarePeople(people: readonly Person[]): void {
  for (const { key, name, email } of people) {
    new seam.UserIdentity(key, { userIdentityKey: key, fullName: name, emailAddress: email });
  }
}

/**
 * The program of a building: its ACS users and their links. It looks the identities up and manages none, so removing a person from
 * one building closes that building's doors and leaves the account and the other buildings alone.
 *
 * @param known The keys of people who have an identity. In a preview, others get one only when the stack of people is applied.
 */
export function declareBuilding(
  acsSystemId: string | undefined,
  people: readonly Person[],
  known: ReadonlySet<string>,
): void {
  for (const { key, name, email } of people) {
    if (acsSystemId === undefined)
      throw new Error(`${key} is in a building that has no access control system`);
    const acsUser = new seam.AcsUser(key, { acsSystemId, fullName: name, emailAddress: email });
    if (pulumi.runtime.isDryRun() && !known.has(key)) {
      void pulumi.log.info("is linked once the stack of people has made the identity", acsUser);
      continue;
    }
    const { userIdentityId } = seam.getUserIdentityOutput({ userIdentityKey: key });
    new seam.AcsUserLink(key, { userIdentityId, acsUser });
  }
}
