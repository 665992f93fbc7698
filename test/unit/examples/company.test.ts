import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCompany } from "../../../examples/access/company";

const good = `buildings:
  hq:
    name: Headquarters
    entrances: [Lobby door]
  lab:
    name: Lab
    locks: [Storage room lock]
people:
  mia:
    name: Mia Chen
    email: mia@example.com
    access:
      - building: hq
        until: 2027-06-30T18:00:00+02:00
      - building: lab
        with: [code, mobile_key]
  omar:
    name: Omar Haddad
    email: omar@example.com
    access: []
`;

describe("examples/access: company.yaml", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-seam-company-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function read(text: string): ReturnType<typeof readCompany> {
    const file = join(folder, "company.yaml");
    writeFileSync(file, text);
    return readCompany(file);
  }

  it("reads the file of the example", () => {
    const file = join(__dirname, "..", "..", "..", "examples", "access", "company.yaml");
    const { buildings, people } = readCompany(file);
    assert.deepEqual([buildings.length, people.length], [2, 3]);
  });

  for (const [what, text] of [
    ["as written", good],
    ["with a byte order mark and Windows line ends", `\ufeff${good.replaceAll("\n", "\r\n")}`],
  ] as const) {
    it(`accepts a file ${what}`, () => {
      assert.deepEqual(read(text), {
        buildings: [
          { key: "hq", name: "Headquarters", entrances: ["Lobby door"], locks: [] },
          { key: "lab", name: "Lab", entrances: [], locks: ["Storage room lock"] },
        ],
        people: [
          {
            key: "mia",
            name: "Mia Chen",
            email: "mia@example.com",
            access: [
              { building: "hq", from: undefined, until: "2027-06-30T18:00:00+02:00", modes: ["mobile_key"] },
              { building: "lab", from: undefined, until: undefined, modes: ["code", "mobile_key"] },
            ],
          },
          { key: "omar", name: "Omar Haddad", email: "omar@example.com", access: [] },
        ],
      });
    });
  }

  const bad: [what: string, from: string, to: string, message: RegExp][] = [
    [
      "a building that there is not",
      "building: hq",
      "building: hg",
      /line 13: there is no building "hg"; there are hq, lab$/,
    ],
    [
      "an end before the start",
      "until: 2027",
      "from: 2028-01-01T00:00:00Z\n        until: 2027",
      /line 15: .*ends before it starts$/,
    ],
    [
      "an end at the start",
      "until: 2027",
      "from: 2027-06-30T16:00:00Z\n        until: 2027",
      /line 15: .*ends before/,
    ],
    ["a time without a zone", "18:00:00+02:00", "18:00:00", /line 14: a time with a time zone/],
    ["a day that does not exist", "2027-06-30", "2027-13-30", /line 14: a time/],
    ["one person under one key twice", "  omar:", "  mia:", /line 17: .*unique/],
    [
      "one e-mail address twice",
      "omar@example.com",
      "MIA@example.com",
      /lines 11 and 19: the same e-mail address twice$/,
    ],
    [
      "one building twice for a person",
      "building: lab",
      "building: hq",
      /lines 13 and 15: the same building twice/,
    ],
    [
      "a misspelled field",
      "    access:\n",
      "    acces:\n",
      /line 12: "acces" is unknown; it takes name, email, access$/,
    ],
    ["a misspelled field of the file", "people:", "persons:", /line 8: "persons" is unknown/],
    ["a field without a value", "email: mia@example.com", "email:", /line 11: a non-empty string/],
    ["a field that is missing", "    email: mia@example.com\n", "", /line 10: "email" is missing/],
    ["a building without doors", "    locks: [Storage room lock]\n", "", /line 6: the building has neither/],
    ["an unknown way in", "[code, mobile_key]", "[key]", /line 16: "with" takes mobile_key, code/],
    ["no way in", "[code, mobile_key]", "[]", /line 16: "with" names no way/],
    ["a way in twice", "[code, mobile_key]", "[code, code]", /line 16: the same twice/],
    ["a name that is not a string", "name: Mia Chen", "name: 5", /line 10: a non-empty string/],
    ["a map where a list is expected", "access: []", "access: {}", /line 20: a list is expected$/],
    ["text that is not YAML", "name: Mia Chen", 'name: "Mia', /line \d+: /],
    [
      "nobody",
      good.slice(good.indexOf("people:")),
      "people: {}\n",
      /lists no people. To remove everything, run `pulumi destroy`$/,
    ],
    ["an empty file", good, "", /is empty$/],
  ];
  for (const [what, from, to, message] of bad) {
    it(`names the line of ${what}`, () => {
      assert.ok(good.includes(from));
      assert.throws(
        () => read(good.replace(from, to)),
        (error: Error) => {
          assert.match(error.message, /company\.yaml/);
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /Mia|Omar|@/i);
          return true;
        },
      );
    });
  }
});
