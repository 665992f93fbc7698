import assert from "node:assert/strict";
import semver from "semver";
import { isAtLeast, isInRange, versionIn } from "../../../cli/versionRange";

const versions = ["3.215.9", "3.216.0", "3.248.0", "4.0.0", "4.0.0-beta.1", "3.300.0-alpha.1+abc", "10.0.0"];

describe("versions of installed packages", () => {
  it("are in the ranges that semver defines", () => {
    for (const range of [">=3.216.0 <4", ">=20.19", "<4", ">=3.248.0"]) {
      for (const version of versions) {
        assert.equal(isInRange(version, range), semver.satisfies(version, range), `${version} in ${range}`);
      }
    }
    for (const version of ["20.18.3", "20.19.0", "22.0.0", "9.99.99", "24.1.0"]) {
      assert.equal(isInRange(version, ">=20.19"), semver.satisfies(version, ">=20.19"), version);
    }
  });

  it("are compared with a release as semver does", () => {
    for (const version of versions) {
      for (const release of ["3.216.0", "4.0.0", "3.248.1"]) {
        assert.equal(isAtLeast(version, release), semver.gte(version, release), `${version} and ${release}`);
      }
    }
  });

  it("are read from the output of programs", () => {
    assert.equal(versionIn("v3.259.0\n"), "3.259.0");
    assert.equal(versionIn("3.260.0-alpha.1"), "3.260.0-alpha.1");
    for (const text of ["", "command not found", "v3", "3.259.0 and more"]) {
      assert.equal(versionIn(text), undefined, text);
    }
  });

  it("fail to parse in ranges of another form", () => {
    for (const range of ["^3", "3.x", ">=3 || <2", ""]) {
      assert.throws(() => isInRange("3.0.0", range), /cannot be read/, range);
    }
  });
});
