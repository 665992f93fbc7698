import assert from "node:assert/strict";
import { SimulatedWorkspace } from "../simulatedWorkspace";

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** The vendor's own fake implements few of our routes; for those, the two must agree. */
describe("the simulator, compared with the vendor's fake,", () => {
  let seam: SimulatedWorkspace;
  let fakeUrl: string;
  let stopFake: () => Promise<unknown>;
  const fakeKey = "seam_apikey1_token";

  before(async () => {
    seam = await SimulatedWorkspace.start();
    const { createFake } = await import("@seamapi/fake-seam-connect");
    const fake = await createFake();
    await fake.seed();
    await fake.startServer();
    fakeUrl = fake.serverUrl ?? "";
    stopFake = async () => fake.stopServer();
  });
  after(async () => {
    await seam.close();
    await stopFake();
  });

  async function both(path: string, body: object, fakeBody: object = body): Promise<[Answer, Answer]> {
    const post = async (url: string, key: string, sent: object): Promise<Answer> => {
      const response = await fetch(url + path, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
        body: JSON.stringify(sent),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    return Promise.all([post(seam.url, seam.apiKey, body), post(fakeUrl, fakeKey, fakeBody)]);
  }

  /** Asserts that fields that both have are of the same type. */
  function assertSameShape(ours: unknown, theirs: unknown, where: string): void {
    if (ours === null || theirs === null) return;
    assert.equal(typeof ours, typeof theirs, where);
    assert.equal(Array.isArray(ours), Array.isArray(theirs), where);
    if (typeof ours !== "object" || typeof theirs !== "object" || Array.isArray(ours)) return;
    for (const [name, value] of Object.entries(ours)) {
      const other = (theirs as Record<string, unknown>)[name];
      if (other !== undefined) assertSameShape(value, other, `${where}.${name}`);
    }
  }

  const nobody = "00000000-0000-4000-8000-000000000000";
  const failing: [string, object][] = [
    ["/acs/users/get", { acs_user_id: nobody }],
    ["/acs/users/delete", { acs_user_id: nobody }],
    ["/acs/users/create", { full_name: "Jean" }],
    ["/client_sessions/get", { client_session_id: nobody }],
    ["/events/list", {}],
  ];
  for (const [path, body] of failing) {
    it(`fails ${path} ${JSON.stringify(body)} in the same way`, async () => {
      const [ours, theirs] = await both(path, body);
      assert.equal(ours.status, theirs.status);
      const type = (answer: Answer): unknown => (answer.body.error as { type?: string }).type;
      assert.equal(type(ours), type(theirs));
    });
  }

  const succeeding: [string, object, string][] = [
    ["/workspaces/get", {}, "workspace"],
    ["/acs/users/list", {}, "acs_users"],
    ["/client_sessions/create", { user_identifier_key: "jean" }, "client_session"],
    ["/events/list", { since: "2020-01-01T00:00:00.000Z" }, "events"],
  ];
  for (const [path, body, property] of succeeding) {
    it(`answers ${path} in the same form`, async () => {
      const [ours, theirs] = await both(path, body);
      assert.deepEqual([ours.status, theirs.status], [200, 200]);
      assert.ok(property in ours.body && property in theirs.body);
      assertSameShape(ours.body, theirs.body, path);
    });
  }

  it("creates ACS users in the same form", async () => {
    const person = { full_name: "Jean Doe", email_address: "jean@example.com" };
    const [ours, theirs] = await both(
      "/acs/users/create",
      { ...person, acs_system_id: await seam.acsSystemId(0) },
      { ...person, acs_system_id: "visionline_acs_system_1" },
    );
    assert.deepEqual([ours.status, theirs.status], [200, 200]);
    assertSameShape(ours.body, theirs.body, "/acs/users/create");
  });
});
