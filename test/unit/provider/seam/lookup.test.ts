import assert from "node:assert/strict";
import { SeamClient } from "../../../../provider/seam/client";
import {
  AmbiguousLookupError,
  findAcsUserByEmailAddress,
  findAcsUsersBy,
  findUserIdentityBy,
  MergedUserIdentityKeyError,
} from "../../../../provider/seam/lookup";
import { assertPinnedWorkspace, PinnedWorkspaceError } from "../../../../provider/seam/pinnedWorkspace";
import { answeringSeam, type AnsweringSeam } from "../../../answeringSeam";

const workspace_id = "48500a8e-5e7e-4bde-b7e5-0be97cae5d7a";
const [lobby, offices] = ["10000000-0000-4000-8000-000000000001", "10000000-0000-4000-8000-000000000002"];
const id = (number: number): string => `20000000-0000-4000-8000-00000000000${number}`;

const identity = (number: number, attributes: object) => ({
  user_identity_id: id(number),
  created_at: "2026-11-01T00:00:00Z",
  workspace_id,
  ...attributes,
});
const acsUser = (number: number, attributes: object) => ({
  acs_user_id: id(number),
  acs_system_id: lobby,
  workspace_id,
  ...attributes,
});

describe("a lookup by key, e-mail address or phone number", () => {
  let seam: AnsweringSeam;
  let client: SeamClient;
  beforeEach(async () => {
    seam = await answeringSeam();
    client = new SeamClient({ apiKey: "seam_test_key", endpoint: seam.url });
  });
  afterEach(() => seam.close());

  it("compares what a search returns with the value", async () => {
    seam.answers["/user_identities/list"] = {
      user_identities: [
        identity(1, { email_address: "not-jean@example.com" }),
        identity(2, { email_address: "Jean@Example.com" }),
        identity(3, { full_name: "jean@example.com" }),
      ],
    };
    const found = await findUserIdentityBy(client, "email_address", "jean@example.COM");
    assert.equal(found?.user_identity_id, id(2));
    assert.equal(await findUserIdentityBy(client, "email_address", "ada@example.com"), undefined);
  });

  it("names all identities that match, and none of their data", async () => {
    seam.answers["/user_identities/list"] = {
      user_identities: [
        identity(1, { email_address: "jean@example.com" }),
        identity(2, { email_address: "JEAN@example.com" }),
      ],
    };
    await assert.rejects(
      findUserIdentityBy(client, "email_address", "jean@example.com"),
      (error: unknown) => {
        assert.ok(error instanceof AmbiguousLookupError);
        assert.deepEqual(error.ids, [id(1), id(2)]);
        for (const one of error.ids) assert.ok(error.message.includes(one));
        assert.doesNotMatch(error.message, /jean@/i);
        return true;
      },
    );
  });

  it("counts an identity that two pages show once", async () => {
    const jean = identity(1, { phone_number: "+15555550110" });
    seam.answers["/user_identities/list"] = { user_identities: [jean, jean] };
    assert.equal((await findUserIdentityBy(client, "phone_number", "+15555550110"))?.user_identity_id, id(1));
  });

  it("rejects an identity that a key finds if its own key is another one or missing", async () => {
    for (const user_identity_key of ["primary", "EMP-1042", null]) {
      seam.answers["/user_identities/get"] = { user_identity: identity(1, { user_identity_key }) };
      await assert.rejects(findUserIdentityBy(client, "user_identity_key", "emp-1042"), (error: unknown) => {
        assert.ok(error instanceof MergedUserIdentityKeyError);
        assert.equal(error.mergedInto, id(1));
        assert.match(error.message, new RegExp(`merged into user identity ${id(1)}`));
        return true;
      });
    }
    seam.answers["/user_identities/get"] = { user_identity: identity(1, { user_identity_key: "emp-1042" }) };
    assert.ok(await findUserIdentityBy(client, "user_identity_key", "emp-1042"));
  });

  it("finds all ACS users of a system by either attribute, each once", async () => {
    seam.answers["/acs/users/list"] = {
      acs_users: [
        acsUser(1, { email_address: "Jean@example.com", phone_number: "+15555550110" }),
        acsUser(2, { phone_number: "+15555550110", is_suspended: true }),
        acsUser(3, { phone_number: "+155555501101" }),
        acsUser(4, { email_address: "jean@example.com", acs_system_id: offices }),
        acsUser(5, { full_name: "jean@example.com" }),
      ],
    };
    const found = async (by: { emailAddress?: string; phoneNumber?: string }) =>
      (await findAcsUsersBy(client, lobby ?? "", by)).map((user) => user.acs_user_id);
    assert.deepEqual(await found({ emailAddress: "jean@EXAMPLE.com" }), [id(1)]);
    assert.deepEqual(await found({ phoneNumber: "+15555550110" }), [id(1), id(2)]);
    assert.deepEqual(await found({ emailAddress: "jean@example.com", phoneNumber: "+15555550110" }), [
      id(1),
      id(2),
    ]);
    assert.deepEqual(await found({}), []);
  });

  it("names which of several ACS users are suspended or being deleted", async () => {
    const email_address = "jean@example.com";
    const warnings = [{ warning_code: "being_deleted", message: "" }];
    seam.answers["/acs/users/list"] = {
      acs_users: [
        acsUser(1, { email_address, is_suspended: true }),
        acsUser(2, { email_address }),
        acsUser(3, { email_address, is_suspended: true, warnings }),
      ],
    };
    await assert.rejects(findAcsUserByEmailAddress(client, lobby ?? "", email_address), (error: unknown) => {
      assert.ok(error instanceof AmbiguousLookupError);
      assert.deepEqual(error.ids, [id(1), id(2), id(3)]);
      const named = `${id(1)} (suspended), ${id(2)}, ${id(3)} (suspended, being deleted)`;
      assert.ok(error.message.includes(named), error.message);
      assert.doesNotMatch(error.message, /jean@/);
      return true;
    });
  });

  it("compares the workspace of the key with the pinned one, in one request", async () => {
    seam.answers["/workspaces/get"] = { workspace: { workspace_id } };
    await assertPinnedWorkspace(client, undefined);
    assert.equal(seam.requests.length, 0);
    await assertPinnedWorkspace(client, workspace_id);
    await assert.rejects(assertPinnedWorkspace(client, id(1)), (error: unknown) => {
      assert.ok(error instanceof PinnedWorkspaceError);
      for (const one of [workspace_id, id(1)]) assert.ok(error.message.includes(one));
      return true;
    });
    assert.deepEqual(seam.requests, ["/workspaces/get"]);
  });
});
