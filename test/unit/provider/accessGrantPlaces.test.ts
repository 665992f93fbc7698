import assert from "node:assert/strict";
import { answeringSeam } from "../../answeringSeam";
import { Engine } from "../../engine";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

describe("the places of an AccessGrant", () => {
  let seam: SimulatedWorkspace;
  let engine: Engine;
  let jean: string;
  let locks: string[];
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    engine = new Engine(seam.env);
    jean = await seam.createUserIdentity({ full_name: "Jean" });
    locks = (await seam.places()).devices.map((one) => one.device_id).sort();
  });
  afterEach(() => seam.close());

  const made = async () => {
    const verbs = engine.providerAlone("accessGrant");
    const created = await verbs.create({
      userIdentityId: jean,
      deviceIds: locks.slice(0, 1),
      requestedAccessMethods: [{ mode: "code" }],
      accessGrantKey: "jean-door",
    });
    return { id: created.id, outs: created.outs as object };
  };

  it("cannot be checked if the answer is about no grant", async () => {
    const { id, outs } = await made();
    await seam.behave({ ignoredFilters: ["/access_grants/get_related access_grant_ids"] });
    await assert.rejects(
      engine.providerAlone("accessGrant").read(id, outs),
      /could not read access grant .*: its places could not be checked/,
    );
  });

  it("cannot be checked if the answer is also about other people's grants", async () => {
    const { id, outs } = await made();
    const ada = await seam.createUserIdentity({ full_name: "Ada" });
    const fake = await answeringSeam();
    const related = await seam.call<{ batch: object }>("/access_grants/get_related", {
      access_grant_ids: [id, await seam.createGrant(ada, { deviceIds: locks.slice(1, 2) })],
    });
    fake.answers["/access_grants/get"] = await seam.call("/access_grants/get", { access_grant_id: id });
    fake.answers["/access_grants/get_related"] = related;
    try {
      engine = new Engine({ SEAM_API_KEY: seam.apiKey, SEAM_ENDPOINT: fake.url });
      await assert.rejects(
        engine.providerAlone("accessGrant").read(id, outs),
        /could not read access grant .*: its places could not be checked/,
      );
    } finally {
      await fake.close();
    }
  });

  it("are not read from a grant whose key is not the requested one", async () => {
    const { id } = await made();
    const fake = await answeringSeam();
    fake.answers["/user_identities/get"] = await seam.call("/user_identities/get", {
      user_identity_id: jean,
    });
    fake.answers["/access_grants/get"] = await seam.call("/access_grants/get", { access_grant_id: id });
    fake.answers["/access_grants/get_related"] = await seam.call("/access_grants/get_related", {
      access_grant_ids: [id],
    });
    fake.answers["/access_methods/list"] = await seam.call("/access_methods/list", { access_grant_id: id });
    try {
      engine = new Engine({ SEAM_API_KEY: seam.apiKey, SEAM_ENDPOINT: fake.url });
      await assert.rejects(
        engine.providerAlone("accessGrant").create({
          userIdentityId: jean,
          deviceIds: locks.slice(0, 1),
          requestedAccessMethods: [{ mode: "code" }],
          accessGrantKey: "another-key",
          adopt: true,
        }),
        /which has another accessGrantKey. Nothing was changed/,
      );
    } finally {
      await fake.close();
    }
  });
});
