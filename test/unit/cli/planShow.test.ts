import assert from "node:assert/strict";
import { planAsJson } from "../../../cli/plan/show/json";
import { planAsMarkdown } from "../../../cli/plan/show/markdown";
import { planAsText } from "../../../cli/plan/show/text";
import { unknownValue } from "../../../provider/resources/properties";
import { acsUser, atDoor, identity, planOf, rowsOf, stake, step, urnOf } from "./planSteps";

const withMia = { deletedWith: urnOf("UserIdentity", "mia"), dependsOn: [urnOf("UserIdentity", "mia")] };
const leaver = [
  step("delete", "AcsUserLink", "mia-lobby", { id: "id-of-mia/l", ...withMia }),
  step("delete", "AcsUserLink", "mia-offices", { id: "id-of-mia/o", ...withMia }),
  step("delete", "UserIdentity", "mia"),
];
const under = stake({ acsUsers: [atDoor("l", "Lobby", 2), atDoor("o", "Offices", 1)], phones: 2 });
const grant = {
  ...{ accessGrantId: "g", name: "Front door", doors: ["Front door"] },
  ...{ accessMethods: { code: 1 }, notIssued: 0 },
};

describe("showing a plan", () => {
  it("has one row for a person, doors first", () => {
    const markdown = planAsMarkdown(planOf(leaver, { mia: { under } }));
    assert.deepEqual(rowsOf(markdown), [
      "| 🔴 | `mia` | loses Lobby (2 cards), Offices (1 card), the app (2 phones) |",
    ]);
    assert.match(
      markdown,
      /^\*\*Seam access:\*\* 1 person loses access \(3 credentials, 2 ACS users, 2 phones\)\.$/m,
    );
  });

  it("names access grants by what Seam calls them", () => {
    const markdown = planAsMarkdown(planOf(leaver, { mia: { under: { ...under, accessGrants: [grant] } } }));
    assert.match(rowsOf(markdown).join(), /loses Front door \(1 code\), Lobby/);
    assert.match(markdown, /1 access grant/);
  });

  it("lists an ACS user that the program declares with the person that it is linked to", () => {
    const steps = [
      step("delete", "AcsUser", "badge", { id: "l" }),
      step("delete", "AcsUserLink", "link", { id: "id-of-mia/l", dependsOn: [urnOf("UserIdentity", "mia")] }),
      step("update", "UserIdentity", "mia", {
        old: { userIdentityKey: "mia", fullName: "M" },
        new: { userIdentityKey: "mia", fullName: "N" },
      }),
    ];
    const own = stake({ acsUsers: [atDoor("l", "Lobby", 2)] });
    const markdown = planAsMarkdown(
      planOf(steps, {
        badge: { acsUser: acsUser("l"), under: own },
        link: { acsUser: acsUser("l"), under: own },
      }),
    );
    assert.deepEqual(rowsOf(markdown), ["| 🔴 | `mia` | loses Lobby (2 cards); name changes |"]);
  });

  it("shows what a person who leaves can still open", () => {
    const steps = [
      step("delete", "AcsUserLink", "mia-lobby", {
        id: "id-of-mia/l",
        dependsOn: [urnOf("UserIdentity", "mia")],
      }),
      step("delete", "UserIdentity", "mia"),
    ];
    const surveyed = {
      "mia-lobby": { acsUser: acsUser("l"), under: stake({ acsUsers: [atDoor("l", "Lobby", 2)] }) },
      mia: { under },
    };
    const markdown = planAsMarkdown(planOf(steps, surveyed));
    assert.deepEqual(rowsOf(markdown), [
      "| 🔴 | `mia` | loses Offices (1 card), the app (2 phones); still has Lobby (2 cards) |",
    ]);
    assert.match(markdown, /1 person leaves and still has credentials/);
  });

  it("has no row without a change, and shows who joins and who moves", () => {
    const retained = step("delete", "AcsUserLink", "old", { id: "i/a" });
    const steps = [
      step("create", "UserIdentity", "joe"),
      step("create", "AcsUserLink", "joe-lobby", {
        new: { acsUserId: "a" },
        comesAfter: [urnOf("UserIdentity", "joe")],
      }),
      { ...retained, retained: true },
    ];
    const markdown = planAsMarkdown(planOf(steps, { "joe-lobby": { wantedAcsUser: acsUser("a") } }));
    assert.deepEqual(rowsOf(markdown), ["| 🟢 | `joe` | joins, gets Lobby |"]);
    assert.match(markdown, /1 person joins\.$/m);
    assert.match(planAsMarkdown(planOf([{ ...retained, retained: true }])), /Nobody's access changes\./);
  });

  it("shows access that is lost or restored without a delete", () => {
    const badge = (before: object, after: object) =>
      rowsOf(
        planAsMarkdown(
          planOf(
            [
              step("update", "AcsUser", "kim", {
                old: { acsSystemId: "lobby", ...before },
                new: { acsSystemId: "lobby", ...after },
              }),
            ],
            {
              kim: { acsUser: acsUser("k"), under: stake({ acsUsers: [atDoor("k", "Lobby", 1)] }) },
            },
          ),
        ),
      ).join();
    assert.match(badge({}, { suspended: true }), /🔴 .* loses Lobby \(1 card\): suspended/);
    assert.match(badge({ suspended: true }, {}), /🟡 .* gets Lobby back/);
    assert.match(
      badge({}, { accessSchedule: { endsAt: "2099-01-01T00:00:00Z" } }),
      /loses Lobby \(1 card\) after 2099/,
    );
    assert.match(
      badge({}, { accessSchedule: { endsAt: "2020-01-01T00:00:00Z" } }),
      /loses Lobby \(1 card\) at once/,
    );
    assert.match(
      badge({ accessSchedule: { endsAt: "2099-01-01T00:00:00Z" } }, {}),
      /gets Lobby without an end/,
    );
  });

  it("shows that an adopted ACS user existed before, and what it loses", () => {
    const row = (given: object) =>
      rowsOf(
        planAsMarkdown(
          planOf(
            [
              step("create", "AcsUser", "ada", {
                new: { acsSystemId: "lobby", emailAddress: "ada@example.com", adopt: true, ...given },
              }),
            ],
            {
              ada: {
                ...{ sameContact: [acsUser("a", { email_address: "ada@example.com" })], systemExists: true },
                adopted: stake({ acsUsers: [atDoor("a", "Lobby", 2)] }),
              },
            },
          ),
        ),
      ).join();
    assert.equal(row({}), "| 🟡 | `ada` | keeps Lobby (2 cards), now managed |");
    assert.equal(row({ suspended: true }), "| 🔴 | `ada` | loses Lobby (2 cards): suspended |");
    assert.equal(
      row({ suspended: unknownValue }),
      "| 🟡 | `ada` | may lose or get Lobby (not shown before the apply) |",
    );
  });

  it("prints notes also of resources that change nobody's access", () => {
    const ended = step("create", "AccessGrant", "old", {
      new: { userIdentityId: "i", doors: ["Front door"], endsAt: "2020-01-01T00:00:00Z" },
    });
    const text = planAsText(planOf([ended], { old: { grantee: identity("i") } }));
    assert.match(text, /old \(AccessGrant\): create\n.*note: it ended at 2020-01-01T00:00:00Z already/);
  });

  it("says in its first line how many people lose an attribute", () => {
    const steps = ["a", "b"].map((name) =>
      step("update", "UserIdentity", name, {
        old: { userIdentityKey: name, emailAddress: `${name}@example.com` },
        new: { userIdentityKey: name },
      }),
    );
    const plan = planOf(steps);
    const first = /2 people are left without a key, name, e-mail address or phone number/;
    for (const text of [planAsText(plan).split("\n")[0] ?? "", planAsMarkdown(plan).split("\n")[2] ?? ""]) {
      assert.match(text, first);
    }
    assert.match(rowsOf(planAsMarkdown(plan))[0] ?? "", /is left without e-mail address/);
  });

  const hostile = [
    "jean\\| UserIdentity \\| no change",
    "a\\\\| b",
    "`x` | y `` z",
    "<img src=x onerror=y>",
    "![p](https://evil.example/p.png)",
    "[link](https://evil.example)",
    "@team and #1",
    "https://evil.example www.evil.example",
    "line\nbreak\r\u2028| a | b |",
    "</details>\n\n# Title",
    "\u001b[31mred\u202e",
    "a\n::error::boom",
  ];
  for (const name of hostile) {
    it(`keeps the layout with ${JSON.stringify(name)}`, () => {
      const judgements = [
        step("delete", "UserIdentity", name),
        step("create", "UserIdentity", "other", { new: { fullName: name } }),
      ];
      const door = { ...atDoor("l", name, 1) };
      const plan = planOf(
        judgements,
        {
          [name]: {
            under: stake({ acsUsers: [door] }),
            findings: [{ kind: "problem", text: `about ${name}` }],
          },
        },
        { showPersonalData: true },
      );
      const markdown = planAsMarkdown(plan);
      for (const row of rowsOf(markdown)) {
        // As GitHub parses a table: a backslash escapes the next character, so after an escaped backslash the bar is a separator.
        assert.equal(row.replace(/\\[!-/:-@[-`{-~]/g, "").match(/\|/g)?.length, 4, row);
      }
      const outside = markdown.replace(/`[^`\n]*`/g, "");
      assert.doesNotMatch(outside, /(^|[^\\])<(img|\/details>\n\n#)/m);
      assert.doesNotMatch(outside, /(^|[^\\])!?\[[^\]]*\]\(/m);
      assert.doesNotMatch(outside, /@team|#1\b|https:\/\/|www\.e/);
      for (const text of [markdown, planAsText(plan)]) {
        assert.doesNotMatch(text, /[\u001b\u202e\u2028\r]/);
        assert.doesNotMatch(text, /^\s*::/m);
      }
      assert.doesNotMatch(planAsJson(plan), /[\u001b\u202e\u2028\r]/);
      assert.ok(
        (JSON.parse(planAsJson(plan)) as { steps: { name: string }[] }).steps.some(
          (one) => one.name === name,
        ),
      );
    });
  }

  it("shows an exceeded limit in a comment, and leaves it to standard error in a terminal", () => {
    const plan = planOf(
      leaver,
      { mia: { under } },
      { overLimit: ["1 user identity would be deleted, and the limit is 0"] },
    );
    assert.equal(planAsMarkdown(plan).match(/Over the limit/g)?.length, 1);
    assert.doesNotMatch(planAsText(plan), /limit/);
  });

  it("shows the name of a building, and says which listed door only the apply knows", () => {
    const door = "11111111-1111-4111-8111-111111111111";
    const space = step("update", "Space", "hq", {
      old: { name: "Headquarters", deviceIds: [door] },
      new: { name: "Main building", deviceIds: [door, unknownValue] },
    });
    const text = planAsText(planOf([space]));
    assert.match(text, /name: "Headquarters" → "Main building"/);
    assert.ok(text.includes(`deviceIds: ["${door}"] → ["${door}","(known at the apply)"]`), text);
    assert.ok(!text.includes(unknownValue));
  });

  it("masks a person's data in every format", () => {
    const steps = [
      step("update", "UserIdentity", "hush.doe@example.com", {
        id: "i",
        old: { userIdentityKey: "k", fullName: "Hush Doe" },
        new: { userIdentityKey: "k", fullName: "Zoé Déjà" },
      }),
    ];
    const surveyed = {
      "hush.doe@example.com": {
        identity: identity("i"),
        findings: [{ kind: "problem" as const, text: "Seam said hush.doe@example.com" }],
      },
    };
    for (const show of [planAsText, planAsMarkdown, planAsJson]) {
      assert.doesNotMatch(show(planOf(steps, surveyed)), /hush|Hush|Doe|Zo|Déjà|jà/);
    }
  });
});
