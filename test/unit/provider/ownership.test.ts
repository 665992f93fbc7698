import assert from "node:assert/strict";
import {
  type Evidence,
  interruptedRunAge,
  proofOfOwnership,
  takeOverIds,
} from "../../../provider/resources/ownership";

const now = new Date("2026-11-25T12:00:00Z");
const before = (milliseconds: number): Date => new Date(now.getTime() - milliseconds);

/** An identity that an interrupted run created a minute ago, with the key derived for the resource. */
const left: Evidence = {
  id: "48500a8e-5e7e-4bde-b7e5-0be97cae5d7a",
  createdAt: before(60_000),
  now,
  isIdentical: true,
  linked: false,
  beingDeleted: false,
  hasDerivedKey: true,
  lostSince: undefined,
  named: new Set(),
};
/** The same with a key that the program set. */
const given: Evidence = { ...left, hasDerivedKey: false };

describe("the proof that an object belongs to a resource", () => {
  const cases: [string, Evidence, ReturnType<typeof proofOfOwnership>][] = [
    ["a recent one with the derived key", left, "derivedKey"],
    [
      "one with the derived key that is too old",
      { ...left, createdAt: before(interruptedRunAge) },
      undefined,
    ],
    ["one with the derived key that somebody is linked to", { ...left, linked: true }, undefined],
    ["one with the derived key and another attribute", { ...left, isIdentical: false }, undefined],
    ["one with the derived key that is being deleted", { ...left, beingDeleted: true }, undefined],
    ["a new one that is the same to the letter", { ...given, createdAt: now }, undefined],
    ["one made after a create was lost", { ...given, lostSince: before(61_000) }, "lostAnswer"],
    ["one made before a create was lost", { ...given, lostSince: before(59_000) }, undefined],
    [
      "another one made after a create was lost",
      { ...given, isIdentical: false, lostSince: before(61_000) },
      undefined,
    ],
    [
      "a linked one made after a create was lost",
      { ...given, linked: true, lostSince: before(61_000) },
      undefined,
    ],
    [
      "an old, linked, other one that a person named",
      {
        ...given,
        createdAt: before(interruptedRunAge * 100),
        linked: true,
        isIdentical: false,
        named: new Set([given.id]),
      },
      "namedForThisRun",
    ],
    [
      "one that is being deleted although a person named it",
      { ...given, beingDeleted: true, named: new Set([given.id]) },
      undefined,
    ],
    ["one where a person named another", { ...given, named: new Set([`${given.id}0`]) }, undefined],
  ];
  for (const [what, evidence, proof] of cases) {
    it(`${proof === undefined ? "does not exist for" : "exists for"} ${what}`, () => {
      assert.equal(proofOfOwnership(evidence), proof);
    });
  }

  it("reads the ids of one run in any case, with commas or blanks", () => {
    const id = "48500A8E-5E7E-4BDE-B7E5-0BE97CAE5D7A";
    assert.deepEqual([...takeOverIds({ SEAM_TAKE_OVER: ` ${id}, b c` })], [id.toLowerCase(), "b", "c"]);
    assert.deepEqual([...takeOverIds({})], []);
  });
});
