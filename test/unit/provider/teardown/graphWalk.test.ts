import assert from "node:assert/strict";
import { teardownGraph, type TeardownStep, teardownSteps } from "../../../../provider/teardown/graph";
import { type Group, walk, type Work } from "../../../../provider/teardown/graphWalk";

/** Records what the walk does; each change and each wait can be made to fail, or to wait for a promise. */
class Recorded implements Work<Group> {
  readonly done: string[] = [];
  passesOver = true;

  constructor(
    private readonly all: readonly Group[],
    private readonly during: (what: string) => Promise<void> = async () => undefined,
  ) {}

  async groups(step: TeardownStep): Promise<readonly Group[]> {
    await this.during(`list ${step}`);
    return this.all.filter((group) => group.step === step);
  }
  async request(group: Group): Promise<void> {
    await this.during(`ask ${nameOf(group)}`);
    this.done.push(`ask ${nameOf(group)}`);
  }
  async confirm(groups: readonly Group[], next: Group): Promise<void> {
    for (const group of groups) await this.during(`confirm ${nameOf(group)}`);
    this.done.push(`confirm ${groups.map(nameOf).sort().join("+")} for ${nameOf(next)}`);
  }
  async mayIgnoreFailure(): Promise<boolean> {
    return this.passesOver;
  }

  before(one: string, other: string): void {
    const [first, second] = [this.done.indexOf(one), this.done.indexOf(other)];
    assert.ok(first >= 0 && second > first, `${one} before ${other}: ${this.done.join(", ")}`);
  }
}

function nameOf({ step, acsUserId }: Group): string {
  return acsUserId === undefined ? step : `${step} ${acsUserId}`;
}

function failing(...what: string[]): (step: string) => Promise<void> {
  return async (step) => {
    if (what.includes(step)) throw new Error(`${step} failed`);
  };
}

const everything: Group[] = [
  { step: "clientSession" },
  { step: "accessGrant" },
  { step: "accessMethod" },
  { step: "enrollmentAutomation" },
  { step: "phone" },
  ...["a", "b"].flatMap((acsUserId): Group[] => [
    { step: "suspension", acsUserId },
    { step: "acsCredential", acsUserId },
    { step: "acsUser", acsUserId },
  ]),
  { step: "acsUserLink", acsUserId: "c" },
  { step: "userIdentity" },
];

describe("the walk over the teardown's graph", () => {
  it("has an acyclic graph with a row for each step", () => {
    const visited = new Set<TeardownStep>();
    const visit = (step: TeardownStep, above: readonly TeardownStep[]): void => {
      assert.ok(!above.includes(step), [...above, step].join(" → "));
      visited.add(step);
      for (const condition of teardownGraph[step]) visit(condition.step, [...above, step]);
    };
    for (const step of teardownSteps) visit(step, []);
    assert.equal(visited.size, teardownSteps.length);
  });

  it("requests every deletion once, in order", async () => {
    const work = new Recorded(everything);
    await walk(teardownGraph, work);
    const requested = work.done.filter((one) => one.startsWith("ask"));
    assert.equal(new Set(requested).size, requested.length);
    assert.equal(requested.length, everything.length);
    work.before("ask accessGrant", "ask acsCredential a");
    work.before("confirm acsCredential a for acsUser a", "ask acsUser a");
    work.before("ask clientSession", "ask phone");
    work.before("ask enrollmentAutomation", "ask acsUserLink c");
    assert.equal(work.done.at(-1), "ask userIdentity");
    const last = work.done.at(-2) ?? "";
    for (const step of ["accessGrant", "acsUser a", "acsUser b", "acsUserLink c", "phone", "clientSession"]) {
      assert.ok(last.includes(step), last);
    }
  });

  it("delays what closes doors for nothing but grants", async () => {
    for (const held of [
      "list clientSession",
      "list phone",
      "list enrollmentAutomation",
      "ask clientSession",
      "ask phone",
    ]) {
      let release = (): void => undefined;
      const holding = new Promise<void>((resolve) => {
        release = resolve;
      });
      const work = new Recorded(everything, async (what) => (what === held ? holding : undefined));
      const walking = walk(teardownGraph, work);
      await new Promise((resolve) => setImmediate(resolve));
      for (const step of ["suspension a", "accessGrant", "acsCredential a", "acsCredential b", "acsUser a"]) {
        assert.ok(work.done.includes(`ask ${step}`), `${held} holds ${step} back: ${work.done.join(", ")}`);
      }
      assert.ok(!work.done.includes("ask userIdentity"));
      release();
      await walking;
      assert.equal(work.done.at(-1), "ask userIdentity");
    }
  });

  for (const failed of ["list phone", "ask clientSession", "ask acsCredential a", "confirm clientSession"]) {
    it(`stops only what depends on "${failed}" if that fails`, async () => {
      const work = new Recorded(everything, failing(failed));
      await assert.rejects(walk(teardownGraph, work), { message: `${failed} failed` });
      const stopped = everything.map(nameOf).filter((name) => !work.done.includes(`ask ${name}`));
      const expected: Record<string, string[]> = {
        "list phone": ["phone", "userIdentity"],
        "ask clientSession": [
          "clientSession",
          "enrollmentAutomation",
          "phone",
          "acsUserLink c",
          "userIdentity",
        ],
        "ask acsCredential a": ["acsCredential a", "acsUser a", "userIdentity"],
        "confirm clientSession": ["enrollmentAutomation", "phone", "acsUserLink c", "userIdentity"],
      };
      assert.deepEqual(stopped.sort(), expected[failed]?.sort());
    });
  }

  it("still waits for what did not fail", async () => {
    const work = new Recorded(everything, failing("ask phone"));
    await assert.rejects(walk(teardownGraph, work));
    const last = work.done.find((one) => one.endsWith("for userIdentity")) ?? "";
    assert.ok(last.includes("acsUser a") && last.includes("accessGrant") && !last.includes("phone"), last);
  });

  it("continues after failed grants only if it is allowed to", async () => {
    const passing = new Recorded(everything, failing("ask accessGrant"));
    await assert.rejects(walk(teardownGraph, passing));
    assert.ok(passing.done.includes("ask acsCredential a"));
    const holding = new Recorded(everything, failing("ask accessGrant"));
    holding.passesOver = false;
    await assert.rejects(walk(teardownGraph, holding));
    assert.ok(!holding.done.includes("ask acsCredential a"));
  });

  it("throws each failure once, all of them together", async () => {
    const work = new Recorded(everything, failing("ask phone", "ask accessGrant"));
    await assert.rejects(walk(teardownGraph, work), (error: AggregateError) => {
      const messages = (error.errors as Error[]).map((cause) => cause.message);
      assert.deepEqual(messages.sort(), ["ask accessGrant failed", "ask phone failed"]);
      return true;
    });
  });
});
