import assert from "node:assert/strict";
import fc from "fast-check";
import { printable } from "../../../../provider/seam/printable";

describe("printable text", () => {
  const cases: [name: string, text: string, line: string][] = [
    ["line breaks and tabs", "Jean\r\nDoe\tand\u2028others\u0085", "Jean Doe and others "],
    ["colors", "\u001b[31mJean\u001b[0m", "\ufffdJean\ufffd"],
    ["eight-bit sequences", "\u009b2JJean", "\ufffdJean"],
    ["hyperlinks", "\u001b]8;;http://evil.example\u0007here", "\ufffd]8;;http://evil.example\ufffdhere"],
    ["an escape at the very end", "Jean\u001b", "Jean\ufffd"],
    ["backspaces and bells", "Jea\b\u0007n\u0000", "Jea\ufffdn\ufffd"],
    ["delete", "Jean\u007f", "Jean\ufffd"],
    ["right-to-left override", "Jean\u202egnp.exe", "Jean\ufffdgnp.exe"],
    ["isolates and marks", "\u2066a\u2069\u200eb\u200f\u061cc", "\ufffda\ufffdb\ufffdc"],
    ["zero-width characters", "Je\u200ba\u200cn\u2060\ufeff", "Je\ufffda\ufffdn\ufffd"],
    ["soft hyphens and fillers", "Je\u00adan\u3164\u115f", "Je\ufffdan\ufffd"],
    ["tag characters", "Jean\u{e0041}\u{e0042}", "Jean\ufffd"],
    ["lone surrogates", "Jean\ud800", "Jean\ufffd"],
    ["GitHub commands", "::error title=x::boom", ": :error title=x::boom"],
    ["GitHub commands on a later line", "Jean\n ::add-mask::x", "Jean  : :add-mask::x"],
    ["older commands", "Jean ##[group]x", "Jean # #[group]x"],
    ["older commands after a third sign", "###[group]x", "## #[group]x"],
    ["Azure commands", "x ##vso[task.setvariable variable=a]b", "x # #vso[task.setvariable variable=a]b"],
    ["TeamCity commands", "##teamcity[buildStop]", "# #teamcity[buildStop]"],
  ];
  for (const [name, text, line] of cases) {
    it(`has no ${name}`, () => assert.equal(printable(text), line));
  }

  it("is unchanged if it contains nothing that acts on a terminal", () => {
    for (const text of [
      "urn:pulumi:dev::people::pulumi-nodejs:dynamic/seam:UserIdentity::jean",
      "Жан Доу, 田中さん, Zoë, ❤️, محمد, 👩🏽",
      "fe80::1 and C++'s std::vector",
      "issue ## 12, [see below] #[x]",
      "a  b",
      "",
    ]) {
      assert.equal(printable(text), text);
    }
  });

  it("is one harmless line for any text, and the same when made printable twice", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\u001b[",
        "\u001b]",
        "\u009b",
        "::",
        "error::",
        "##",
        "[",
        "vso[",
        "\r",
        "\u202e",
        " ",
        "\ud83d",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const line = printable(pieces.join(""));
        assert.doesNotMatch(line, /(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u);
        assert.doesNotMatch(line, /^\s*::|##\w{0,32}\[/);
        assert.equal(printable(line), line);
      }),
      { numRuns: 2_000 },
    );
  });
});
