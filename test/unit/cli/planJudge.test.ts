import assert from "node:assert/strict";
import type { Step } from "../../../cli/plan/forecast/types";
import { judgeStack, type KeySource } from "../../../cli/plan/judge/stack";
import type { Preview } from "../../../cli/plan/preview/read";
import { exceededLimits, totalsOf } from "../../../cli/plan/tally";
import { unknownValue } from "../../../provider/resources/properties";
import { acsUser, atDoor, found, identity, judged, type Surveyed, stake, step, urnOf } from "./planSteps";

interface Case {
  what: string;
  steps: Step[];
  surveyed?: Surveyed;
  unchanged?: Step[];
  /** One expression for each problem, in the order of the steps. */
  problems?: RegExp[];
  unchecked?: RegExp[];
  notes?: RegExp[];
}

const jean = { userIdentityKey: "jean", emailAddress: "jean@example.com", fullName: "Jean Doe" };
const sam = { userIdentityKey: "sam", emailAddress: "sam@example.com", fullName: "Sam Lee" };
const cards = stake({ acsUsers: [atDoor("a", "Lobby", 2)] });
const named = (fullName: string) => ({ fullName });
const all = (value: string) => ({ userIdentityKey: value, emailAddress: value, fullName: value });
const derived = { userIdentityKey: "pulumi:dev:app:desk", defaultUserIdentityKey: "pulumi:dev:app:desk" };

