import assert from "node:assert/strict";
import type { Step } from "../../../cli/plan/forecast/types";
import { planAsJson } from "../../../cli/plan/show/json";
import { planAsMarkdown } from "../../../cli/plan/show/markdown";
import type { Plan } from "../../../cli/plan/show/plan";
import { planAsText } from "../../../cli/plan/show/text";
import { exceededLimits } from "../../../cli/plan/tally";
import { unknownValue } from "../../../provider/resources/properties";
import type { AccessGrant, AcsAccessGroup } from "../../../provider/seam/model";
import {
  acsUser,
  atDoor,
  found,
  identity,
  planOf,
  rowsOf,
  type Surveyed,
  stake,
  step,
  urnOf,
} from "./planSteps";

// What plans show of access grants and of memberships in access groups. The dates are always in the future.

const grantOf = (id: string, more: Partial<AccessGrant> = {}): AccessGrant => ({
  ...{ access_grant_id: id, user_identity_id: "id-of-mia", access_grant_key: null, reservation_key: null },
  ...{ access_method_ids: [], space_ids: [], requested_access_methods: [], name: null, display_name: null },
  ...{ starts_at: null, ends_at: null, workspace_id: "w", created_at: "", errors: [], warnings: [] },
  ...more,
});
const group = (name: string, more: Partial<AcsAccessGroup> = {}): AcsAccessGroup => ({
  ...{ acs_access_group_id: name.toLowerCase(), acs_system_id: "lobby", workspace_id: "w" },
  ...{ name, display_name: null },
  ...more,
});
const opening = (id: string, doors: string[], accessMethods: Record<string, number>, notIssued = 0) => ({
  ...{ accessGrantId: id, name: doors.join(" and ") || undefined, doors, accessMethods, notIssued },
});
/** Seam's answer for an existing grant that opens these doors. */
const opens = (id: string, doors: string[], accessMethods: Record<string, number> = { code: 1 }) => ({
  grant: grantOf(id),
  under: stake({ accessGrants: [opening(id, doors, accessMethods)] }),
});

const mia = urnOf("UserIdentity", "mia");
const ofMia = { dependsOn: [mia], comesAfter: [mia] };
const code = [{ mode: "code" }];
const request = (mode: string) => ({ mode, created_access_method_ids: [] });
const given = {
  ...{ userIdentityId: "id-of-mia", accessGrantKey: "k", deviceIds: ["d"], requestedAccessMethods: code },
};
const state = { ...given, accessMethods: [{ accessMethodId: "m", mode: "code", issued: true, request: 0 }] };
const changed = (old: object, inputs: object): Step =>
  step("update", "AccessGrant", "front", {
    ...{ id: "g", old: { ...state, ...old }, new: { ...given, ...inputs }, ...ofMia },
  });

interface Case {
  what: string;
  steps: Step[];
  surveyed?: Surveyed;
  unchanged?: Step[];
  rows?: string[];
  totals?: Partial<Plan["totals"]>;
  fates?: string[];
  problems?: RegExp[];
  unchecked?: RegExp[];
  notes?: RegExp[];
}

