import assert from "node:assert/strict";
import { SeamClient } from "../../../../provider/seam/client";
import { DeletionWatcher } from "../../../../provider/teardown/deletionWatcher";
import type { Dependent } from "../../../../provider/teardown/dependent";
import { quickPace } from "../../../engine";
import { SimulatedWorkspace } from "../../../simulatedWorkspace";

describe("a wait for several deletions", () => {
  let seam: SimulatedWorkspace;
  before(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
  });
  after(() => seam.close());

  it("reports each when it is first gone, not all at the end, and takes back what is listed again", async () => {
    const user = (id: string): Dependent => ({
      kind: "acsUser",
      id,
      beingDeleted: true,
      problems: [],
      deletionFailed: false,
    });
    const [early, flaky, late] = [user("early"), user("flaky"), user("late")];
    // What each listing shows, in order; the last is repeated.
    const shown = [[early, flaky, late], [late], [flaky, late], [flaky, late], [late], []];
    const reported: string[] = [];
    await new DeletionWatcher(
      new SeamClient({ apiKey: seam.apiKey, endpoint: seam.url }),
      quickPace,
    ).untilGone({
      userIdentityId: "jean",
      targets: [early, flaky, late],
      kinds: ["acsUser"],
      youngest: "acsUser",
      list: () => {
        const listed = shown.length > 1 ? shown.shift() : shown[0];
        reported.push(`${listed?.length} left`);
        return Promise.resolve(listed ?? []);
      },
      seemsGone: ({ id }, gone) => reported.push(`${id} ${gone ? "gone" : "back"}`),
      requestAgain: () => Promise.resolve(),
      deadline: performance.now() + 20_000,
      timeoutSeconds: 20,
    });
    assert.deepEqual(reported, [
      ...["3 left", "1 left", "early gone", "flaky gone", "2 left", "flaky back", "2 left"],
      ...["1 left", "flaky gone", "0 left", "late gone"],
    ]);
  });
});
