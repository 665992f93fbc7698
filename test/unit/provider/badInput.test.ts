import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { Engine } from "../../engine";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

const uuid = "00000000-0000-4000-8000-000000000000";

describe("a provider with bad input", () => {
  let seam: SimulatedWorkspace;
  let engine: Engine;
  beforeEach(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    engine = new Engine(seam.env);
  });
  afterEach(() => seam.close());

  /** Expects an error that contains all of these texts, and never the key. */
  async function fails(act: Promise<unknown>, ...says: RegExp[]): Promise<void> {
    const error = await act.then(
      () => assert.fail("it should have failed"),
      (reason: unknown) => reason as Error,
    );
    for (const pattern of says) assert.match(error.message, pattern);
    const everything = JSON.stringify([
      error,
      error.message,
      error.stack,
      error.cause,
      Object.entries(error),
    ]);
    assert.ok(!everything.includes(seam.apiKey), "the API key is in the error");
    assert.doesNotMatch(error.message, /jean@example\.com|15555550110/);
  }

  const identity = () => engine.providerAlone("userIdentity");
  const link = () => engine.providerAlone("acsUserLink");

  describe("fails the check and names the property, for", () => {
    const cases: [string, object, string, RegExp][] = [
      [
        "a malformed e-mail address",
        { emailAddress: "jean.example.com" },
        "emailAddress",
        /jean@example\.com/,
      ],
      ["a phone number not in E.164 form", { phoneNumber: "0555 55 01" }, "phoneNumber", /E\.164/],
      ["an unknown argument", { emailAdress: "jean@example.com" }, "emailAdress", /there is no argument/],
      ["an empty name", { fullName: " " }, "fullName", /non-empty/],
      ["a number for a key", { userIdentityKey: 7 }, "userIdentityKey", /string/],
      ["an unknown deletion policy", { deletionPolicy: "keep" }, "deletionPolicy", /"teardown" or "retain"/],
      [
        "a malformed teardown",
        { teardown: { acsUsers: "drop" } },
        "teardown",
        /acsUsers .*"delete" or "unlink"/,
      ],
      ["an unknown field of teardown", { teardown: { timeout: 3 } }, "teardown", /no argument timeout/],
      ["a timeout of nothing", { teardown: { timeoutSeconds: 0 } }, "teardown", /timeoutSeconds .*from 1/],
    ];
    for (const [what, inputs, property, reason] of cases) {
      it(what, async () => {
        const { failures = [] } = await identity().check({}, inputs);
        assert.equal(failures.length, 1);
        // The engine prints the value of a property that a failure names.
        assert.equal(failures[0]?.property, "");
        assert.match(failures[0]?.reason ?? "", new RegExp(`\\b${property}\\b`));
        assert.match(failures[0]?.reason ?? "", reason);
      });
    }

    it("with the path of a value inside of an argument", async () => {
      const failuresOf = async (provider: ReturnType<typeof identity>, inputs: object): Promise<string[]> =>
        ((await provider.check({}, inputs)).failures ?? []).map(({ reason }) => reason);
      assert.deepEqual(await failuresOf(identity(), { teardown: { acsUser: "delete", timeoutSeconds: 0 } }), [
        "teardown: there is no argument acsUser; the arguments are acsUsers, accessGrants, timeoutSeconds; timeoutSeconds must be a number from 1 to 86400",
      ]);
      const requestedAccessMethods = [{ mode: "code" }, { mode: "mobile" }];
      assert.deepEqual(
        await failuresOf(engine.providerAlone("accessGrant"), {
          userIdentityId: uuid,
          acsEntranceIds: [uuid, "x"],
          requestedAccessMethods,
        }),
        [
          "acsEntranceIds: item 2 must be a Seam id: a UUID, like 48500a8e-5e7e-4bde-b7e5-0be97cae5d7a",
          'requestedAccessMethods: item 2: mode must be "code" or "card" or "mobile_key" or "cloud_key"',
        ],
      );
    });

    it("a malformed or missing id of a link", async () => {
      const { failures = [] } = await link().check({}, { userIdentityId: "jean" });
      assert.deepEqual(failures.map((failure) => failure.reason.split(" ", 1)[0]).sort(), [
        "acsUserId",
        "userIdentityId",
      ]);
    });

    it("nothing that a preview does not know yet", async () => {
      const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
      const { failures } = await identity().check({}, { emailAddress: unknown, phoneNumber: unknown });
      assert.deepEqual(failures, []);
    });
  });

  it("names both ways to set an API key, in every verb that needs one", async () => {
    engine = new Engine({});
    const ways = [/pulumi config set --secret seam:apiKey/, /SEAM_API_KEY/];
    const props = { userIdentityId: uuid, workspaceId: seam.workspaceId };
    await fails(identity().create({ fullName: "Jean" }), ...ways);
    // Otherwise the advice is followed in vain: the state has the settings of the last `up`.
    const andThen = /`pulumi refresh` and `pulumi destroy` read .* last `pulumi up`; with --run-program/;
    await fails(identity().read(uuid, props), ...ways, andThen);
    await fails(identity().update(uuid, props, { fullName: "Jean" }), ...ways);
    await fails(identity().delete(uuid, props), ...ways, andThen);
    await fails(link().create({ userIdentityId: uuid, acsUserId: uuid }), ...ways);
    await fails(link().delete(`${uuid}/${uuid}`, {}), ...ways);
  });

  it("rejects an endpoint to which the key would be sent in plain text", async () => {
    engine = new Engine({ SEAM_API_KEY: seam.apiKey, SEAM_ENDPOINT: "http://seam.example.com" });
    await fails(identity().create({}), /http:\/\/seam\.example\.com/, /in the clear/, /https:\/\//);
  });

  it("does not repeat an endpoint that is not a URL or holds a password", async () => {
    for (const endpoint of ["connect.getseam.com", "https://jean:secret@connect.getseam.com"]) {
      engine = new Engine({ SEAM_API_KEY: seam.apiKey, SEAM_ENDPOINT: endpoint });
      await fails(identity().create({}), /endpoint \(seam:endpoint or SEAM_ENDPOINT/);
    }
  });

  it("rejects a personal access token in place of a key", async () => {
    engine = new Engine({ ...seam.env, SEAM_API_KEY: "seam_at1_secret" });
    await fails(identity().create({}), /personal access token/);
  });

  it("says what to do about a key that Seam refuses", async () => {
    engine = new Engine({ ...seam.env, SEAM_API_KEY: "seam_unknown_key" });
    await fails(
      identity().create({ fullName: "Jean" }),
      /could not create the user identity/,
      /401 unauthorized, request [0-9a-f-]{36}/,
      /Check it in the Seam console/,
      /--run-program/,
    );
  });

  it("says what to check if the endpoint does not answer", async function () {
    this.timeout(60_000);
    const port = await freePort();
    engine = new Engine({ SEAM_API_KEY: seam.apiKey, SEAM_ENDPOINT: `http://127.0.0.1:${port}` });
    await fails(identity().create({}), /ECONNREFUSED/, /seam:endpoint, SEAM_ENDPOINT/);
  });

  describe("for a link", () => {
    let jean: string;
    let system: string;
    beforeEach(async () => {
      jean = await seam.createUserIdentity({ full_name: "Jean" });
      system = await seam.acsSystemId(0);
    });

    it("names an ACS user that does not exist", async () => {
      const acting = link().create({ userIdentityId: jean, acsUserId: uuid });
      await fails(acting, new RegExp(uuid), /no such ACS user/, /Check acsUserId/);
    });

    it("names an ACS user that is linked elsewhere", async () => {
      const other = await seam.createUserIdentity({ full_name: "Ada" });
      const user = await seam.createAcsUser(system, "ada@example.com", other);
      const acting = link().create({ userIdentityId: jean, acsUserId: user });
      await fails(acting, new RegExp(other), /linked to user identity/, /remove the other one first/);
    });

    it("names a second ACS user in the same system", async () => {
      const first = await seam.createAcsUser(system, "one@example.com", jean);
      const second = await seam.createAcsUser(system, "two@example.com");
      const acting = link().create({ userIdentityId: jean, acsUserId: second });
      await fails(acting, new RegExp(first), new RegExp(system), /there can be only one/, /400 .*request/);
    });

    it("names an identity that does not exist", async () => {
      const user = await seam.createAcsUser(system, "one@example.com");
      const acting = link().create({ userIdentityId: uuid, acsUserId: user });
      await fails(acting, /404 user_identity_not_found/, /pulumi refresh/);
    });

    it("names a malformed id", async () => {
      await fails(link().read("jean/lobby", {}), /<user_identity_id>\/<acs_user_id>/);
    });
  });

  describe("for an attribute that another identity has", () => {
    let other: string;
    const taken = {
      userIdentityKey: "jean",
      emailAddress: "jean@example.com",
      phoneNumber: "+15555550110",
    };
    beforeEach(async () => {
      other = await seam.createUserIdentity({
        user_identity_key: "jean",
        email_address: "jean@example.com",
        phone_number: "+15555550110",
        full_name: "Jean of the app",
      });
    });
    for (const status of [400, 409, 422]) {
      for (const [name, value] of Object.entries(taken)) {
        it(`names the owner of ${name} after a ${status}, and what to do`, async () => {
          await seam.behave({ conflictError: { status, type: "user_identity_conflict" } });
          const says = [
            new RegExp(`its ${name} belongs to user identity ${other}`),
            new RegExp(`${status} user_identity_conflict, request`),
          ];
          await fails(identity().create({ [name]: value }), ...says, /set adopt: true; .*import it/);
          const mine = await identity().create({ fullName: "Ada" });
          const outs = mine.outs as object;
          await fails(
            identity().update(mine.id, outs, { fullName: "Ada", [name]: value }),
            ...says,
            /another value/,
          );
          assert.equal((await seam.state()).user_identities.length, 2);
        });
      }
    }
  });

  it("fails an update of an object that was deleted outside Pulumi", async () => {
    const created = await identity().create({ fullName: "Jean" });
    await seam.call("/user_identities/delete", { user_identity_id: created.id });
    await fails(
      identity().update(created.id, created.outs as object, { fullName: "Jean Doe" }),
      new RegExp(created.id),
      /not in Seam any more/,
      /pulumi refresh/,
    );
  });

  it("reports an identity that was merged into another, and changes nothing", async () => {
    const created = await identity().create({ fullName: "Jean" });
    const into = await seam.createUserIdentity({ full_name: "Jean Doe" });
    await seam.act("merge", { from: created.id, into });
    const outs = created.outs as object;
    const says = [new RegExp(`merged into ${into}`), /pulumi state delete/];
    await fails(identity().read(created.id, outs), ...says);
    await fails(identity().delete(created.id, outs), ...says);
    await fails(identity().update(created.id, outs, { fullName: "Jean the Second" }), ...says);
    assert.deepEqual(
      (await seam.state()).user_identities.map((one) => one.full_name),
      ["Jean Doe"],
    );
  });

  it("deletes nothing and keeps the state with a key for another workspace", async () => {
    const jean = await identity().create({ fullName: "Jean" });
    const user = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com");
    const linked = await link().create({ userIdentityId: jean.id, acsUserId: user });
    const other = await seam.act<{ workspace_id: string; api_key: string }>("workspaces", { name: "Other" });
    engine = new Engine({ ...seam.env, SEAM_API_KEY: other.api_key });
    const says = [new RegExp(seam.workspaceId), new RegExp(other.workspace_id), /Nothing was changed/];
    await fails(identity().read(jean.id, jean.outs as object), ...says);
    await fails(identity().delete(jean.id, jean.outs as object), ...says);
    await fails(link().read(linked.id, linked.outs as object), ...says);
    await fails(link().delete(linked.id, linked.outs as object), ...says);
    assert.deepEqual((await seam.state()).user_identities[0]?.acs_user_ids, [user]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
