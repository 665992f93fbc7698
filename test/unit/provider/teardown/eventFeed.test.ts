import assert from "node:assert/strict";
import type { SeamClient } from "../../../../provider/seam/client";
import type { SeamEvent } from "../../../../provider/seam/model";
import { DeletionWatcher } from "../../../../provider/teardown/deletionWatcher";
import { EventFeed } from "../../../../provider/teardown/eventFeed";
import type { Dependent } from "../../../../provider/teardown/inventory";

type Order = "oldestFirst" | "newestFirst" | "unordered";

/** Events of a workspace as `/events/list` returns them: at most 500 at a time, in an order that is not documented. */
class Workspace {
  readonly limited = false;
  requests = 0;
  private readonly events: { at: number; event: SeamEvent }[] = [];
  private count = 0;

  constructor(
    private readonly order: Order,
    /** How far the clock that dates events is ahead of Seam's own, in milliseconds. */
    private readonly skew = 0,
    /** The precision of the events' dates, in milliseconds. */
    private readonly precision = 1,
  ) {}

  /** Emits an event that is dated so many milliseconds before now. */
  write(credential: string, age = 0): void {
    const time = Date.now() + this.skew - age;
    const at = Math.floor(time / this.precision) * this.precision;
    this.count += 1;
    const event = {
      event_id: `event-${this.count}`,
      event_type: "acs_credential.deleted",
      created_at: new Date(at).toISOString(),
      acs_credential_id: credential,
    };
    this.events.push({ at, event });
  }

  serverNow(): Date {
    return new Date(Math.floor(Date.now() / 1000) * 1000);
  }

  until(): this {
    return this;
  }

  async listEvents(since: Date, types: readonly string[], until?: Date): Promise<SeamEvent[]> {
    this.requests += 1;
    const found = this.events.filter(
      ({ at, event }) =>
        at >= since.getTime() &&
        (until === undefined || at < until.getTime()) &&
        types.includes(event.event_type),
    );
    const ordered =
      this.order === "unordered"
        ? found.sort((one, other) => scattered(one.event) - scattered(other.event))
        : found.sort((one, other) => (this.order === "oldestFirst" ? one.at - other.at : other.at - one.at));
    await new Promise((resolve) => setTimeout(resolve, 20));
    return ordered.slice(0, 500).map(({ event }) => event);
  }
}

/** A position that is unrelated to the event's time. */
function scattered({ event_id }: SeamEvent): number {
  return (Number(event_id.slice(6)) * 7919) % 10_007;
}

