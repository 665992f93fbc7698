/** The program of a recorded state. Each version's copy is stored next to its state and never changes. */
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

const lobby = new seam.Space("lobby", { name: "Lobby", acsEntranceIds: [process.env.ENTRANCE ?? ""] });
new seam.AccessGrant("jean-lobby", {
  userIdentity: jean,
  spaces: [lobby],
  requestedAccessMethods: [{ mode: "mobile_key" }, { mode: "code", code: "778811" }],
  startsAt: "2026-01-01T08:00:00+01:00",
  endsAt: "2099-01-01T18:00:00Z",
});
new seam.AccessGrant("ada-lock", { userIdentity: ada, deviceIds: [process.env.LOCK ?? ""], requestedAccessMethods: [{ mode: "code" }] });
new seam.AcsAccessGroupMembership("ada-everybody", { acsAccessGroupId: process.env.GROUP ?? "", acsUser: adaLobby });
`;
