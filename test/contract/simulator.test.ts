import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator } from "../../simulator";
import { SimulatedWorkspace } from "../simulatedWorkspace";

interface ErrorBody {
  error: { type: string; message: string; validation_errors?: Record<string, unknown> };
  ok: boolean;
}

describe("the simulated workspace", () => {
  let seam: SimulatedWorkspace;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
  });
  afterEach(() => seam.close());

  async function post(path: string, body: object, headers: Record<string, string> = {}) {
    const response = await fetch(`${seam.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${seam.apiKey}`, ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const parsed = text.startsWith("{") ? (JSON.parse(text) as ErrorBody) : undefined;
    return { status: response.status, headers: response.headers, text, error: parsed?.error, ok: parsed?.ok };
  }

  it("rejects a second identity with the same key, e-mail address (in any case) or phone number", async () => {
    const taken = {
      user_identity_key: "jean",
      email_address: "jean@example.com",
      phone_number: "+15555550110",
    };
    const id = await seam.createUserIdentity(taken);
    for (const one of [
      { user_identity_key: "jean" },
      { email_address: "JEAN@example.com" },
      { phone_number: "+15555550110" },
    ]) {
      assert.equal((await post("/user_identities/create", one)).status, 409);
    }
    await seam.call("/user_identities/delete", { user_identity_id: id });
    assert.equal((await post("/user_identities/create", taken)).status, 200);
  });

  it("allows one ACS user per system and identity, and no second identity for an ACS user", async () => {
    const system = await seam.acsSystemId(0);
    const jean = await seam.createUserIdentity({ full_name: "Jean" });
    const ada = await seam.createUserIdentity({ full_name: "Ada" });
    const first = await seam.createAcsUser(system, "one@example.com", jean);
    const second = await seam.createAcsUser(system, "two@example.com");
    const link = (user_identity_id: string, acs_user_id: string) =>
      post("/user_identities/add_acs_user", { user_identity_id, acs_user_id });
    assert.equal((await link(jean, second)).error?.type, "user_identity_already_has_acs_user_on_acs_system");
    assert.equal((await link(ada, first)).error?.type, "acs_user_already_linked");
    assert.equal((await link(jean, first)).status, 200);
  });

  it("creates an identity for an unknown key in add_acs_user, as Seam does", async () => {
    const user = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com");
    await seam.call("/user_identities/add_acs_user", { acs_user_id: user, user_identity_key: "new" });
    assert.equal((await seam.state()).user_identities[0]?.user_identity_key, "new");
  });

  it("validates parameters in the vendor's form", async () => {
    const unknown = await post("/user_identities/create", { name: "Jean" });
    assert.equal(unknown.status, 400);
    assert.equal(unknown.error?.type, "invalid_input");
    assert.ok(unknown.error?.validation_errors && "name" in unknown.error.validation_errors);
    assert.equal((await post("/user_identities/get", { user_identity_id: "no uuid" })).status, 400);
    assert.equal((await post("/events/list", {})).status, 400);
    assert.equal((await post("/no/such/route", {})).status, 404);
  });

  it("requires an API key, and sends an id with each request", async () => {
    const answer = await post("/workspaces/get", {}, { authorization: "" });
    assert.equal(answer.status, 401);
    assert.ok(answer.headers.get("seam-request-id"));
    const token = { authorization: `Bearer ${seam.personalAccessToken}` };
    assert.equal((await post("/workspaces/get", {}, token)).status, 401);
    const constant = { authorization: "Bearer seam_at_1", "seam-workspace": seam.workspaceId };
    assert.equal((await post("/workspaces/get", {}, constant)).status, 401);
    assert.equal(
      (await post("/workspaces/get", {}, { ...token, "seam-workspace": seam.workspaceId })).status,
      200,
    );
  });

  it("accepts GET, PATCH and DELETE as well", async () => {
    const id = await seam.createUserIdentity({ full_name: "Jean" });
    const headers = { authorization: `Bearer ${seam.apiKey}` };
    const query = `${seam.url}/user_identities/get?user_identity_id=${id}&_strict=true`;
    assert.equal((await fetch(query, { headers })).status, 200);
    const patch = { method: "PATCH", headers: { ...headers, "content-type": "application/json" } };
    const body = JSON.stringify({ user_identity_id: id, full_name: "Jean Roe" });
    assert.equal((await fetch(`${seam.url}/user_identities/update`, { ...patch, body })).status, 200);
    const removal = `${seam.url}/user_identities/delete?user_identity_id=${id}`;
    assert.equal((await fetch(removal, { method: "DELETE", headers })).status, 200);
    assert.equal((await seam.state()).user_identities.length, 0);
  });

  it("lists pages that a deletion between them does not shift", async () => {
    await seam.act("populate", { identities: 5 });
    type Listing = {
      user_identities: { user_identity_id: string }[];
      pagination: { has_next_page: boolean; next_page_cursor: string | null };
    };
    const first = await seam.call<Listing>("/user_identities/list", { limit: 2 });
    await seam.call("/user_identities/delete", {
      user_identity_id: first.user_identities[0]?.user_identity_id,
    });
    const second = await seam.call<Listing>("/user_identities/list", {
      limit: 500,
      page_cursor: first.pagination.next_page_cursor,
    });
    assert.equal(second.user_identities.length, 3);
    assert.equal(second.pagination.has_next_page, false);
  });

  it("deletes credentials and ACS users with a delay, and then emits events", async () => {
    await seam.behave({ deletionTimeMs: [40, 60], eventDelayMs: 20 });
    const user = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com");
    await seam.act("credentials", { acs_user_id: user });
    assert.equal(
      (await post("/acs/users/delete", { acs_user_id: user })).error?.type,
      "acs_user_has_credentials",
    );
    const { acs_credentials } = await seam.state();
    await seam.call(
      "/acs/credentials/delete",
      acs_credentials[0] && { acs_credential_id: acs_credentials[0].acs_credential_id },
    );
    const shown = await post("/acs/credentials/list", { acs_user_id: user });
    assert.match(shown.text, /being_deleted/);
    await eventually(async () => (await seam.state()).acs_credentials.length === 0);
    assert.equal((await post("/acs/users/delete", { acs_user_id: user })).status, 200);
    const since = new Date(Date.now() - 10_000).toISOString();
    await eventually(async () => (await post("/events/list", { since })).text.includes("acs_user.deleted"));
    assert.equal((await post("/acs/users/get", { acs_user_id: user })).status, 404);
  });

  it("rejects or cascades the deletion of an identity, as configured", async () => {
    const id = await seam.createUserIdentity({ full_name: "Jean" });
    await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com", id);
    const removal = () => post("/user_identities/delete", { user_identity_id: id });
    assert.equal((await removal()).error?.type, "user_identity_has_dependents");
    await seam.behave({ identityDelete: "cascade" });
    assert.equal((await removal()).status, 200);
    const { user_identities, acs_users } = await seam.state();
    assert.deepEqual([user_identities, acs_users], [[], []]);
  });

  it("can be without enrollment automations", async () => {
    const id = await seam.createUserIdentity({ full_name: "Jean" });
    await seam.behave({ enrollmentAutomations: false });
    const listing = await post("/user_identities/enrollment_automations/list", { user_identity_id: id });
    assert.equal(listing.status, 404);
  });

  it("limits the request rate, with Retry-After", async () => {
    await seam.behave({ rateLimit: { requestsPerSecond: 1, burst: 2, retryAfter: true } });
    const answers = [];
    for (let call = 0; call < 4; call += 1) answers.push(await post("/workspaces/get", {}));
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [200, 200, 429, 429],
    );
    assert.equal(answers[2]?.headers.get("retry-after"), "1");
  });

  it("returns for a merged id the identity that it was merged into", async () => {
    const from = await seam.createUserIdentity({ full_name: "Jean" });
    const into = await seam.createUserIdentity({ full_name: "Jean Doe" });
    await seam.act("merge", { from, into });
    const got = await seam.call<{ user_identity: { user_identity_id: string } }>("/user_identities/get", {
      user_identity_id: from,
    });
    assert.equal(got.user_identity.user_identity_id, into);
  });

  it("injects each kind of fault into the call that it is for", async () => {
    const id = await seam.createUserIdentity({ full_name: "Jean" });
    const fault = async (kind: object): Promise<void> => {
      await seam.act("faults", { match: { path: "/user_identities/update" }, fault: kind });
    };
    const rename = (full_name: string) =>
      post("/user_identities/update", { user_identity_id: id, full_name });
    const name = async () => (await seam.state()).user_identities[0]?.full_name;

    await fault({ kind: "status", status: 429, retryAfter: 7 });
    const limited = await rename("A");
    assert.deepEqual([limited.status, limited.headers.get("retry-after")], [429, "7"]);
    await fault({ kind: "bad-gateway" });
    assert.match((await rename("B")).text, /<html>/);
    await fault({ kind: "reset-before" });
    await assert.rejects(rename("C"));
    assert.equal(await name(), "Jean");
    await fault({ kind: "reset-after" });
    await assert.rejects(rename("D"));
    assert.equal(await name(), "D");
    await fault({ kind: "truncated-json" });
    assert.throws(() => JSON.parse("{") as unknown);
    const cut = await fetch(`${seam.url}/user_identities/update`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${seam.apiKey}` },
      body: JSON.stringify({ user_identity_id: id, full_name: "E" }),
    });
    await assert.rejects(cut.json());
    assert.equal(await name(), "E");
    await fault({ kind: "refuse", forMs: 50 });
    await assert.rejects(rename("F"));
    await eventually(async () => (await rename("G").catch(() => undefined))?.status === 200);
    assert.equal((await rename("H")).status, 200);
  });

  it("records a violation of the order that Seam documents", async () => {
    await seam.behave({ acsUserDelete: "cascade" });
    const id = await seam.createUserIdentity({ full_name: "Jean" });
    const user = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com", id);
    await seam.act("credentials", { acs_user_id: user });
    await seam.call("/acs/credentials/list", { acs_user_id: user });
    await seam.call("/acs/users/delete", { acs_user_id: user });
    assert.equal((await seam.inspect<string[]>("order_violations")).length, 1);
  });

  it("saves its workspace in a file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-state-"));
    try {
      const stateFile = join(folder, "state.json");
      const first = await startSimulator({ stateFile });
      const headers = { "content-type": "application/json", authorization: `Bearer ${first.apiKey}` };
      const body = JSON.stringify({ user_identity_key: "jean" });
      await fetch(`${first.url}/user_identities/create`, { method: "POST", headers, body });
      await first.close();
      assert.ok(existsSync(stateFile));
      const next = await startSimulator({ stateFile });
      assert.notEqual(next.apiKey, first.apiKey);
      await next.close();
      const second = await startSimulator({ stateFile, apiKey: first.apiKey });
      const found = await fetch(`${second.url}/user_identities/get`, { method: "POST", headers, body });
      assert.equal(found.status, 200);
      const again = await fetch(`${second.url}/user_identities/create`, { method: "POST", headers, body });
      assert.equal(again.status, 409);
      await second.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("listens on loopback only", async () => {
    await assert.rejects(startSimulator({ host: "0.0.0.0" }), /loopback/);
  });
});

/** Polls until the condition holds; the test's own timeout limits the wait. */
async function eventually(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}
