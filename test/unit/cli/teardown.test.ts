import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { runSeamCommand } from "../../seamCommand";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

describe("pulumi-seam teardown", function () {
  this.timeout(60_000);

  let seam: SimulatedWorkspace;
  let id: string;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 5 }, 1);
    const attributes = {
      user_identity_key: "jean",
      email_address: "jean@example.com",
      full_name: "Jean Doe",
    };
    id = await seam.createUserIdentity(attributes);
    const acs_user_id = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com", id);
    await seam.act("credentials", { acs_user_id, count: 2 });
    await seam.act("phones", { user_identity_id: id, count: 1 });
    await seam.act("client_sessions", { user_identity_id: id, count: 1 });
  });
  afterEach(() => seam.close());

  const teardown = (...args: string[]) => runSeamCommand(["teardown", ...args], { env: seam.env });
  /** Runs it and acts as soon as the first credential was asked for. */
  const teardownThen = (args: string[], act: (child: ChildProcess) => void) =>
    runSeamCommand(["teardown", ...args], {
      env: seam.env,
      onStart: (child) => {
        const timer = setInterval(() => {
          void seam.requests().then((requests) => {
            if (!requests.some((one) => one.path === "/acs/credentials/delete")) return;
            clearInterval(timer);
            act(child);
          });
        }, 10);
      },
    });
  /** Runs something against a Seam that answers some routes otherwise. */
  async function withAnswers<T>(
    answers: Readonly<Record<string, readonly [status: number, body: object]>>,
    act: (env: Record<string, string>) => Promise<T>,
  ): Promise<T> {
    const server = createServer((request, response) => {
      const path = request.url ?? "";
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const fixed = answers[path];
        const answered =
          fixed === undefined
            ? fetch(`${seam.url}${path}`, {
                method: "POST",
                headers: {
                  authorization: request.headers.authorization ?? "",
                  "content-type": "application/json",
                },
                body: Buffer.concat(chunks),
              }).then(async (answer) => [answer.status, await answer.text()] as const)
            : Promise.resolve([fixed[0], JSON.stringify(fixed[1])] as const);
        void answered.then(([status, body]) => {
          response.writeHead(status, { "content-type": "application/json" });
          response.end(body);
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = server.address() as AddressInfo;
      return await act({ ...seam.env, SEAM_ENDPOINT: `http://127.0.0.1:${port}` });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
  const left = async () => {
    const { user_identities, acs_users, acs_credentials, phones, client_sessions } = await seam.state();
    return [user_identities, acs_users, acs_credentials, phones, client_sessions].map((all) => all.length);
  };

  for (const named of ["id", "jean", "Jean@example.com"]) {
    it(`takes away the one with this ${named.includes("@") ? "e-mail address" : named === "id" ? "id" : "key"}, and says so line by line`, async () => {
      const { status, stdout, stderr } = await teardown(named === "id" ? id : named, "--yes");
      assert.equal(status, 0, stderr);
      assert.equal(stdout.match(/credential [0-9a-f-]{36} is gone/g)?.length, 2);
      assert.match(stdout.trimEnd(), /the user identity is gone$/);
      assert.ok(!stdout.includes("\u001b"), "no control characters without a terminal");
      assert.deepEqual(await left(), [0, 0, 0, 0, 0]);
    });
  }

  it("takes nobody away for an identity that was merged into another", async () => {
    const into = await seam.createUserIdentity({ full_name: "Somebody else" });
    await seam.act("merge", { from: id, into });
    const before = await left();
    const { status, stderr } = await teardown(id, "--yes");
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`${id} was merged into ${into}`));
    assert.deepEqual(await left(), before);
  });

  it("shows what would be deleted, and deletes nothing", async () => {
    const { status, stdout } = await teardown("jean", "--dry-run");
    assert.equal(status, 0);
    assert.equal(stdout.match(/credential /g)?.length, 2);
    assert.match(stdout, /phone .*\n.*credential/s);
    assert.match(stdout, new RegExp(`user identity ${id} \\(J\\*\\*\\* D\\*\\*\\*\\)`));
    assert.match(stdout, /ACS user \S+ in Lobby$/m);
    assert.match(stdout, /credential \S+ in Lobby$/m);
    assert.ok(!/Jean|Doe/.test(stdout), "no personal data");
    assert.deepEqual(await left(), [1, 1, 2, 1, 1]);
  });

  it("takes nothing away where nobody can confirm it", async () => {
    const { status, stderr } = await teardown("jean");
    assert.equal(status, 1);
    assert.match(stderr, /--yes/);
    assert.deepEqual(await left(), [1, 1, 2, 1, 1]);
  });

  it("keeps ACS users and their credentials when told to", async () => {
    const { status, stdout } = await teardown("jean", "--yes", "--acs-users", "unlink", "--json");
    assert.equal(status, 0);
    assert.deepEqual(await left(), [0, 1, 2, 0, 0]);
    const told = JSON.parse(stdout) as { gone: { kind: string }[]; unlinked: { id: string }[] };
    assert.deepEqual(told.gone.map((one) => one.kind).sort(), ["clientSession", "phone", "userIdentity"]);
    assert.deepEqual(
      told.unlinked.map((one) => one.id),
      (await seam.state()).acs_users.map((user) => user.acs_user_id),
    );
  });

  it("prints one JSON document, of a success and of a failure", async () => {
    const { stdout } = await teardown("jean", "--yes", "--json");
    const told = JSON.parse(stdout) as {
      done: boolean;
      alreadyGone: boolean;
      userIdentityId: string;
      gone: { kind: string; id: string; afterSeconds: number }[];
    };
    assert.deepEqual([told.done, told.alreadyGone], [true, false]);
    const last = told.gone.at(-1);
    assert.deepEqual([last?.kind, last?.id], ["userIdentity", id], "the identity is listed, last");
    assert.ok(told.gone.every((one) => one.afterSeconds <= (last?.afterSeconds ?? 0)));
    assert.equal(told.userIdentityId, id);
    assert.equal(told.gone.filter((one) => one.kind === "acsCredential").length, 2);
    for (const env of [seam.env, {}]) {
      const failed = await runSeamCommand(["teardown", "jean", "--yes", "--json"], { env });
      assert.equal(failed.status, 1);
      assert.match(
        (JSON.parse(failed.stdout) as { error: string }).error,
        /no user identity|no Seam API key/,
      );
    }
  });

  it("counts what an earlier run had asked for already", async () => {
    await seam.behave({ deletionTimeMs: [4_000, 4_000] });
    for (const { acs_credential_id } of (await seam.state()).acs_credentials)
      await seam.call("/acs/credentials/delete", { acs_credential_id });
    const { stdout } = await teardown("jean", "--yes");
    assert.equal(stdout.match(/credential [0-9a-f-]{36} is gone/g)?.length, 2);
  });

  it("says when it is interrupted that it can be gone on with", async () => {
    await seam.behave({ deletionTimeMs: [60_000, 60_000] });
    const interrupted = await teardownThen(["jean", "--yes"], (child) => child.kill("SIGINT"));
    assert.equal(interrupted.status, 130);
    assert.equal(interrupted.stderr.trimEnd().split("\n").length, 1);
    assert.match(interrupted.stderr, /run the same command again to continue/);
  });

  it("prints JSON when it is interrupted, too", async () => {
    await seam.behave({ deletionTimeMs: [60_000, 60_000] });
    const { status, stdout } = await teardownThen(["jean", "--yes", "--json"], (child) =>
      child.kill("SIGINT"),
    );
    assert.equal(status, 130);
    const told = JSON.parse(stdout) as { done: boolean; gone: { kind: string }[]; error: string };
    assert.equal(told.done, false);
    assert.deepEqual(
      told.gone.map((one) => one.kind),
      ["clientSession"],
    );
    assert.match(told.error, /interrupted/);
  });

  it("calls an ACS user gone that an earlier run had asked to delete, even where it is told to unlink", async () => {
    await seam.behave({ deletionTimeMs: [500, 500] });
    for (const { acs_credential_id } of (await seam.state()).acs_credentials)
      await seam.call("/acs/credentials/delete", { acs_credential_id });
    while ((await seam.state()).acs_credentials.length > 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await seam.behave({ deletionTimeMs: [2_000, 2_000] });
    for (const { acs_user_id } of (await seam.state()).acs_users)
      await seam.call("/acs/users/delete", { acs_user_id });
    const { stdout } = await teardown("jean", "--yes", "--acs-users", "unlink", "--json");
    const told = JSON.parse(stdout) as { gone: { kind: string }[]; unlinked: object[] };
    assert.equal(told.gone.filter((one) => one.kind === "acsUser").length, 1);
    assert.deepEqual(told.unlinked, []);
  });

  it("goes on to its end when nobody reads on", async () => {
    const { status, stderr } = await runSeamCommand(["teardown", "jean", "--yes"], {
      env: seam.env,
      onStart: (child) => child.stdout?.destroy(),
    });
    assert.equal(stderr, "");
    assert.equal(status, 0);
    assert.deepEqual(await left(), [0, 0, 0, 0, 0]);
  });

  it("gives up in time with an error that tells what is left", async () => {
    await seam.behave({ deletionTimeMs: [60_000, 60_000] });
    const { status, stderr } = await teardown("jean", "--yes", "--timeout", "1");
    assert.equal(status, 1);
    assert.match(stderr, /after 1 s still there: .*credential/);
  });

  it("says that there is nobody of that name, without repeating it", async () => {
    const { status, stderr } = await teardown("nobody@example.com", "--yes");
    assert.equal(status, 1);
    assert.match(stderr, /there is no user identity with this/);
    assert.ok(!stderr.includes("nobody@"));
  });

  describe("of somebody who is gone already", () => {
    beforeEach(async () => {
      assert.equal((await teardown(id, "--yes")).status, 0);
    });

    for (const flags of [["--yes"], ["--dry-run"], []]) {
      it(`succeeds by id and says so, given ${flags[0] ?? "nothing else"}`, async () => {
        const { status, stdout, stderr } = await teardown(id, ...flags);
        assert.equal(status, 0, stderr);
        assert.match(
          stdout,
          new RegExp(`user identity ${id} is not in the workspace .*nothing to tear down`),
        );
        const json = JSON.parse((await teardown(id, ...flags, "--json")).stdout) as Record<string, unknown>;
        assert.deepEqual([json.done, json.alreadyGone, json.userIdentityId], [true, true, id]);
      });
    }

    it("takes a misspelt address for no success, unless told that nobody may have it", async () => {
      const misspelt = await teardown("jaen@example.com", "--yes");
      assert.equal(misspelt.status, 1);
      assert.match(misspelt.stderr, /there is no user identity with this.*--if-exists/);
      const tolerated = await teardown("jean@example.com", "--yes", "--if-exists");
      assert.equal(tolerated.status, 0, tolerated.stderr);
      assert.match(tolerated.stdout, /nothing to tear down/);
      assert.ok(!tolerated.stdout.includes("jean@"));
    });
  });

  it("tears down somebody who is there all the same with --if-exists", async () => {
    assert.equal((await teardown("jean", "--yes", "--if-exists")).status, 0);
    assert.deepEqual(await left(), [0, 0, 0, 0, 0]);
  });

  it("does not call somebody gone whose ACS users are still linked", async () => {
    const { status, stderr } = await withAnswers(
      {
        "/user_identities/get": [404, { ok: false, error: { type: "user_identity_not_found", message: "" } }],
        "/user_identities/list": [200, { ok: true, user_identities: [] }],
      },
      (env) => runSeamCommand(["teardown", id, "--yes"], { env }),
    );
    const [acsUser] = (await seam.state()).acs_users;
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`ACS users .*are not: ${acsUser?.acs_user_id}.*still open doors`));
  });

  for (const answer of [404, 403] as const) {
    it(`goes on without the names of systems where they cannot be listed (${answer})`, async () => {
      const systems = [answer, { ok: false, error: { type: "not_available", message: "" } }] as const;
      const { status, stdout, stderr } = await withAnswers({ "/acs/systems/list": systems }, (env) =>
        runSeamCommand(["teardown", "jean", "--dry-run"], { env }),
      );
      assert.equal(status, 0, stderr);
      assert.match(stdout, new RegExp(`ACS user \\S+ in ${await seam.acsSystemId(0)}$`, "m"));
    });
  }

  it("prints no name that a terminal or a CI log acts on", async () => {
    const acs_system_id = await seam.acsSystemId(0);
    const name = "Lobby\u001b[2J\n::error::boom\u202e";
    const systems = [200, { ok: true, acs_systems: [{ acs_system_id, name }] }] as const;
    const full_name = "\u001b]0;x\u0007Jean\n::error::boom";
    await seam.call("/user_identities/update", { user_identity_id: id, full_name });
    const { status, stdout } = await withAnswers({ "/acs/systems/list": systems }, (env) =>
      runSeamCommand(["teardown", "jean", "--dry-run"], { env }),
    );
    assert.equal(status, 0);
    assert.doesNotMatch(stdout, /[^\P{C}\n\uFFFD]|^\s*::/mu);
    assert.match(stdout, /in Lobby/);
  });

  it("shows what it can where something cannot be listed, and does not call that whole", async () => {
    const phones = [403, { ok: false, error: { type: "forbidden", message: "" } }] as const;
    const { status, stdout } = await withAnswers({ "/phones/list": phones }, (env) =>
      runSeamCommand(["teardown", "jean", "--dry-run"], { env }),
    );
    assert.equal(status, 1);
    assert.equal(stdout.match(/credential /g)?.length, 2);
    assert.match(stdout, /phones, which could not be listed: .*\/phones\/list/);
  });

  it("takes nobody for the one whose key was merged away", async () => {
    const other = await seam.createUserIdentity({ user_identity_key: "other" });
    const merged = await seam.call<{ user_identity: object }>("/user_identities/get", {
      user_identity_id: other,
    });
    const { status, stderr } = await withAnswers({ "/user_identities/get": [200, merged] }, (env) =>
      runSeamCommand(["teardown", "jean", "--yes"], { env }),
    );
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`had this key was merged into (user identity )?${other}`));
    assert.deepEqual(await left(), [2, 1, 2, 1, 1]);
  });

  it("says what is missing without a key", async () => {
    const { status, stderr } = await runSeamCommand(["teardown", "jean", "--yes"]);
    assert.equal(status, 1);
    assert.match(stderr, /SEAM_API_KEY/);
  });
});
