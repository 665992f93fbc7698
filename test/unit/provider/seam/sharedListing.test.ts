import assert from "node:assert/strict";
import { SeamDeadlineError } from "../../../../provider/seam/errors";
import { RecentChanges } from "../../../../provider/seam/recentChanges";
import { type ListingSource, SharedListing } from "../../../../provider/seam/sharedListing";

interface Item {
  id: string;
}

/** Calls that a test answers itself, in the order in which they are made. */
function scripted() {
  const calls: { what: string; succeed: (answer: unknown) => void; fail: (error: Error) => void }[] = [];
  const call = (what: string) =>
    new Promise<unknown>((succeed, fail) => {
      calls.push({ what, succeed, fail });
    });
  const source = (deadline = Number.POSITIVE_INFINITY): ListingSource<Item> => ({
    page: (next) => call(`page ${next ?? "first"}`) as Promise<{ items: Item[]; next: string | undefined }>,
    find: (id) => call(id) as Promise<Item | undefined>,
    deadline,
  });
  return { calls, source };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const cutOff = new SeamDeadlineError({ route: "/acs/users/get" });

describe("a shared listing", () => {
  const changes = new Map<string, number>();
  const listing = () =>
    new SharedListing<Item>({ idOf: (item) => item.id, changedAt: (id) => changes.get(id) });

  beforeEach(() => changes.clear());

  it("reads an object once for all that read it at the same time", async () => {
    const { calls, source } = scripted();
    const shared = listing();
    const reads = [shared.read("jean", source()), shared.read("jean", source())];
    await turn();
    assert.deepEqual(
      calls.map((call) => call.what),
      ["jean"],
    );
    calls[0]?.succeed({ id: "jean" });
    assert.deepEqual(await Promise.all(reads), [{ id: "jean" }, { id: "jean" }]);
  });

  it("reads it again after it was changed", async () => {
    const { calls, source } = scripted();
    const shared = listing();
    const first = shared.read("jean", source());
    changes.set("jean", performance.now());
    const second = shared.read("jean", source());
    await turn();
    assert.equal(calls.length, 2);
    for (const call of calls) call.succeed({ id: "jean" });
    await Promise.all([first, second]);
  });

  it("calls again for a reader with time left if the deadline of another reader ended the call", async () => {
    const { calls, source } = scripted();
    const shared = listing();
    const hurried = shared.read("jean", source(performance.now() + 10_000));
    const patient = shared.read("jean", source());
    await turn();
    calls[0]?.fail(cutOff);
    await assert.rejects(hurried, SeamDeadlineError);
    await turn();
    assert.equal(calls.length, 2);
    calls[1]?.succeed({ id: "jean" });
    assert.deepEqual(await patient, { id: "jean" });
  });

  it("passes a failure other than a deadline to all that wait for it", async () => {
    const { calls, source } = scripted();
    const shared = listing();
    const reads = [shared.read("jean", source(performance.now() + 10_000)), shared.read("jean", source())];
    const settled = Promise.allSettled(reads);
    await turn();
    calls[0]?.fail(new Error("no"));
    assert.deepEqual(
      (await settled).map((one) => one.status),
      ["rejected", "rejected"],
    );
    assert.equal(calls.length, 1);
  });

  it("waits for the page of another reader no longer than its own deadline", async () => {
    const { calls, source } = scripted();
    const shared = listing();
    for (let index = 0; index < 10; index += 1) {
      const read = shared.read(`early-${index}`, source());
      await turn();
      calls.at(-1)?.succeed({ id: `early-${index}` });
      await read;
    }
    const patient = shared.read("jean", source());
    await turn();
    assert.equal(calls.at(-1)?.what, "page first");
    const hurried = shared.read("zoe", source(performance.now() + 20));
    const ownCall = async (): Promise<void> => {
      while (calls.at(-1)?.what !== "zoe") await turn();
      calls.at(-1)?.fail(cutOff);
    };
    await Promise.all([assert.rejects(hurried, SeamDeadlineError), ownCall()]);
    calls.find((call) => call.what === "page first")?.succeed({ items: [{ id: "jean" }], next: undefined });
    assert.deepEqual(await patient, { id: "jean" });
  });
});

describe("recent changes", () => {
  it("stay bounded in memory, and never report a changed object as unchanged", () => {
    const changes = new RecentChanges();
    for (let index = 0; index < 5_000; index += 1) changes.note(`id-${index}`);
    const { size } = changes;
    assert.ok((changes.lastChangeOf("never") ?? Number.POSITIVE_INFINITY) <= performance.now());
    for (let index = 0; index < 100_000; index += 1) changes.note(`other-${index}`);
    assert.equal(changes.size, size);
    // A forgotten change counts as a recent change, not as none.
    const last = changes.lastChangeOf("other-99999") ?? 0;
    const forgotten = changes.lastChangeOf("id-0") ?? 0;
    assert.ok(forgotten > 0 && forgotten <= last);
  });

  it("record the last change of an object, and nothing about others", () => {
    const changes = new RecentChanges();
    const before = performance.now();
    changes.note("jean");
    assert.ok((changes.lastChangeOf("jean") ?? 0) >= before);
    assert.equal(changes.lastChangeOf("zoe"), undefined);
  });
});
