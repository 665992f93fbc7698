import assert from "node:assert/strict";
import {
  type Contender,
  measureInTurn,
  measureStartup,
  measureState,
  operations,
  type Sample,
} from "../../bench/cost";
import { deep, itInCi } from "../depth";

// The short form of `npm run bench`, with generous margins: it notices when something grows too much.

describe("what the package costs", function () {
  this.timeout(30 * 60_000);

  const size = deep ? 40 : 12;
  let samples: Sample[];
  before(async () => {
    samples = await measureInTurn(deep ? ["ours", "nothing"] : ["ours"], size, (line) =>
      console.log(`      ${size} identities: ${line}`),
    );
  });
  const of = (contender: Contender): Sample => {
    const found = samples.find((sample) => sample.contender === contender);
    assert.ok(found);
    return found;
  };

  for (const operation of ["up", "preview", "changed", "destroy"] as const) {
    itInCi(`is about as quick as doing nothing at ${operation}`, () => {
      const ratio = of("ours").costs[operation].seconds / of("nothing").costs[operation].seconds;
      assert.ok(ratio < 1.6, `${ratio.toFixed(2)} times`);
    });
  }

  it("makes no request in a preview, and few in other operations", () => {
    const { costs } = of("ours");
    assert.deepEqual([costs.preview.requests, costs.changed.requests], [0, 0]);
    assert.ok(costs.up.requests <= 3 * size + 5, `up: ${costs.up.requests}`);
    assert.ok(costs.refresh.requests <= 25, `refresh: ${costs.refresh.requests}`);
  });

  it("keeps the state small", async () => {
    const state = await measureState("ours");
    assert.ok(state.identity > 500 && state.identity <= 2_500, `identity: ${state.identity} bytes`);
    assert.ok(state.link > 500 && state.link <= 2_000, `link: ${state.link} bytes`);
    assert.ok(
      state.providerText > 50 && state.providerText <= 300,
      `__provider: ${state.providerText} bytes`,
    );
  });

  it("keeps the plugin process small", () => {
    const memory = Math.max(...operations.map((operation) => of("ours").costs[operation].memory));
    assert.ok(memory > 20 && memory <= 200, `${memory.toFixed(0)} MB`);
  });

  itInCi("adds little to a program's start", async () => {
    const { sdk, package: own } = await measureStartup();
    assert.ok(own < sdk / 4, `${own.toFixed(0)} ms beside the SDK's ${sdk.toFixed(0)} ms`);
  });
});
