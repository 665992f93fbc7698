/** What a recorded state was made of. A version's own copy stands beside its state and never changes. */
export const program = `
import * as pulumi from "@pulumi/pulumi";
import * as seam from "pulumi-seam";

const [lobbyUser, officesUser] = JSON.parse(process.env.ACS_USERS ?? "[]") as string[];

const jean = new seam.UserIdentity("jean", {
  userIdentityKey: "jean_doe",
  emailAddress: pulumi.secret("jean@example.com"),
  phoneNumber: "+15555550110",
  fullName: "Jean Doe",
  teardown: { acsUsers: "delete", timeoutSeconds: 120 },
});
new seam.AcsUserLink("jean-lobby", { userIdentity: jean, acsUserId: lobbyUser });
new seam.AcsUserLink("jean-offices", { userIdentityId: jean.id, acsUserId: officesUser });
new seam.UserIdentity("derived", { fullName: "Key derived from the name" });
new seam.UserIdentity("adopted", { userIdentityKey: "adopted", adopt: true });
new seam.UserIdentity("retained", { userIdentityKey: "retained", deletionPolicy: "retain" });

const ada = new seam.UserIdentity("ada", { userIdentityKey: "ada", emailAddress: "ada@example.com", fullName: "Ada" });
const adaLobby = new seam.AcsUser("ada-lobby", {
  acsSystemId: process.env.LOBBY_SYSTEM ?? "",
  fullName: "Ada",
  emailAddress: pulumi.secret("ada@example.com"),
  accessSchedule: { startsAt: "2030-01-01T08:00:00Z", endsAt: "2031-01-01T18:00:00Z" },
});
new seam.AcsUserLink("ada-lobby", { userIdentity: ada, acsUser: adaLobby });
new seam.AcsUser("visitor", { acsSystemId: process.env.LOBBY_SYSTEM ?? "", fullName: "Visitor", suspended: true });
`;
