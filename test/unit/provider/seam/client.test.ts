import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { SeamClient } from "../../../../provider/seam/client";
import { SeamError, SeamRateLimitError } from "../../../../provider/seam/errors";
import { SimulatedWorkspace } from "../../../simulatedWorkspace";

describe("SeamClient", () => {
  let seam: SimulatedWorkspace;
  let client: SeamClient;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    client = new SeamClient({ apiKey: seam.apiKey, endpoint: seam.url, retries: { firstDelay: 5 } });
  });
  afterEach(() => seam.close());

  const fault = (path: string, kind: object, times = 1) =>
    seam.act("faults", { match: { path, times }, fault: kind });
  const callsTo = async (path: string) => (await seam.requests()).filter((one) => one.path === path).length;

  it("never retries a create that may have been carried out", async () => {
    for (const kind of [{ kind: "reset-before" }, { kind: "reset-after" }, { kind: "status", status: 500 }]) {
      await seam.act("reset_log");
      await fault("/user_identities/create", kind);
      await assert.rejects(client.createUserIdentity({ full_name: "Jean" }), SeamError);
      assert.equal(await callsTo("/user_identities/create"), 1);
    }
  });

  it("retries a create that Seam was too busy for", async () => {
    await fault("/user_identities/create", { kind: "status", status: 429, retryAfter: 0 }, 2);
    await client.createUserIdentity({ full_name: "Jean" });
    assert.equal(await callsTo("/user_identities/create"), 3);
    assert.equal((await seam.state()).user_identities.length, 1);
  });

  it("retries any other call, and fails after five failures", async () => {
    await fault("/workspaces/get", { kind: "status", status: 503 }, 5);
    await client.getWorkspace();
    assert.equal(await callsTo("/workspaces/get"), 6);
    await fault("/events/list", { kind: "bad-gateway" }, 100);
    await assert.rejects(client.listEvents(new Date(), []), /502/);
    assert.equal(await callsTo("/events/list"), 6);
  });

  it("allows an answer that arrives slowly no more time than one that never arrives", async () => {
    const timers: NodeJS.Timeout[] = [];
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      timers.push(setInterval(() => response.write(" "), 20));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const impatient = new SeamClient({
      apiKey: seam.apiKey,
      endpoint: `http://127.0.0.1:${port}`,
      requestTimeout: 100,
      retries: { failures: 1, firstDelay: 5 },
    });
    await assert.rejects(impatient.getWorkspace(), /did not answer \/workspaces\/get \(ETIMEDOUT\)/);
    assert.equal(timers.length, 2);
    for (const timer of timers) clearInterval(timer);
    server.closeAllConnections();
    server.close();
  });

  it("delays all calls for as long as Retry-After says", async () => {
    await fault("/workspaces/get", { kind: "status", status: 429, retryAfter: 1 });
    await Promise.all([client.getWorkspace(), client.listAcsSystems()]);
    const startedAt = performance.now();
    await client.listAcsSystems();
    const calls = await seam.requests();
    const limited = calls.find((one) => one.status === 429)?.at ?? 0;
    const after = calls.filter((one) => one.at > limited + 100);
    assert.ok(after.length > 0);
    for (const call of after)
      assert.ok(call.at - limited >= 950, `${call.path} came ${call.at - limited} ms later`);
    assert.ok(performance.now() - startedAt < 5_000);
  });

  it("fails after waiting for a rate limit as long as its patience allows", async () => {
    const hurried = new SeamClient({
      apiKey: seam.apiKey,
      endpoint: seam.url,
      retries: { rateLimitPatience: 100 },
    });
    await fault("/workspaces/get", { kind: "status", status: 429 }, 1000);
    await assert.rejects(hurried.getWorkspace(), SeamRateLimitError);
  });

  it("reads all pages", async () => {
    await seam.act("populate", { identities: 1_201 });
    assert.equal((await client.listUserIdentities()).length, 1_201);
    assert.equal(await callsTo("/user_identities/list"), 3);
  });

  it("keeps the key out of errors in whatever way they are printed", async () => {
    const wrong = new SeamClient({ apiKey: "seam_wrong_secret_key", endpoint: seam.url });
    for (const failing of [wrong.getWorkspace(), client.findUserIdentity({ user_identity_id: "jean" })]) {
      const error: unknown = await failing.catch((reason: unknown) => reason);
      assert.ok(error instanceof SeamError);
      const printed = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error);
      assert.ok(!printed.includes("seam_wrong_secret_key") && !printed.includes(seam.apiKey));
    }
  });
});
