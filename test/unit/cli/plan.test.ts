import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Judgement } from "../../../cli/plan/judge/types";
import { planAsMarkdown } from "../../../cli/plan/show/markdown";
import { totalsOf } from "../../../cli/plan/tally";
import { runSeamCommand } from "../../seamCommand";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

interface PlanDocument {
  summary: string;
  totals: Record<string, number>;
  overLimit: string[];
  askedSeam: boolean;
  steps: {
    name: string;
    operation: string;
    fate: string | null;
    takes: {
      acsUsers: { acsUserId: string; credentials: number; acsSystemName: string }[];
      accessGrants: { accessGrantId: string; name: string; accessMethods: Record<string, number> }[];
      phones: number;
    } | null;
    keeps: { acsUserId: string; credentials: number }[] | null;
    changes: { name: string; from: unknown; to: unknown }[];
    problems: string[];
    unchecked: string[];
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

  it("counts what a teardown deletes, by ACS user and system", async () => {
    const { totals, steps } = await planned([identityStep("delete", "jean", jean, { fullName: "Jean Doe" })]);
    assert.deepEqual(
      [totals.deletions, totals.acsUsers, totals.credentials, totals.phones, totals.clientSessions],
      [1, 1, 5, 2, 1],
    );
    const [user] = steps[0]?.takes?.acsUsers ?? [];
    assert.deepEqual([user?.credentials, user?.acsSystemName], [5, "Lobby"]);
  });

  it("says what is kept: by a policy, of an adopted identity, by unlinking ACS users, after the deletion of a link", async () => {
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

  it("counts access grants and their methods, and names their doors", async () => {
    const grant = await seam.createGrant(jean);
    const { totals, steps } = await planned([identityStep("delete", "jean", jean, {})]);
    assert.equal(totals.accessGrants, 1);
    const [seen] = steps[0]?.takes?.accessGrants ?? [];
    const { devices } = await seam.places();
    assert.deepEqual(
      [seen?.accessGrantId, seen?.name, seen?.accessMethods],
      [grant, devices[0]?.display_name, { code: 1 }],
    );
    const held = await plan([identityStep("delete", "jean", jean, {})], ["--max-access-grants", "0"]);
    assert.equal(held.status, 3);
  });

  it("says that a link is deleted with its identity, and counts it once", async () => {
    const link = {
      op: "delete",
      urn: urn("AcsUserLink", "link"),
      oldState: { id: `${jean}/${jeansAcsUser}`, deletedWith: urn("UserIdentity", "jean") },
    };
    const { totals, steps } = await planned([link, identityStep("delete", "jean", jean, {})]);
    assert.equal(steps.find((step) => step.name === "link")?.fate, "withIdentity");
    assert.deepEqual([totals.acsUsers, totals.unlinked], [1, 0]);
  });

  it("finds conflicts that will fail at apply, and says what to do", async () => {
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

  it("shows an update field by field, masked by default", async () => {
    const step = identityStep("update", "ada", ada, { fullName: "Ada" }, { fullName: "Ada Lovelace" });
    const masked = await planned([step]);
    assert.deepEqual(masked.steps[0]?.changes, [{ name: "fullName", from: "A***", to: "A*** L***" }]);
    const { stdout } = await plan([step], ["--show-personal-data"]);
    const [change] = (JSON.parse(stdout) as PlanDocument).steps[0]?.changes ?? [];
    assert.deepEqual(change, { name: "fullName", from: "Ada", to: "Ada Lovelace" });
  });

  it("fails over a limit, and for a limit that it cannot check", async () => {
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

  it("reports a key for another workspace as a problem, and counts nothing as checked", async () => {
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

  it("says what it could not check without a key", async () => {
    const { stdout } = await runSeamCommand(["plan", "-"], {
      input: JSON.stringify({ steps: [identityStep("delete", "jean", jean, {})] }),
    });
    assert.match(stdout, /Seam was not queried/);
  });

  it("does not treat a failed or damaged preview as an empty one", async () => {
    const failed = { steps: [], diagnostics: [{ severity: "error", message: "the program threw" }] };
    for (const [input, reported] of [
      [JSON.stringify(failed), /the preview failed.*the program threw/s],
      ['{"steps": [', /cut off or broken/],
      ["", /is empty/],
      ['{"hello": true}', /is not what/],
    ] as const) {
      const { status, stderr } = await runSeamCommand(["plan", "-"], { input });
      assert.equal(status, 2, input);
      assert.match(stderr, reported);
    }
    const missing = await runSeamCommand(["plan", join(tmpdir(), "no-such-preview.json")]);
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /could not read the preview: ENOENT.*pulumi preview --json --show-sames/);
    const folder = await runSeamCommand(["plan", tmpdir()]);
    assert.equal(folder.status, 1);
    assert.match(folder.stderr, /could not read the preview: EISDIR.*Give a file, or --cwd /);
    const nowhere = await runSeamCommand(["plan", "--cwd", join(tmpdir(), "no-such-folder")]);
    assert.equal(nowhere.status, 1);
    assert.match(nowhere.stderr, /there is no folder .*no-such-folder\. Correct --cwd/);
  });

  it("does not let text from Seam or a program become markup", async () => {
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

  const acsUserStep = (op: string, name: string, id: string | undefined, olds: object, news?: object) => ({
    ...identityStep(op, name, id, olds, news),
    urn: urn("AcsUser", name),
  });
  const deletedLink = (name: string, acsUserId: string, recorded: object = {}) => ({
    op: "delete",
    urn: urn("AcsUserLink", name),
    oldState: { id: `${jean}/${acsUserId}`, outputs: { workspaceId: seam.workspaceId }, ...recorded },
  });
  const onJean = { dependencies: [urn("UserIdentity", "jean")] };
  const inSteps = ({ steps }: PlanDocument) => {
    const of = (name: string) => steps.find((step) => step.name === name);
    return { of, problem: (name: string) => of(name)?.problems.join("; ") ?? "no step" };
  };

  it("does not count an ACS user as deleted that is unlinked before the identity", async () => {
    const document = await planned([
      deletedLink("link", jeansAcsUser, onJean),
      identityStep("delete", "jean", jean, {}),
    ]);
    const { of } = inSteps(document);
    assert.deepEqual([document.totals.acsUsers, document.totals.credentials], [0, 0]);
    assert.deepEqual(of("jean")?.takes?.acsUsers, []);
    assert.equal(of("link")?.keeps?.[0]?.acsUserId, jeansAcsUser);
  });

  it("counts an ACS user once that is deleted by its own resource, and does not list it as kept", async () => {
    for (const link of [
      deletedLink("link", jeansAcsUser, onJean),
      deletedLink("link", jeansAcsUser, { ...onJean, deletedWith: urn("UserIdentity", "jean") }),
      deletedLink("link", jeansAcsUser),
    ]) {
      const document = await planned([
        link,
        acsUserStep("delete", "in-lobby", jeansAcsUser, {}),
        identityStep("delete", "jean", jean, {}),
      ]);
      const { of } = inSteps(document);
      assert.deepEqual([document.totals.acsUsers, document.totals.credentials], [1, 5]);
      assert.deepEqual(of("link")?.keeps ?? [], []);
      assert.deepEqual(of("jean")?.takes?.acsUsers, []);
      assert.equal(of("in-lobby")?.takes?.acsUsers.length, 1);
    }
  });

  it("counts an ACS user as deleted if nothing shows that it is unlinked first", async () => {
    const document = await planned([
      deletedLink("imported", jeansAcsUser),
      identityStep("delete", "jean", jean, {}),
    ]);
    const { of } = inSteps(document);
    assert.deepEqual([document.totals.acsUsers, document.totals.credentials], [1, 5]);
    assert.match(of("jean")?.notes[0] ?? "", /not certain.*`imported`.*counted as deleted/);
    assert.deepEqual(of("imported")?.keeps, []);
  });

  it("counts an identity once that two resources manage", async () => {
    const { totals } = await planned([
      identityStep("delete", "jean", jean, {}),
      identityStep("delete", "jean again", jean, {}),
    ]);
    assert.deepEqual([totals.deletions, totals.acsUsers, totals.phones], [1, 1, 2]);
  });

  it("keeps a link whose identity is only removed from the state", async () => {
    const link = deletedLink("link", jeansAcsUser, { ...onJean, deletedWith: urn("UserIdentity", "jean") });
    for (const forgotten of [{ deletionPolicy: "retain" }, { adopted: true }]) {
      const document = await planned([link, identityStep("delete", "jean", jean, forgotten)]);
      assert.equal(inSteps(document).of("link")?.fate, "retained");
      assert.equal(document.totals.unlinked, 0);
    }
  });

  it("reports a rename without an alias, and never suggests adopting what the plan deletes", async () => {
    const lobby = await seam.acsSystemId(0);
    const person = { acsSystemId: lobby, fullName: "Jean Doe", emailAddress: "jean@example.com" };
    const { problem } = inSteps(
      await planned([
        identityStep("delete", "jean", jean, { emailAddress: "jean@example.com" }),
        identityStep("create", "jane", undefined, {}, { emailAddress: "JEAN@example.com" }),
        identityStep("create", "adopts", undefined, {}, { emailAddress: "jean@example.com", adopt: true }),
        acsUserStep("delete", "lobby-jean", jeansAcsUser, person),
        acsUserStep("create", "lobby-jane", undefined, {}, person),
        deletedLink("link-jean", jeansAcsUser, onJean),
        {
          op: "create",
          urn: urn("AcsUserLink", "link-jane"),
          newState: { inputs: { userIdentityId: jean, acsUserId: jeansAcsUser } },
        },
      ]),
    );
    for (const [renamed, old] of [
      ["jane", "jean"],
      ["adopts", "jean"],
      ["lobby-jane", "lobby-jean"],
    ] as const) {
      assert.ok(
        problem(renamed).includes(`aliases: [{ name: "${old}" }]`),
        `${renamed}: ${problem(renamed)}`,
      );
      assert.doesNotMatch(problem(renamed), /adopt: true/);
    }
  });

  it("says that a link is kept if its resource is renamed without an alias", async () => {
    const document = await planned([
      deletedLink("link-jean", jeansAcsUser, onJean),
      {
        op: "create",
        urn: urn("AcsUserLink", "link-jane"),
        newState: { inputs: { userIdentityId: jean, acsUserId: jeansAcsUser } },
      },
    ]);
    const { of } = inSteps(document);
    assert.equal(of("link-jean")?.fate, "retained");
    assert.match(of("link-jane")?.notes.join() ?? "", /stays.*aliases: \[\{ name: "link-jean" \}\]/);
    assert.deepEqual([document.totals.unlinked, document.totals.problems], [0, 0]);
  });

  it("does not look up in this workspace what another provider manages, and reports it as unchecked", async () => {
    const provider = (name: string) => ({
      provider: `urn:pulumi:t::p::pulumi:providers:pulumi-nodejs::${name}::1`,
    });
    const created = (name: string, state: object) => ({
      op: "create",
      urn: urn("UserIdentity", name),
      newState: { inputs: { emailAddress: "new@example.com" }, ...state },
    });
    const document = await planned([
      created("here", provider("default_0_1_0")),
      created("in-berlin", provider("berlin")),
      { op: "delete", urn: urn("UserIdentity", "jean"), oldState: { id: jean, ...provider("berlin") } },
    ]);
    const { of } = inSteps(document);
    assert.deepEqual(of("here")?.problems, []);
    assert.deepEqual(of("here")?.unchecked, []);
    assert.deepEqual(of("in-berlin")?.problems, []);
    assert.match(of("in-berlin")?.unchecked.join() ?? "", /provider `berlin`/);
    assert.equal(of("jean")?.takes, null);
  });

  it("reads the workspace of each provider with the key that is given for it", async () => {
    const other = await seam.act<{ api_key: string }>("workspaces", { name: "Berlin" });
    const made = await seam.call<{ user_identity: { user_identity_id: string } }>(
      "/user_identities/create",
      { full_name: "Berliner", email_address: "berliner@example.com" },
      other.api_key,
    );
    const provider = "urn:pulumi:t::p::pulumi:providers:pulumi-nodejs::berlin::1";
    const step = {
      op: "create",
      urn: urn("UserIdentity", "twin"),
      newState: { inputs: { emailAddress: "berliner@example.com" }, provider },
    };
    const env = { ...seam.env, BERLIN_KEY: other.api_key };
    const withKey = await plan([step], ["--key", "berlin=BERLIN_KEY"], env);
    const { problem, of } = inSteps(JSON.parse(withKey.stdout) as PlanDocument);
    assert.match(problem("twin"), new RegExp(made.user_identity.user_identity_id));
    assert.deepEqual(of("twin")?.unchecked, []);
    const unset = await plan([step], ["--key", "berlin=NO_SUCH_VARIABLE"], env);
    assert.equal(unset.status, 1);
    assert.match(unset.stderr, /NO_SUCH_VARIABLE is not set/);
    assert.equal((await plan([step], ["--key", "berlin"], env)).status, 2);
  });

  it("has separate limits on handovers, lost attributes and lost access", async () => {
    const person = { userIdentityKey: "j", emailAddress: "jean@example.com", fullName: "Jean Doe" };
    const other = { userIdentityKey: "s", emailAddress: "sam@example.com", fullName: "Sam Lee" };
    const handover = [identityStep("update", "desk", jean, person, other)];
    const held = await plan(handover, ["--max-handovers", "0"]);
    assert.equal(held.status, 3);
    assert.match(held.stderr, /1 person would become somebody else/);
    assert.match(
      inSteps(JSON.parse(held.stdout) as PlanDocument).problem("desk"),
      /: S\*\*\* L\*\*\* gets the 5 credentials.* of J\*\*\* D\*\*\*\./,
    );
    assert.equal((await plan(handover, ["--max-handovers", "1"])).status, 0);
    const secret = { userIdentityKey: "[secret]", emailAddress: "[secret]", fullName: "[secret]" };
    const unseen = await plan(
      [identityStep("update", "desk", jean, person, secret)],
      ["--max-handovers", "0"],
    );
    assert.equal(unseen.status, 3);
    assert.match(unseen.stderr, /how many people would become somebody else .*cannot be seen/);
    assert.match((JSON.parse(unseen.stdout) as PlanDocument).summary, /1 person may become somebody else/);
    const emptied = [
      identityStep("update", "ada", ada, other, { userIdentityKey: "s", fullName: "Sam Lee" }),
    ];
    assert.equal((await plan(emptied, ["--max-attribute-removals", "0"])).status, 3);
    const suspended = [acsUserStep("update", "in-lobby", jeansAcsUser, {}, { suspended: true })];
    assert.equal((await plan(suspended, ["--max-access-losses", "0"])).status, 3);
  });

  it("predicts that adopt cannot just be removed, and masks all of a key that contains an address", async () => {
    const key = { userIdentityKey: "jean_doe:jean@example.com" };
    const { steps } = await planned([
      identityStep(
        "update",
        "ada",
        ada,
        { ...key, adopt: true, adopted: true },
        { fullName: "Jean Doe (jean@example.com)" },
      ),
    ]);
    assert.match(
      steps[0]?.problems.join() ?? "",
      /it was adopted, .*Keep adopt: true, or set deletionPolicy/,
    );
    const changes = Object.fromEntries((steps[0]?.changes ?? []).map((change) => [change.name, change]));
    assert.equal(changes.userIdentityKey?.from, "j***:j***@example.com");
    assert.equal(changes.fullName?.to, "J*** D*** (j***@example.com)");
  });

  it("counts ACS users that are deleted by their own resource in its first line, checked or not", async () => {
    const steps = [acsUserStep("delete", "in-lobby", jeansAcsUser, {})];
    assert.equal((await planned(steps)).summary, "1 person loses access (5 credentials, 1 ACS user).");
    const { stdout } = await plan(steps, [], {});
    assert.equal((JSON.parse(stdout) as PlanDocument).summary, "1 person loses access.");
  });

  it("reports a rename without an API key as well", async () => {
    const { stdout } = await plan(
      [
        identityStep("delete", "jean", jean, { userIdentityKey: "jean" }),
        identityStep("create", "jane", undefined, {}, { userIdentityKey: "jean" }),
      ],
      [],
      {},
    );
    const { problem } = inSteps(JSON.parse(stdout) as PlanDocument);
    assert.match(problem("jane"), /aliases/);
  });

  it("predicts a conflict of two new people, and an access control system that does not exist", async () => {
    const { problem } = inSteps(
      await planned([
        identityStep("create", "one", undefined, {}, { emailAddress: "new@example.com" }),
        identityStep("create", "two", undefined, {}, { emailAddress: "New@Example.com" }),
        identityStep("create", "three", undefined, {}, { emailAddress: "other@example.com" }),
        acsUserStep("create", "nowhere", undefined, {}, { acsSystemId: ada, fullName: "No One" }),
        acsUserStep(
          "create",
          "somewhere",
          undefined,
          {},
          { acsSystemId: await seam.acsSystemId(1), fullName: "Some One" },
        ),
      ]),
    );
    assert.match(problem("one"), /`one`, `two` in this plan need the same e-mail address/);
    assert.match(problem("two"), /only one can have it/);
    assert.match(problem("nowhere"), /there is no access control system/);
    assert.deepEqual([problem("three"), problem("somewhere")], ["", ""]);
  });

  it("predicts that a moved link fails if the old one is deleted only afterwards, and not if it is replaced", async () => {
    const moved = { userIdentityId: ada, acsUserId: jeansAcsUser };
    const created = await planned([
      deletedLink("jeans", jeansAcsUser, onJean),
      { op: "create", urn: urn("AcsUserLink", "adas"), newState: { inputs: moved } },
    ]);
    assert.match(
      inSteps(created).problem("adas"),
      /only afterwards, with `jeans`.*aliases: \[\{ name: "jeans" \}\]/,
    );
    const replaced = await planned([
      { ...deletedLink("jeans", jeansAcsUser, onJean), op: "replace", newState: { inputs: moved } },
    ]);
    assert.equal(inSteps(replaced).problem("jeans"), "");
  });

  it("accepts a value that moves from one declared person to another in one run", async () => {
    const old = { emailAddress: "jean@example.com" };
    const giving = identityStep("update", "jean", jean, old, { emailAddress: "j@example.com" });
    const wanting = identityStep("create", "heir", undefined, {}, old);
    assert.equal(inSteps(await planned([giving, wanting])).problem("heir"), "");
    const adasKey = { userIdentityKey: "ada" };
    const key = identityStep("update", "ada", ada, adasKey, { userIdentityKey: "countess" });
    const heir = identityStep("create", "heir", undefined, {}, adasKey);
    assert.equal(inSteps(await planned([key, heir])).problem("heir"), "");
  });

  it("does not report a failed lookup as an apply that will fail", async () => {
    await seam.act("faults", {
      match: { path: "/acs/users/list", times: 100 },
      fault: { kind: "status", status: 500 },
    });
    const steps = [identityStep("delete", "jean", jean, {})];
    const { status, stdout, stderr } = await plan(steps, ["--fail-on-problems"]);
    const document = JSON.parse(stdout) as PlanDocument;
    assert.deepEqual(document.steps[0]?.problems, []);
    assert.match(document.steps[0]?.unchecked[0] ?? "", /500.*Run the same command again/);
    assert.equal(status, 3, stderr);
    assert.match(stderr, /cannot be seen/);
    const nobody = { ...seam.env, SEAM_ENDPOINT: "http://127.0.0.1:9" };
    const silent = JSON.parse((await plan(steps, [], nobody)).stdout) as PlanDocument;
    assert.deepEqual(silent.steps[0]?.problems, []);
    assert.match(silent.steps[0]?.unchecked[0] ?? "", /did not answer.*Check the network/);
  });

  it("says what to do about a key that Seam refuses", async () => {
    const env = { ...seam.env, SEAM_API_KEY: "seam_wrong00000000" };
    const { status, stderr } = await plan([identityStep("delete", "jean", jean, {})], [], env);
    assert.equal(status, 1);
    assert.match(stderr, /Seam refuses the API key\. Check it/);
  });

  it("masks people in names, URNs and keys, in every format", async () => {
    const name = "jean@example.com";
    const steps = [
      identityStep("update", name, ada, { userIdentityKey: "ada" }, { userIdentityKey: "countess" }),
      identityStep("create", "twin", undefined, {}, { userIdentityKey: "countess" }),
    ];
    for (const format of ["text", "json", "markdown"]) {
      const { stdout } = await plan(steps, ["--format", format]);
      assert.doesNotMatch(stdout, /jean@|countess/, format);
      assert.match(stdout, /c(\\?\*){3}/, format);
      const open = await plan(steps, ["--format", format, "--show-personal-data"]);
      assert.match(open.stdout, /jean@.?example/, format);
      assert.match(open.stdout, /countess/, format);
    }
  });

  it("shows that a secret may change, and what a replacement changes", async () => {
    const [from, to] = ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"];
    const document = await planned([
      identityStep("update", "ada", ada, { emailAddress: "[secret]" }, { emailAddress: "[secret]" }),
      acsUserStep(
        "replace",
        "in-lobby",
        jeansAcsUser,
        { acsSystemId: await seam.acsSystemId(0), phoneNumber: "+15555550110", suspended: true },
        { acsSystemId: await seam.acsSystemId(1), accessSchedule: { startsAt: from, endsAt: to } },
      ),
      {
        ...deletedLink("link", jeansAcsUser),
        op: "replace",
        oldState: {
          id: `${jean}/${jeansAcsUser}`,
          inputs: { userIdentityId: jean, acsUserId: jeansAcsUser },
        },
        newState: { inputs: { userIdentityId: ada, acsUserId: jeansAcsUser } },
      },
    ]);
    const { of } = inSteps(document);
    assert.deepEqual(
      of("ada")?.changes.map((change) => change.name),
      ["emailAddress"],
    );
    assert.deepEqual(
      of("in-lobby")?.changes.map((change) => change.name),
      ["acsSystemId", "phoneNumber", "accessSchedule", "suspended"],
    );
    assert.deepEqual(of("link")?.changes, [{ name: "userIdentityId", from: jean, to: ada }]);
    const { stdout } = await plan(
      [identityStep("update", "ada", ada, { emailAddress: "[secret]" }, { emailAddress: "[secret]" })],
      ["--format", "text"],
    );
    assert.match(stdout, /emailAddress: secret, may change/);
  });

  it("fails for an unknown operation", async () => {
    const { status, stderr } = await plan([identityStep("evaporate", "jean", jean, {})]);
    assert.equal(status, 2);
    assert.match(stderr, /"evaporate".*Update pulumi-seam/);
    const harmless = ["same", "read", "refresh", "discard", "import"];
    const none = await planned(harmless.map((op) => identityStep(op, op, jean, {})));
    assert.deepEqual(none.steps, []);
  });

  it("reads the two steps of a replacement as one, and the rest of an interrupted one as a deletion", async () => {
    const { steps } = await planned([
      identityStep("create-replacement", "ada", ada, { fullName: "Ada" }, { fullName: "A" }),
      identityStep("delete-replaced", "ada", ada, { fullName: "Ada" }),
      identityStep("delete-replaced", "jean", jean, {}),
    ]);
    const seen = steps.map((step) => [step.name, step.operation, step.changes.length]);
    assert.deepEqual(seen.sort(), [
      ["ada", "replace", 1],
      ["jean", "delete", 0],
    ]);
  });

  it("uses the singular for one", async () => {
    const { stderr } = await plan([identityStep("delete", "jean", jean, {})], ["--max-deletes", "0"]);
    assert.match(stderr, /1 user identity would be deleted, and the limit is 0/);
  });

  it("keeps its layout and limits its size for all names and any number of people", () => {
    const judgements = Array.from({ length: 3_000 }, (_, index): Judgement => {
      const name = `o\`d|d\nname ${index} ${"x".repeat(500)}`;
      return {
        step: {
          ...{ does: "delete", resource: "UserIdentity", id: `${index}`, urn: `${index}`, name },
          ...{ old: {}, new: {}, code: { old: undefined, new: undefined }, deletedWith: undefined },
          ...{ dependsOn: [], comesAfter: [], retained: false, provider: undefined },
        },
        ...{ fate: "tornDown", takes: undefined, keeps: undefined, touches: undefined, system: undefined },
        ...{ keepsGrants: undefined, gives: [], groups: undefined, identityInSeam: undefined },
        ...{ changes: [], access: [], handover: undefined, removedAttributes: [] },
        ...{ usedBy: undefined, doorNames: [], existing: undefined, skippedWith: undefined },
        findings: [
          { kind: "problem", text: `problem ${name}` },
          { kind: "unchecked", text: `look ${name}` },
          ...Array.from({ length: 100 }, (__, note) => ({
            ...{ kind: "note" as const, text: `note ${note} ${name}` },
          })),
        ],
      };
    });
    const markdown = planAsMarkdown({
      ...{ judgements, findings: [], unchanged: [], totals: totalsOf(judgements), overLimit: [] },
      ...{ askedSeam: false, showPersonalData: false },
    });
    assert.ok(markdown.length < 65_000, `${markdown.length}`);
    const cut = markdown.match(/^(- )?… and \d{4} more$/gm);
    assert.equal(cut?.length, 4, "rows, problems, what could not be checked, details");
    const rows = markdown.split("\n").filter((line) => line.startsWith("|"));
    assert.ok(rows.length > 50);
    for (const row of rows) assert.equal(row.replaceAll("\\|", "").match(/\|/g)?.length, 4, row);
  });

  it("looks up many identities in few requests", async () => {
    const steps = Array.from({ length: 300 }, (_, index) => {
      const id = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
      return identityStep("update", `gone-${index}`, id, { fullName: "A" }, { fullName: "B" });
    });
    const { totals } = await planned(steps);
    assert.equal(totals.problems, 300);
    const listings = (await seam.requests()).filter(({ path }) => path === "/user_identities/list");
    assert.equal(listings.length, 3);
  });
});
