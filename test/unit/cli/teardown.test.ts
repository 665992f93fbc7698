import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { runSeamCommand } from "../../seamCommand";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

/** Interrupts a command as an impatient person does, again and again. */
function interruptUntilItEnds(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGINT");
  setImmediate(interruptUntilItEnds, child);
}

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
  /** Runs it, and acts as soon as the first deletion of a credential was requested. */
  const teardownThen = (args: string[], act: (child: ChildProcess) => void) =>
    runSeamCommand(["teardown", ...args], {
      env: seam.env,
      onStart: (child) => {
        void (async () => {
          const wasRequested = async () =>
            (await seam.requests()).some((one) => one.path === "/acs/credentials/delete");
          while (!(await wasRequested())) await new Promise((resolve) => setTimeout(resolve, 10));
          act(child);
        })();
      },
    });
  /** Runs something against a Seam that answers some routes differently. */
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
    it(`tears down the identity with this ${named.includes("@") ? "e-mail address" : named === "id" ? "id" : "key"}, and reports it line by line`, async () => {
      const { status, stdout, stderr } = await teardown(named === "id" ? id : named, "--yes");
      assert.equal(status, 0, stderr);
      assert.equal(stdout.match(/credential [0-9a-f-]{36} is gone/g)?.length, 2);
      assert.match(stdout.trimEnd(), /the user identity is gone$/);
      assert.ok(!stdout.includes("\u001b"), "no control characters without a terminal");
      assert.deepEqual(await left(), [0, 0, 0, 0, 0]);
    });
  }

  it("tears nobody down for an identity that was merged into another", async () => {
    const into = await seam.createUserIdentity({ full_name: "Somebody else" });
    await seam.act("merge", { from: id, into });
    const before = await left();
    const { status, stderr } = await teardown(id, "--yes");
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`${id} was merged into ${into}`));
    assert.deepEqual(await left(), before);
  });

  it("shows with --dry-run what would be deleted, and deletes nothing", async () => {
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

  it("deletes nothing without a terminal to confirm in", async () => {
    const { status, stderr } = await teardown("jean");
    assert.equal(status, 1);
    assert.match(stderr, /--yes/);
    assert.deepEqual(await left(), [1, 1, 2, 1, 1]);
  });

  it("keeps ACS users and their credentials with --acs-users unlink", async () => {
    const { status, stdout } = await teardown("jean", "--yes", "--acs-users", "unlink", "--json");
    assert.equal(status, 0);
    assert.deepEqual(await left(), [0, 1, 2, 0, 0]);
    const printed = JSON.parse(stdout) as { gone: { kind: string }[]; unlinked: { id: string }[] };
    assert.deepEqual(printed.gone.map((one) => one.kind).sort(), ["clientSession", "phone", "userIdentity"]);
    assert.deepEqual(
      printed.unlinked.map((one) => one.id),
      (await seam.state()).acs_users.map((user) => user.acs_user_id),
    );
  });

  it("prints one JSON document, for a success and for a failure", async () => {
    const { stdout } = await teardown("jean", "--yes", "--json");
    const printed = JSON.parse(stdout) as {
      done: boolean;
      alreadyGone: boolean;
      userIdentityId: string;
      gone: { kind: string; id: string; afterSeconds: number }[];
    };
    assert.deepEqual([printed.done, printed.alreadyGone], [true, false]);
    const last = printed.gone.at(-1);
    assert.deepEqual([last?.kind, last?.id], ["userIdentity", id], "the identity is listed, last");
    assert.ok(printed.gone.every((one) => one.afterSeconds <= (last?.afterSeconds ?? 0)));
    assert.equal(printed.userIdentityId, id);
    assert.equal(printed.gone.filter((one) => one.kind === "acsCredential").length, 2);
    for (const env of [seam.env, {}]) {
      const failed = await runSeamCommand(["teardown", "jean", "--yes", "--json"], { env });
      assert.equal(failed.status, 1);
      assert.match(
        (JSON.parse(failed.stdout) as { error: string }).error,
        /no user identity|no Seam API key/,
      );
    }
  });

  it("reports deletions that an earlier run requested", async () => {
    await seam.behave({ deletionTimeMs: [4_000, 4_000] });
    for (const { acs_credential_id } of (await seam.state()).acs_credentials)
      await seam.call("/acs/credentials/delete", { acs_credential_id });
    const { stdout } = await teardown("jean", "--yes");
    assert.equal(stdout.match(/credential [0-9a-f-]{36} is gone/g)?.length, 2);
  });

  for (const [how, signal, exitCode] of [
    ["it is interrupted", "SIGINT", 130],
    ["its CI job is canceled", "SIGTERM", 143],
  ] as const) {
    it(`says when ${how} that the same command continues`, async () => {
      await seam.behave({ deletionTimeMs: [60_000, 60_000] });
      const interrupted = await teardownThen(["jean", "--yes"], (child) => child.kill(signal));
      assert.equal(interrupted.status, exitCode);
      assert.equal(interrupted.stderr.trimEnd().split("\n").length, 1);
      assert.match(interrupted.stderr, /run the same command again to continue/);
    });
  }

  it("says that to somebody who interrupts it again and again, too", async () => {
    await seam.behave({ deletionTimeMs: [60_000, 60_000] });
    const interrupted = await teardownThen(["jean", "--yes"], interruptUntilItEnds);
    assert.equal(interrupted.status, 130);
    assert.match(interrupted.stderr, /run the same command again to continue/);
  });

  it("prints JSON when it is interrupted, too", async () => {
    await seam.behave({ deletionTimeMs: [60_000, 60_000] });
    const { status, stdout } = await teardownThen(["jean", "--yes", "--json"], (child) =>
      child.kill("SIGINT"),
    );
    assert.equal(status, 130);
    const printed = JSON.parse(stdout) as { done: boolean; gone: { kind: string }[]; error: string };
    assert.equal(printed.done, false);
    assert.deepEqual(
      printed.gone.map((one) => one.kind),
      ["clientSession"],
    );
    assert.match(printed.error, /interrupted/);
  });

  it("reports an ACS user as deleted if an earlier run requested that, even with --acs-users unlink", async () => {
    await seam.behave({ deletionTimeMs: [500, 500] });
    for (const { acs_credential_id } of (await seam.state()).acs_credentials)
      await seam.call("/acs/credentials/delete", { acs_credential_id });
    while ((await seam.state()).acs_credentials.length > 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await seam.behave({ deletionTimeMs: [2_000, 2_000] });
    for (const { acs_user_id } of (await seam.state()).acs_users)
      await seam.call("/acs/users/delete", { acs_user_id });
    const { stdout } = await teardown("jean", "--yes", "--acs-users", "unlink", "--json");
    const printed = JSON.parse(stdout) as { gone: { kind: string }[]; unlinked: object[] };
    assert.equal(printed.gone.filter((one) => one.kind === "acsUser").length, 1);
    assert.deepEqual(printed.unlinked, []);
  });

  it("runs to its end if its output is closed", async () => {
    const { status, stderr } = await runSeamCommand(["teardown", "jean", "--yes"], {
      env: seam.env,
      onStart: (child) => child.stdout?.destroy(),
    });
    assert.equal(stderr, "");
    assert.equal(status, 0);
    assert.deepEqual(await left(), [0, 0, 0, 0, 0]);
  });

  it("fails at its timeout with an error that names what is left", async () => {
    await seam.behave({ deletionTimeMs: [60_000, 60_000] });
    const { status, stderr } = await teardown("jean", "--yes", "--timeout", "1");
    assert.equal(status, 1);
    assert.match(stderr, /after 1 s still there: .*credential/);
  });

  it("says that nobody has that name, without repeating it", async () => {
    const { status, stderr } = await teardown("nobody@example.com", "--yes");
    assert.equal(status, 1);
    assert.match(stderr, /there is no user identity with this/);
    assert.ok(!stderr.includes("nobody@"));
  });

  describe("for an identity that is already deleted", () => {
    beforeEach(async () => {
      assert.equal((await teardown(id, "--yes")).status, 0);
    });

    for (const flags of [["--yes"], ["--dry-run"], []]) {
      it(`succeeds by id and reports it, with ${flags[0] ?? "no flag"}`, async () => {
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

    it("fails for a misspelled address, and succeeds with --if-exists", async () => {
      const misspelled = await teardown("jaen@example.com", "--yes");
      assert.equal(misspelled.status, 1);
      assert.match(misspelled.stderr, /there is no user identity with this.*--if-exists/);
      const tolerated = await teardown("jean@example.com", "--yes", "--if-exists");
      assert.equal(tolerated.status, 0, tolerated.stderr);
      assert.match(tolerated.stdout, /nothing to tear down/);
      assert.ok(!tolerated.stdout.includes("jean@"));
    });
  });

  it("tears down an existing identity with --if-exists, too", async () => {
    assert.equal((await teardown("jean", "--yes", "--if-exists")).status, 0);
    assert.deepEqual(await left(), [0, 0, 0, 0, 0]);
  });

  it("does not report an identity as deleted while ACS users are linked to it", async () => {
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
    it(`uses ids in place of the names of systems if those cannot be listed (${answer})`, async () => {
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

  it("shows what it can list with --dry-run, and fails if that is incomplete", async () => {
    const phones = [403, { ok: false, error: { type: "forbidden", message: "" } }] as const;
    const { status, stdout } = await withAnswers({ "/phones/list": phones }, (env) =>
      runSeamCommand(["teardown", "jean", "--dry-run"], { env }),
    );
    assert.equal(status, 1);
    assert.equal(stdout.match(/credential /g)?.length, 2);
    assert.match(stdout, /phones, which could not be listed: .*\/phones\/list/);
  });

  it("tears nobody down whose key belonged to an identity that was merged away", async () => {
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
