import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
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

  it("shows what would go, and takes nothing away", async () => {
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
    assert.deepEqual(told.gone.map((one) => one.kind).sort(), ["clientSession", "phone"]);
    assert.deepEqual(
      told.unlinked.map((one) => one.id),
      (await seam.state()).acs_users.map((user) => user.acs_user_id),
    );
  });

  it("prints one JSON document, of a success and of a failure", async () => {
    const { stdout } = await teardown("jean", "--yes", "--json");
    const told = JSON.parse(stdout) as { done: boolean; userIdentityId: string; gone: { kind: string }[] };
    assert.equal(told.done, true);
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
    await seam.behave({ deletionTimeMs: [500, 500] });
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
    assert.match(interrupted.stderr, /run the same command again to go on from here/);
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

  it("says what is missing without a key", async () => {
    const { status, stderr } = await runSeamCommand(["teardown", "jean", "--yes"]);
    assert.equal(status, 1);
    assert.match(stderr, /SEAM_API_KEY/);
  });
});
