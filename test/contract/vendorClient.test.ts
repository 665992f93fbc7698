import assert from "node:assert/strict";
import { SimulatedWorkspace } from "../simulatedWorkspace";

describe("the vendor's client with the simulator", () => {
  let simulated: SimulatedWorkspace;
  before(async () => {
    simulated = await SimulatedWorkspace.start();
  });
  after(() => simulated.close());

  it("creates, links, lists by pages and deletes", async () => {
    const { SeamHttp } = await import("@seamapi/http");
    const seam = new SeamHttp({ apiKey: simulated.apiKey, endpoint: simulated.url });
    const jean = await seam.userIdentities.create({
      email_address: "jean@example.com",
      full_name: "Jean Doe",
    });
    const [system] = await seam.acs.systems.list();
    assert.ok(system);
    const user = await seam.acs.users.create({ acs_system_id: system.acs_system_id, full_name: "Jean Doe" });
    await seam.userIdentities.addAcsUser({
      user_identity_id: jean.user_identity_id,
      acs_user_id: user.acs_user_id,
    });
    const linked = await seam.userIdentities.listAcsUsers({ user_identity_id: jean.user_identity_id });
    assert.deepEqual(
      linked.map((one) => one.acs_user_id),
      [user.acs_user_id],
    );
    await seam.userIdentities.update({ user_identity_id: jean.user_identity_id, full_name: "Jean Roe" });
    const found = await seam.userIdentities.get({ user_identity_id: jean.user_identity_id });
    assert.equal(found.full_name, "Jean Roe");

    await simulated.act("populate", { identities: 5 });
    const pages = seam.createPaginator(seam.userIdentities.list({ limit: 2 }));
    assert.equal((await pages.flattenToArray()).length, 6);

    await assert.rejects(
      seam.userIdentities.create({ email_address: "jean@example.com" }),
      (error: { statusCode?: number }) => error.statusCode === 409,
    );
    const since = new Date(Date.now() - 10_000).toISOString();
    await seam.acs.users.delete({ acs_user_id: user.acs_user_id });
    const events = await seam.events.list({ since, event_type: "acs_user.deleted" });
    assert.equal(events.length, 1);
    await seam.userIdentities.delete({ user_identity_id: jean.user_identity_id });
    await assert.rejects(
      seam.userIdentities.get({ user_identity_id: jean.user_identity_id }),
      (error: { statusCode?: number }) => error.statusCode === 404,
    );
  });

  it("gets an error in the form that it knows for a wrong key", async () => {
    const { SeamHttp } = await import("@seamapi/http");
    const seam = new SeamHttp({ apiKey: "seam_wrong_key", endpoint: simulated.url });
    await assert.rejects(seam.workspaces.get(), { name: "SeamHttpUnauthorizedError" });
  });
});
