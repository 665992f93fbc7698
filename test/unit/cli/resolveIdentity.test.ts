import assert from "node:assert/strict";
import { resolveIdentity } from "../../../cli/resolveIdentity";
import { SeamClient } from "../../../provider/seam/client";
import { answeringSeam, type AnsweringSeam } from "../../answeringSeam";

const user_identity = {
  user_identity_id: "20000000-0000-4000-8000-000000000001",
  user_identity_key: "primary",
  created_at: "2026-11-01T00:00:00Z",
  workspace_id: "48500a8e-5e7e-4bde-b7e5-0be97cae5d7a",
};

describe("the identity that a user of the command names", () => {
  let seam: AnsweringSeam;
  let client: SeamClient;
  beforeEach(async () => {
    seam = await answeringSeam();
    client = new SeamClient({ apiKey: "seam_test_key", endpoint: seam.url });
    seam.answers["/user_identities/get"] = { user_identity };
    seam.answers["/user_identities/list"] = { user_identities: [] };
  });
  afterEach(() => seam.close());

  it("is found by its key", async () => {
    assert.equal((await resolveIdentity(client, "primary")).user_identity_id, user_identity.user_identity_id);
  });

  it("is not the identity into which the one with that key was merged", async () => {
    for (const key of ["merged", "merged@example.com"]) {
      await assert.rejects(
        resolveIdentity(client, key),
        new RegExp(`merged into (user identity )?${user_identity.user_identity_id}`),
      );
    }
  });
});
