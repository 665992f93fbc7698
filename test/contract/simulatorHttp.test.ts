import assert from "node:assert/strict";
import { connect } from "node:net";
import { request } from "node:http";
import { SimulatedWorkspace } from "../simulatedWorkspace";

describe("the simulator's HTTP server", () => {
  let seam: SimulatedWorkspace;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start();
  });
  afterEach(() => seam.close());

  const json = { "content-type": "application/json" };

  /** A POST whose body is sent in parts, without a total length. */
  function chunked(path: string, parts: readonly string[]): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(`${seam.url}${path}`, { method: "POST", headers: json }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
        sent.destroy();
      });
      sent.on("error", reject);
      for (const part of parts) sent.write(part);
      sent.end();
    });
  }

  it("reads a body that arrives in parts, even if a character is split", async () => {
    const name = "Zoë 李";
    const bytes = Buffer.from(JSON.stringify({ full_name: name, credentials_per_acs_user: [] }));
    await new Promise<void>((resolve, reject) => {
      const headers = { ...json, "content-length": bytes.length };
      const sent = request(`${seam.url}/_simulator/person`, { method: "POST", headers }, (response) => {
        response.resume();
        response.on("end", resolve);
      });
      sent.on("error", reject);
      for (const byte of bytes) sent.write(Buffer.of(byte));
      sent.end();
    });
    assert.equal((await seam.state()).user_identities[0]?.full_name, name);
  });

  it("rejects a body of more than 1 MiB, with or without a content length, and continues", async () => {
    const large = "x".repeat(2 ** 20);
    const body = JSON.stringify({ large });
    assert.equal(
      (await fetch(`${seam.url}/_simulator/reset`, { method: "POST", headers: json, body })).status,
      413,
    );
    assert.equal(await chunked("/_simulator/reset", [large, large, large]), 413);
    assert.equal(await chunked("/_simulator/reset", ["{", "}"]), 200);
  });

  for (const body of ["[]", '"text"', "1", "true"]) {
    it(`rejects the body ${body}, which is not an object`, async () => {
      const answer = await fetch(`${seam.url}/_simulator/reset`, { method: "POST", headers: json, body });
      assert.equal(answer.status, 400);
    });
  }

  it("accepts no body, an empty one and null for a call without parameters", async () => {
    for (const body of ["", "null"]) {
      const answer = await fetch(`${seam.url}/_simulator/reset`, { method: "POST", headers: json, body });
      assert.equal(answer.status, 200, body);
    }
    assert.equal((await fetch(`${seam.url}/_simulator/reset`, { method: "POST" })).status, 200);
  });

  it("answers a path with an unsupported method, or HEAD, as one that does not exist", async () => {
    const headers = { authorization: `Bearer ${seam.apiKey}` };
    for (const method of ["HEAD", "PUT"]) {
      assert.equal(
        (await fetch(`${seam.url}/user_identities/list`, { method, headers })).status,
        404,
        method,
      );
    }
  });

  it("answers the calls of one connection in order, and continues after input that is not HTTP", async () => {
    const port = Number(new URL(seam.url).port);
    const call = `GET /_simulator/counts HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    for (const [sent, expected] of [
      [call + call, /^HTTP\/1\.1 200[^]*HTTP\/1\.1 200/],
      ["no HTTP\r\n\r\n", /^HTTP\/1\.1 400/],
    ] as const) {
      const text = await new Promise<string>((resolve, reject) => {
        let read = "";
        const socket = connect(port, "127.0.0.1", () => socket.write(sent));
        socket.on("error", reject);
        socket.on("data", (data) => {
          read += data.toString();
          if (expected.test(read)) socket.destroy();
        });
        socket.on("close", () => resolve(read));
      });
      assert.match(text, expected);
    }
    assert.equal((await seam.state()).user_identities.length, 0);
  });
});
