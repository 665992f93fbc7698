import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as seam from "../../../provider";
import * as plugin from "../../../provider/plugin";
import { providerText, typeToken } from "../../../provider/dynamic/stateReference";
import { version } from "../../../provider/version";

const root = join(__dirname, "..", "..", "..");

describe("the contract with released versions", () => {
  it("keeps the __provider texts byte for byte", () => {
    assert.equal(
      providerText("userIdentity"),
      'exports.handler = () => require("pulumi-seam/provider").userIdentity',
    );
    assert.equal(
      providerText("acsUserLink"),
      'exports.handler = () => require("pulumi-seam/provider").acsUserLink',
    );
    assert.equal(providerText("acsUser"), 'exports.handler = () => require("pulumi-seam/provider").acsUser');
    for (const name of ["userIdentity", "acsUserLink", "acsUser"] as const) {
      assert.ok(Buffer.byteLength(providerText(name)) <= 300);
      const verbs = ["check", "configure", "create", "delete", "diff", "read", "update"];
      assert.deepEqual(Object.keys(plugin[name]).sort(), verbs);
    }
  });

  it("keeps the texts and tokens of the resources that grant access", () => {
    const texts = [
      ["AcsAccessGroupMembership", "acsAccessGroupMembership"],
      ["AccessGrant", "accessGrant"],
      ["Space", "space"],
    ] as const;
    for (const [type, name] of texts) {
      assert.equal(providerText(name), `exports.handler = () => require("pulumi-seam/provider").${name}`);
      assert.equal(typeToken(type), `pulumi-nodejs:dynamic/seam:${type}`);
      const verbs = ["check", "configure", "create", "delete", "diff", "read", "update"];
      assert.deepEqual(Object.keys(plugin[name]).sort(), verbs);
    }
  });

  it("keeps the type tokens", () => {
    assert.equal(typeToken("UserIdentity"), "pulumi-nodejs:dynamic/seam:UserIdentity");
    assert.equal(typeToken("AcsUserLink"), "pulumi-nodejs:dynamic/seam:AcsUserLink");
    assert.equal(typeToken("AcsUser"), "pulumi-nodejs:dynamic/seam:AcsUser");
  });

  it("exports what programs use", () => {
    assert.deepEqual(Object.keys(seam).sort(), [
      "AccessGrant",
      "AcsAccessGroupMembership",
      "AcsUser",
      "AcsUserLink",
      "Provider",
      "Space",
      "UserIdentity",
      "getAcsAccessGroup",
      "getAcsAccessGroupOutput",
      "getAcsEntrance",
      "getAcsEntranceOutput",
      "getAcsSystem",
      "getAcsSystemOutput",
      "getAcsUser",
      "getAcsUserOutput",
      "getDevice",
      "getDeviceOutput",
      "getSpace",
      "getSpaceOutput",
      "getUserIdentity",
      "getUserIdentityOutput",
    ]);
  });

  it("has the version of package.json", () => {
    const { version: published } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      version: string;
    };
    assert.equal(version, published);
  });

  it("has an example for each resource, and a test for each example", () => {
    const examples = readdirSync(join(root, "examples"));
    const programs = examples.flatMap((name) =>
      readdirSync(join(root, "examples", name))
        .filter((file) => file.endsWith(".ts"))
        .map((file) => readFileSync(join(root, "examples", name, file), "utf8")),
    );
    for (const resource of ["UserIdentity", "AcsUserLink", "AcsUser"]) {
      assert.ok(
        programs.some((text) => text.includes(`new seam.${resource}(`)),
        `${resource} has no example`,
      );
    }
    const tests = readdirSync(join(root, "test", "e2e"))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(root, "test", "e2e", name), "utf8"));
    for (const name of examples) {
      assert.ok(
        tests.some((text) => text.includes(`example: "${name}"`)),
        `examples/${name} has no test`,
      );
    }
  });

  it("does not load an HTTP client into programs", () => {
    const script = `require("./dist/provider/index.js"); console.log(Object.keys(require.cache).filter((file) => /node_modules.(axios|valibot)/.test(file)).length)`;
    assert.equal(execFileSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" }).trim(), "0");
  });
});
