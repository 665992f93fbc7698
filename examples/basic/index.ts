import * as pulumi from "@pulumi/pulumi";
import * as seam from "pulumi-seam";

const config = new pulumi.Config();
const lobby = config.require("lobbyAcsSystemId");
const offices = config.require("officesAcsSystemId");
const domain = config.get("domain") ?? "example.com";

/** Links the person's ACS user in a system, found by e-mail address, to the person's identity. */
function link(
  name: string,
  userIdentity: seam.UserIdentity,
  acsSystemId: string,
  emailAddress: string,
): void {
  const acsUser = seam.getAcsUserOutput({ acsSystemId, emailAddress });
  new seam.AcsUserLink(name, { userIdentity, acsUserId: acsUser.acsUserId });
}

const jean = new seam.UserIdentity("jean", {
  userIdentityKey: "jean_doe",
  emailAddress: `jean@${domain}`,
  phoneNumber: "+15555550110",
  fullName: config.get("jeansName") ?? "Jean Doe",
});
link("jean-lobby", jean, lobby, `jean@${domain}`);
link("jean-offices", jean, offices, `jean@${domain}`);

const ada = new seam.UserIdentity("ada", { emailAddress: `ada@${domain}`, fullName: "Ada Byron" });
link("ada-lobby", ada, lobby, `ada@${domain}`);

// Sam's cards stay valid when the app account is deleted: the ACS user is unlinked, not deleted.
const sam = new seam.UserIdentity("sam", {
  emailAddress: `sam@${domain}`,
  fullName: "Sam Rivers",
  teardown: { acsUsers: "unlink" },
});
link("sam-offices", sam, offices, `sam@${domain}`);

export const userIdentityIds = { jean: jean.id, ada: ada.id, sam: sam.id };
