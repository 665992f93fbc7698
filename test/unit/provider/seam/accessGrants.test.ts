import assert from "node:assert/strict";
import { inspect } from "node:util";
import { SeamClient } from "../../../../provider/seam/client";
import { SeamForbiddenError, SeamAuthenticationError } from "../../../../provider/seam/errors";
import { explain } from "../../../../provider/resources/resourceErrors";
import { notFound, type ScriptedAnswer, type ScriptedRequest, ScriptedSeam } from "./scriptedSeam";

describe("access grants", () => {
  let seam: ScriptedSeam;
  let client: SeamClient;
  let script: (request: ScriptedRequest) => ScriptedAnswer;
  beforeEach(async () => {
    seam = await ScriptedSeam.start((request) => script(request));
    client = new SeamClient({ apiKey: "seam_test_key", endpoint: seam.url, retries: { firstDelay: 1 } });
  });
  afterEach(() => seam.close());

  const grant = (id: string) => ({
    access_grant_id: id,
    user_identity_id: "jean",
    access_method_ids: [`${id}-pin`],
    requested_access_methods: [{ mode: "code", code: "4711", created_access_method_ids: [`${id}-pin`] }],
    client_session_token: "a-token",
    instant_key_url: "https://ik.example/secret",
    starts_at: "2026-01-01T00:00:00Z",
    ends_at: null,
    errors: [],
    warnings: [{ warning_code: "being_deleted", message: "" }],
  });

  it("are listed over all pages, without their secrets", async () => {
    script = ({ body }) =>
      body["page_cursor"] === undefined
        ? {
            body: {
              ok: true,
              access_grants: [grant("one")],
              pagination: { has_next_page: true, next_page_cursor: "2" },
            },
          }
        : {
            body: {
              ok: true,
              access_grants: [grant("two")],
              pagination: { has_next_page: false, next_page_cursor: null },
            },
          };
    const listed = await client.listAccessGrants({ user_identity_id: "jean" });
    assert.deepEqual(
      listed.map((one) => [one.access_grant_id, one.user_identity_id, one.access_method_ids, one.ends_at]),
      [
        ["one", "jean", ["one-pin"], null],
        ["two", "jean", ["two-pin"], null],
      ],
    );
    assert.deepEqual(
      seam.requests.map((request) => request.body["user_identity_id"]),
      ["jean", "jean"],
    );
    assert.doesNotMatch(inspect(listed, { depth: 10 }), /4711|a-token|ik\.example/);
  });

  it("are an empty list in a workspace without the routes, which is remembered", async () => {
    script = () => notFound("route_not_found");
    assert.deepEqual(await client.listAccessGrants({ user_identity_id: "jean" }), []);
    assert.equal(seam.callsTo("/access_grants/list"), 2);
    const later = client.until(performance.now() + 10_000);
    assert.deepEqual(await later.listAccessGrants({ user_identity_id: "jean" }), []);
    assert.equal(seam.callsTo("/access_grants/list"), 3);
    assert.deepEqual(await client.listAccessMethods({ access_grant_id: "one" }), []);
  });

  it("are listed twice again after Seam did not know the identity", async () => {
    script = ({ earlier }) =>
      earlier < 3
        ? notFound("user_identity_not_found")
        : { body: { ok: true, access_grants: [grant("one")], pagination: { has_next_page: false } } };
    assert.deepEqual(await client.listAccessGrants({ user_identity_id: "gone" }), []);
    assert.equal((await client.listAccessGrants({ user_identity_id: "jean" })).length, 1);
  });

  it("are not treated as none if the answer is another error", async () => {
    script = () => ({
      status: 403,
      body: { ok: false, error: { type: "forbidden", message: "insufficient permission" } },
    });
    const error: unknown = await client
      .listAccessGrants({ user_identity_id: "jean" })
      .catch((reason: unknown) => reason);
    assert.ok(error instanceof SeamForbiddenError && !(error instanceof SeamAuthenticationError));
    const reported = explain("tear down user identity jean", error).message;
    assert.match(reported, /This API key may not use \/access_grants\/list/);
    assert.doesNotMatch(reported, /refuses the API key/);
  });

  it("are read and deleted by id", async () => {
    const gone = new Set<unknown>();
    script = ({ route, body }) => {
      const id = body["access_grant_id"] ?? body["access_method_id"];
      if (gone.has(id)) return notFound("access_grant_not_found");
      if (route.endsWith("/delete")) gone.add(id);
      return { body: { ok: true, access_grant: grant("one") } };
    };
    assert.equal((await client.findAccessGrant("one"))?.access_grant_id, "one");
    assert.equal(await client.deleteAccessGrant("one"), true);
    assert.equal(await client.deleteAccessGrant("one"), false);
    assert.equal(await client.findAccessGrant("one"), undefined);
    assert.equal(await client.deleteAccessMethod("one-pin"), true);
    assert.equal(await client.deleteAccessMethod("one-pin"), false);
  });
});

describe("an API key", () => {
  it("that Seam does not know is distinguished from one that may not use a route", async () => {
    const seam = await ScriptedSeam.start(() => ({
      status: 401,
      body: { ok: false, error: { type: "unauthorized" } },
    }));
    const client = new SeamClient({ apiKey: "seam_test_key", endpoint: seam.url });
    await assert.rejects(client.listPhones("jean"), SeamAuthenticationError);
    await seam.close();
  });
});