const cases: Case[] = [
  {
    what: "a grant that is deleted",
    steps: [step("delete", "AccessGrant", "front", { id: "g", old: state, dependsOn: [mia] })],
    surveyed: { front: opens("g", ["Front Door", "Garage"], { code: 1, mobile_key: 1 }) },
    rows: ["| 🔴 | `mia` | loses Front Door and Garage (1 code and 1 mobile key) |"],
    totals: { accessGrants: 1, deletions: 0, accessLosses: 0 },
  },
  {
    what: "a grant whose doors are known only from the program's lookups",
    steps: [
      step("delete", "AccessGrant", "front", { id: "g", old: { ...state, doors: ["Front Door"] }, ...ofMia }),
    ],
    surveyed: { front: opens("g", []) },
    rows: ["| 🔴 | `mia` | loses Front Door (1 code) |"],
  },
  {
    what: "a grant that is deleted with its identity is counted once",
    steps: [
      step("delete", "AccessGrant", "front", { id: "g", old: state, deletedWith: mia, dependsOn: [mia] }),
      step("delete", "UserIdentity", "mia"),
    ],
    surveyed: {
      front: {},
      mia: { under: stake({ accessGrants: [opening("g", ["Front Door"], { code: 1 })], phones: 1 }) },
    },
    rows: ["| 🔴 | `mia` | loses Front Door (1 code), the app (1 phone) |"],
    totals: { accessGrants: 1, deletions: 1 },
    fates: ["withIdentity", "tornDown"],
  },
  {
    what: "a grant with a step of its own before its identity is counted once",
    steps: [
      step("delete", "AccessGrant", "front", { id: "g", old: state, dependsOn: [mia] }),
      step("delete", "UserIdentity", "mia"),
    ],
    surveyed: {
      front: opens("g", ["Front Door"]),
      mia: { under: stake({ accessGrants: [opening("g", ["Front Door"], { code: 1 })] }) },
    },
    rows: ["| 🔴 | `mia` | loses Front Door (1 code), the app |"],
    totals: { accessGrants: 1, deletions: 1 },
    notes: [/^mia: access grant g is deleted with `front`, and is counted there/],
  },
  {
    what: "a grant that is retained, although its identity is torn down",
    steps: [
      step("delete", "AccessGrant", "front", {
        ...{ id: "g", old: { ...state, deletionPolicy: "retain" }, dependsOn: [mia] },
      }),
      step("delete", "UserIdentity", "mia"),
    ],
    surveyed: {
      front: opens("g", ["Front Door"]),
      mia: { under: stake({ accessGrants: [opening("g", ["Front Door"], { code: 1 })] }) },
    },
    rows: ["| 🔴 | `mia` | loses Front Door (1 code), the app |"],
    totals: { accessGrants: 1 },
    notes: [/^front: access grant g does not stay: it is deleted with `mia`/],
  },
  {
    what: "an identity whose teardown retains grants",
    steps: [
      step("delete", "AccessGrant", "front", { id: "g", old: state, deletedWith: mia, dependsOn: [mia] }),
      step("delete", "UserIdentity", "mia", { old: { teardown: { accessGrants: "retain" } } }),
    ],
    surveyed: {
      mia: { under: stake({ accessGrants: [opening("g", ["Front Door"], { code: 1 })] }) },
    },
    rows: ["| 🔴❌ | `mia` | loses the app; still has Front Door (1 code) |"],
    totals: { accessGrants: 0, deletions: 1 },
    fates: ["retained", "tornDown"],
    problems: [
      /^front: access grant g stays in Seam and still opens doors: .* deleted with `mia`, which keeps it/,
    ],
  },
  {
    what: "a grant that is only removed from the state, with an identity that is retained",
    steps: [
      step("delete", "AccessGrant", "front", { id: "g", old: state, deletedWith: mia, dependsOn: [mia] }),
      step("delete", "UserIdentity", "mia", { old: { adopted: true } }),
    ],
    surveyed: {
      mia: { under: stake({ accessGrants: [opening("g", ["Front Door"], { code: 1 })] }) },
    },
    totals: { accessGrants: 0, deletions: 0 },
    fates: ["retained", "retained"],
    problems: [/^front: access grant g stays in Seam and still opens doors/],
  },
  {
    what: "an adopted grant is released",
    steps: [
      step("delete", "AccessGrant", "front", { id: "g", old: { ...state, adopted: true }, dependsOn: [mia] }),
    ],
    surveyed: { front: opens("g", ["Front Door"]) },
    rows: ["| 🟡 | `mia` | keeps Front Door (1 code), no longer managed |"],
    totals: { accessGrants: 0 },
    notes: [/adopted, so it is released/],
  },
  {
    what: "a grant that another resource of the program also manages",
    steps: [step("delete", "AccessGrant", "front", { id: "g", old: state, dependsOn: [mia] })],
    surveyed: { front: opens("g", ["Front Door"]) },
    unchanged: [step("same", "AccessGrant", "other", { id: "g" })],
    rows: ["| 🟡 | `mia` | keeps Front Door (1 code), no longer managed |"],
    totals: { accessGrants: 0 },
    notes: [/`other` has the same access grant, so it stays/],
  },
  {
    what: "an identity that is torn down while a resource that stays manages one of its grants",
    steps: [step("delete", "UserIdentity", "mia")],
    surveyed: { mia: { under: stake({ accessGrants: [opening("g", ["Front Door"], { code: 1 })] }) } },
    unchanged: [step("same", "AccessGrant", "front", { id: "g" })],
    problems: [/^mia: access grant g is deleted with this identity, although `front` of this program has it/],
    totals: { accessGrants: 1 },
  },
  {
    what: "a grant that is already deleted",
    steps: [step("delete", "AccessGrant", "front", { id: "g", old: state, dependsOn: [mia] })],
    surveyed: { front: { grant: null } },
    totals: { accessGrants: 0 },
    notes: [/not in Seam any more/],
  },
  {
    what: "a grant that belongs to another person in Seam",
    steps: [step("delete", "AccessGrant", "front", { id: "g", old: state, dependsOn: [mia] })],
    surveyed: { front: { ...opens("g", ["Front Door"]), grant: grantOf("g", { user_identity_id: "sam" }) } },
    problems: [/access grant g is for user identity sam in Seam, and for id-of-mia in the state.*refresh/],
  },
  {
    what: "a grant that ends earlier",
    steps: [changed({ endsAt: "2097-01-01T00:00:00Z" }, { endsAt: "2096-07-01T00:00:00Z" })],
    surveyed: { front: opens("g", ["Front Door"]) },
    rows: ["| 🔴 | `mia` | loses Front Door (1 code) after 2096-07-01T00:00:00Z |"],
    totals: { accessLosses: 1, accessGains: 0, accessGrants: 0 },
  },
  {
    what: "a grant that ends in the past",
    steps: [changed({}, { endsAt: "2020-01-01T00:00:00Z" })],
    surveyed: { front: opens("g", ["Front Door"]) },
    rows: ["| 🔴 | `mia` | loses Front Door (1 code) at once (it ended at 2020-01-01T00:00:00Z) |"],
    totals: { accessLosses: 1 },
  },
  {
    what: "a grant that begins later",
    steps: [changed({}, { startsAt: "2096-09-01T00:00:00Z" })],
    surveyed: { front: opens("g", ["Front Door"]) },
    rows: ["| 🔴 | `mia` | loses Front Door (1 code) until 2096-09-01T00:00:00Z |"],
    totals: { accessLosses: 1 },
  },
  {
    what: "a start in the past changes nobody's access",
    steps: [changed({}, { startsAt: "2020-01-01T00:00:00Z" })],
    surveyed: { front: opens("g", ["Front Door"]) },
    rows: [],
    totals: { accessLosses: 0, accessGains: 0 },
  },
  {
    what: "a grant that lasts longer",
    steps: [changed({ endsAt: "2096-07-01T00:00:00Z" }, { endsAt: "2096-12-31T00:00:00Z" })],
    surveyed: { front: opens("g", ["Front Door"]) },
    rows: ["| 🟡 | `mia` | gets Front Door until 2096-12-31T00:00:00Z |"],
    totals: { accessLosses: 0, accessGains: 1 },
  },
  {
    what: "a grant that had ended and is valid again",
    steps: [
      changed(
        { endsAt: "2020-05-01T00:00:00Z" },
        { startsAt: "2096-08-01T00:00:00Z", endsAt: "2096-09-01T00:00:00Z" },
      ),
    ],
    surveyed: { front: opens("g", ["Front Door"]) },
    totals: { accessLosses: 0, accessGains: 1 },
  },
  {
    what: "an end in another time zone that is the same moment",
    steps: [changed({ endsAt: "2097-01-01T00:00:00Z" }, { endsAt: "2097-01-01T01:00:00+01:00" })],
    rows: [],
    totals: { accessLosses: 0 },
  },
  {
    what: "an access method that is removed",
    steps: [changed({ requestedAccessMethods: [{ mode: "card" }, ...code] }, {})],
    surveyed: { front: opens("g", ["Front Door"], { card: 1, code: 1 }) },
    rows: ["| 🔴 | `mia` | loses Front Door (1 card) |"],
    totals: { accessLosses: 1 },
  },
  {
    what: "an access method that is added",
    steps: [changed({}, { requestedAccessMethods: [...code, { mode: "mobile_key" }] })],
    surveyed: { front: opens("g", ["Front Door"]) },
    rows: ["| 🟡 | `mia` | gets Front Door (1 mobile key) |"],
    totals: { accessLosses: 0, accessGains: 1 },
  },
  {
    what: "requests that are secret before and after",
    steps: [
      changed(
        { requestedAccessMethods: "[secret]", endsAt: "2097-01-01T00:00:00Z" },
        { requestedAccessMethods: "[secret]" },
      ),
    ],
    surveyed: { front: opens("g", ["Front Door"]) },
    rows: [
      "| 🟡 | `mia` | may lose or get Front Door (not shown before the apply); gets Front Door without an end |",
    ],
  },
  {
    what: "requests that are secret before and after, with their modes known",
    steps: [
      changed(
        { requestedAccessMethods: "[secret]" },
        { requestedAccessMethods: "[secret]", requestedModes: ["code", "mobile_key"], name: "x" },
      ),
    ],
    surveyed: { front: opens("g", ["Front Door"]) },
    rows: [
      "| 🟡 | `mia` | gets Front Door (1 mobile key); name of the access grant for Front Door changes |",
    ],
  },
  {
    what: "requests that were secret: the issued methods show what is removed",
    steps: [
      changed(
        {
          requestedAccessMethods: "[secret]",
          accessMethods: [
            { accessMethodId: "m", mode: "code", issued: true, request: 0 },
            { accessMethodId: "n", mode: "code", issued: true, request: 0 },
            { accessMethodId: "o", mode: "card", issued: true, request: 1 },
          ],
        },
        {},
      ),
    ],
    surveyed: { front: opens("g", ["Front Door"], { code: 2, card: 1 }) },
    rows: ["| 🔴 | `mia` | loses Front Door (1 card) |"],
  },
  {
    what: "doors that change: the grant is replaced, and its methods are issued again",
    steps: [
      step("replace", "AccessGrant", "front", {
        ...{ id: "g", old: state, ...ofMia },
        new: { ...given, deviceIds: ["e", "f"], endsAt: "2096-12-31T00:00:00Z" },
      }),
    ],
    surveyed: {
      front: {
        ...opens("g", ["Front Door", "Garage"]),
        wantedPlaces: [
          { kind: "device", id: "e", name: "Garage" },
          { kind: "device", id: "f", name: "Roof" },
        ],
        grantee: identity("id-of-mia"),
      },
    },
    rows: [
      "| 🔴 | `mia` | loses Front Door (1 code); gets new access methods for Garage; gets Roof until 2096-12-31T00:00:00Z |",
    ],
    totals: { accessGrants: 1, accessGrantsCreated: 1, accessLosses: 0 },
  },
  {
    what: "a grant that is given to another person",
    steps: [
      step("replace", "AccessGrant", "front", {
        ...{ id: "g", old: state, dependsOn: [mia], comesAfter: [urnOf("UserIdentity", "sam")] },
        new: { ...given, userIdentityId: "id-of-sam", doors: ["Front Door"] },
      }),
    ],
    surveyed: { front: { ...opens("g", ["Front Door"]), grantee: identity("id-of-mia") } },
    rows: ["| 🔴 | `mia` | loses Front Door (1 code) |", "| 🟡 | `sam` | gets Front Door |"],
    totals: { accessGrants: 1 },
  },
  {
    what: "a joiner with a grant",
    steps: [
      step("create", "UserIdentity", "mia"),
      step("create", "AccessGrant", "front", {
        new: {
          ...given,
          userIdentityId: unknownValue,
          doors: ["Front Door"],
          endsAt: "2096-12-31T00:00:00Z",
        },
        comesAfter: [mia],
      }),
    ],
    rows: ["| 🟢 | `mia` | joins, gets Front Door until 2096-12-31T00:00:00Z |"],
    totals: { created: 1, accessGrantsCreated: 1 },
  },
  {
    what: "a new grant for places that do not exist, for nobody, and already over",
    steps: [
      step("create", "AccessGrant", "front", { new: { ...given, endsAt: "2020-01-01T00:00:00Z" }, ...ofMia }),
    ],
    surveyed: {
      front: { wantedPlaces: [{ kind: "device", id: "d", name: null }], grantee: null },
    },
    problems: [/there is no user identity id-of-mia/, /there is no device d in/],
    notes: [/ended at 2020-01-01T00:00:00Z already/],
  },
  {
    what: "a new grant for a person that Seam is deleting",
    steps: [step("create", "AccessGrant", "front", { new: { ...given, doors: ["Front Door"] } })],
    surveyed: {
      front: {
        grantee: identity("id-of-mia", { warnings: [{ warning_code: "being_deleted", message: "" }] }),
      },
    },
    problems: [/^front: user identity id-of-mia is being deleted in Seam/],
  },
  {
    what: "a new grant for a person that the plan deletes",
    steps: [
      step("create", "AccessGrant", "front", { new: { ...given, doors: ["Front Door"] } }),
      step("delete", "UserIdentity", "mia"),
    ],
    surveyed: { front: { grantee: identity("id-of-mia") }, mia: { under: stake() } },
    problems: [/^front: it is for the user identity of `mia`, which this plan deletes/],
  },
  {
    what: "a key that a grant already has",
    steps: [step("create", "AccessGrant", "front", { new: { ...given, doors: ["Front Door"] } })],
    surveyed: { front: { keyOwner: grantOf("other"), grantee: identity("id-of-mia") } },
    problems: [/access grant other has its accessGrantKey already: set `adopt: true`.*SEAM_TAKE_OVER=other/],
  },
  {
    what: "a key that the grant of another person has",
    steps: [
      step("create", "AccessGrant", "front", { new: { ...given, adopt: true, doors: ["Front Door"] } }),
    ],
    surveyed: { front: { keyOwner: grantOf("other", { user_identity_id: "sam" }) } },
    problems: [/other has its accessGrantKey already, for user identity sam.*give another accessGrantKey$/],
  },
  {
    what: "a key that another resource's grant has",
    steps: [
      step("create", "AccessGrant", "front", { new: { ...given, adopt: true, doors: ["Front Door"] } }),
    ],
    surveyed: { front: { keyOwner: grantOf("other") } },
    unchanged: [step("same", "AccessGrant", "first", { id: "other" })],
    problems: [/which `first` of this program has/],
  },
  {
    what: "a grant that is adopted",
    steps: [
      step("create", "AccessGrant", "front", { new: { ...given, adopt: true, doors: ["Front Door"] } }),
    ],
    surveyed: { front: { keyOwner: grantOf("other", { requested_access_methods: [request("code")] }) } },
    notes: [/it adopts access grant other/],
    rows: ["| 🟡 | `front` | keeps Front Door, now managed |"],
    totals: { accessLosses: 0, accessGains: 0 },
  },
  {
    what: "a grant that is adopted and ended already",
    steps: [
      step("create", "AccessGrant", "front", {
        new: {
          ...{ ...given, adopt: true, doors: ["Front Door"] },
          ...{ startsAt: "2020-01-01T00:00:00Z", endsAt: "2021-01-01T00:00:00Z" },
        },
      }),
    ],
    surveyed: {
      front: {
        keyOwner: grantOf("other", { requested_access_methods: [request("code")] }),
        adopted: opens("other", ["Front Door"]).under,
      },
    },
    notes: [/ended at 2021-01-01T00:00:00Z already/, /it adopts access grant other/],
    rows: ["| 🔴 | `front` | loses Front Door (1 code) at once (it ended at 2021-01-01T00:00:00Z) |"],
    totals: { accessLosses: 1 },
  },
  {
    what: "a grant that is adopted with a later end and one more access method",
    steps: [
      step("create", "AccessGrant", "front", {
        new: {
          ...{ ...given, adopt: true, doors: ["Front Door"], endsAt: "2098-01-01T00:00:00Z" },
          requestedAccessMethods: [{ mode: "code" }, { mode: "card" }],
        },
      }),
    ],
    surveyed: {
      front: {
        keyOwner: grantOf("other", {
          ...{ ends_at: "2097-01-01T00:00:00Z" },
          requested_access_methods: [request("code"), request("mobile_key")],
        }),
      },
    },
    notes: [/it adopts access grant other/],
    rows: ["| 🟡 | `front` | gets Front Door until 2098-01-01T00:00:00Z, Front Door (1 card) |"],
    totals: { accessLosses: 0, accessGains: 1 },
  },
  {
    what: "a grant that may be adopted, with a key that is secret",
    steps: [
      step("create", "AccessGrant", "front", {
        new: {
          ...{ ...given, adopt: true, doors: ["Front Door"] },
          ...{ accessGrantKey: "[secret]", endsAt: "2098-01-01T00:00:00Z" },
        },
      }),
    ],
    rows: ["| 🟡 | `front` | may lose or get Front Door (not shown before the apply) |"],
  },
  {
    what: "a replaced grant that is retained in Seam with the key",
    steps: [
      step("replace", "AccessGrant", "front", {
        ...{ id: "g", old: { ...state, adopted: true }, ...ofMia },
        new: { ...given, adopt: true, deviceIds: ["e"], doors: ["Roof"] },
      }),
    ],
    surveyed: { front: { ...opens("g", ["Front Door"]), keyOwner: grantOf("g") } },
    problems: [/its present grant g stays in Seam and keeps the accessGrantKey/],
    notes: [/released/],
  },
  {
    what: "a replaced grant that is retained in Seam with a derived key, which is not looked up",
    steps: [
      step("replace", "AccessGrant", "front", {
        ...{ id: "g", old: { ...state, deletionPolicy: "retain" }, ...ofMia },
        new: {
          ...given,
          defaultAccessGrantKey: "k",
          deletionPolicy: "retain",
          deviceIds: ["e"],
          doors: ["R"],
        },
      }),
    ],
    surveyed: { front: opens("g", ["Front Door"]) },
    problems: [/its present grant g stays in Seam and keeps the accessGrantKey/],
  },
  {
    what: "two grants with one key",
    steps: ["one", "two"].map((name) =>
      step("create", "AccessGrant", name, { new: { ...given, doors: ["Front Door"] }, ...ofMia }),
    ),
    problems: [/^one: `one`, `two` in this plan need the same accessGrantKey/, /^two: /],
  },
  {
    what: "a grant with a new name and the same key",
    steps: [
      step("create", "AccessGrant", "new", { new: { ...given, doors: ["Front Door"] } }),
      step("delete", "AccessGrant", "front", { id: "g", old: state }),
    ],
    surveyed: { front: opens("g", ["Front Door"]), new: { keyOwner: grantOf("g") } },
    problems: [
      /^new: it has the accessGrantKey of `front` \(access grant g\).*aliases: \[\{ name: "front" \}\]/,
    ],
  },
  {
    what: "a membership that is removed",
    steps: [
      step("delete", "AcsAccessGroupMembership", "staff", {
        ...{ id: "staff/a", old: { acsAccessGroupId: "staff", acsUserId: "a", acsSystemId: "lobby" } },
      }),
    ],
    surveyed: { staff: { acsUser: acsUser("a", { user_identity_id: "id-of-mia" }), group: group("Staff") } },
    unchanged: [step("same", "UserIdentity", "mia")],
    rows: ["| 🔴 | `mia` | loses the access group Staff in Lobby |"],
    totals: { accessLosses: 1, groupsLeft: 1 },
    notes: [/which doors an access group opens was not looked up/],
  },
  {
    what: "a membership whose ACS user is deleted in the same plan",
    steps: [
      step("delete", "AcsAccessGroupMembership", "staff", {
        ...{ id: "staff/a", old: { acsAccessGroupId: "staff", acsUserId: "a" } },
        dependsOn: [urnOf("AcsUser", "mia")],
      }),
      step("delete", "AcsUser", "mia", { id: "a", old: { acsSystemId: "lobby" } }),
    ],
    surveyed: {
      staff: { acsUser: acsUser("a"), group: group("Staff") },
      mia: { acsUser: acsUser("a"), under: stake({ acsUsers: [atDoor("a", "Lobby", 2)] }) },
    },
    rows: ["| 🔴 | `mia` | loses Lobby (2 cards) |"],
    totals: { accessLosses: 0, groupsLeft: 0, acsUsers: 1 },
    notes: [/was not looked up/, /its ACS user is deleted with `mia`, and is counted there/],
  },
  {
    what: "a membership that has already ended",
    steps: [
      step("delete", "AcsAccessGroupMembership", "staff", {
        ...{ id: "staff/a", old: { acsAccessGroupId: "staff", acsUserId: "a" } },
      }),
    ],
    surveyed: { staff: { acsUser: acsUser("a"), group: null } },
    rows: [],
    totals: { accessLosses: 0 },
    notes: [/left the group already/],
  },
  {
    what: "a member who moves from one group to another",
    steps: [
      step("replace", "AcsAccessGroupMembership", "staff", {
        ...{ id: "staff/a", old: { acsAccessGroupId: "staff", acsUserId: "a", acsSystemId: "lobby" } },
        new: { acsAccessGroupId: "guests", acsUserId: "a" },
      }),
    ],
    surveyed: {
      staff: { acsUser: acsUser("a"), group: group("Staff"), wantedGroup: group("Guests") },
    },
    rows: ["| 🔴 | `staff` | loses the access group Staff in Lobby; gets the access group Guests in Lobby |"],
    totals: { accessLosses: 1, groupsJoined: 1, groupsLeft: 1 },
    notes: [/was not looked up/],
  },
  {
    what: "a membership that keeps existing under a new name",
    steps: [
      step("create", "AcsAccessGroupMembership", "new", {
        new: { acsAccessGroupId: "staff", acsUserId: "a" },
      }),
      step("delete", "AcsAccessGroupMembership", "old", {
        ...{ id: "staff/a", old: { acsAccessGroupId: "staff", acsUserId: "a" } },
      }),
    ],
    surveyed: { new: { wantedAcsUser: acsUser("a"), wantedGroup: group("Staff") } },
    rows: [],
    totals: { accessLosses: 0, groupsLeft: 0 },
    notes: [/^new: it is the membership that `old` is now, and stays/],
  },
  {
    what: "memberships that cannot be created",
    steps: [
      step("create", "AcsAccessGroupMembership", "a", { new: { acsAccessGroupId: "x", acsUserId: "a" } }),
      step("create", "AcsAccessGroupMembership", "b", { new: { acsAccessGroupId: "staff", acsUserId: "b" } }),
      step("create", "AcsAccessGroupMembership", "c", { new: { acsAccessGroupId: "staff", acsUserId: "c" } }),
      ...["d", "e"].map((name) =>
        step("create", "AcsAccessGroupMembership", name, {
          new: { acsAccessGroupId: "staff", acsUserId: "d" },
        }),
      ),
    ],
    surveyed: {
      a: { wantedGroup: null, wantedAcsUser: null },
      b: { wantedGroup: group("Staff"), wantedAcsUser: acsUser("b", { acs_system_id: "offices" }) },
      c: { wantedGroup: group("Staff"), wantedAcsUser: acsUser("c") },
      d: { wantedGroup: group("Staff"), wantedAcsUser: acsUser("d") },
    },
    unchanged: [step("same", "AcsAccessGroupMembership", "first", { id: "staff/c" })],
    problems: [
      /^a: there is no access group x/,
      /^a: there is no ACS user a/,
      /^b: the access group is in the access control system lobby, and the ACS user in offices/,
      /^c: `first` of this program makes the same ACS user a member/,
      /^d: `d`, `e` in this plan need the same ACS user in the same group/,
      /^e: /,
    ],
  },
];

