// Compiled, never run: the compiler must reject each line under an expectation, or `npm run types` fails.
import * as pulumi from "@pulumi/pulumi";
import * as seam from "pulumi-seam";
import { startSimulator } from "pulumi-seam/testing";

const secret: pulumi.Output<string> = pulumi.secret("jean@example.com");
const jean = new seam.UserIdentity("jean", {
  emailAddress: secret,
  fullName: "Jean Doe",
  adopt: pulumi.output(true),
  deletionPolicy: "retain",
  teardown: { acsUsers: "unlink", timeoutSeconds: 60 },
});
new seam.UserIdentity("nobody");
new seam.AcsUserLink("link", { userIdentity: jean, acsUserId: "id" });
const lobbyUser = new seam.AcsUser("jean", { acsSystemId: "id", fullName: "Jean Doe", suspended: true });
new seam.AcsUserLink("link", { userIdentity: jean, acsUser: lobbyUser });
new seam.AcsUserLink("link", { userIdentityId: jean.id, acsUserId: pulumi.output("id") });

// @ts-expect-error a misspelled argument
new seam.UserIdentity("jean", { emailAdress: "jean@example.com" });
// @ts-expect-error a misspelled nested argument
new seam.UserIdentity("jean", { teardown: { timeout: 60 } });
// @ts-expect-error an unknown policy
new seam.UserIdentity("jean", { deletionPolicy: "delete" });
// @ts-expect-error a name must be a string
new seam.UserIdentity("jean", { fullName: 7 });
// @ts-expect-error an ACS user needs a system
new seam.AcsUser("jean", { fullName: "Jean Doe" });
const endless: seam.AccessScheduleArgs = { startsAt: "2026-12-01T00:00:00Z" };
// @ts-expect-error a schedule needs a start
const startless: seam.AccessScheduleArgs = { endsAt: "2026-12-01T00:00:00Z" };
export { endless, startless };
// @ts-expect-error a misspelled argument
new seam.AcsUser("jean", { acsSystemId: "id", fullName: "Jean Doe", emailAdress: "jean@example.com" });
// @ts-expect-error a misspelled nested argument
new seam.AcsUser("jean", { acsSystemId: "id", fullName: "Jean Doe", teardown: { acsUsers: "unlink" } });
// @ts-expect-error a misspelled argument
new seam.AcsUserLink("link", { userIdentity: jean, acsUserID: "id" });
// @ts-expect-error acsUser must be a resource, not an id
new seam.AcsUserLink("link", { userIdentity: jean, acsUser: "id" });
// @ts-expect-error a misspelled argument
new seam.Provider("berlin", { apiKey: "seam_test", endPoint: "https://connect.getseam.com" });
// @ts-expect-error a misspelled argument
void seam.getAcsUser({ acsSystemId: "id", emailAdress: "jean@example.com" });
// @ts-expect-error a misspelled argument
seam.getAcsUserOutput({ acsSystemID: "id", emailAddress: secret });
// @ts-expect-error a misspelled argument
void seam.getUserIdentity({ userIdentitykey: "jean" });
// @ts-expect-error a misspelled argument
seam.getUserIdentityOutput({ phone: secret });
const headquarters = new seam.Space("hq", {
  name: "Headquarters",
  acsEntranceIds: [seam.getAcsEntranceOutput({ acsEntranceId: "id" }).acsEntranceId],
  deviceIds: pulumi.output(["id"]),
  deletionPolicy: "retain",
});
const requestedAccessMethods = [{ mode: "code" as const }];
new seam.AccessGrant("jean", { userIdentity: jean, spaces: [headquarters], requestedAccessMethods });
new seam.AccessGrant("jean", {
  userIdentity: jean,
  spaces: [headquarters, seam.getSpaceOutput({ name: "Annex" })],
  requestedAccessMethods,
});
new seam.AccessGrant("jean", { userIdentity: jean, spaceIds: [headquarters.id], requestedAccessMethods });
new seam.AcsUser("jean", { acsSystemId: "id", fullName: "Jean Doe", acsAccessGroupIds: [secret] });
// @ts-expect-error a space needs a name
new seam.Space("hq", { deviceIds: ["id"] });
// @ts-expect-error a misspelled argument
new seam.Space("hq", { name: "Headquarters", entranceIds: ["id"] });
// @ts-expect-error members must be a list
new seam.Space("hq", { name: "Headquarters", deviceIds: "id" });
// @ts-expect-error a place must be a space
new seam.AccessGrant("jean", { userIdentity: jean, spaces: [jean], requestedAccessMethods });
// @ts-expect-error space must be a resource, not an id
new seam.AccessGrant("jean", { userIdentity: jean, spaces: ["id"], requestedAccessMethods });
// @ts-expect-error an identity cannot be given by its name
new seam.AcsUserLink("link", { userIdentity: "jean", acsUserId: "id" });
// @ts-expect-error a Provider needs a key
new seam.Provider("berlin", { endpoint: "https://connect.getseam.com" });
// @ts-expect-error outputs are read-only
jean.displayName = pulumi.output("Jean");

export const name: pulumi.Output<string> = jean.displayName;
export const maybe: pulumi.Output<string | undefined> = jean.emailAddress;
export const found: Promise<seam.GetAcsUserResult> = seam.getAcsUser({ acsUserId: "id" });
// @ts-expect-error the result of a lookup is not a resource
export const wrong: seam.UserIdentity = seam.getUserIdentity({ userIdentityKey: "jean" });
export const url: Promise<string> = startSimulator().then((simulator) => simulator.url);
const lookupOptions: seam.LookupOptions = { provider: new seam.Provider("oslo", { apiKey: secret }) };
export const foundThere: Promise<seam.GetAcsUserResult> = seam.getAcsUser({ acsUserId: "id" }, lookupOptions);
// @ts-expect-error the result of an optional lookup may be undefined
export const foundOrNot: Promise<seam.GetAcsUserResult> = seam.getAcsUser(
  { acsUserId: "id" },
  { ifMissing: "undefined" },
);
