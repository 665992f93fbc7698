import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { getAcsUser, getUserIdentity } from "../../../provider";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

const nobody = "00000000-0000-4000-8000-000000000000";

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
    // A search for the address above finds this one, which is another person.
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

  it("find an identity by id, key, e-mail address in any case, and phone number", async () => {
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

  it("find an ACS user by id, and by system and e-mail address", async () => {
    for (const by of [{ acsUserId }, { acsSystemId, emailAddress: "JEAN@example.com" }]) {
      const found = await getAcsUser(by);
      assert.deepEqual([found.acsUserId, found.userIdentityId], [acsUserId, userIdentityId]);
    }
  });

  /** Expects an error that contains all of these texts, and no personal data. */
  async function fails(looking: Promise<unknown>, ...says: RegExp[]): Promise<void> {
    await assert.rejects(looking, (error: Error) => {
      for (const pattern of says) assert.match(error.message, pattern);
      assert.doesNotMatch(error.message, /jane|jean|5555501/);
      assert.ok(!error.message.includes(seam.apiKey));
      return true;
    });
  }

  it("fail if nothing is found, and mask the person", async () => {
    const workspace = new RegExp(`there is none in the workspace ${seam.workspaceId}\\. `);
    await fails(
      getUserIdentity({ emailAddress: "jane@example.com" }),
      /could not find the user identity with emailAddress j\*\*\*@example\.com: /,
      workspace,
      /ifMissing: "undefined"/,
    );
    await fails(getUserIdentity({ userIdentityKey: "jane" }), /with userIdentityKey \*\*\*: /, workspace);
    await fails(getUserIdentity({ phoneNumber: "+15555550199" }), /with phoneNumber \+\*\*\*99: /, workspace);
    await fails(
      getAcsUser({ acsSystemId, emailAddress: "jane@example.com" }),
      new RegExp(`the ACS user with acsSystemId ${acsSystemId}, emailAddress j\\*\\*\\*@example\\.com: `),
      workspace,
    );
    await fails(getAcsUser({ acsUserId: nobody }), new RegExp(`with acsUserId ${nobody}: `), workspace);
  });

  it("advise to run the command again, and promise no continuation of what changed nothing", async () => {
    await seam.act("faults", {
      match: { path: "/user_identities/get", times: 100 },
      fault: { kind: "status", status: 403 },
    });
    await assert.rejects(getUserIdentity({ userIdentityId }), (error: Error) => {
      assert.match(error.message, /may not use \/user_identities\/get\. .*run the same command again\.$/);
      return true;
    });
    await seam.act("faults", {}, "DELETE");
  });

  it("return undefined if nothing is found and the program allows it", async () => {
    const opts = { ifMissing: "undefined" } as const;
    assert.equal(await getUserIdentity({ emailAddress: "jane@example.com" }, opts), undefined);
    assert.equal(await getUserIdentity({ userIdentityKey: "jane" }, opts), undefined);
    assert.equal(await getUserIdentity({ userIdentityId: nobody }, opts), undefined);
    assert.equal(await getAcsUser({ acsUserId: nobody }, opts), undefined);
    assert.equal(await getAcsUser({ acsSystemId, phoneNumber: "+15555550199" }, opts), undefined);
    assert.equal((await getAcsUser({ acsUserId }, opts))?.acsUserId, acsUserId);
    await fails(getUserIdentity({ userIdentityId: "" }, opts), /userIdentityId must be/);
    const misspelled = { ifMissing: "null" } as unknown as typeof opts;
    await fails(getAcsUser({ acsUserId }, misspelled), /ifMissing must be "error" or "undefined"/);
  });

  it("require exactly one way to find something", async () => {
    await assert.rejects(getUserIdentity({}), /exactly one of userIdentityId, userIdentityKey/);
    await assert.rejects(
      getUserIdentity({ userIdentityKey: "a", emailAddress: "b@example.com" }),
      /exactly one/,
    );
    const either = /either acsUserId, or acsSystemId and one of emailAddress and phoneNumber/;
    for (const args of [
      {},
      { acsSystemId },
      { emailAddress: "a@example.com" },
      { acsUserId, acsSystemId },
      { acsUserId, acsSystemId, emailAddress: "a@example.com" },
      { acsSystemId, emailAddress: "a@example.com", phoneNumber: "+15555550110" },
    ]) {
      await assert.rejects(getAcsUser(args), either);
    }
  });

  it("reject an empty argument, which would find everybody, and an invalid id", async () => {
    for (const empty of ["", " "]) {
      await fails(getUserIdentity({ emailAddress: empty }), /emailAddress must be a non-empty string/);
      await fails(getUserIdentity({ userIdentityKey: empty }), /userIdentityKey must be a non-empty string/);
      await fails(getAcsUser({ acsSystemId, phoneNumber: empty }), /phoneNumber must be a non-empty string/);
    }
    await fails(getUserIdentity({ userIdentityId: "jean" }), /userIdentityId must be a UUID/);
    await fails(
      getAcsUser({ acsSystemId: "jean", emailAddress: "a@example.com" }),
      /acsSystemId must be a UUID/,
    );
    const misspelled = { acsSystemId, emailAdress: "jean@example.com" };
    await fails(getAcsUser(misspelled), /there is no argument emailAdress/);
  });

  it("name all ACS users that have the e-mail address or phone number, and never choose the first", async () => {
    const twice = "twice@example.com";
    const [suspended, active] = [
      await seam.createAcsUser(acsSystemId, twice),
      await seam.createAcsUser(acsSystemId, twice.toUpperCase()),
    ];
    await seam.call("/acs/users/suspend", { acs_user_id: suspended });
    const both = [new RegExp(`${suspended} \\(suspended\\)`), new RegExp(`${active}[,.]`)];
    await fails(getAcsUser({ acsSystemId, emailAddress: twice }), /more than one ACS user/, ...both);
    await fails(
      getAcsUser({ acsSystemId, emailAddress: twice }, { ifMissing: "undefined" }),
      /more than one ACS user/,
      ...both,
    );
    for (const id of [suspended, active]) {
      await seam.call("/acs/users/update", { acs_user_id: id, phone_number: "+15555550123" });
    }
    await fails(getAcsUser({ acsSystemId, phoneNumber: "+15555550123" }), ...both);
    const found = await getAcsUser({ acsUserId: suspended });
    assert.deepEqual([found.acsUserId, found.isSuspended], [suspended, true]);
  });

  it("find an ACS user by system and phone number", async () => {
    await seam.call("/acs/users/update", { acs_user_id: acsUserId, phone_number: "+15555550110" });
    assert.equal((await getAcsUser({ acsSystemId, phoneNumber: "+15555550110" })).acsUserId, acsUserId);
    await fails(getAcsUser({ acsSystemId, phoneNumber: "+1555555011" }), /there is none/);
  });

  it("fail for an identity that was merged into another, and name that one", async () => {
    const merged = await seam.createUserIdentity({ user_identity_key: "old" });
    await seam.act("merge", { from: merged, into: userIdentityId });
    const into = new RegExp(`merged into user identity ${userIdentityId}`);
    await fails(getUserIdentity({ userIdentityId: merged }), into);
    await fails(getUserIdentity({ userIdentityId: merged }, { ifMissing: "undefined" }), into);
  });

  describe("with a pinned workspace", () => {
    const pinned = (workspaceId: string) => pulumi.runtime.setConfig("seam:workspaceId", workspaceId);
    afterEach(() => pulumi.runtime.setAllConfig({}));

    it("look something up in that one", async () => {
      pinned(seam.workspaceId.toUpperCase());
      assert.equal((await getAcsUser({ acsUserId })).workspaceId, seam.workspaceId);
    });

    it("read nothing with a key for another one", async () => {
      pinned(nobody);
      await seam.act("reset_log");
      const says = [new RegExp(nobody), new RegExp(seam.workspaceId), /Nothing was read/];
      await fails(getAcsUser({ acsUserId }), ...says);
      await fails(getUserIdentity({ userIdentityKey: "jean" }, { ifMissing: "undefined" }), ...says);
      const routes = (await seam.requests()).map((request) => request.path);
      assert.ok(
        routes.every((route) => route === "/workspaces/get"),
        routes.join(", "),
      );
    });
  });
});
