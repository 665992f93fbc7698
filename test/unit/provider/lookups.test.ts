import assert from "node:assert/strict";
import { getAcsUser, getUserIdentity } from "../../../provider";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

describe("lookups", () => {
  let seam: SimulatedWorkspace;
  let userIdentityId: string;
  let acsUserId: string;
  let acsSystemId: string;
  const environment = { ...process.env };

  before(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    Object.assign(process.env, seam.env);
    await seam.act("populate", { identities: 20 });
    userIdentityId = await seam.createUserIdentity({
      user_identity_key: "jean",
      email_address: "jean@example.com",
      phone_number: "+15555550110",
    });
    // Found by a search for the address above, and still somebody else.
    await seam.createUserIdentity({ email_address: "not-jean@example.com" });
    acsSystemId = await seam.acsSystemId(1);
    acsUserId = await seam.createAcsUser(acsSystemId, "jean@example.com", userIdentityId);
    await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com");
    await seam.createAcsUser(acsSystemId, "not-jean@example.com");
  });
  after(async () => {
    process.env = environment;
    await seam.close();
  });

  it("finds an identity by id, key, e-mail address in any case, and phone number", async () => {
    for (const by of [
      { userIdentityId },
      { userIdentityKey: "jean" },
      { emailAddress: "Jean@Example.COM" },
      { phoneNumber: "+15555550110" },
    ]) {
      const found = await getUserIdentity(by);
      assert.equal(found.userIdentityId, userIdentityId);
      assert.deepEqual(found.acsUserIds, [acsUserId]);
      assert.equal(found.workspaceId, seam.workspaceId);
    }
  });

  it("finds an ACS user by id, and by system and e-mail address", async () => {
    for (const by of [{ acsUserId }, { acsSystemId, emailAddress: "JEAN@example.com" }]) {
      const found = await getAcsUser(by);
      assert.deepEqual([found.acsUserId, found.userIdentityId], [acsUserId, userIdentityId]);
    }
  });

  it("says so when there is none, without repeating personal data", async () => {
    await assert.rejects(getUserIdentity({ emailAddress: "jane@example.com" }), (error: Error) => {
      assert.match(error.message, /could not find the user identity by emailAddress: there is none/);
      assert.doesNotMatch(error.message, /jane/);
      return true;
    });
    await assert.rejects(getAcsUser({ acsSystemId, emailAddress: "jane@example.com" }), /there is none/);
  });

  it("takes exactly one way to find something", async () => {
    await assert.rejects(getUserIdentity({}), /exactly one of userIdentityId, userIdentityKey/);
    await assert.rejects(
      getUserIdentity({ userIdentityKey: "a", emailAddress: "b@example.com" }),
      /exactly one/,
    );
    await assert.rejects(getAcsUser({ acsSystemId }), /either acsUserId, or acsSystemId and emailAddress/);
    await assert.rejects(getAcsUser({ acsUserId, acsSystemId, emailAddress: "a@example.com" }), /either/);
  });
});