const cases: Case[] = [
  {
    what: "an update that gives a person's issued cards to another person",
    steps: [step("update", "UserIdentity", "desk", { old: jean, new: sam })],
    surveyed: { desk: { under: cards } },
    problems: [/^desk: it becomes somebody else.* gets the 2 credentials/],
  },
  {
    what: "the same without issued credentials",
    steps: [step("update", "UserIdentity", "desk", { old: jean, new: sam })],
    surveyed: { desk: { under: stake() } },
    notes: [/becomes somebody else.*nothing that opens a door/],
  },
  {
    what: "the same without an answer from Seam",
    steps: [step("update", "UserIdentity", "desk", { old: jean, new: sam })],
    surveyed: { desk: {} },
    unchecked: [/becomes somebody else.*could not be seen/],
  },
  {
    what: "a changed surname with the same key",
    steps: [
      step("update", "UserIdentity", "jean", {
        old: jean,
        new: { ...jean, emailAddress: "jean.lee@example.com", fullName: "Jean Lee" },
      }),
    ],
    surveyed: { jean: { under: cards } },
  },
  {
    what: "an update in which a secret may be what does not change",
    steps: [
      step("update", "UserIdentity", "desk", {
        old: { ...jean, userIdentityKey: "[secret]" },
        new: { ...sam, userIdentityKey: "[secret]" },
      }),
    ],
    surveyed: { desk: { under: cards } },
    unchecked: [/becomes somebody else.*unless its userIdentityKey stays the same, which is secret/],
    notes: [/was not checked/],
  },
  {
    what: "a corrected name that is the only attribute",
    steps: [step("update", "UserIdentity", "ada", { old: named("Ada"), new: named("Ada Lovelace") })],
    surveyed: { ada: { under: cards } },
  },
  ...(
    [
      ["a person whose attributes all become secret", jean, all("[secret]"), /its userIdentityKey or emailA/],
      [
        "a person whose attributes are all known at the apply",
        jean,
        all(unknownValue),
        /2 credentials may be handed over/,
      ],
      ["a person who was and is secret", all("[secret]"), all("[secret]"), /may be handed over/],
      ["a person who was secret, and is not any more", all("[secret]"), sam, /may be handed over/],
      [
        "a changed name of a person who is secret otherwise",
        { ...all("[secret]"), fullName: "Jean Doe" },
        { ...all("[secret]"), fullName: "Sam Rivers" },
        /no shown key.*unless its userIdentityKey or emailAddress stays the same, which is secret/,
      ],
    ] as const
  ).map(([what, before, after, text]): Case => ({
    what: `${what}: that somebody else gets the cards cannot be excluded`,
    steps: [step("update", "UserIdentity", "desk", { old: before, new: after })],
    surveyed: { desk: { under: cards } },
    unchecked: [text],
    ...(after === sam ? {} : { notes: [/was not checked/] }),
  })),
  {
    what: "a secret that is given in addition to a key that stays",
    steps: [
      step("update", "UserIdentity", "jean", {
        old: { ...all("[secret]"), userIdentityKey: "jean" },
        new: { ...all("[secret]"), userIdentityKey: "jean", phoneNumber: "[secret]" },
      }),
    ],
    surveyed: { jean: { under: cards } },
    notes: [/was not checked/],
  },
  {
    what: "a secret name that is the only attribute",
    steps: [step("update", "UserIdentity", "ada", { old: named("[secret]"), new: named("[secret]") })],
    surveyed: { ada: { under: cards } },
  },
  ...(
    [
      [
        "an e-mail address that is the only attribute, beside a derived key",
        { ...derived, emailAddress: "jean@example.com" },
        { ...derived, emailAddress: "sam@example.com" },
      ],
      [
        "attributes of other kinds than before",
        { emailAddress: "jean@example.com", fullName: "Jean Doe" },
        { phoneNumber: "+15555550199", userIdentityKey: "sam" },
      ],
    ] as const
  ).map(([what, before, after]): Case => ({
    what: `an update of all that identifies a person: ${what}`,
    steps: [step("update", "UserIdentity", "desk", { old: before, new: after })],
    surveyed: { desk: { under: cards } },
    problems: [/becomes somebody else.* gets the 2 credentials.*if it has only one, add another/],
  })),
  {
    what: "the first attribute of a person, and the last one that is removed",
    steps: [
      step("update", "UserIdentity", "first", { old: derived, new: { ...derived, ...named("Ada") } }),
      step("update", "UserIdentity", "last", { old: { ...derived, ...named("Ada") }, new: derived }),
    ],
    surveyed: { first: { under: cards }, last: { under: cards } },
  },
  {
    what: "people named by their position in a list",
    steps: [
      step("update", "UserIdentity", "person-0", { old: named("Ann"), new: named("Bob") }),
      step("update", "UserIdentity", "person-1", { old: named("Bob"), new: named("Cem") }),
      step("delete", "UserIdentity", "person-2", { old: named("Cem") }),
    ],
    surveyed: { "person-0": { under: cards }, "person-1": { under: cards }, "person-2": { under: cards } },
    problems: [
      /^person-0: .* becomes who `person-1` is now: B\*\*\* gets the 2 credentials of A\*\*\*.*place in a list.*aliases/,
      /^person-1: .* becomes who `person-2` is now/,
    ],
  },
  {
    what: "an ACS user who becomes another person",
    steps: [
      step("update", "AcsUser", "badge", {
        old: { acsSystemId: "lobby", fullName: "Jean", emailAddress: "jean@example.com" },
        new: { acsSystemId: "lobby", fullName: "Sam", emailAddress: "sam@example.com" },
      }),
    ],
    surveyed: { badge: { acsUser: acsUser("a"), under: cards, systemExists: true } },
    problems: [/it becomes somebody else.* 2 credentials/],
  },
  {
    what: "two declared people who swap their e-mail addresses",
    steps: [
      step("update", "UserIdentity", "jean", {
        old: jean,
        new: { ...jean, emailAddress: "sam@example.com" },
      }),
      step("update", "UserIdentity", "sam", { old: sam, new: { ...sam, emailAddress: "jean@example.com" } }),
    ],
    surveyed: {
      jean: {
        owners: [
          { name: "emailAddress", identity: identity("id-of-sam", { email_address: "sam@example.com" }) },
        ],
      },
      sam: {
        owners: [
          { name: "emailAddress", identity: identity("id-of-jean", { email_address: "jean@example.com" }) },
        ],
      },
    },
  },
  {
    what: "the e-mail address of another person: the advice removes nobody",
    steps: [
      step("update", "UserIdentity", "jean", { old: jean, new: { ...jean, emailAddress: "x@example.com" } }),
    ],
    surveyed: {
      jean: {
        owners: [{ name: "emailAddress", identity: identity("other", { email_address: "x@example.com" }) }],
      },
    },
    problems: [/belongs to user identity other already: give another value(?!.*(remove|delete))/],
  },
  {
    what: "an adopted identity and a link that the app created",
    steps: [
      step("create", "UserIdentity", "jean", { new: { ...jean, adopt: true } }),
      step("create", "AcsUserLink", "jean-lobby", {
        new: { userIdentityId: unknownValue, acsUserId: "a" },
        comesAfter: [urnOf("UserIdentity", "jean")],
      }),
    ],
    surveyed: {
      jean: {
        owners: [{ name: "emailAddress", identity: identity("made-by-app", { user_identity_key: "jean" }) }],
      },
      "jean-lobby": { wantedAcsUser: acsUser("a", { user_identity_id: "made-by-app" }) },
    },
    notes: [/^jean: it adopts user identity made-by-app/],
  },
  {
    what: "an `adopt` that only the apply knows",
    steps: [step("create", "UserIdentity", "jean", { new: { ...jean, adopt: unknownValue } })],
    surveyed: { jean: { owners: [{ name: "emailAddress", identity: identity("other") }] } },
    unchecked: [/not known yet/],
  },
  {
    what: "adopting a person with another key",
    steps: [
      step("create", "UserIdentity", "new", { new: { ...jean, userIdentityKey: "emp-1042", adopt: true } }),
    ],
    surveyed: {
      new: {
        owners: [{ name: "emailAddress", identity: identity("leaver", { user_identity_key: "emp-0007" }) }],
      },
    },
    problems: [/would adopt user identity leaver, which has another key/],
  },
  {
    what: "adopting what another resource of the program manages",
    steps: [step("create", "UserIdentity", "b", { new: { ...jean, adopt: true } })],
    surveyed: { b: { owners: [{ name: "emailAddress", identity: identity("shared") }] } },
    unchanged: [step("same", "UserIdentity", "a", { id: "shared" })],
    problems: [/which `a` of this program has/],
  },
  {
    what: "a link whose pair another resource manages, changed or not",
    steps: [step("delete", "AcsUserLink", "old", { id: "i/a" })],
    surveyed: { old: { acsUser: acsUser("a", { user_identity_id: "i" }), under: cards } },
    unchanged: [step("same", "AcsUserLink", "new", { id: "i/a" })],
    notes: [/^old: `new` has the same link, so it stays/],
  },
  {
    what: "a second link for one pair",
    steps: [step("create", "AcsUserLink", "second", { new: { userIdentityId: "i", acsUserId: "a" } })],
    surveyed: { second: { wantedAcsUser: acsUser("a", { user_identity_id: "i" }) } },
    unchanged: [step("same", "AcsUserLink", "first", { id: "i/a" })],
    problems: [/`first` of this program links the same two already/],
  },
  {
    what: "two resources that change one identity",
    steps: [
      step("update", "UserIdentity", "one", { id: "i", old: jean, new: { ...jean, fullName: "J" } }),
      step("update", "UserIdentity", "two", { id: "i", old: jean, new: { ...jean, fullName: "D" } }),
    ],
    problems: [/^one: `one`, `two` have one user identity i/, /^two: /],
  },
  {
    what: "an ACS user that the program declares, under an identity that is deleted",
    steps: [step("delete", "UserIdentity", "jean")],
    surveyed: { jean: { under: cards } },
    unchanged: [step("same", "AcsUser", "badge", { id: "a" })],
    notes: [/ACS user a stays, because `badge`/],
  },
  {
    what: "an ACS user with an e-mail address that is already in its system",
    steps: [
      step("create", "AcsUser", "badge", {
        new: { acsSystemId: "lobby", fullName: "Jean", emailAddress: "jean@example.com" },
      }),
    ],
    surveyed: { badge: { systemExists: true, sameContact: [acsUser("old")] } },
    problems: [/ACS user old with its e-mail address or phone number already: set `adopt: true`/],
  },
  {
    what: "a class of the program that has our type token",
    steps: [
      step("update", "UserIdentity", "jean", {
        code: {
          old: 'exports.handler = () => require("pulumi-seam/provider").userIdentity',
          new: "exports.handler = steal",
        },
      }),
    ],
    problems: [/runs other code than pulumi-seam's/],
  },
  {
    what: "the code of another resource of this package",
    steps: [
      step("delete", "AcsUser", "jean", {
        code: { old: 'exports.handler = () => require("pulumi-seam/provider").userIdentity', new: undefined },
      }),
    ],
    surveyed: { jean: { acsUser: null } },
    problems: [/runs other code/],
    notes: [/not in Seam any more/],
  },
];

describe("judging a plan", () => {
  for (const { what, steps, surveyed = {}, unchanged = [], ...expected } of cases) {
    it(what, () => {
      const judgements = judged(steps, surveyed, { unchanged });
      for (const [kind, texts] of [
        ["problem", expected.problems ?? []],
        ["unchecked", expected.unchecked ?? []],
        ["note", expected.notes ?? []],
      ] as const) {
        const seen = found(judgements, kind);
        assert.equal(seen.length, texts.length, `${kind}: ${seen.join("\n")}`);
        texts.forEach((text, index) => assert.match(seen[index] ?? "", text));
      }
    });
  }

  it("counts nothing as deleted that another resource manages", () => {
    const judgements = judged(
      [step("delete", "UserIdentity", "b", { id: "shared" })],
      { b: { under: cards } },
      { unchanged: [step("same", "UserIdentity", "a", { id: "shared" })] },
    );
    assert.equal(judgements[0]?.fate, "retained");
    assert.deepEqual([totalsOf(judgements).deletions, totalsOf(judgements).credentials], [0, 0]);
  });

  const [soon, later] = ["2026-12-24T18:00:00Z", "2027-12-24T18:00:00Z"];
  for (const [what, before, after, does, losses] of [
    ["suspended", {}, { suspended: true }, "suspend", 1],
    ["no longer suspended, by omission", { suspended: true }, {}, "unsuspend", 0],
    [
      "an end where there was none",
      {},
      { accessSchedule: { startsAt: "2026-01-01T00:00:00Z", endsAt: soon } },
      "shorten",
      1,
    ],
    [
      "an earlier end",
      { accessSchedule: { endsAt: later } },
      { accessSchedule: { endsAt: soon } },
      "shorten",
      1,
    ],
    ["a later end", { accessSchedule: { endsAt: soon } }, { accessSchedule: { endsAt: later } }, "extend", 0],
    ["no end any more", { accessSchedule: { endsAt: soon } }, {}, "extend", 0],
    [
      "the same times in another form",
      { accessSchedule: { endsAt: soon } },
      { accessSchedule: { endsAt: "2026-12-24T19:00:00+01:00" } },
      undefined,
      0,
    ],
  ] as const) {
    it(`finds access that changes without a delete: ${what}`, () => {
      const judgements = judged([step("update", "AcsUser", "badge", { old: before, new: after })], {
        badge: { acsUser: acsUser("a") },
      });
      assert.equal(judgements[0]?.access[0]?.does, does);
      assert.equal(totalsOf(judgements).accessLosses, losses);
    });
  }

  const adopts = {
    ...{ acsSystemId: "lobby", fullName: "Ada", emailAddress: "ada@example.com", adopt: true },
  };
  const seenAda = (more: object = {}) => ({
    badge: {
      ...{ sameContact: [acsUser("a", { email_address: "ada@example.com", ...more })], systemExists: true },
      adopted: cards,
    },
  });
  for (const [what, before, given, does, losses] of [
    ["suspended", {}, { suspended: true }, "suspend", 1],
    ["suspended already", { is_suspended: true }, { suspended: true }, undefined, 0],
    ["suspended by somebody else, and left so", { is_suspended: true }, {}, undefined, 0],
    ["no longer suspended", { is_suspended: true }, { suspended: false }, "unsuspend", 0],
    [
      "an end where there was none",
      {},
      { accessSchedule: { startsAt: "2020-01-01T00:00:00Z", endsAt: soon } },
      "shorten",
      1,
    ],
    [
      "a start in the past where there was no schedule",
      {},
      { accessSchedule: { startsAt: "2020-01-01T00:00:00Z" } },
      undefined,
      0,
    ],
  ] as const) {
    it(`compares an ACS user that is adopted or taken over with what is in Seam: ${what}`, () => {
      for (const adopt of [true, undefined]) {
        const judgements = judged(
          [step("create", "AcsUser", "badge", { new: { ...adopts, adopt, ...given } })],
          seenAda(before),
          { takeOver: new Set(adopt === true ? [] : ["a"]) },
        );
        assert.equal(judgements[0]?.access[0]?.does, does);
        assert.equal(totalsOf(judgements).accessLosses, losses);
      }
    });
  }

  it("compares nothing if the create will fail", () => {
    const suspends = { ...adopts, adopt: undefined, suspended: true };
    const judgements = judged([step("create", "AcsUser", "badge", { new: suspends })], seenAda());
    assert.equal(totalsOf(judgements).accessLosses, 0);
    assert.equal(found(judgements, "problem").length, 1);
  });

  for (const [what, given, surveyed] of [
    ["it is secret who is adopted", { emailAddress: "[secret]" }, { badge: { sameContact: [] } }],
    ["whether somebody is adopted is not known", { adopt: unknownValue }, seenAda()],
    ["Seam did not answer", {}, { badge: { findings: [{ kind: "unchecked" as const, text: "" }] } }],
    ["the suspension is not known", { suspended: unknownValue }, seenAda()],
    ["there is no key", {}, "not asked"],
  ] as const) {
    it(`fails the limit of lost access that it cannot check: ${what}`, () => {
      const inputs = { ...adopts, suspended: true, ...given };
      const asked = surveyed !== "not asked";
      const unasked = { asked, of: () => ({ findings: [] }), systemName: () => undefined };
      const exceeded = (news: Step["new"]): string => {
        const judgements = judged(
          [step("create", "AcsUser", "badge", { new: news })],
          asked ? surveyed : {},
          asked ? {} : { survey: unasked },
        );
        return exceededLimits(totalsOf(judgements), { accessLosses: 9 }, judgements, asked).join();
      };
      assert.match(exceeded(inputs), /ACS users and access grants would lose access.*cannot be seen/);
      assert.match(exceeded(inputs), asked ? /adopts$/ : /: there is no API key, so/);
      // Without a suspension or a schedule, nothing is lost.
      assert.equal(exceeded({ ...inputs, suspended: false }), "");
    });
  }

  it("fails every limit that it cannot check: a schedule that only the apply knows", () => {
    const judgements = judged([
      step("update", "AcsUser", "badge", { old: {}, new: { accessSchedule: unknownValue } }),
    ]);
    const exceeded = exceededLimits(totalsOf(judgements), { accessLosses: 9 }, judgements, true);
    assert.match(exceeded.join(), /cannot be seen/);
  });

  it("fails the limit of handovers that it cannot check, if there is something to hand over", () => {
    const steps = [step("update", "UserIdentity", "desk", { old: jean, new: all("[secret]") })];
    const exceeded = (surveyed: Surveyed, handovers: number): string => {
      const judgements = judged(steps, surveyed);
      return exceededLimits(totalsOf(judgements), { handovers }, judgements, surveyed !== undefined).join();
    };
    assert.match(
      exceeded({ desk: { under: cards } }, 0),
      /^how many people would become somebody else.* cannot be seen, and the limit is 0: the preview does not show whether the key/,
    );
    assert.match(exceeded(undefined, 0), /cannot be seen/);
    // There is one such update at most.
    assert.equal(exceeded({ desk: { under: cards } }, 1), "");
    assert.equal(exceeded({ desk: { under: stake() } }, 0), "");
  });

  it("counts an attribute that many people lose", () => {
    const judgements = judged(
      Array.from({ length: 40 }, (_, index) =>
        step("update", "UserIdentity", `p${index}`, {
          old: jean,
          new: { userIdentityKey: "jean", fullName: "Jean Doe" },
        }),
      ),
      undefined,
    );
    const totals = totalsOf(judgements);
    assert.equal(totals.attributeRemovals, 40);
    assert.match(
      exceededLimits(totals, { attributeRemovals: 39 }, judgements, true).join(),
      /40 people would lose a key, name/,
    );
  });

  it("takes time in proportion to the number of steps", () => {
    const timed = (count: number): number => {
      const steps = Array.from({ length: count }, (_, index) => [
        step("delete", "UserIdentity", `old-${index}`, { old: { emailAddress: `p${index}@example.com` } }),
        step("create", "UserIdentity", `new-${index}`, { new: { emailAddress: `p${index}@example.com` } }),
        step("delete", "AcsUserLink", `link-${index}`, {
          deletedWith: urnOf("UserIdentity", `old-${index}`),
        }),
        step("update", "UserIdentity", `person-${index}`, {
          old: named(`N${index}`),
          new: named(`N${index + 1}`),
        }),
      ]).flat();
      // The shortest of several times: on a busy machine any single one can be long.
      const times = Array.from({ length: 3 }, () => {
        const startedAt = performance.now();
        assert.equal(judged(steps).length, 4 * count);
        return performance.now() - startedAt;
      });
      return Math.min(...times);
    };
    timed(250);
    const [small, large] = [timed(250), timed(2_000)];
    assert.ok(large < 8 * 5 * small, `${small} ms, then ${large} ms for eight times as much`);
  });
});

describe("judging a delete that Pulumi skips", () => {
  const office = "urn:pulumi:dev::app::acme:index:Office::berlin";
  const jeanUrn = urnOf("UserIdentity", "jean");
  const ofJean = { userIdentityId: "id-of-jean" };
  const leaving = step("delete", "UserIdentity", "jean");

  for (const [resource, says] of [
    ["UserIdentity", /^user identity id-of-it stays in Seam, .*doors stay open: .*`berlin`.*`deletedWith`/],
    ["AcsUser", /^ACS user id-of-it stays in Seam, and still opens doors/],
    ["AccessGrant", /^access grant id-of-it stays in Seam, and still opens doors/],
    ["AcsUserLink", /^link id-of-it stays in Seam/],
    ["AcsAccessGroupMembership", /^access group membership id-of-it stays in Seam/],
    ["Space", /^space id-of-it stays in Seam/],
  ] as const) {
    it(`is a problem for one of ${resource} that is deleted with a component`, () => {
      const [judgement] = judged([step("delete", resource, "it", { deletedWith: office })], undefined, {
        deletedUrns: new Set([office]),
      });
      assert.equal(judgement?.fate, "retained");
      const problems = judgement.findings.filter(({ kind }) => kind === "problem");
      assert.deepEqual(
        problems.map(({ text }) => says.test(text)),
        [true],
      );
    });

    it(`is none for one of ${resource} whose component stays`, () => {
      const [judgement] = judged([step("delete", resource, "it", { deletedWith: office })]);
      assert.notEqual(judgement?.fate, "retained");
      assert.ok(!judgement?.findings.some(({ kind }) => kind === "problem"));
    });
  }

  it("is a problem for a grant of somebody else than the identity with which it is deleted", () => {
    const grant = (old: object) =>
      judged([leaving, step("delete", "AccessGrant", "door", { deletedWith: jeanUrn, old: { ...old } })])[1];
    assert.equal(grant({ userIdentityId: "id-of-sam" })?.fate, "retained");
    assert.equal(grant(ofJean)?.fate, "withIdentity");
  });

  it("is none for a link that is replaced with its own identity, and one for another's", () => {
    const replaced = step("replace", "UserIdentity", "jean");
    const link = (old: object) =>
      judged([
        replaced,
        step("replace", "AcsUserLink", "link", { deletedWith: jeanUrn, old: { ...old } }),
      ])[1];
    assert.equal(link(ofJean)?.fate, "unlinked");
    assert.equal(link({ userIdentityId: "id-of-sam" })?.fate, "retained");
  });
});

describe("judging a delete of what another provider's resource has", () => {
  const user = atDoor("id-of-card", "Lobby", 2);
  const held = (provider: string | undefined) =>
    judged(
      [step("delete", "UserIdentity", "kim")],
      { kim: { under: stake({ acsUsers: [user] }) } },
      { unchanged: [step("same", "AcsUser", "card", { provider })] },
    )[0];

  it("counts the ACS user as deleted, and is a problem", () => {
    assert.deepEqual(held("main")?.takes?.acsUsers, [user]);
    assert.match(
      held("main")?.findings.find(({ kind }) => kind === "problem")?.text ?? "",
      /ACS user id-of-card is deleted with this identity, although `card` .* has another provider/,
    );
    assert.deepEqual(held(undefined)?.takes?.acsUsers, [], "one of the same provider keeps it");
  });

  it("counts the object itself as deleted, and is a problem", () => {
    const [judgement] = judged(
      [step("delete", "AcsUser", "old", { id: "a" })],
      {},
      {
        unchanged: [step("same", "AcsUser", "new", { id: "a", provider: "main" })],
      },
    );
    assert.equal(judgement?.fate, "tornDown");
    assert.ok(
      judgement.findings.some(({ kind, text }) => kind === "problem" && /another provider/.test(text)),
    );
  });
});

describe("judging a stack", () => {
  const preview = (more: Partial<Preview>): Preview => ({
    ...{ steps: [], unchanged: [], listsUnchanged: true, showsDependencies: true, config: {}, providers: [] },
    deletedUrns: new Set(),
    ...more,
  });
  const environment = { endpoint: "https://connect.getseam.com" };
  const problems = (more: Partial<Preview>) =>
    judgeStack(preview(more), environment)
      .filter(({ kind }) => kind === "problem")
      .map(({ text }) => text)
      .join("\n");

  it("reports an endpoint that the pipeline does not know", () => {
    const evil = problems({ config: { "seam:endpoint": "https://evil.example/" } });
    assert.match(evil, /sends the API key to https:\/\/evil\.example, /);
    assert.equal(problems({ config: { "seam:endpoint": "https://connect.getseam.com/" } }), "");
    assert.match(problems({ config: { "seam:endpoint": "[secret]" } }), /does not show/);
  });

  it("reports a provider whose endpoint or key comes from elsewhere", () => {
    const provider = (old: object | undefined, now: object) => ({
      providers: [
        { name: "berlin", old: old as Record<string, unknown>, new: now as Record<string, unknown> },
      ],
    });
    const key = { "seam:apiKey": "[secret]" };
    assert.equal(problems(provider(undefined, key)), "");
    assert.match(
      problems(provider(key, { ...key, "seam:endpoint": "https://evil.example" })),
      /evil\.example/,
    );
    assert.match(problems(provider(key, {})), /API key from elsewhere/);
    assert.match(
      problems(provider({ ...key, "seam:endpoint": "https://eu.example" }, key)),
      /another endpoint/,
    );
  });

  it("says where operations read their key, and reports an unexpected source", () => {
    const ofStack = { config: { "seam:apiKey": "[secret]" } };
    const kinds = (more: Partial<Preview>, keySource?: KeySource) =>
      judgeStack(preview(more), { ...environment, keySource }).map(({ kind }) => kind);
    assert.deepEqual(kinds({}), []);
    assert.deepEqual(kinds(ofStack), ["note"]);
    assert.deepEqual(kinds(ofStack, "stack"), ["note"]);
    assert.deepEqual(kinds(ofStack, "environment"), ["problem"]);
    assert.deepEqual(kinds({}, "environment"), []);
    assert.deepEqual(kinds({}, "stack"), ["problem"]);
  });

  it("reports a key in plain text, without printing it", () => {
    const text = problems({ config: { "seam:apiKey": "seam_abcdef1234" } });
    assert.match(text, /plain text/);
    assert.doesNotMatch(text, /abcdef/);
  });
});
