import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

interface LockedPackage {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** The limit on packages that are installed with this one, besides itself and the Pulumi SDK, which the program has anyway. */
const most = 35;

const { packages } = JSON.parse(readFileSync(join(__dirname, "..", "..", "package-lock.json"), "utf8")) as {
  packages: Record<string, LockedPackage>;
};

/** The location of a package that another one requires, as Node resolves it. */
function resolved(from: string, name: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const place = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (!folder.includes("/node_modules/")) {
      const top = `node_modules/${name}`;
      assert.ok(packages[top], `${name}, which ${from} requires, is not in package-lock.json`);
      return top;
    }
  }
}

/** All packages that an install adds, optional ones included. */
function installed(): string[] {
  const found = new Set<string>();
  const visit = (place: string): void => {
    const { dependencies, optionalDependencies } = packages[place] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const next = resolved(place, name);
      if (found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit("");
  return [...found].sort();
}

describe("an install of this package", () => {
  it(`adds at most ${most} packages`, () => {
    const all = installed();
    assert.ok(all.length <= most, `${all.length} packages: ${all.join(", ")}`);
    assert.ok(all.includes("node_modules/axios"), "the count follows dependencies");
    assert.ok(
      all.includes("node_modules/follow-redirects"),
      "the count follows dependencies of dependencies",
    );
  });
});
