import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { defaultEndpoint } from "../../../provider/config";
import { connect } from "../../../provider/connection";
import { warnOfPlaintextKey, warnOfUncheckedCertificates } from "../../../provider/dynamic/keyWarnings";

const key = "seam_test_key_of_the_stack";

describe("warnings about the API key", () => {
  const environment = { ...process.env };
  const { warn } = console;
  let warned: string[];

  beforeEach(() => {
    warned = [];
    console.warn = (line: string) => warned.push(line);
    // Warnings are printed once per process: each test starts as a process does.
    const given: unknown = Reflect.get(globalThis, Symbol.for("pulumi-seam.key-warnings"));
    if (given instanceof Set) given.clear();
  });
  afterEach(() => {
    console.warn = warn;
    pulumi.runtime.setAllConfig({});
    process.env = { ...environment };
  });

  /** The stack's configuration as the language host passes it. */
  function configure(apiKey: string, secretKeys: string[]): void {
    pulumi.runtime.setAllConfig({ "seam:apiKey": apiKey }, secretKeys);
    process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(secretKeys);
  }

  it("name the command for a key in plain text, once, and not the key", () => {
    configure(key, []);
    for (let count = 0; count < 3; count += 1) warnOfPlaintextKey();
    assert.equal(warned.length, 1);
    assert.match(warned[0] ?? "", /pulumi-seam: .*plain text.*pulumi config set --secret seam:apiKey/);
    assert.ok(!warned.join().includes(key));
  });

  it("are not printed for a secret, for no key, and if nothing says which keys are secret", () => {
    configure(key, ["seam:apiKey"]);
    warnOfPlaintextKey();
    configure(" ", []);
    warnOfPlaintextKey();
    configure(key, []);
    delete process.env.PULUMI_CONFIG_SECRET_KEYS;
    warnOfPlaintextKey();
    assert.deepEqual(warned, []);
  });

  it("name NODE_TLS_REJECT_UNAUTHORIZED once in the program", () => {
    warnOfUncheckedCertificates();
    assert.deepEqual(warned, []);
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    for (let count = 0; count < 3; count += 1) warnOfUncheckedCertificates();
    assert.equal(warned.length, 1);
    assert.match(warned[0] ?? "", /pulumi-seam: .*NODE_TLS_REJECT_UNAUTHORIZED=0/);
  });

  it("name NODE_TLS_REJECT_UNAUTHORIZED in the plugin process too, with its connection", () => {
    const printed: string[] = [];
    const config = { apiKey: key, endpoint: defaultEndpoint, requestTimeout: 1000 };
    const print = (line: string): void => void printed.push(line);
    connect(config, { print, env: {} });
    assert.deepEqual(printed, []);
    connect(config, { print, env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } });
    assert.equal(printed.length, 1);
    assert.match(printed[0] ?? "", /NODE_TLS_REJECT_UNAUTHORIZED=0/);
  });
});
