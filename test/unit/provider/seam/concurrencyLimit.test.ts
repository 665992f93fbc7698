import assert from "node:assert/strict";
import { ConcurrencyLimit } from "../../../../provider/seam/concurrencyLimit";
import { noDeadline } from "../../../../provider/seam/deadline";

/** Tasks that end when the test ends them. */
class Work {
  readonly started: string[] = [];
  private readonly endings = new Map<string, (error?: Error) => void>();

  run(limit: ConcurrencyLimit, name: string, { closesDoors = false, deadline = noDeadline } = {}) {
    const send = (): Promise<string> =>
      new Promise((resolve, reject) => {
        this.started.push(name);
        this.endings.set(name, (error) => (error === undefined ? resolve(name) : reject(error)));
      });
    return limit.run(send, closesDoors, deadline);
  }

  async end(name: string, error?: Error): Promise<void> {
    this.endings.get(name)?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("ConcurrencyLimit", () => {
  let limit: ConcurrencyLimit;
  let work: Work;
  beforeEach(() => {
    limit = new ConcurrencyLimit(2);
    work = new Work();
  });

  it("runs at most the allowed number in parallel, in order of arrival", async () => {
    const all = ["a", "b", "c", "d"].map((name) => work.run(limit, name));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(work.started, ["a", "b"]);
    await work.end("b");
    assert.deepEqual(work.started, ["a", "b", "c"]);
    for (const name of ["a", "c", "d"]) await work.end(name);
    assert.deepEqual(await Promise.all(all), ["a", "b", "c", "d"]);
  });

  it("never delays what closes a door", async () => {
    const all = ["a", "b", "listing"].map((name) => work.run(limit, name));
    all.push(work.run(limit, "suspension", { closesDoors: true }));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(work.started, ["a", "b", "suspension"]);
    await work.end("a");
    assert.deepEqual(work.started, ["a", "b", "suspension"]);
    for (const name of ["b", "suspension", "listing"]) await work.end(name);
    await Promise.all(all);
  });

  it("does not stop if requests hang", async () => {
    const all = ["a", "b", "c"].map((name) => work.run(limit, name));
    while (work.started.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const name of ["a", "b", "c"]) await work.end(name);
    await Promise.all(all);
  });

  it("runs the next task after a failure", async () => {
    const [failing, ...others] = ["a", "b", "c"].map((name) => work.run(limit, name));
    await new Promise((resolve) => setImmediate(resolve));
    const failed = assert.rejects(failing ?? Promise.resolve(), /cut off/);
    await work.end("a", new Error("cut off"));
    await failed;
    assert.deepEqual(work.started, ["a", "b", "c"]);
    for (const name of ["b", "c"]) await work.end(name);
    await Promise.all(others);
  });

  it("runs nothing after the deadline, and reserves no slot for it", async () => {
    const first = [work.run(limit, "a"), work.run(limit, "b")];
    const late = work.run(limit, "late", { deadline: performance.now() + 20 });
    const next = work.run(limit, "next");
    assert.equal(await late, undefined);
    await work.end("a");
    assert.deepEqual(work.started, ["a", "b", "next"]);
    for (const name of ["b", "next"]) await work.end(name);
    await Promise.all([...first, next]);
  });
});
