import assert from "node:assert/strict";
import {
  ConfigError,
  explicitProviderSetting,
  hasApiKey,
  readConfig,
  readEndpoint,
} from "../../../provider/config";

const key = "seam_test_key_of_the_stack";
const other = "seam_test_key_of_the_pipeline";
const workspace = "48500a8e-5e7e-4bde-b7e5-0be97cae5d7a";

type Settings = Readonly<Record<string, string>>;
const read = (settings: Settings, env: Settings = {}) => readConfig((name) => settings[name], env);

/** Expects a ConfigError that contains all of these texts, and neither key. */
function refuses(act: () => unknown, ...says: RegExp[]): void {
  assert.throws(act, (error: unknown) => {
    assert.ok(error instanceof ConfigError);
    for (const pattern of says) assert.match(error.message, pattern);
    for (const secret of [key, other]) assert.ok(!error.message.includes(secret));
    return true;
  });
}

describe("the configuration", () => {
  it("prefers the stack's settings to those of the environment, and has defaults", () => {
    assert.deepEqual(read({ "seam:apiKey": key }, { SEAM_API_KEY: other }), {
      apiKey: key,
      endpoint: "https://connect.getseam.com",
      requestTimeout: 30_000,
    });
    const env = { SEAM_API_KEY: other, SEAM_ENDPOINT: "https://seam.example.com/" };
    assert.deepEqual(read({ "seam:requestTimeoutSeconds": "5" }, env), {
      apiKey: other,
      endpoint: "https://seam.example.com",
      requestTimeout: 5_000,
    });
    assert.equal(read({ "seam:apiKey": key }, env).endpoint, "https://seam.example.com");
  });

  it("names both ways to set a key if there is none", () => {
    for (const env of [{}, { SEAM_API_KEY: "" }, { SEAM_API_KEY: "  " }]) {
      refuses(() => read({}, env), /config set --secret seam:apiKey/, /SEAM_API_KEY/);
      assert.equal(
        hasApiKey(() => undefined, env),
        false,
      );
    }
  });

  it("never uses the environment's key in place of an empty one", () => {
    for (const empty of ["", " ", "\n"]) {
      const settings: Settings = { "seam:apiKey": empty };
      refuses(() => read(settings, { SEAM_API_KEY: other }), /is empty/, /config rm seam:apiKey/);
      assert.equal(
        hasApiKey((name) => settings[name], {}),
        true,
      );
    }
  });

  describe("of a Provider", () => {
    const explicit = { [explicitProviderSetting]: "true" };
    const env = { SEAM_API_KEY: other, SEAM_ENDPOINT: "https://seam.example.com" };

    it("uses nothing from the environment", () => {
      assert.deepEqual(read({ ...explicit, "seam:apiKey": key }, env), {
        apiKey: key,
        endpoint: "https://connect.getseam.com",
        requestTimeout: 30_000,
      });
      refuses(() => read(explicit, env), /no Seam API key/);
      refuses(() => read({ ...explicit, "seam:apiKey": "" }, env), /is empty/);
      assert.equal(
        hasApiKey((name) => (explicit as Settings)[name], env),
        false,
      );
    });

    it("has its own endpoint, whatever the environment contains", () => {
      const endpoint = "http://127.0.0.1:4000";
      assert.equal(
        read({ ...explicit, "seam:apiKey": key, "seam:endpoint": endpoint }, env).endpoint,
        endpoint,
      );
    });
  });

  describe("with an endpoint from the stack's file and a key from the environment", () => {
    it("is rejected if SEAM_ENDPOINT does not agree", () => {
      for (const endpoint of ["https://evil.example", "http://127.0.0.1:4000", "http://localhost:4000"]) {
        const settings = { "seam:endpoint": endpoint };
        const says = [
          new RegExp(endpoint.replaceAll(".", "\\.")),
          /SEAM_ENDPOINT is not set/,
          /config rm seam:endpoint/,
        ];
        refuses(() => read(settings, { SEAM_API_KEY: other }), ...says);
        const elsewhere = { SEAM_API_KEY: other, SEAM_ENDPOINT: "https://seam.example.com" };
        refuses(() => read(settings, elsewhere), /SEAM_ENDPOINT is another/);
      }
      const env = { SEAM_API_KEY: other, SEAM_ENDPOINT: "https://seam.example.com" };
      refuses(() => read({ "seam:endpoint": "https://connect.getseam.com" }, env), /is another/);
    });

    it("is accepted if SEAM_ENDPOINT agrees, however the URL is written, and for the default", () => {
      for (const [configured, ofEnvironment] of [
        ["http://127.0.0.1:4000", "http://127.0.0.1:4000/"],
        ["https://seam.example.com:443/", "https://SEAM.example.com"],
        ["https://connect.getseam.com/", ""],
      ] as const) {
        const env = { SEAM_API_KEY: other, SEAM_ENDPOINT: ofEnvironment };
        assert.equal(read({ "seam:endpoint": configured }, env).apiKey, other);
      }
    });

    it("is accepted with the stack's own key", () => {
      const settings = { "seam:apiKey": key, "seam:endpoint": "https://seam.example.com" };
      assert.equal(read(settings, { SEAM_API_KEY: other }).apiKey, key);
    });
  });

  it("accepts an endpoint with https, and plain http to loopback only", () => {
    for (const accepted of [
      "https://seam.example.com",
      "http://127.0.0.1:4000",
      "http://127.1",
      "http://[::1]:4000",
      "http://localhost:4000",
    ]) {
      assert.ok(readEndpoint(accepted));
    }
    for (const refused of [
      "http://seam.example.com",
      "http://127.0.0.1.evil.example",
      "http://localhost.evil.example",
      "http://127.0.0.1@evil.example",
      "http://0.0.0.0:4000",
      "https://jean:secret@connect.getseam.com",
      "https://connect.getseam.com?a=b",
      "ftp://connect.getseam.com",
      "connect.getseam.com",
      "",
    ]) {
      refuses(() => readEndpoint(refused), /endpoint/);
    }
  });

  it("parses an endpoint with very many slashes in linear time", () => {
    const time = (length: number): number => {
      const text = `https://seam.example.com/${"/".repeat(length)}x`;
      // The shortest of several times: on a busy machine any single one can be long.
      const times = Array.from({ length: 20 }, () => {
        const startedAt = performance.now();
        readEndpoint(text);
        return performance.now() - startedAt;
      });
      return Math.min(...times);
    };
    time(20_000);
    // The text is eight times as long; quadratic time would be 64 times as long.
    const [short, long] = [time(20_000), time(160_000)];
    assert.ok(long / short < 32, `${short} ms, then ${long} ms`);
  });

  it("reads the id of a workspace in one form, and rejects an invalid one", () => {
    const withId = (id: string): Settings => ({ "seam:apiKey": key, "seam:workspaceId": id });
    assert.equal(read(withId(workspace)).workspaceId, workspace);
    assert.equal(read(withId(` ${workspace.toUpperCase()}\n`)).workspaceId, workspace);
    assert.equal("workspaceId" in read({ "seam:apiKey": key }), false);
    for (const none of ["", " ", "production", `${workspace}0`, workspace.replace("-", "")]) {
      refuses(() => read(withId(none)), /seam:workspaceId must be/, /doctor/);
    }
  });

  it("rejects a request timeout that is not a number of seconds up to 600", () => {
    for (const timeout of ["0", "-1", "601", "soon", "NaN"]) {
      refuses(
        () => read({ "seam:apiKey": key, "seam:requestTimeoutSeconds": timeout }),
        /above 0 and at most 600/,
      );
    }
  });
});
