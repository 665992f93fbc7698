import assert from "node:assert/strict";
import { request } from "node:http";
import { SimulatedWorkspace } from "../simulatedWorkspace";

const parts = ["/", "/_simulator/page.css", "/_simulator/page.js", "/_simulator/view"];

describe("the simulator's page", () => {
  let seam: SimulatedWorkspace;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
  });
  afterEach(() => seam.close());

  const status = (path: string, method: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = request(`${seam.url}${path}`, { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on("error", reject);
      sent.end();
    });

  it("is served to local pages only, allows nothing from elsewhere, and accepts only GET", async () => {
    for (const path of parts) {
      const { status: found, headers } = await fetch(`${seam.url}${path}`);
      assert.equal(found, 200, path);
      assert.match(headers.get("content-security-policy") ?? "", /^default-src 'none'; script-src 'self';/);
      assert.doesNotMatch(headers.get("content-security-policy") ?? "", /unsafe|\*|https?:/);
      assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
      assert.equal(headers.get("access-control-allow-origin"), null);
      assert.equal(await status(path, "GET", { host: "evil.example" }), 403);
      assert.equal(await status(path, "GET", { origin: "http://evil.example" }), 403);
      for (const method of ["POST", "PUT", "DELETE"]) assert.ok((await status(path, method, {})) >= 400);
    }
  });

  it("shows no secret and no address, and a limited number of people", async () => {
    const email_address = "jean@example.com";
    const id = await seam.createUserIdentity({ full_name: "Jean", email_address });
    await seam.createGrant(id);
    await seam.act("client_sessions", { user_identity_id: id });
    await seam.act("populate", { identities: 300, acs_users: true });
    const text = await (await fetch(`${seam.url}/_simulator/view`)).text();
    assert.doesNotMatch(text, /token|seam_|@example\.com|"code"\s*:/);
    const view = JSON.parse(text) as { people: unknown[]; peopleInAll: number };
    assert.deepEqual([view.people.length, view.peopleInAll], [100, 301]);
  });
});