describe("judging access", () => {
  for (const { what, steps, surveyed, unchanged = [], problems = [], unchecked = [], ...more } of cases) {
    it(what, () => {
      const plan = planOf(steps, surveyed, { unchanged });
      const matches = (kind: "problem" | "unchecked" | "note", expected: readonly RegExp[]): void => {
        const all = found(plan.judgements, kind);
        assert.equal(all.length, expected.length, all.join("\n") || `no ${kind}`);
        for (const [index, expression] of expected.entries()) assert.match(all[index] ?? "", expression);
      };
      matches("problem", problems);
      matches("unchecked", unchecked);
      if (more.notes !== undefined) matches("note", more.notes);
      if (more.fates !== undefined) {
        const fates = plan.judgements.map(({ fate }) => fate);
        assert.deepEqual(fates, more.fates);
      }
      if (more.rows !== undefined) assert.deepEqual(rowsOf(planAsMarkdown(plan)), more.rows);
      for (const [name, count] of Object.entries(more.totals ?? {})) {
        assert.equal(Reflect.get(plan.totals, name), count, name);
      }
    });
  }

  it("counts a grant that could not be checked, and fails a limit that it may exceed", () => {
    const deleted = step("delete", "AccessGrant", "front", { id: "g", old: state, dependsOn: [mia] });
    const plan = planOf([deleted], undefined);
    assert.deepEqual(rowsOf(planAsMarkdown(plan)), ["| 🔴 | `mia` | loses access grant g (not seen) |"]);
    const limits = { accessGrants: 0, credentials: 0 };
    assert.deepEqual(exceededLimits(plan.totals, limits, plan.judgements, false), [
      "1 access grant would be deleted, and the limit is 0",
    ]);
    const secret = { requestedAccessMethods: "[secret]" };
    const hidden = planOf([changed(secret, { ...secret, name: "x" })], {
      front: opens("g", ["Front Door"]),
    });
    assert.match(
      exceededLimits(hidden.totals, { accessLosses: 5 }, hidden.judgements, true).join(),
      /cannot be seen.*access methods of an access grant/,
    );
    const shorter = planOf([changed({}, { endsAt: "2096-07-01T00:00:00Z" })], {
      front: opens("g", ["Front Door"]),
    });
    assert.match(
      exceededLimits(shorter.totals, { accessLosses: 0 }, shorter.judgements, true).join(),
      /^1 ACS user or access grant would lose access without being deleted, and the limit is 0$/,
    );
  });

  it("shows a requested code in no format, even if the preview shows secrets", () => {
    const plan = {
      ...planOf(
        [
          changed(
            { requestedAccessMethods: [{ mode: "code", code: "77881155" }] },
            { requestedAccessMethods: [{ mode: "code", code: "99220044" }] },
          ),
        ],
        { front: opens("g", ["Front Door"]) },
      ),
      showPersonalData: true,
    };
    for (const show of [planAsText, planAsMarkdown, planAsJson]) {
      const text = show(plan);
      assert.match(text, /requestedAccessMethods/);
      assert.doesNotMatch(text, /77881155|99220044/);
    }
  });

  it("masks the name and the keys of a grant", () => {
    const steps = [
      changed({ name: "Mia Doe", reservationKey: "mia-1" }, { name: "Mia Lee", accessGrantKey: "mia-2" }),
    ];
    const plan = planOf(steps, { front: opens("g", ["Front Door"]) });
    for (const show of [planAsText, planAsMarkdown, planAsJson]) {
      assert.doesNotMatch(show(plan), /Doe|Lee|mia-[12]/);
    }
    assert.match(planAsJson({ ...plan, showPersonalData: true }), /Mia Doe/);
  });

  it("has the same content in a terminal and for programs", () => {
    const steps = [step("delete", "AccessGrant", "front", { id: "g", old: state, dependsOn: [mia] })];
    const surveyed = { front: { ...opens("g", ["Front Door"]), identity: identity("id-of-mia") } };
    surveyed.front.under = stake({ accessGrants: [opening("g", ["Front Door"], { code: 1, card: 1 }, 1)] });
    const text = planAsText(planOf(steps, surveyed));
    assert.match(text, /^1 person loses access \(1 access grant\)\.$/m);
    assert.match(text, /^mia: loses Front Door \(1 card and 1 code\)$/m);
    assert.match(text, /deletes access grant g: Front Door \(1 card and 1 code\), 1 not issued yet/);
    const document = JSON.parse(planAsJson(planOf(steps, surveyed))) as {
      people: { name: string; loses: string[] }[];
      steps: { action: string; takes: { accessGrants: { doors: string[]; notIssued: number }[] } }[];
    };
    assert.deepEqual(document.people[0]?.loses, ["Front Door (1 card and 1 code)"]);
    assert.equal(document.steps[0]?.action, "delete");
    const [grant] = document.steps[0].takes.accessGrants;
    assert.deepEqual([grant?.doors, grant?.notIssued], [["Front Door"], 1]);
  });
});
