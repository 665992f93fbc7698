import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CostResults } from "../../../bench/cost";
import { renderCost } from "../../../bench/costPage";
import type { GrantCost } from "../../../bench/grantCost";
import type { Machine } from "../../../bench/machine";
import { benchmarksPage } from "../../../bench/page";
import type { ScaleResults } from "../../../bench/scalePage";
import type { TeardownResults } from "../../../bench/teardown";

const root = join(__dirname, "..", "..", "..");
const results = <Kind>(name: string) =>
  JSON.parse(readFileSync(join(root, "bench", "results", `${name}.json`), "utf8")) as Kind & {
    machine: Machine;
  };
const measured = (name: string): boolean => existsSync(join(root, "bench", "results", `${name}.json`));
const cost = results<CostResults>("cost");

describe("docs/benchmarks.md", () => {
  it("is generated from the figures in bench/results", async () => {
    assert.equal(
      readFileSync(join(root, "docs", "benchmarks.md"), "utf8"),
      await benchmarksPage({
        teardown: results<TeardownResults>("teardown"),
        cost,
        grants: measured("grants") ? results<GrantCost>("grants") : undefined,
        scale: measured("scale") ? results<ScaleResults>("scale") : undefined,
      }),
    );
  });

  it("compares with targets only the sizes that have them", () => {
    const small = { ...cost, samples: cost.samples.filter((sample) => sample.size < 1_000) };
    assert.match(renderCost(cost, cost.machine), /target: at most/);
    assert.doesNotMatch(renderCost(small, cost.machine), /target: at most/);
  });
});

describe("docs/scale.md", () => {
  it("states what a destroy costs for each person with a link", () => {
    const [ours] = cost.samples.filter(({ contender, size }) => contender === "ours" && size === 1_000);
    const requests = ours?.costs.destroy.requests ?? 0;
    const page = readFileSync(join(root, "docs", "scale.md"), "utf8");
    assert.ok(page.includes(`${Math.floor(requests / 1_000)} for one with a link`));
    assert.ok(page.includes(`takes ${requests.toLocaleString("en-US")}:`));
  });
});
