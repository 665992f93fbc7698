import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { runSeamCommand } from "../../seamCommand";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

const root = join(__dirname, "..", "..", "..");

describe("pulumi-seam import", function () {
  this.timeout(60_000);

  let seam: SimulatedWorkspace;
  let folder: string;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    // In the checkout, so that the program can import pulumi-seam.
    mkdirSync(join(root, ".cache"), { recursive: true });
    folder = mkdtempSync(join(root, ".cache", "import-"));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await seam.close();
  });

  const run = (...args: string[]) => runSeamCommand(["import", "--out", folder, ...args], { env: seam.env });

  it("writes a program that compiles, whatever the names of people are", async () => {
    const keywords: string[] = [];
    for (let kind = ts.SyntaxKind.FirstKeyword; kind <= ts.SyntaxKind.LastKeyword; kind += 1)
      keywords.push(ts.tokenToString(kind) ?? "");
    const others = [
      "arguments",
      "eval",
      "require",
      "exports",
      "module",
      "seam",
      "pulumi",
      "123",
      "a b",
      "日本",
    ];
    const system = await seam.acsSystemId(0);
    const keys = [...new Set([...keywords, ...others])];
    for (const user_identity_key of keys) {
      const id = await seam.createUserIdentity({ user_identity_key });
      // Only an identity with a link needs a variable.
      await seam.createAcsUser(system, `${id}@example.com`, id);
    }
    const { status, stdout, stderr } = await run("--all");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /\n {2}pulumi up\n/);
    const program = join(folder, "seam-import.ts");
    const links = readFileSync(program, "utf8").match(/new seam\.AcsUserLink/g) ?? [];
    assert.equal(links.length, keys.length);
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext"];
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const compiled = spawnSync(process.execPath, [tsc, ...options, program], { cwd: root, encoding: "utf8" });
    assert.equal(compiled.status, 0, compiled.stdout);
  });

  it("fails without a person to import, and does not choose between two", async () => {
    const nobody = await run();
    assert.equal(nobody.status, 2);
    assert.match(nobody.stderr, /name the identities to import, or give --all/);
    const byKey = await seam.createUserIdentity({ user_identity_key: "amb@example.com" });
    const byAddress = await seam.createUserIdentity({ email_address: "amb@example.com" });
    const both = await run("amb@example.com");
    assert.equal(both.status, 1);
    assert.match(both.stderr, new RegExp(`${byKey}.*${byAddress}.*Give the id`));
    assert.equal((await run(byAddress)).status, 0);
  });

  it("says which of several identities on the command line is meant", async () => {
    await seam.createUserIdentity({ user_identity_key: "jean" });
    const { status, stderr } = await run("jean", "nobody");
    assert.equal(status, 1);
    assert.match(stderr, /identity 2 of the 2 on the command line: there is no user identity with this/);
    assert.ok(!stderr.includes("nobody"), "it may be personal data");
    assert.deepEqual(readdirSync(folder), []);
  });

  it("writes nothing for a workspace without anybody", async () => {
    const { status, stderr } = await run("--all");
    assert.equal(status, 1);
    assert.match(stderr, /no user identities to import, so nothing was written/);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("names the command that imports with Pulumi's protection, and how to end the protection", async () => {
    await seam.createUserIdentity({ user_identity_key: "jean" });
    const { stdout } = await run("--all");
    const help = (await run("--help")).stdout;
    for (const text of [stdout, help]) {
      assert.match(text, /pulumi import --file \S*seam-import\.json --generate-code=false$/m);
      assert.doesNotMatch(text, /--protect/);
      assert.match(text, /protects these people/);
      assert.match(text, /ends the protection/);
    }
  });

  it("writes files that only their owner can read", async function () {
    if (process.platform === "win32") this.skip();
    await seam.createUserIdentity({ user_identity_key: "jean" });
    for (const flags of [[], ["--force"]]) {
      assert.equal((await run("--all", ...flags)).status, 0);
      for (const file of ["seam-import.json", "seam-import.ts"])
        assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600, `${file} ${flags.join()}`);
    }
    assert.deepEqual(
      readdirSync(folder).sort(),
      ["seam-import.json", "seam-import.ts"],
      "nothing else is left",
    );
  });

  it("neither follows a symbolic link nor replaces a file without --force, and replaces the link with it", async () => {
    await seam.createUserIdentity({ user_identity_key: "jean" });
    const elsewhere = join(folder, "elsewhere");
    const program = join(folder, "seam-import.ts");
    writeFileSync(elsewhere, "precious");
    for (const target of [elsewhere, join(folder, "nowhere")]) {
      symlinkSync(target, program);
      const refused = await run("--all");
      assert.equal(refused.status, 1);
      assert.match(refused.stderr, /seam-import\.ts exists already\. Nothing was written.*--force/);
      assert.ok(!existsSync(join(folder, "nowhere")) && !existsSync(join(folder, "seam-import.json")));
      assert.equal((await run("--all", "--force")).status, 0);
      assert.ok(lstatSync(program).isFile());
      assert.equal(readFileSync(elsewhere, "utf8"), "precious");
      rmSync(program);
      rmSync(join(folder, "seam-import.json"));
    }
  });

  it("uses ids in place of the names of systems if those cannot be listed", async () => {
    const id = await seam.createUserIdentity({ user_identity_key: "jean" });
    const system = await seam.acsSystemId(0);
    await seam.createAcsUser(system, "jean@example.com", id);
    await seam.act("faults", {
      match: { path: "/acs/systems/list", times: 1_000 },
      fault: { kind: "status", status: 404 },
    });
    const { status, stderr } = await run("--all");
    assert.equal(status, 0, stderr);
    assert.match(
      readFileSync(join(folder, "seam-import.ts"), "utf8"),
      new RegExp(`"jean-${system.slice(0, 8)}"`),
    );
  });

  it("writes no character that an editor hides or acts on, and keeps the value", async () => {
    const full_name = "Jean \u202e\u2066eoD\u200b \u2028\u{e0041}";
    await seam.createUserIdentity({ user_identity_key: "jean", full_name });
    assert.equal((await run("--all")).status, 0);
    for (const file of ["seam-import.json", "seam-import.ts"]) {
      const text = readFileSync(join(folder, file), "utf8");
      assert.doesNotMatch(text, /[^\P{C}\n]|[\u2028\u2029]/u, file);
      const literal = /"?fullName"?: ("(?:[^"\\]|\\.)*")/.exec(text)?.[1] ?? "";
      assert.equal(JSON.parse(literal), full_name, file);
    }
  });

  it("imports grants and group memberships with their people, and names what it leaves out", async () => {
    const jean = await seam.createUserIdentity({ user_identity_key: "jean" });
    const other = await seam.createUserIdentity({ user_identity_key: "other" });
    const { acs_access_groups, devices } = await seam.places();
    const [group] = acs_access_groups;
    const acsUserId = await seam.createAcsUser(group?.acs_system_id ?? "", "jean@example.com", jean);
    await seam.call("/acs/access_groups/add_user", {
      acs_access_group_id: group?.acs_access_group_id,
      acs_user_id: acsUserId,
    });
    const grant = await seam.createGrant(jean, {}, { access_grant_key: "front" });
    const withoutKey = await seam.createGrant(jean);
    await seam.createGrant(other, {}, { access_grant_key: "others" });
    const { status, stdout, stderr } = await run("jean");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /1 user identity, 1 link, 1 access grant, 1 group membership\./);
    assert.match(stderr, new RegExp(`access grant ${withoutKey} is left out.*no access_grant_key`));
    const { resources } = JSON.parse(readFileSync(join(folder, "seam-import.json"), "utf8")) as {
      resources: { type: string; id: string; inputs: Record<string, unknown> }[];
    };
    const of = (type: string) => resources.find((one) => one.type.endsWith(`:${type}`));
    const { inputs, id } = of("AccessGrant") ?? assert.fail();
    assert.deepEqual(
      [id, inputs.accessGrantKey, inputs.userIdentityId, inputs.deviceIds, inputs.requestedAccessMethods],
      [grant, "front", jean, [devices[0]?.device_id], [{ mode: "code" }]],
    );
    assert.equal(of("AcsAccessGroupMembership")?.id, `${group?.acs_access_group_id}/${acsUserId}`);
    const program = readFileSync(join(folder, "seam-import.ts"), "utf8");
    assert.match(program, /new seam\.AccessGrant\("jean-[^"]+", \{\n {2}userIdentity: jean,/);
    assert.doesNotMatch(program, /others/);
    const without = await run("jean", "--no-grants", "--no-groups", "--force");
    assert.match(without.stdout, /0 access grants, 0 group memberships/);
  });

  it("imports the spaces of grants with --spaces, and names those that cannot be managed", async () => {
    const jean = await seam.createUserIdentity({ user_identity_key: "jean" });
    const { acs_entrances } = await seam.places();
    const acs_entrance_ids = [acs_entrances[0]?.acs_entrance_id];
    const createSpace = async (space: object): Promise<string> =>
      (await seam.call<{ space: { space_id: string } }>("/spaces/create", space)).space.space_id;
    const lobby = await createSpace({ name: "Lobby", space_key: "lobby", acs_entrance_ids });
    const unkeyed = await createSpace({ name: "Annex", acs_entrance_ids });
    await createSpace({ name: "Elsewhere", space_key: "elsewhere" });
    await seam.createGrant(jean, { spaceIds: [lobby] }, { access_grant_key: "lobby" });
    await seam.createGrant(jean, { spaceIds: [unkeyed] }, { access_grant_key: "annex" });
    assert.doesNotMatch((await run("jean")).stdout, /space/);
    const { stdout, stderr } = await run("jean", "--spaces", "--force");
    assert.match(stdout, /2 access grants, 0 group memberships, 1 space\./);
    assert.match(stderr, new RegExp(`spaces left out, because .*: ${unkeyed}$`, "m"));
    const { resources } = JSON.parse(readFileSync(join(folder, "seam-import.json"), "utf8")) as {
      resources: { type: string; id: string; inputs: Record<string, unknown> }[];
    };
    const spaces = resources.filter((one) => one.type.endsWith(":Space"));
    assert.deepEqual(
      spaces.map(({ id, inputs }) => [id, inputs.spaceKey, inputs.acsEntranceIds]),
      [[lobby, "lobby", acs_entrance_ids]],
    );
    const program = readFileSync(join(folder, "seam-import.ts"), "utf8");
    assert.match(program, /new seam\.Space\("lobby", \{\n {2}spaceKey: "lobby",/);
  });
});
