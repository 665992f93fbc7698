import assert from "node:assert/strict";
import type { Step } from "../../../cli/plan/forecast/types";
import { planAsJson } from "../../../cli/plan/show/json";
import { planAsMarkdown } from "../../../cli/plan/show/markdown";
import type { Plan } from "../../../cli/plan/show/plan";
import { planAsText } from "../../../cli/plan/show/text";
import { exceededLimits } from "../../../cli/plan/tally";
import { unknownValue } from "../../../provider/resources/properties";
import type { AccessGrant, Space } from "../../../provider/seam/model";
import { SimulatedWorkspace } from "../../simulatedWorkspace";
import { runSeamCommand } from "../../seamCommand";
import { found, planOf, rowsOf, type Surveyed, step, urnOf } from "./planSteps";

// What plans show of spaces: who loses doors, and what will not be deleted.

const spaceOf = (id: string): Space => ({
  ...{ space_id: id, space_key: "hq", name: "Headquarters", display_name: null },
  ...{ workspace_id: "w", created_at: "" },
});
const grantOf = (id: string, identity = "id-of-mia"): AccessGrant => ({
  ...{ access_grant_id: id, user_identity_id: identity, access_grant_key: null, reservation_key: null },
  ...{ access_method_ids: [], space_ids: ["id-of-hq"], requested_access_methods: [], name: null },
  ...{ display_name: null, starts_at: null, ends_at: null, workspace_id: "w", created_at: "" },
  ...{ errors: [], warnings: [] },
});
const there = { space: spaceOf("id-of-hq") };
const doors = (...known: [id: string, name: string | null][]) => ({
  wantedPlaces: known.map(([id, name]) => ({ kind: "device" as const, id, name })),
});
const state = { name: "Headquarters", spaceKey: "hq", deviceIds: ["front", "back"] };
const changed = (inputs: object, old: object = {}): Step =>
  step("update", "Space", "hq", { old: { ...state, ...old }, new: { ...state, ...inputs } });
const deleted = (more: Partial<Step> = {}): Step => step("delete", "Space", "hq", { old: state, ...more });

interface Case {
  what: string;
  steps: Step[];
  surveyed?: Surveyed;
  unchanged?: Step[];
  rows?: string[];
  totals?: Partial<Plan["totals"]>;
  problems?: RegExp[];
  notes?: RegExp[];
}

