import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { wrapped } from "../../../cli/terminal";
import { planAsText } from "../../../cli/plan/show/text";
import { atDoor, planOf, stake, step } from "./planSteps";

describe("lines in a terminal", () => {
  for (const [what, line, lines] of [
    ["that fit", "one two", ["one two"]],
    ["that are as wide as the terminal", "0123456789", ["0123456789"]],
    ["that are too wide", "one two three", ["one two", "  three"]],
    ["that are indented", "    one two", ["    one", "      two"]],
    ["with a word that is too wide", "a 0123456789abc b", ["a", "  0123456789abc", "  b"]],
    ["without words", "   ", ["   "]],
  ] as const) {
    it(`${what} are broken between words`, () => {
      assert.deepEqual(wrapped(line, 10).split("\n"), lines);
    });
  }

  it("are as wide as they look, whatever their colors", () => {
    const text = wrapped("\u001b[2m  \u001b[31mone two\u001b[39m three\u001b[22m", 9);
    assert.deepEqual(stripVTControlCharacters(text).split("\n"), ["  one two", "    three"]);
  });

  it("stay whole in a file or a pipe", () => {
    const line = "word ".repeat(100);
    assert.equal(wrapped(line, undefined), line);
  });

  it("of a plan have the width of the terminal", () => {
    const { COLUMNS } = process.env;
    const under = stake({ acsUsers: [atDoor("l", "Lobby", 2), atDoor("o", "Offices", 2)], phones: 2 });
    const text = (): string =>
      planAsText(planOf([step("delete", "UserIdentity", "mia")], { mia: { under } }));
    const whole = text();
    try {
      process.env.COLUMNS = "40";
      assert.ok(
        whole.split("\n").some((line) => line.length > 40),
        whole,
      );
      assert.deepEqual(
        text()
          .split("\n")
          .filter((line) => line.length > 40),
        [],
      );
      assert.equal(text().split(/\s+/).join(" "), whole.split(/\s+/).join(" "), "the same words");
    } finally {
      if (COLUMNS === undefined) delete process.env.COLUMNS;
      else process.env.COLUMNS = COLUMNS;
    }
  });
});
