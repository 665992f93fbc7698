import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPeople } from "../../../examples/directory/people";
import { readDirectory } from "../../../examples/fan-out/people";

const examples = join(__dirname, "..", "..", "..", "examples");

describe("the examples' files of people", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "people-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function file(name: string, content: string | Uint8Array): string {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  }
  const people = (content: string | Uint8Array) => readPeople(file("people.csv", content));

  const jean = {
    key: "jean",
    name: "Jean Doë",
    email: "jean@example.com",
    phone: undefined,
    systems: ["a", "b"],
  };
  const ada = {
    key: "ada",
    name: "Byron, Ada",
    email: "ada@example.com",
    phone: "+15555550110",
    systems: [],
  };
  const plain = `email,key,name,phone,systems
jean@example.com,jean,Jean Doë,,a b
ada@example.com,ada,"Byron, Ada",+15555550110,
`;
  const semicolons = `email;key;name;phone;systems
jean@example.com;jean;Jean Doë;;a b
ada@example.com;ada;Byron, Ada;+15555550110;
`;
  const readable: Record<string, string | Uint8Array> = {
    plain: plain,
    "with a byte order mark": `\uFEFF${plain}`,
    "with Windows line ends": plain.replaceAll("\n", "\r\n"),
    "with mixed line ends": plain.replace("\n", "\r\n"),
    "without a last line end": plain.trimEnd(),
    "with blank rows": `\n${plain.replaceAll("\n", "\n\n")},,,,\n  \n`,
    "with semicolons": semicolons,
    "as Excel saves it": `\uFEFF${semicolons.replaceAll("\n", "\r\n")};;;;\r\n`,
    "with Excel's line about the separator": `sep=;\r\n${semicolons}`,
    "with tabs, in UTF-16": Buffer.from(`\uFEFF${semicolons.replaceAll(";", "\t")}`, "utf16le"),
    "with blanks around values, and quotes": plain
      .replaceAll("jean", ' "jean" ')
      .replaceAll(' "jean" @', "jean@"),
    "with the columns' names in capitals": plain.replace(/^.*$/m, (header) => header.toUpperCase()),
    "with a column of another program": plain.replaceAll(/$/gm, ",x").replace(/,x$/, ""),
  };
  for (const [how, content] of Object.entries(readable)) {
    it(`are read ${how}`, () => assert.deepEqual(people(content), [jean, ada]));
  }

  const rejected: [what: string, content: string | Uint8Array, message: RegExp][] = [
    [
      "a missing column",
      plain.replaceAll(/^[^,]*,/gm, ""),
      /line 1: the column "email" is missing; the columns are "key"/,
    ],
    [
      "a misspelt column",
      `\n${plain.replace("phone", "phnoe")}`,
      /line 2: the column "phone" is missing.*"phnoe"/,
    ],
    [
      "a column twice",
      plain.replace("phone", "email"),
      /line 1: .*(more than one column "email"|"phone" is missing)/,
    ],
    ["the same key twice", `${plain}\nx@example.com,Jean,X,,\n`, /lines 2 and 5: the same key twice/],
    [
      "the same e-mail address twice",
      `${plain}JEAN@example.com,x,X,,\n`,
      /lines 2 and 4: the same e-mail address twice/,
    ],
    [
      "the same phone number twice",
      `${plain}x@example.com,x,X,+15555550110,\n`,
      /lines 3 and 4: the same phone number/,
    ],
    ["an empty key", `${plain}x@example.com,,X,,\n`, /line 4: the column "key" is empty/],
    ["an empty e-mail address", `${plain},x,X,,\n`, /line 4: the column "email" is empty/],
    ["an incomplete row", `${plain}x@example.com,x\n`, /line 4: there are 2 values for 5 columns/],
    [
      "a separator without quotes",
      `${plain}x@example.com,x,X, Y,,\n`,
      /line 4: there are 6 values for 5 columns/,
    ],
    ["an open quote", `${plain}x@example.com,x,"X,,\n`, /is not CSV/],
    ["an empty file", "", /is empty/],
    ["nobody", "email,key,name,phone,systems\n", /lists nobody.*pulumi destroy/],
    ["another encoding", Buffer.from(plain, "latin1"), /is not text in UTF-8/],
  ];
  for (const [what, content, message] of rejected) {
    it(`are rejected with ${what}, and the error names the line`, () => {
      assert.throws(
        () => people(content),
        (error: Error) => {
          assert.match(error.message, message);
          assert.match(error.message, /people\.csv/);
          return true;
        },
      );
    });
  }

  it("are read by the same code in both examples", () => {
    const [one, other] = ["directory", "fan-out"].map((name) =>
      readFileSync(join(examples, name, "table.ts"), "utf8"),
    );
    assert.equal(one, other);
  });

  describe("of several buildings", () => {
    const directory = (rows: string, buildings = "building;acsSystemId\nnorth;1\nsouth;2\n") =>
      readDirectory(file("people.csv", `key,name,email,building\n${rows}`), file("buildings.csv", buildings));

    it("list everybody once, in each of their buildings, and buildings without people", () => {
      const jean = { key: "jean", name: "Jean", email: "jean@example.com" };
      const { people, byBuilding } = directory("jean,Jean,jean@example.com,north\n");
      assert.deepEqual(people, [jean]);
      assert.deepEqual(
        [...byBuilding],
        [
          ["north", [jean]],
          ["south", []],
        ],
      );
      const both = directory("jean,Jean,jean@example.com,north\njean,Jean,jean@example.com,south\n");
      assert.deepEqual(both.people, [jean]);
      assert.deepEqual([...both.byBuilding.values()], [[jean], [jean]]);
    });

    for (const [what, rows, message] of [
      [
        "one person twice in a building",
        "a,A,a@x.org,north\na,A,a@x.org,north\n",
        /lines 2 and 3: the same person in the same building/,
      ],
      [
        "one key for two people",
        "a,A,a@x.org,north\na,B,b@x.org,south\n",
        /lines 2 and 3: the same key with another name/,
      ],
      [
        "one address for two people",
        "a,A,a@x.org,north\nb,B,A@x.org,south\n",
        /lines 2 and 3: the same e-mail address under another key/,
      ],
      ["an unknown building", "a,A,a@x.org,nroth\n", /line 2: .*has no building "nroth"/],
    ] as const) {
      it(`are rejected with ${what}`, () => assert.throws(() => directory(rows), message));
    }

    it("are rejected with a building that has the name of the stack of people", () => {
      const rows = "a,A,a@x.org,north\n";
      assert.throws(
        () => directory(rows, "building,acsSystemId\nnorth,1\npeople,2\n"),
        /line 3: "people" cannot be/,
      );
    });
  });

  it("are read as shipped", () => {
    assert.equal(readPeople(join(examples, "directory", "people.csv")).length, 3);
    const fanOut = join(examples, "fan-out");
    const { people, byBuilding } = readDirectory(join(fanOut, "people.csv"), join(fanOut, "buildings.csv"));
    assert.deepEqual([people.length, byBuilding.size], [4, 3]);
  });
});
