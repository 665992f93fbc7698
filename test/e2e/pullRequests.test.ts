import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deep } from "../depth";
import { runSeamCommand } from "../seamCommand";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { PulumiProject, type StateResource } from "./pulumiProject";

describe("pull requests and pipelines", function () {
  this.timeout(30 * 60_000);

  let seam: SimulatedWorkspace;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [10, 40], eventDelayMs: 10 }, 1);
  });
  afterEach(() => seam.close());

  const program = (body: string): string => `
    import * as seam from "pulumi-seam";
    ${body}
  `;

  it("shows in Markdown what a real preview means, and counts what is really deleted", async () => {
    const [lobby, offices, garage] = [
      await seam.acsSystemId(0),
      await seam.acsSystemId(1),
      await seam.acsSystemId(2),
    ];
    const acsUserId = await seam.createAcsUser(lobby, "jean@example.com");
    const adasAcsUser = await seam.createAcsUser(lobby, "ada@example.com");
    const inOffices = (name: string) =>
      `{ acsSystemId: "${offices}", fullName: "${name}", emailAddress: "${name}@example.com" }`;
    const project = await PulumiProject.create({
      example: "basic",
      env: seam.env,
      program: program(`
        const jean = new seam.UserIdentity("jean", { fullName: "Jean Doe", emailAddress: "jean@example.com" });
        new seam.AcsUserLink("jean-lobby", { userIdentity: jean, acsUserId: "${acsUserId}" });
        const stays = new seam.AcsUser("jean-offices", ${inOffices("jean")});
        new seam.AcsUserLink("jean-offices", { userIdentity: jean, acsUser: stays });
        const goes = new seam.AcsUser("jean-garage", { acsSystemId: "${garage}", fullName: "Jean Doe" });
        new seam.AcsUserLink("jean-garage", { userIdentity: jean, acsUser: goes });
        const ada = new seam.UserIdentity("ada", { fullName: "Ada", emailAddress: "ada@example.com" });
        new seam.AcsUserLink("ada-lobby", { userIdentity: ada, acsUserId: "${adasAcsUser}" });
        new seam.AcsUser("ada-offices", ${inOffices("ada")});
        new seam.UserIdentity("kept", { fullName: "Kept", deletionPolicy: "retain" });
        new seam.UserIdentity("odd|na\`me\\nof odd@example.com", { fullName: "Odd" });
      `),
    });
    await project.up();
    const before = await seam.state();
    const jean = before.user_identities.find((one) => one.full_name === "Jean Doe");
    await seam.act("phones", { user_identity_id: jean?.user_identity_id, count: 2 });
    await seam.act("credentials", { acs_user_id: acsUserId, count: 5 });
    const credentials: Record<string, number> = { "jean@example.com": 3, "ada@example.com": 4 };
    for (const { acs_user_id, email_address = "" } of before.acs_users) {
      const count = credentials[email_address] ?? 2;
      if (acs_user_id !== acsUserId) await seam.act("credentials", { acs_user_id, count });
    }
    await seam.createUserIdentity({ email_address: "sam@example.com", full_name: "Sam of the app" });
    const next = (more: string): void =>
      project.write(
        "index.ts",
        program(`
          new seam.AcsUser("jean-offices", ${inOffices("jean")});
          new seam.UserIdentity("ada", { fullName: "Ada Lovelace", emailAddress: "ada@example.com" });
          new seam.AcsUser("ada-offices", { acsSystemId: "${offices}", fullName: "Ada" });
          ${more}
        `),
      );
    next(`new seam.UserIdentity("sam", { fullName: "Sam", emailAddress: "sam@example.com" });`);
    const preview = await project.run(["preview", "--json", "--show-sames"]);
    const { status, stdout, stderr } = await runSeamCommand(
      ["plan", "-", "--format", "markdown", "--max-credentials", "4"],
      { input: preview.stdout, env: seam.env },
    );
    assert.equal(status, 3, stderr);
    assertSnapshot("plan.md", stdout);

    next("");
    const plan = await runSeamCommand(["plan", "-", "--format", "json"], {
      input: (await project.run(["preview", "--json", "--show-sames"])).stdout,
      env: seam.env,
    });
    const { totals } = JSON.parse(plan.stdout) as { totals: Record<string, number> };
    const there = await seam.state();
    await project.up();
    const left = await seam.state();
    const idsLeft = new Set(left.acs_users.map((user) => user.acs_user_id));
    assert.deepEqual(
      [totals.deletions, totals.acsUsers, totals.credentials, totals.phones],
      [
        there.user_identities.length - left.user_identities.length,
        there.acs_users.filter((user) => !idsLeft.has(user.acs_user_id)).length,
        there.acs_credentials.length - left.acs_credentials.length,
        there.phones.length - left.phones.length,
      ],
    );
    assert.equal(totals.acsUsers, 3);
  });

  it("runs the preview itself where it is called in a program's folder", async () => {
    const project = await PulumiProject.create({
      example: "basic",
      env: seam.env,
      program: program(`new seam.UserIdentity("jean", { fullName: "Jean Doe" });`),
    });
    // None of these must change what is shown, or in which form.
    const users = { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true", PULUMI_OPTION_TARGET: "urn:none" };
    const env = { ...project.environment(), ...seam.env, ...users };
    const { status, stdout, stderr } = await runSeamCommand(["plan", "--cwd", project.folder], { env });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /1 person joins/);
    project.write("index.ts", `throw new Error("this program is broken");`);
    const broken = await runSeamCommand(["plan", "--cwd", project.folder], { env });
    assert.equal(broken.status, 2);
    assert.match(broken.stderr, /this program is broken/);
  });

  it("imports a workspace, links, grants and groups included, and then previews no change", async () => {
    const [lobby, offices] = [await seam.acsSystemId(0), await seam.acsSystemId(1)];
    const jean = await seam.createUserIdentity({ user_identity_key: "jean", full_name: "Jean Doe" });
    await seam.createAcsUser(lobby, "jean@example.com", jean);
    await seam.createAcsUser(offices, "jean@example.com", jean);
    await seam.createUserIdentity({ email_address: "zoë@example.com", full_name: "Zoë D'Arc" });
    const sam = await seam.createUserIdentity({ phone_number: "+15555550110" });
    await seam.createAcsUser(lobby, "sam@example.com", sam);
    await seam.createUserIdentity({ full_name: "Jean" });
    for (const user_identity_key of ["await", "ada", "kim", "lee", "max"]) {
      const id = await seam.createUserIdentity({ user_identity_key });
      for (const system of [lobby, offices])
        await seam.createAcsUser(system, `${user_identity_key}@example.com`, id);
    }
    const { acs_access_groups, acs_entrances } = await seam.places();
    const group = acs_access_groups.find((one) => one.acs_system_id === lobby);
    await seam.call("/acs/access_groups/add_user", {
      acs_access_group_id: group?.acs_access_group_id,
      acs_user_id: (await seam.state()).acs_users[0]?.acs_user_id,
    });
    await seam.createGrant(
      jean,
      {},
      { access_grant_key: "jean-front", name: "Jean's", ends_at: "2099-01-01T00:00:00Z" },
    );
    const entrance = acs_entrances.find((one) => one.acs_system_id === lobby);
    await seam.createGrant(
      sam,
      { acsEntranceIds: [entrance?.acs_entrance_id ?? ""] },
      { access_grant_key: "sam-lobby", requested_access_methods: [{ mode: "code" }, { mode: "card" }] },
    );
    const { space } = await seam.call<{ space: { space_id: string } }>("/spaces/create", {
      name: "Front",
      space_key: "front",
      device_ids: [(await seam.places()).devices[0]?.device_id],
    });
    await seam.createGrant(jean, { spaceIds: [space.space_id] }, { access_grant_key: "jean-space" });
    const project = await PulumiProject.create({ example: "basic", env: seam.env, program: program("") });
    const before = await seam.state();

    const all = ["import", "--all", "--spaces", "--out", project.folder];
    const written = await runSeamCommand(all, { env: seam.env });
    assert.equal(written.status, 0, written.stderr);
    const again = await runSeamCommand(["import", "--all", "--out", project.folder], { env: seam.env });
    assert.equal(again.status, 1);
    assert.match(again.stderr, /--force/);

    const steps = [...written.stdout.matchAll(/^ {2}pulumi (.*)$/gm)].map(([, step = ""]) => step.split(" "));
    assert.deepEqual(
      steps.map(([step]) => step),
      ["import", "up"],
    );
    const [importing = [], recording = []] = steps;
    await project.run([...importing, "--yes", "--skip-preview"]);
    project.write("index.ts", readFileSync(join(project.folder, "seam-import.ts"), "utf8"));
    if (deep) await project.preview("--expect-no-changes");
    if (deep) await project.refresh("--expect-no-changes");
    assert.equal(
      (await recordedTogether(project)).length,
      0,
      "if imports record this now, say so in the docs",
    );
    await project.run([...recording, "--yes", "--skip-preview", "--expect-no-changes"]);
    assert.deepEqual(await seam.state(), before);
    assert.equal(
      (await project.resources()).filter((one) => one.type.includes("seam:")).length,
      9 + 13 + 3 + 1 + 1,
    );
    assert.equal((await recordedTogether(project)).length, 13);

    // Now the ACS users of people who leave are deleted with them.
    project.write("index.ts", program(""));
    await project.up();
    const { user_identities, acs_users, access_grants, spaces } = await seam.state();
    assert.deepEqual([user_identities, acs_users, access_grants, spaces], [[], [], [], []]);
  });

  /** The links of which the state says that they go with their identity. */
  async function recordedTogether(project: PulumiProject): Promise<StateResource[]> {
    const resources: (StateResource & { deletedWith?: string })[] = await project.resources();
    return resources.filter((one) => one.type.endsWith("seam:AcsUserLink") && one.deletedWith !== undefined);
  }

  it("imports chosen people alone", async () => {
    const jean = await seam.createUserIdentity({ email_address: "jean@example.com" });
    await seam.createUserIdentity({ user_identity_key: "ada" });
    const project = await PulumiProject.create({ example: "basic", env: seam.env, program: program("") });
    const chosen = ["import", "jean@example.com", "--names", "id", "--out", project.folder];
    assert.equal((await runSeamCommand(chosen, { env: seam.env })).status, 0);
    const file = JSON.parse(readFileSync(join(project.folder, "seam-import.json"), "utf8")) as {
      resources: { id: string; name: string }[];
    };
    assert.deepEqual(
      file.resources.map(({ id, name }) => ({ id, name })),
      [{ id: jean, name: `identity-${jean.slice(0, 8)}` }],
    );
    const nobody = await runSeamCommand(["import", "nobody", "--force", "--out", project.folder], {
      env: seam.env,
    });
    assert.equal(nobody.status, 1);
    assert.match(nobody.stderr, /there is no user identity/);
  });

  /** Compares text with a file next to this one; ids are numbered, not compared. `UPDATE_SNAPSHOTS=1` writes it. */
  function assertSnapshot(name: string, text: string): void {
    const ids = new Map<string, string>();
    const stable = text.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
      ids.set(id, ids.get(id) ?? `id-${ids.size + 1}`);
      return ids.get(id) ?? id;
    });
    const file = join(__dirname, "snapshots", name);
    if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(file, stable);
    assert.ok(existsSync(file), `there is no ${file}; UPDATE_SNAPSHOTS=1 writes it`);
    assert.equal(stable, readFileSync(file, "utf8"));
  }
});