const cases: Case[] = [
  {
    what: "a new space",
    steps: [step("create", "Space", "hq", { new: state })],
    surveyed: { hq: doors(["front", "Front Door"], ["back", "Back Door"]) },
    rows: ["| 🟡 | `hq` | is a new space with Front Door and Back Door |"],
    totals: { spacesCreated: 1, accessLosses: 0, accessGains: 0 },
  },
  {
    what: "a new space with a door that does not exist",
    steps: [step("create", "Space", "hq", { new: state })],
    surveyed: { hq: doors(["front", "Front Door"], ["back", null]) },
    problems: [/^hq: there is no device back in the API key's workspace/],
  },
  {
    what: "a space that loses a door that grants give access to",
    steps: [changed({ deviceIds: ["front"] })],
    surveyed: { hq: { ...there, ...doors(["back", "Back Door"]), spaceUsers: [grantOf("a"), grantOf("b")] } },
    rows: ["| 🔴 | `hq` | loses Back Door (2 access grants) |"],
    totals: { spacesUpdated: 1, accessLosses: 2, accessGains: 0 },
  },
  {
    what: "a space that swaps a door",
    steps: [changed({ deviceIds: ["front", "side"] })],
    surveyed: {
      hq: {
        ...there,
        ...doors(["back", "Back Door"], ["side", "Side Door"]),
        spaceUsers: [grantOf("a")],
      },
    },
    rows: ["| 🔴 | `hq` | loses Back Door (1 access grant); gets Side Door (1 access grant) |"],
    totals: { accessLosses: 1, accessGains: 1 },
  },
  {
    what: "a space without grants that loses a door, and one that is already deleted",
    steps: [changed({ deviceIds: ["front"] })],
    surveyed: { hq: { ...there, ...doors(["back", null]), spaceUsers: [] } },
    rows: ["| 🟡 | `hq` | is left without device back, which no access grant opens |"],
    totals: { accessLosses: 0 },
    problems: [],
  },
  {
    what: "a list that the program no longer sets",
    steps: [changed({ deviceIds: undefined })],
    surveyed: { hq: { ...there, spaceUsers: [grantOf("a")] } },
    rows: ["| 🔴 | `hq` | loses device front and device back (1 access grant) |"],
    totals: { accessLosses: 1 },
  },
  {
    what: "doors that only the apply knows",
    steps: [changed({ deviceIds: ["front", unknownValue] })],
    surveyed: { hq: { ...there, spaceUsers: [grantOf("a")] } },
    rows: ["| 🟡 | `hq` | may lose doors (not shown before the apply) |"],
  },
  {
    what: "doors that were secret, all or some, so that the preview does not show which are lost",
    steps: [
      changed({ deviceIds: ["front"] }, { deviceIds: "[secret]" }),
      step("update", "Space", "annex", {
        old: { ...state, acsEntranceIds: ["a", "[secret]"] },
        new: { ...state, acsEntranceIds: undefined },
      }),
    ],
    surveyed: { hq: { ...there, spaceUsers: [grantOf("a")] }, annex: { ...there, spaceUsers: [] } },
    rows: [
      "| 🟡 | `annex` | is left without entrance a, which no access grant opens; may lose doors (not shown before the apply) |",
      "| 🟡 | `hq` | may lose doors (not shown before the apply) |",
    ],
  },
  {
    what: "a grant that the plan deletes and that loses nothing else",
    steps: [changed({ deviceIds: ["front"] }), step("delete", "AccessGrant", "mia", { id: "a" })],
    surveyed: { hq: { ...there, ...doors(["back", "Back Door"]), spaceUsers: [grantOf("a"), grantOf("b")] } },
    totals: { accessLosses: 1 },
  },
  {
    what: "a new name, which changes nobody's access",
    steps: [changed({ name: "Main building" })],
    surveyed: { hq: there },
    rows: ["| 🟡 | `hq` | name changes |"],
    totals: { accessLosses: 0, spacesUpdated: 1 },
  },
  {
    what: "a space that is deleted in Seam",
    steps: [changed({ name: "Main building" })],
    surveyed: { hq: { space: null } },
    problems: [/space id-of-hq is not in Seam any more. Run `pulumi refresh`/],
  },
  {
    what: "a space that is deleted",
    steps: [deleted()],
    surveyed: { hq: { ...there, spaceUsers: [] } },
    rows: ["| 🟡 | `hq` | is deleted |"],
    totals: { spacesDeleted: 1, deletions: 0 },
    problems: [],
  },
  {
    what: "a space that is deleted while grants use it",
    steps: [deleted()],
    surveyed: { hq: { ...there, spaceUsers: ["a", "b", "c", "d", "e", "f"].map((id) => grantOf(id)) } },
    problems: [
      /^hq: space id-of-hq will not be deleted: 6 access grants that stay give access to it \(a, b, c, d, e and 1 more\)/,
    ],
  },
  {
    what: "grants that are deleted in the same plan, alone or with their identity",
    steps: [
      deleted(),
      step("delete", "AccessGrant", "mia", { id: "a" }),
      step("delete", "UserIdentity", "sam"),
    ],
    surveyed: { hq: { ...there, spaceUsers: [grantOf("a"), grantOf("b", "id-of-sam")] } },
    problems: [],
  },
  {
    what: "a grant that is retained in Seam, and an identity that keeps its grants",
    steps: [
      deleted(),
      step("delete", "AccessGrant", "mia", { id: "a", old: { deletionPolicy: "retain" } }),
      step("delete", "UserIdentity", "sam", { old: { teardown: { accessGrants: "retain" } } }),
    ],
    surveyed: { hq: { ...there, spaceUsers: [grantOf("a"), grantOf("b", "id-of-sam")] } },
    problems: [/^hq: space id-of-hq will not be deleted: 2 access grants that stay/],
  },
  {
    what: "a space that is retained, or was adopted",
    steps: [
      deleted({ old: { ...state, deletionPolicy: "retain" } }),
      step("delete", "Space", "annex", { old: { ...state, adopted: true } }),
    ],
    surveyed: { hq: there, annex: there },
    rows: [
      "| 🟡 | `annex` | stays in Seam, no longer managed |",
      "| 🟡 | `hq` | stays in Seam, no longer managed |",
    ],
    totals: { spacesDeleted: 0 },
    notes: [/^annex: it was adopted, so it is released/],
  },
  {
    what: "a key that another space has",
    steps: [step("create", "Space", "new", { new: state })],
    surveyed: { new: { spaceKeyOwner: spaceOf("s") } },
    problems: [/^new: space s has its spaceKey already: set `adopt: true`.*SEAM_TAKE_OVER=s pulumi up/],
  },
  {
    what: "a key that another space has, which is adopted",
    steps: [step("create", "Space", "new", { new: { ...state, adopt: true } })],
    surveyed: { new: { spaceKeyOwner: spaceOf("s") } },
    problems: [],
    notes: [/^new: it adopts space s/],
  },
  {
    what: "a key that another space of the program has",
    steps: [step("create", "Space", "new", { new: state })],
    unchanged: [step("same", "Space", "hq", { id: "s" })],
    surveyed: { new: { spaceKeyOwner: spaceOf("s") } },
    problems: [/^new: space s has its spaceKey already, which `hq` of this program has/],
  },
  {
    what: "a rename without an alias",
    steps: [step("create", "Space", "new", { new: state }), deleted()],
    surveyed: { hq: { ...there, spaceUsers: [] } },
    problems: [
      /^new: it has the spaceKey of `hq` \(space id-of-hq\), which this plan deletes only afterwards/,
    ],
  },
  {
    what: "two spaces with one key",
    steps: ["one", "two"].map((name) => step("create", "Space", name, { new: state })),
    problems: [/^one: `one`, `two` in this plan need the same spaceKey/, /^two: `one`, `two`/],
  },
  {
    what: "another key",
    steps: [
      step("replace", "Space", "hq", { old: state, new: { ...state, spaceKey: "main" } }),
      step("replace", "AccessGrant", "mia", { id: "a" }),
    ],
    surveyed: { hq: { ...there, spaceUsers: [grantOf("a")] } },
    problems: [],
    totals: { spacesCreated: 1, spacesDeleted: 1 },
  },
  {
    what: "the code of another package",
    steps: [changed({ name: "HQ" }, {})].map((one) => ({ ...one, code: { old: undefined, new: "evil()" } })),
    surveyed: { hq: there },
    problems: [/runs other code than pulumi-seam's/],
  },
];

describe("a plan of spaces", () => {
  for (const { what, steps, surveyed, unchanged = [], rows: shown, totals, problems, notes } of cases) {
    it(`describes ${what}`, () => {
      const plan = planOf(steps, surveyed, { unchanged });
      if (shown !== undefined) assert.deepEqual(rowsOf(planAsMarkdown(plan)), shown);
      for (const [name, value] of Object.entries(totals ?? {})) {
        assert.equal(plan.totals[name as keyof Plan["totals"]], value, name);
      }
      for (const [kind, patterns] of [
        ["problem", problems],
        ["note", notes],
      ] as const) {
        if (patterns === undefined) continue;
        const texts = found(plan.judgements, kind);
        assert.equal(texts.length, patterns.length, texts.join("\n"));
        for (const [index, pattern] of patterns.entries()) assert.match(texts[index] ?? "", pattern);
      }
      for (const show of [planAsText, planAsMarkdown, planAsJson]) assert.ok(show(plan).length > 0);
    });
  }

  it("counts spaces separately from people in its first line", () => {
    const losing = changed({ deviceIds: ["front"] });
    const surveyed = { hq: { ...there, ...doors(["back", "Back Door"]), spaceUsers: [grantOf("a")] } };
    const plan = planOf([losing, step("create", "Space", "annex", { new: { name: "Annex" } })], surveyed);
    assert.match(planAsMarkdown(plan), /^\*\*Seam access:\*\* 1 space loses doors\. 1 space changes\.$/m);
  });

  it("fails the limit on lost access for what it cannot check", () => {
    for (const surveyed of [undefined, { hq: there }]) {
      const unseen = planOf([changed({ deviceIds: [] })], surveyed);
      assert.match(
        exceededLimits(unseen.totals, { accessLosses: 5 }, unseen.judgements, surveyed !== undefined).join(),
        /cannot be seen, and the limit is 5/,
      );
    }
    const added = planOf([changed({ deviceIds: ["front", "back", "side"] })], { hq: there });
    assert.deepEqual(exceededLimits(added.totals, { accessLosses: 0 }, added.judgements, true), []);
    const gone = planOf([deleted()], { hq: { ...there, spaceUsers: [] } });
    assert.deepEqual(
      exceededLimits(gone.totals, { acsUsers: 0, credentials: 0, accessGrants: 0 }, gone.judgements, true),
      [],
    );
  });

  it("reads from a workspace who uses a space, and names its doors", async () => {
    const seam = await SimulatedWorkspace.start({}, 1);
    try {
      const [front, back] = (await seam.places()).devices;
      const deviceIds = [front?.device_id, back?.device_id];
      const { space } = await seam.call<{ space: { space_id: string } }>("/spaces/create", {
        ...{ name: "Headquarters", space_key: "hq", device_ids: deviceIds },
      });
      const mia = await seam.createUserIdentity({ full_name: "Mia" });
      const grant = await seam.createGrant(mia, { spaceIds: [space.space_id] });
      const inputs = { name: "Headquarters", spaceKey: "hq", deviceIds };
      const oldState = {
        ...{ id: space.space_id, inputs, outputs: { ...inputs, workspaceId: seam.workspaceId } },
      };
      const plan = (one: object, ...args: string[]) =>
        runSeamCommand(["plan", "-", "--format", "markdown", ...args], {
          input: JSON.stringify({ steps: [{ urn: urnOf("Space", "hq"), ...one }] }),
          env: seam.env,
        });
      const update = {
        op: "update",
        oldState,
        newState: { inputs: { ...inputs, deviceIds: [front?.device_id] } },
      };
      const lost = await plan(update, "--max-access-losses", "0");
      assert.match(
        lost.stdout,
        new RegExp(`\\| \`hq\` \\| loses ${back?.display_name} \\(1 access grant\\) \\|`),
      );
      assert.equal(lost.status, 3, lost.stderr);
      const given = { userIdentityId: mia, spaceIds: [space.space_id] };
      const granted = await plan({
        ...{ op: "delete", urn: urnOf("AccessGrant", "mia") },
        oldState: { id: grant, inputs: given, outputs: { ...given, workspaceId: seam.workspaceId } },
      });
      assert.match(
        granted.stdout,
        /loses Headquarters \(2 codes\)/,
        "a space is named in place of its doors",
      );
      const refused = await plan({ op: "delete", oldState }, "--fail-on-problems");
      assert.match(
        refused.stdout,
        new RegExp(`an access grant that stays gives access to it \\(${grant}\\)`),
      );
      assert.equal(refused.status, 3, refused.stderr);
      const taken = await plan({ op: "create", newState: { inputs } }, "--fail-on-problems");
      assert.match(taken.stdout, new RegExp(`space ${space.space_id} has its spaceKey already`));
      await seam.behave({ ignoredFilters: ["/access_grants/list space_id"] });
      await seam.createGrant(mia, { deviceIds: [front?.device_id ?? ""] });
      const unseen = await plan({ op: "delete", oldState }, "--fail-on-problems");
      assert.match(unseen.stdout, /could not check which access grants use space/);
      assert.equal(unseen.status, 3);
    } finally {
      await seam.close();
    }
  });
});
