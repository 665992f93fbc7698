import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator } from "../../simulator";
import { SimulatedWorkspace } from "../simulatedWorkspace";

describe("the simulator, isolated from web pages and other users", () => {
  let seam: SimulatedWorkspace;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start();
  });
  afterEach(() => seam.close());

  /** A call with any headers, including those that `fetch` does not allow. */
  function call(path: string, headers: Record<string, string>, body = "{}"): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(`${seam.url}${path}`, { method: "POST", headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }
  const json = { "content-type": "application/json" };

  for (const origin of [
    "http://evil.example",
    "null",
    "http://localhost.evil.example",
    "http://127.0.0.1@evil.example",
  ]) {
    it(`rejects requests from a page of ${origin}`, async () => {
      await seam.createUserIdentity({ full_name: "Jean" });
      assert.equal(await call("/_simulator/reset", { ...json, origin }), 403);
      assert.equal((await seam.state()).user_identities.length, 1);
      const key = { authorization: `Bearer ${seam.apiKey}` };
      assert.equal(await call("/user_identities/list", { ...json, ...key, origin }), 403);
    });
  }

  for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:3020", "0.0.0.0"]) {
    it(`rejects requests to the host ${host}`, async () => {
      assert.equal(await call("/_simulator/reset", { ...json, host }), 403);
    });
  }

  it("answers local pages and programs under each of its names", async () => {
    const port = new URL(seam.url).port;
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      assert.equal(await call("/_simulator/reset", { ...json, host, origin: `http://${host}` }), 200);
    }
  });

  it("accepts JSON only", async () => {
    assert.equal(await call("/_simulator/reset", { "content-type": "text/plain" }), 415);
    assert.equal(
      await call("/_simulator/reset", { "content-type": "application/x-www-form-urlencoded" }, "a=b"),
      415,
    );
    assert.equal(await call("/_simulator/reset", json, "{"), 400);
  });

  it("limits the number of objects that one request creates", async () => {
    const id = await seam.createUserIdentity({ full_name: "Jean" });
    for (const count of [1e9, -1, 1.5, "5"]) {
      await assert.rejects(seam.act("phones", { user_identity_id: id, count }), /400.*whole number/);
    }
    await assert.rejects(seam.act("populate", { identities: 1e9 }), /400.*whole number/);
    for (const name of ["constructor", "toString"]) {
      await assert.rejects(seam.act("behavior", { [name]: 1 }, "PATCH"), /400/);
      await assert.rejects(seam.call("/user_identities/create", { [name]: "x" }), /400.*Unrecognized key/);
    }
  });

  it("has new keys at each start", async () => {
    const other = await SimulatedWorkspace.start();
    try {
      assert.notEqual(other.apiKey, seam.apiKey);
      await assert.rejects(other.call("/workspaces/get", {}, seam.apiKey), /401/);
    } finally {
      await other.close();
    }
  });

  it("reports that a port is in use", async () => {
    const port = Number(new URL(seam.url).port);
    await assert.rejects(startSimulator({ port }), /port \d+ on 127\.0\.0\.1 is in use by another program/);
  });

  for (const host of ["0.0.0.0", "127.evil.example", "::", "example.com"]) {
    it(`does not listen on ${host}`, async () => {
      await assert.rejects(startSimulator({ host }), /loopback addresses only/);
    });
  }
});

describe("the simulator's state file", () => {
  let folder: string;
  let stateFile: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-seam-state-"));
    stateFile = join(folder, "state.json");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("contains every answered change before its answer is sent, is readable by its owner only, and contains no key", async () => {
    const seam = await SimulatedWorkspace.start({}, 1, stateFile);
    try {
      const names = ["Ann", "Bob", "Cem"];
      const ids = await Promise.all(names.map((full_name) => seam.createUserIdentity({ full_name })));
      for (const id of ids) assert.ok(readFileSync(stateFile, "utf8").includes(id));
      await Promise.all(
        ids.map((user_identity_id) => seam.call("/user_identities/delete", { user_identity_id })),
      );
      const text = readFileSync(stateFile, "utf8");
      for (const id of ids) assert.ok(!text.includes(id));
      assert.ok(!text.includes(seam.apiKey));
      assert.equal(statSync(stateFile).mode & 0o777, 0o600);
    } finally {
      await seam.close();
    }
  });

  it("preserves deletions in progress, and grants with the doors that they open", async () => {
    const first = await SimulatedWorkspace.start({ deletionTimeMs: [60_000, 60_000] }, 1, stateFile);
    const jean = await first.createUserIdentity({ full_name: "Jean", user_identity_key: "old" });
    const ada = await first.createUserIdentity({ full_name: "Ada", user_identity_key: "new" });
    const kept = await first.createGrant(jean);
    const deleted = await first.createGrant(jean);
    await first.call("/access_grants/delete", { access_grant_id: deleted });
    await first.act("merge", { from: jean, into: ada });
    await first.close();
    const second = await SimulatedWorkspace.start({}, 1, stateFile, first.apiKey);
    try {
      const { access_grants } = await second.state();
      assert.deepEqual(
        access_grants.map((grant) => grant.access_grant_id),
        [kept],
      );
      const { open } = await second.doors(ada);
      assert.deepEqual(
        open.map((door) => door.access_grant_id),
        [kept],
      );
      for (const reference of [{ user_identity_id: jean }, { user_identity_key: "old" }]) {
        const { user_identity } = await second.call<{ user_identity: { user_identity_id: string } }>(
          "/user_identities/get",
          reference,
        );
        assert.equal(user_identity.user_identity_id, ada);
      }
    } finally {
      await second.close();
    }
  });

  it("can be used by one simulator at a time", async () => {
    const seam = await SimulatedWorkspace.start({}, 1, stateFile);
    await assert.rejects(startSimulator({ stateFile }), /in use by another simulator \(process \d+\)/);
    await seam.close();
    await (await startSimulator({ stateFile })).close();
  });

  it("can be used again after a simulator was killed", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    for (const dead of [pid, process.pid]) {
      writeFileSync(`${stateFile}.lock`, `${dead} of a process that is gone\n`);
      await (await startSimulator({ stateFile })).close();
    }
  });

  it("cannot be a symbolic link, and is not written through one", async () => {
    const target = join(folder, "target");
    writeFileSync(target, "precious");
    symlinkSync(target, stateFile);
    await assert.rejects(startSimulator({ stateFile }), /symbolic link/);
    rmSync(stateFile);
    symlinkSync(target, `${stateFile}.new`);
    await (await startSimulator({ stateFile })).close();
    assert.equal(readFileSync(target, "utf8"), "precious");
  });
});