describe("EventFeed", () => {
  /** Reads, and returns what was reported. */
  async function read(feed: EventFeed): Promise<{ reported: string[]; requests: number; complete: boolean }> {
    const reported: string[] = [];
    const result = await feed.read((dependent) => reported.push(dependent));
    return { reported, ...result };
  }

  it("reports each deletion once, although reads overlap", async () => {
    const seam = new Workspace("oldestFirst");
    const feed = new EventFeed(seam);
    seam.write("a");
    assert.deepEqual((await read(feed)).reported, ["acsCredential a"]);
    seam.write("b", 2_000);
    assert.deepEqual((await read(feed)).reported, ["acsCredential b"]);
    assert.deepEqual(
      ["acsCredential a", "acsCredential b", "acsCredential c"].map((one) => feed.hasReported(one)),
      [true, true, false],
    );
  });

  for (const order of ["oldestFirst", "newestFirst", "unordered"] as const) {
    for (const skew of [0, -90_000, 90_000]) {
      it(`continues after full pages, ${order}, with clocks ${skew / 1000} s apart`, async () => {
        const seam = new Workspace(order, skew);
        const feed = new EventFeed(seam);
        seam.write("first");
        await read(feed);
        const written = Array.from({ length: 1_700 }, (_, index) => `credential-${index}`);
        for (const [index, credential] of written.entries()) seam.write(credential, 1_700 - index);
        const { reported, requests, complete } = await read(feed);
        assert.deepEqual(new Set(reported), new Set(written.map((one) => `acsCredential ${one}`)));
        assert.ok(complete && requests <= 10, `${requests} requests`);
        seam.write("last");
        assert.deepEqual((await read(feed)).reported, ["acsCredential last"]);
      });

      it(`finds the newest of very many events in its first read, ${order}, with clocks ${skew / 1000} s apart`, async () => {
        const seam = new Workspace(order, skew);
        const feed = new EventFeed(seam);
        for (let age = 110_000; age > 0; age -= 5) seam.write(`credential-${age}`, age);
        const requests = (await read(feed)).requests;
        seam.write("mine");
        const reported = [...(await read(feed)).reported, ...(await read(feed)).reported];
        assert.ok(reported.includes("acsCredential mine"), `${requests} requests at first`);
      });
    }

    it(`reports that it is incomplete if more events have one time than fit on a page, ${order}`, async () => {
      const seam = new Workspace(order, 0, 60_000);
      const feed = new EventFeed(seam);
      seam.write("first");
      await read(feed);
      for (let index = 0; index < 600; index += 1) seam.write(`credential-${index}`);
      const { complete, requests } = await read(feed);
      assert.ok(!complete && requests <= 25, `${requests} requests`);
    });
  }

  it("still reports new events after one that is dated in the future", async () => {
    const seam = new Workspace("oldestFirst");
    const feed = new EventFeed(seam);
    seam.write("a");
    await read(feed);
    seam.write("future", -3_600_000);
    await read(feed);
    seam.write("b");
    assert.deepEqual((await read(feed)).reported, ["acsCredential b"]);
  });
});

describe("a wait for a deletion, while others write 500 events a second", () => {
  /** The time from the deletion of a credential to the end of its wait, in milliseconds; the 90th percentile of several. */
  async function waitAfterDeletion(seam: Workspace, flood: boolean, waiters: number): Promise<number> {
    const watcher = new DeletionWatcher(seam as unknown as SeamClient);
    let written = 0;
    const startedAt = performance.now();
    const emitOthers = (): void => {
      while (flood && written < (performance.now() - startedAt + 3_000) / 2)
        seam.write(`other-${(written += 1)}`);
    };
    emitOthers();
    const writer = setInterval(emitOthers, 20);
    const delays = await Promise.all(
      Array.from({ length: waiters }, async (_, index) => {
        const id = `mine-${index}`;
        const target: Dependent = {
          kind: "acsCredential",
          id,
          beingDeleted: true,
          problems: [],
          deletionFailed: false,
        };
        const deletedAt = performance.now() + 1_300 + (900 * index) / waiters;
        setTimeout(() => seam.write(id), deletedAt + 100 - performance.now());
        await watcher.untilGone({
          userIdentityId: `person-${index}`,
          targets: [target],
          kinds: ["acsCredential"],
          list: async () => (performance.now() < deletedAt ? [target] : []),
          requestAgain: async () => undefined,
          deadline: performance.now() + 20_000,
          timeoutSeconds: 20,
        });
        return performance.now() - deletedAt;
      }),
    );
    clearInterval(writer);
    return delays.sort((one, other) => one - other)[Math.floor(0.9 * waiters)] ?? Number.NaN;
  }

  for (const waiters of [8, 40]) {
    it(`ends at most half a second later than without them, ${waiters} in parallel`, async () => {
      const without = await waitAfterDeletion(new Workspace("oldestFirst"), false, waiters);
      const shapes: [string, Workspace][] = [
        ["oldest first", new Workspace("oldestFirst")],
        ["newest first", new Workspace("newestFirst")],
        ["unordered", new Workspace("unordered")],
        ["90 s behind", new Workspace("oldestFirst", -90_000)],
        ["90 s ahead", new Workspace("newestFirst", 90_000)],
        ["whole seconds", new Workspace("oldestFirst", 0, 1_000)],
      ];
      for (const [shape, seam] of shapes) {
        const delay = await waitAfterDeletion(seam, true, waiters);
        assert.ok(delay < without + 500, `${shape}: ${delay} ms after, ${without} ms without`);
      }
    });
  }
});
