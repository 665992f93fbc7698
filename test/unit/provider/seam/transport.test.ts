import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { SeamClient } from "../../../../provider/seam/client";
import { SeamApiError, SeamDeadlineError, SeamNoAnswerError } from "../../../../provider/seam/errors";
import { ScriptedSeam } from "./scriptedSeam";

const apiKey = "seam_testKey_4mXq82LpZ0aa";
const proxyVariables = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"].flatMap((name) => [
  name,
  name.toUpperCase(),
]);

describe("the transport", () => {
  describe("with a proxy in the environment", () => {
    const before = new Map(proxyVariables.map((name) => [name, process.env[name]]));
    let heard = "";
    const sockets = new Set<Socket>();
    const proxy = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("data", (data) => {
        heard += data.toString("latin1");
        // What follows CONNECT is for the other end of the tunnel, where nobody answers.
        if (heard.startsWith("CONNECT") && !heard.includes("\u0016")) {
          socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        } else {
          socket.destroy();
        }
      });
    });
    beforeEach(async () => {
      heard = "";
      await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
      for (const name of proxyVariables) delete process.env[name];
      const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      for (const name of ["http_proxy", "https_proxy"]) process.env[name] = url;
    });
    afterEach(async () => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    });

    it("does not send plain http through it", async () => {
      const seam = await ScriptedSeam.start(() => ({ body: { phones: [] } }));
      const client = new SeamClient({ apiKey, endpoint: seam.url });
      assert.deepEqual(await client.listPhones("jean"), []);
      assert.equal(seam.requests[0]?.headers.authorization, `Bearer ${apiKey}`);
      assert.equal(heard, "");
      await seam.close();
    });

    it("sends https only through a tunnel, and nothing in plain text", async () => {
      const endpoint = "https://connect.seam.invalid";
      const client = new SeamClient({ apiKey, endpoint, requestTimeout: 1_000, retries: { failures: 0 } });
      await assert.rejects(client.listPhones("jean"), SeamNoAnswerError);
      assert.match(heard, /^CONNECT connect\.seam\.invalid:443 HTTP\/1\.1\r\n/);
      // The first TLS record, a ClientHello.
      assert.match(heard, /\r\n\r\n\u0016\u0003/);
      assert.doesNotMatch(heard, /authorization|4mXq82LpZ0aa|phones/i);
    });
  });

  it("shows an API key in no part of an error, however Seam quotes it", async () => {
    const encoded = Buffer.from(`Bearer ${apiKey}`).toString("base64");
    const seam = await ScriptedSeam.start(() => ({
      status: 400,
      headers: { "seam-request-id": `req-${apiKey.slice(5)}` },
      body: { error: { type: `bad_${apiKey}`, message: `Bearer%20${apiKey}, ${encoded}\n::error::x` } },
    }));
    const client = new SeamClient({ apiKey, endpoint: seam.url });
    const error: unknown = await client.listPhones("jean").catch((reason: unknown) => reason);
    assert.ok(error instanceof SeamApiError);
    const printed = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error);
    assert.doesNotMatch(printed, /4mXq82LpZ0aa/);
    assert.ok(!printed.includes(encoded.slice(12, -4)));
    assert.doesNotMatch(error.message, /\n|\s::/);
    await seam.close();
  });

  it("ends a shared call for each reader at its own deadline", async () => {
    let answer: (() => void) | undefined;
    const seam = await ScriptedSeam.start(async ({ earlier }) => {
      if (earlier === 0) await new Promise<void>((resolve) => (answer = resolve));
      return { body: { workspace: { workspace_id: "w" } } };
    });
    const client = new SeamClient({ apiKey, endpoint: seam.url });
    const hurried = client.until(performance.now() + 100).getWorkspace();
    const patient = client.getWorkspace();
    await assert.rejects(hurried, /did not answer|time was up/);
    assert.equal((await patient).workspace_id, "w");
    assert.equal(seam.requests.length, 2);
    assert.equal((await client.until(performance.now() + 5_000).getWorkspace()).workspace_id, "w");
    assert.equal(seam.requests.length, 2);
    await assert.rejects(client.until(performance.now() - 1).listPhones("jean"), SeamDeadlineError);
    await assert.rejects(
      client
        .until(performance.now() - 1)
        .until(performance.now() + 5_000)
        .listPhones("jean"),
      SeamDeadlineError,
    );
    answer?.();
    await seam.close();
  });
});
