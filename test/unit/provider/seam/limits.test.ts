import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { SeamClient } from "../../../../provider/seam/client";
import { SeamUnreadableAnswerError } from "../../../../provider/seam/errors";
import { type ScriptedAnswer, type ScriptedRequest, ScriptedSeam } from "./scriptedSeam";

describe("an answer that exceeds a limit", () => {
  let seam: ScriptedSeam;
  let client: SeamClient;
  let script: (request: ScriptedRequest) => ScriptedAnswer;
  beforeEach(async () => {
    seam = await ScriptedSeam.start((request) => script(request));
    client = new SeamClient({ apiKey: "seam_test_key", endpoint: seam.url, retries: { firstDelay: 1 } });
  });
  afterEach(() => seam.close());

  const phone = { device_id: "phone" };
  const refused = (call: Promise<unknown>, why: RegExp) =>
    assert.rejects(call, (error: unknown) => {
      assert.ok(error instanceof SeamUnreadableAnswerError, String(error));
      assert.match(error.message, why);
      return true;
    });
  const json = { "content-type": "application/json" };

  it("of bytes ends the call at once", async () => {
    script = () => (response) => {
      response.writeHead(200, json);
      const chunk = Buffer.alloc(2 ** 20, " ");
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    };
    await refused(client.listPhones("jean"), /\/phones\/list .*larger than 32 MiB/);
    assert.equal(seam.requests.length, 1);
  });

  it("of bytes after decompression ends the call at once", async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 2 ** 20, " "));
    script = () => (response) => response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(bomb);
    await refused(client.listPhones("jean"), /larger than 32 MiB/);
    assert.equal(seam.requests.length, 1);
  });

  it("of depth is not parsed", async () => {
    const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    let levels = 200_000;
    script = () => (response) =>
      response.writeHead(200, json).end(`{"ok":true,"phones":[],"a":"]]\\"[[","more":${deep(levels)}}`);
    await refused(client.listPhones("jean"), /nested more than 100 levels deep/);
    assert.equal(seam.requests.length, 1);
    levels = 50;
    assert.deepEqual(await client.listPhones("jean"), []);
  });

  it("of items on a page is rejected, and a page with fewer is read", async () => {
    let items = 150_000;
    script = () => ({
      body: { acs_users: [], acs_credentials: Array<object>(items).fill({ acs_credential_id: "card" }) },
    });
    await refused(client.listAcsCredentials({ acs_user_id: "jean" }), /10000 items on a page/);
    items = 10_000;
    assert.equal((await client.listAcsCredentials({ acs_user_id: "jean" })).length, 10_000);
  });

  const page = (items: object[], cursor: string | null) => ({
    body: { user_identities: items, pagination: { has_next_page: true, next_page_cursor: cursor } },
  });
  const jean = { user_identity_id: "jean", created_at: "", workspace_id: "w" };

  it("by repeating a cursor is rejected the second time", async () => {
    script = ({ earlier }) => page([jean], ["a", "b", "a"][earlier] ?? "c");
    await refused(client.listUserIdentities(), /\/user_identities\/list .*a cursor is repeated/);
    assert.equal(seam.requests.length, 3);
  });

  it("by endless empty pages is rejected", async () => {
    script = ({ earlier }) => page([], String(earlier));
    await refused(client.listUserIdentities(), /more than 100 empty pages in a row/);
    assert.equal(seam.requests.length, 101);
  });

  it("of one page without a cursor for the next is not treated as complete", async () => {
    script = () => page([jean], null);
    await refused(client.listUserIdentities(), /next_page_cursor/);
  });

  it("of text is shortened in the error", async () => {
    script = () => ({
      status: 400,
      body: { error: { type: "invalid", message: `\u001b[31m${"no ".repeat(1_000_000)}` } },
    });
    const error: unknown = await client.listPhones("jean").catch((reason: unknown) => reason);
    assert.ok(error instanceof Error && error.message.length < 3_000);
    assert.ok(!error.message.includes("\u001b"));
  });

  it("does not include a list of phones", async () => {
    script = () => ({ body: { phones: [phone] } });
    assert.equal((await client.listPhones("jean")).length, 1);
  });
});
