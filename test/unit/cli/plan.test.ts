import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSeamCommand } from "../../seamCommand";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

interface PlanDocument {
  totals: Record<string, number>;
  overLimit: string[];
  askedSeam: boolean;
  steps: {
    name: string;
    operation: string;
    fate: string | null;
    takes: { acsUsers: { credentials: number; acsSystemName: string }[]; phones: number } | null;
    keeps: { credentials: number }[] | null;
    changes: { name: string; from: unknown; to: unknown }[];
    problems: string[];
    notes: string[];
  }[];
}

describe("pulumi-seam plan", function () {
  this.timeout(60_000);

  let seam: SimulatedWorkspace;
  let jean: string;
  let jeansAcsUser: string;
  let ada: string;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    jean = await seam.createUserIdentity({ email_address: "jean@example.com", full_name: "Jean Doe" });
    jeansAcsUser = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com", jean);
    await seam.act("credentials", { acs_user_id: jeansAcsUser, count: 5 });
    await seam.act("phones", { user_identity_id: jean, count: 2 });
    await seam.act("client_sessions", { user_identity_id: jean, count: 1 });
    ada = await seam.createUserIdentity({ user_identity_key: "ada", full_name: "Ada" });
  });
  afterEach(() => seam.close());

  const urn = (type: string, name: string) =>
    `urn:pulumi:dev::app::pulumi-nodejs:dynamic/seam:${type}::${name}`;
  const identityStep = (op: string, name: string, id: string | undefined, olds: object, news?: object) => ({
    op,
    urn: urn("UserIdentity", name),
    ...(id === undefined
      ? {}
      : { oldState: { id, inputs: olds, outputs: { ...olds, workspaceId: seam.workspaceId } } }),
    ...(news === undefined ? {} : { newState: { inputs: news } }),
  });
  const plan = (steps: object[], args: string[] = [], env: object = seam.env) =>
    runSeamCommand(["plan", "-", "--format", "json", ...args], {
      input: JSON.stringify({ steps }),
      env: env as Record<string, string>,
    });
  async function planned(steps: object[]): Promise<PlanDocument> {
    const { status, stdout, stderr } = await plan(steps);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as PlanDocument;
  }

  it("counts what a teardown takes, by ACS user and system", async () => {
    const { totals, steps } = await planned([identityStep("delete", "jean", jean, { fullName: "Jean Doe" })]);
    assert.deepEqual(
      [totals.deletions, totals.acsUsers, totals.credentials, totals.phones, totals.clientSessions],
      [1, 1, 5, 2, 1],
    );
    const [user] = steps[0]?.takes?.acsUsers ?? [];
    assert.deepEqual([user?.credentials, user?.acsSystemName], [5, "Lobby"]);
  });

  it("tells what is kept: a policy, an adopted identity, unlinked ACS users, a link alone", async () => {
    const link = {
      op: "delete",
      urn: urn("AcsUserLink", "link"),
      oldState: { id: `${jean}/${jeansAcsUser}`, outputs: { workspaceId: seam.workspaceId } },
    };
    const { totals, steps } = await planned([
      identityStep("delete", "retained", jean, { deletionPolicy: "retain" }),
      identityStep("delete", "adopted", ada, { adopted: true }),
      identityStep("delete", "unlinks", jean, { teardown: { acsUsers: "unlink" } }),
      link,
    ]);
    const of = (name: string) => steps.find((step) => step.name === name);
    assert.deepEqual([of("retained")?.fate, of("adopted")?.fate], ["retained", "retained"]);
    assert.deepEqual(of("unlinks")?.takes?.acsUsers, []);
    assert.equal(of("unlinks")?.keeps?.[0]?.credentials, 5);
    assert.equal(of("link")?.fate, "unlinked");
    assert.equal(of("link")?.keeps?.[0]?.credentials, 5);
    assert.deepEqual([totals.deletions, totals.credentials, totals.unlinked], [1, 0, 1]);
  });

  it("says that a link goes with its identity, and counts it once", async () => {
    const link = {
      op: "delete",
      urn: urn("AcsUserLink", "link"),
      oldState: { id: `${jean}/${jeansAcsUser}`, deletedWith: urn("UserIdentity", "jean") },
    };
    const { totals, steps } = await planned([link, identityStep("delete", "jean", jean, {})]);
    assert.equal(steps.find((step) => step.name === "link")?.fate, "withIdentity");
    assert.deepEqual([totals.acsUsers, totals.unlinked], [1, 0]);
  });

  it("finds conflicts that will fail at apply, with the way out", async () => {
    const { steps, totals } = await planned([
      identityStep("create", "twin", undefined, {}, { emailAddress: "JEAN@example.com" }),
      identityStep("create", "adopter", undefined, {}, { emailAddress: "jean@example.com", adopt: true }),
      identityStep("update", "ada", ada, { userIdentityKey: "ada" }, { emailAddress: "jean@example.com" }),
      identityStep("create", "hidden", undefined, {}, { emailAddress: "[secret]" }),
    ]);
    const of = (name: string) => steps.find((step) => step.name === name);
    assert.match(
      of("twin")?.problems[0] ?? "",
      new RegExp(`e-mail address belongs to user identity ${jean}.*adopt`),
    );
    assert.deepEqual(of("adopter")?.problems, []);
    assert.match(of("adopter")?.notes[0] ?? "", new RegExp(`adopts user identity ${jean}`));
    assert.match(of("ada")?.problems[0] ?? "", /belongs to user identity/);
    assert.match(of("hidden")?.notes[0] ?? "", /was not checked/);
    assert.equal(totals.problems, 2);
  });

  it("finds links that will fail at apply", async () => {
    const free = await seam.createAcsUser(await seam.acsSystemId(0), "free@example.com");
    const link = (name: string, inputs: object) => ({
      op: "create",
      urn: urn("AcsUserLink", name),
      newState: { inputs },
    });
    const { steps } = await planned([
      link("taken", { userIdentityId: ada, acsUserId: jeansAcsUser }),
      link("second", { userIdentityId: jean, acsUserId: free }),
      link("nobody", { userIdentityId: jean, acsUserId: ada }),
      link("fine", { userIdentityId: ada, acsUserId: free }),
    ]);
    const problem = (name: string) => steps.find((step) => step.name === name)?.problems[0] ?? "";
    assert.match(problem("taken"), /is linked to user identity .* already/);
    assert.match(problem("second"), /in the same access control system already/);
    assert.match(problem("nobody"), /there is no ACS user/);
    assert.equal(problem("fine"), "");
  });

  it("shows an update field by field, masked unless asked", async () => {
    const step = identityStep("update", "ada", ada, { fullName: "Ada" }, { fullName: "Ada Lovelace" });
    const masked = await planned([step]);
    assert.deepEqual(masked.steps[0]?.changes, [{ name: "fullName", from: "A***", to: "A*** L***" }]);
    const { stdout } = await plan([step], ["--show-personal-data"]);
    const [change] = (JSON.parse(stdout) as PlanDocument).steps[0]?.changes ?? [];
    assert.deepEqual(change, { name: "fullName", from: "Ada", to: "Ada Lovelace" });
  });

  it("holds a merge beyond a limit, and one whose limit it cannot check", async () => {
    const steps = [identityStep("delete", "jean", jean, {})];
    assert.equal((await plan(steps, ["--max-deletes", "1", "--max-credentials", "5"])).status, 0);
    const many = await plan(steps, ["--max-deletes", "0", "--max-credentials", "4", "--max-phones", "1"]);
    assert.equal(many.status, 3);
    assert.equal(many.stderr.match(/over the limit/g)?.length, 3);
    const blind = await plan(steps, ["--max-credentials", "100"], {});
    assert.equal(blind.status, 3);
    assert.match(blind.stderr, /cannot be seen/);
    assert.equal((await plan(steps, ["--max-deletes", "1"], {})).status, 0);
    const twin = [identityStep("create", "twin", undefined, {}, { emailAddress: "jean@example.com" })];
    assert.equal((await plan(twin, ["--fail-on-problems"])).status, 3);
  });

  it("makes a key for another workspace a problem, and counts nothing as seen", async () => {
    const other = await seam.act<{ api_key: string }>("workspaces", { name: "Other" });
    const env = { ...seam.env, SEAM_API_KEY: other.api_key };
    const { status, stdout } = await plan(
      [identityStep("delete", "jean", jean, {})],
      ["--max-phones", "9"],
      env,
    );
    assert.equal(status, 3);
    const [step] = (JSON.parse(stdout) as PlanDocument).steps;
    assert.match(step?.problems[0] ?? "", /another workspace|belongs to the workspace/);
    assert.equal(step?.takes, null);
  });

  it("says what it could not see without a key", async () => {
    const { stdout } = await runSeamCommand(["plan", "-"], {
      input: JSON.stringify({ steps: [identityStep("delete", "jean", jean, {})] }),
    });
    assert.match(stdout, /nobody asked Seam/);
  });

  it("does not take a failed or a broken preview for an empty one", async () => {
    const failed = { steps: [], diagnostics: [{ severity: "error", message: "the program threw" }] };
    for (const [input, told] of [
      [JSON.stringify(failed), /the preview failed.*the program threw/s],
      ['{"steps": [', /cut off or broken/],
      ["", /holds no JSON/],
      ['{"hello": true}', /is not what/],
    ] as const) {
      const { status, stderr } = await runSeamCommand(["plan", "-"], { input });
      assert.equal(status, 1, input);
      assert.match(stderr, told);
    }
    const missing = await runSeamCommand(["plan", join(tmpdir(), "no-such-preview.json")]);
    assert.equal(missing.status, 1);
  });

  it("lets no text from Seam or a program become markup", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-plan-"));
    const file = join(folder, "preview.json");
    const step = identityStep(
      "update",
      "a|b`c",
      ada,
      { fullName: "x" },
      { fullName: "<img src=x> @team | [y](z)" },
    );
    writeFileSync(file, JSON.stringify({ steps: [step] }));
    const { stdout } = await runSeamCommand(["plan", file, "--format", "markdown", "--show-personal-data"], {
      env: seam.env,
    });
    assert.ok(!/[^\\]<img/.test(stdout), stdout);
    assert.ok(!stdout.includes("@team"));
    assert.match(stdout, /`a\\\|b'c`/);
  });
});
