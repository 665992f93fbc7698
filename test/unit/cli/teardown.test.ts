import assert from "node:assert/strict";
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

  it("shows what would go, and takes nothing away", async () => {
    const { status, stdout } = await teardown("jean", "--dry-run");
    assert.equal(status, 0);
    assert.equal(stdout.match(/credential /g)?.length, 2);
    assert.match(stdout, /phone .*\n.*credential/s);
    assert.deepEqual(await left(), [1, 1, 2, 1, 1]);
  });

  it("takes nothing away where nobody can confirm it", async () => {
    const { status, stderr } = await teardown("jean");
    assert.equal(status, 1);
    assert.match(stderr, /--yes/);
    assert.deepEqual(await left(), [1, 1, 2, 1, 1]);
  });

  it("keeps ACS users and their credentials when told to", async () => {
    const { status } = await teardown("jean", "--yes", "--acs-users", "unlink");
    assert.equal(status, 0);
    assert.deepEqual(await left(), [0, 1, 2, 0, 0]);
  });

  it("prints one JSON document, of a success and of a failure", async () => {
    const { stdout } = await teardown("jean", "--yes", "--json");
    const told = JSON.parse(stdout) as { done: boolean; userIdentityId: string; gone: { kind: string }[] };
    assert.equal(told.done, true);
    assert.equal(told.userIdentityId, id);
    assert.equal(told.gone.filter((one) => one.kind === "acsCredential").length, 2);
    const again = await teardown("jean", "--yes", "--json");
    assert.equal(again.status, 1);
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
