import assert from "node:assert/strict";
import { forecast } from "../../../cli/plan/forecast/forecast";
import { readPreview } from "../../../cli/plan/preview/read";
import { survey } from "../../../cli/plan/survey/survey";
import type { Observation } from "../../../cli/plan/survey/types";
import { SeamClient } from "../../../provider/seam/client";
import { runSeamCommand } from "../../seamCommand";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

const urn = (type: string, name: string): string =>
  `urn:pulumi:dev::app::pulumi-nodejs:dynamic/seam:${type}::${name}`;

describe("a plan of access, checked in a workspace", function () {
  this.timeout(60_000);

  let seam: SimulatedWorkspace;
  let mia: string;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    mia = await seam.createUserIdentity({ full_name: "Mia" });
  });
  afterEach(() => seam.close());

  const grantStep = (op: string, name: string, id: string | undefined, olds: object, news?: object) => ({
    op,
    urn: urn("AccessGrant", name),
    ...(id === undefined
      ? {}
      : { oldState: { id, inputs: olds, outputs: { ...olds, workspaceId: seam.workspaceId } } }),
    ...(news === undefined ? {} : { newState: { inputs: news } }),
  });
  const plan = async (steps: object[], ...args: string[]) => {
    const ran = await runSeamCommand(["plan", "-", ...args], {
      input: JSON.stringify({ steps }),
      env: seam.env,
    });
    return { ...ran, rows: ran.stdout.split("\n").filter((line) => /^\| [^|]*\| `/.test(line)) };
  };

  /** What the survey finds, by the name of the step, and the requests for it. */
  async function surveyed(steps: object[]): Promise<{ seen: Map<string, Observation>; routes: string[] }> {
    const read = readPreview(Buffer.from(JSON.stringify({ steps }))).steps;
    const client = new SeamClient({ apiKey: seam.apiKey, endpoint: seam.url });
    await seam.act("reset_log");
    const answered = await survey(forecast(read), new Map([[undefined, client]]));
    const routes = (await seam.requests()).map(({ path }) => path);
    return { seen: new Map(read.map((step) => [step.name, answered.of(step)])), routes };
  }

  it("names the doors, methods and groups that a person loses and gets", async () => {
    const { devices, acs_entrances, acs_access_groups } = await seam.places();
    const [front, garage] = devices;
    const [entrance] = acs_entrances;
    const [group] = acs_access_groups;
    const acsUser = await seam.createAcsUser(group?.acs_system_id ?? "", "mia@example.com", mia);
    const grant = await seam.createGrant(mia, {
      deviceIds: [front?.device_id ?? ""],
      acsEntranceIds: [entrance?.acs_entrance_id ?? ""],
    });
    const [acsAccessGroupId, acsUserId] = [group?.acs_access_group_id ?? "", acsUser];
    await seam.call("/acs/access_groups/add_user", {
      acs_access_group_id: acsAccessGroupId,
      acs_user_id: acsUserId,
    });
    const old = { userIdentityId: mia, requestedAccessMethods: [{ mode: "code" }] };
    const steps = [
      { op: "same", urn: urn("UserIdentity", "mia"), oldState: { id: mia }, newState: {} },
      grantStep("delete", "old", grant, old),
      grantStep(
        "create",
        "new",
        undefined,
        {},
        {
          ...{ ...old, accessGrantKey: "key", defaultAccessGrantKey: "key" },
          ...{ deviceIds: [garage?.device_id], endsAt: "2099-12-31T00:00:00Z" },
        },
      ),
      {
        op: "delete",
        urn: urn("AcsAccessGroupMembership", "staff"),
        oldState: {
          id: `${acsAccessGroupId}/${acsUserId}`,
          outputs: {
            ...{ acsAccessGroupId, acsUserId, acsSystemId: group?.acs_system_id },
            workspaceId: seam.workspaceId,
          },
        },
      },
    ];
    const lost = `${front?.display_name} and ${entrance?.display_name}`;
    const { rows, status, stderr } = await plan(steps, "--format", "markdown", "--max-access-grants", "0");
    const system = (await seam.state()).acs_systems.find((one) => one.acs_system_id === group?.acs_system_id);
    assert.deepEqual(rows, [
      `| 🔴 | \`mia\` | loses ${lost} (2 codes), the access group ${group?.name} in ${system?.name}; gets ${garage?.display_name} until 2099-12-31T00:00:00Z |`,
    ]);
    assert.equal(status, 3, stderr);
    assert.equal((await plan(steps, "--max-access-losses", "0")).status, 3);
    assert.equal((await plan(steps, "--max-access-losses", "1", "--max-access-grants", "1")).status, 0);
  });

  it("fails over a limit for a grant that ends earlier, and counts one that is deleted with its identity once", async () => {
    const grant = await seam.createGrant(mia);
    const old = { userIdentityId: mia, requestedAccessMethods: [{ mode: "code" }] };
    const shorter = [grantStep("update", "front", grant, old, { ...old, endsAt: "2099-01-01T00:00:00Z" })];
    assert.equal((await plan(shorter, "--max-access-losses", "0")).status, 3);
    const together = [
      {
        ...grantStep("delete", "front", undefined, old),
        oldState: { id: grant, outputs: old, deletedWith: urn("UserIdentity", "mia") },
      },
      {
        op: "delete",
        urn: urn("UserIdentity", "mia"),
        oldState: { id: mia, outputs: { workspaceId: seam.workspaceId } },
      },
    ];
    const { stdout } = await plan(together, "--format", "json", "--max-access-grants", "1");
    const { totals } = JSON.parse(stdout) as { totals: Record<string, number> };
    assert.deepEqual([totals.accessGrants, totals.deletions], [1, 1]);
  });

  it("fails over a limit for what an adoption suspends or ends", async () => {
    const acsSystemId = await seam.acsSystemId(0);
    const acsUser = await seam.createAcsUser(acsSystemId, "ada@example.com", mia);
    await seam.act("credentials", { acs_user_id: acsUser, count: 2 });
    await seam.createGrant(mia, {}, { access_grant_key: "ada-door" });
    const badge = (given: object) => ({
      ...{ op: "create", urn: urn("AcsUser", "ada") },
      newState: {
        inputs: { acsSystemId, fullName: "Ada", emailAddress: "ada@example.com", adopt: true, ...given },
      },
    });
    const door = (given: object) => {
      const deviceIds = ["d0000000-0000-4000-8000-000000000001"];
      const requested = { requestedAccessMethods: [{ mode: "code" }], deviceIds, doors: ["Front"] };
      const inputs = { userIdentityId: mia, accessGrantKey: "ada-door", ...requested, adopt: true, ...given };
      return grantStep("create", "ada-door", undefined, {}, inputs);
    };
    const ended = { startsAt: "2020-01-01T00:00:00Z", endsAt: "2021-01-01T00:00:00Z" };
    const closing = await plan([badge({ suspended: true }), door(ended)], "--max-access-losses", "1");
    assert.equal(closing.status, 3);
    assert.match(closing.stderr, /2 ACS users and access grants would lose access/);
    assert.match(closing.stdout, /ada: loses Lobby \(2 mobile keys\): suspended$/m);
    assert.match(closing.stdout, /ada-door: loses .* \(1 code\) at once \(it ended at 2021/);
    assert.match(closing.stdout, /note: it ended at 2021-01-01T00:00:00Z already/);
    assert.match(closing.stdout, /note: it adopts access grant/);
    const harmless = await plan([badge({}), door({})], "--max-access-losses", "0");
    assert.equal(harmless.status, 0, harmless.stderr);
    assert.match(harmless.stdout, /ada: keeps Lobby \(2 mobile keys\), now managed/);
    assert.doesNotMatch(harmless.stdout, /gets/);
  });

  it("reports as problems what will fail at apply", async () => {
    const [device] = (await seam.places()).devices;
    const nowhere = "00000000-0000-4000-8000-000000000001";
    await seam.createGrant(mia, {}, { access_grant_key: "taken" });
    const given = { userIdentityId: mia, requestedAccessMethods: [{ mode: "code" }] };
    const old = { ...given, deviceIds: [device?.device_id] };
    const sam = await seam.createUserIdentity({ full_name: "Sam" });
    const { stdout, status } = await plan(
      [
        grantStep("create", "nowhere", undefined, {}, { ...given, deviceIds: [nowhere] }),
        grantStep("create", "nobody", undefined, {}, { ...old, userIdentityId: nowhere }),
        grantStep("create", "taken", undefined, {}, { ...old, accessGrantKey: "taken" }),
        grantStep("update", "gone", nowhere, old, { ...old, name: "x" }),
        grantStep("delete", "moved", await seam.createGrant(sam), old),
      ],
      ...["--format", "json", "--fail-on-problems"],
    );
    const { steps } = JSON.parse(stdout) as { steps: { name: string; problems: string[] }[] };
    const problems = Object.fromEntries(steps.map((one) => [one.name, one.problems.join("\n")]));
    assert.match(problems.nowhere ?? "", /^there is no device 0{8}-\S+ in the API key's workspace/);
    assert.match(problems.nobody ?? "", /^there is no user identity/);
    assert.match(problems.taken ?? "", /^access grant \S+ has its accessGrantKey already: set `adopt: true`/);
    assert.match(problems.gone ?? "", /is not in Seam any more/);
    assert.match(problems.moved ?? "", /is for user identity .* in Seam, and for .* in the state/);
    assert.equal(status, 3);
  });

  it("continues if it cannot read doors", async () => {
    const grant = await seam.createGrant(mia, {}, { name: "Guests" });
    await seam.act("faults", {
      match: { path: "/access_grants/get_related", times: 100 },
      fault: { kind: "status", status: 500 },
    });
    const { stdout, status } = await plan([grantStep("delete", "front", grant, { userIdentityId: mia })]);
    assert.equal(status, 0);
    assert.match(stdout, /loses Guests \(1 code\)/);
  });

  it("sends few requests: none for what is deleted with its identity, and one for each place and listing", async () => {
    const [device] = (await seam.places()).devices;
    const many = (count: number) => [...Array(count).keys()];
    const given = {
      ...{ userIdentityId: mia, requestedAccessMethods: [{ mode: "code" }], deviceIds: [device?.device_id] },
    };
    await seam.createGrant(mia, {}, { access_grant_key: "key-3" });
    const creates = many(100).map((index) =>
      grantStep("create", `new-${index}`, undefined, {}, { ...given, accessGrantKey: `key-${index}` }),
    );
    const { seen, routes } = await surveyed(creates);
    assert.ok(seen.get("new-3")?.keyOwner !== undefined && seen.get("new-4")?.keyOwner === undefined);
    const named = [{ kind: "device", id: device?.device_id, name: device?.display_name }];
    assert.deepEqual(seen.get("new-7")?.wantedPlaces, named);
    assert.ok(routes.length <= 6, routes.join(" "));

    const grants = await Promise.all(many(5).map(() => seam.createGrant(mia)));
    const withIdentity = grants.map((id, index) => ({
      op: "delete",
      urn: urn("AccessGrant", `g-${index}`),
      oldState: { id, outputs: given, deletedWith: urn("UserIdentity", "mia") },
    }));
    const identity = { op: "delete", urn: urn("UserIdentity", "mia"), oldState: { id: mia, outputs: {} } };
    const alone = (await surveyed([identity])).routes;
    assert.deepEqual((await surveyed([...withIdentity, identity])).routes.sort(), alone.sort());

    const retaining = {
      ...identity,
      oldState: { id: mia, outputs: { teardown: { accessGrants: "retain" } } },
    };
    assert.deepEqual((await surveyed([...withIdentity, retaining])).routes.sort(), alone.sort());

    const deleted = grants.map((id, index) => grantStep("delete", `g-${index}`, id, given));
    const related = (await surveyed(deleted)).routes.filter((route) => route.includes("get_related"));
    assert.equal(related.length, 5);
  });
});
