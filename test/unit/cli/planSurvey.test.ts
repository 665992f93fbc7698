import assert from "node:assert/strict";
import { failure } from "../../../cli/plan/survey/failure";
import { apiError, SeamNoAnswerError } from "../../../provider/seam/errors";
import { MergedUserIdentityError, WrongWorkspaceError } from "../../../provider/seam/observe";

const answered = (status: number) =>
  apiError({ route: "/phones/list", status, type: "x", message: "no", requestId: "r" });

describe("a failed lookup in Seam", () => {
  for (const [error, kind] of [
    ...[401, 403, 400, 429, 500].map((status) => [answered(status), "unchecked"] as const),
    [
      new SeamNoAnswerError({ route: "/phones/list", code: "ECONNRESET", endpoint: "e", neverSent: false }),
      "unchecked",
    ],
    [new WrongWorkspaceError("one", "other"), "problem"],
    [new MergedUserIdentityError("one", "other"), "problem"],
  ] as const) {
    it(`becomes a finding: ${error.name} ${error.message.slice(0, 40)}`, () => {
      assert.equal(failure("look at it", error).kind, kind);
    });
  }

  it("is thrown again if it is a programming error", () => {
    const own = new TypeError("x is undefined");
    assert.throws(
      () => failure("look at it", own),
      (error) => error === own,
    );
  });
});
