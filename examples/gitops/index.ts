import * as seam from "pulumi-seam";
import { readPeople } from "./readPeople";

for (const { key, fullName, emailAddress, acsUsers } of readPeople("people.json")) {
  const userIdentity = new seam.UserIdentity(key, { userIdentityKey: key, fullName, emailAddress });
  for (const [system, acsUserId] of Object.entries(acsUsers)) {
    new seam.AcsUserLink(`${key}-${system}`, { userIdentity, acsUserId });
  }
}
