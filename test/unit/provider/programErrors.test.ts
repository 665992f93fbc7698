import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as seam from "../../../provider";

const uuid = "48500a8e-5e7e-4bde-b7e5-0be97cae5d7a";
const requestedAccessMethods = [{ mode: "code" }];

describe("mistakes of a program that its resources throw at", () => {
  /** What JavaScript can pass, whatever the types say. */
  const construct = (resource: keyof typeof seam, args: unknown): unknown =>
    Reflect.construct(seam[resource], ["it", args]);

  const neither = / has neither userIdentity nor userIdentityId\. Give one of them\. .*undefined.*`await`/;
  const cases: [what: string, resource: keyof typeof seam, args: unknown, message: RegExp][] = [
    ["no person of a link", "AcsUserLink", { acsUserId: uuid }, neither],
    ["null as the person of a link", "AcsUserLink", { userIdentity: null, acsUserId: uuid }, neither],
    ["no person of a grant", "AccessGrant", { acsEntranceIds: [uuid], requestedAccessMethods }, neither],
    ["no arguments of a link", "AcsUserLink", undefined, neither],
    [
      "two persons of a link",
      "AcsUserLink",
      { userIdentity: {}, userIdentityId: uuid, acsUserId: uuid },
      / has both userIdentity and userIdentityId\. Give only one/,
    ],
    [
      "no ACS user of a link",
      "AcsUserLink",
      { userIdentityId: uuid },
      / has neither acsUser nor acsUserId\. Give one/,
    ],
    [
      "no ACS user of a membership",
      "AcsAccessGroupMembership",
      { acsAccessGroupId: uuid },
      / has neither acsUser nor acsUserId\. Give one/,
    ],
    [
      "an id as a resource",
      "AcsUserLink",
      { userIdentityId: uuid, acsUser: uuid },
      /: acsUser must be a resource of the class AcsUser\. Give an id as acsUserId/,
    ],
    [
      "an id as the person of a grant",
      "AccessGrant",
      { userIdentity: uuid, acsEntranceIds: [uuid], requestedAccessMethods },
      /: userIdentity must be a resource of the class UserIdentity\. Give an id as userIdentityId/,
    ],
    [
      "places of a kind given twice",
      "AccessGrant",
      { userIdentityId: uuid, spaces: [{ spaceId: uuid }], spaceIds: [uuid], requestedAccessMethods },
      / has both spaces and spaceIds\. Give only one/,
    ],
    [
      "an id as a list of places",
      "AccessGrant",
      { userIdentityId: uuid, acsEntrances: uuid, requestedAccessMethods },
      /: acsEntrances must be a list\. Give ids as acsEntranceIds/,
    ],
    [
      "a place that is undefined",
      "AccessGrant",
      { userIdentityId: uuid, devices: [{ deviceId: uuid }, undefined], requestedAccessMethods },
      /: item 2 of devices has no deviceId\. Give ids as deviceIds/,
    ],
    [
      "a lookup without await as a place",
      "AccessGrant",
      { userIdentityId: uuid, acsEntrances: [Promise.resolve()], requestedAccessMethods },
      /: item 1 of acsEntrances is a promise\. Write `await` before the lookup, or .* Output/,
    ],
    ["an empty key", "Provider", { apiKey: "" }, /apiKey of the Provider "it" is empty/],
    ...(["AcsUser", "UserIdentity", "Space", "AccessGrant", "AcsUserLink", "Provider"] as const).flatMap(
      (resource) =>
        ["jean@example.com", null, [uuid], Promise.resolve({}), pulumi.output({})].map(
          (args): (typeof cases)[number] => [
            `arguments of a ${resource} that are ${args === null ? "null" : args.constructor.name}`,
            resource,
            args,
            / takes its arguments as an object/,
          ],
        ),
    ),
  ];
  for (const [what, resource, args, message] of cases) {
    it(what, () => {
      assert.throws(
        () => construct(resource, args),
        (error) => {
          // Pulumi prints the message of such an error alone. Of any other it prints the stack, on which Node.js can hang.
          assert.ok(pulumi.RunError.isInstance(error) && error instanceof Error);
          assert.equal(error.stack, error.message);
          assert.match(error.message, new RegExp(`${resource} "it"`));
          assert.match(error.message, message);
          assert.ok(!error.message.includes("jean"));
          return true;
        },
      );
    });
  }

  describe("the option deletedWith", () => {
    const users = { acsSystemId: uuid, fullName: "Jean" };
    const link = { userIdentityId: uuid, acsUserId: uuid };
    const grant = { userIdentityId: uuid, deviceIds: [uuid], requestedAccessMethods };
    for (const [resource, args] of [
      ["UserIdentity", {}],
      ["AcsUser", users],
      ["AcsUserLink", link],
      ["AccessGrant", grant],
    ] as const) {
      it(`with another resource, of one of ${resource}`, () => {
        assert.throws(
          () =>
            Reflect.construct(seam[resource], [
              "it",
              args,
              { deletedWith: new pulumi.ComponentResource("acme:index:Office", "b") },
            ]),
          (error) =>
            pulumi.RunError.isInstance(error) &&
            error instanceof Error &&
            error.message.startsWith(`${resource} "it" has the option deletedWith: `) &&
            /doors would stay open\. Remove the option/.test(error.message),
        );
      });
    }
  });

  it("arguments of a lookup that are not an object", async () => {
    const { SEAM_API_KEY, SEAM_ENDPOINT } = process.env;
    Object.assign(process.env, { SEAM_API_KEY: "seam_key", SEAM_ENDPOINT: "http://127.0.0.1:1" });
    try {
      for (const args of ["jean@example.com", undefined, null]) {
        const lookUp = async (): Promise<void> => {
          const found: unknown = Reflect.apply(
            seam.getUserIdentity as (args: unknown) => unknown,
            undefined,
            [args],
          );
          await found;
        };
        await assert.rejects(lookUp, {
          message:
            "could not find the user identity: it takes its arguments as an object, with userIdentityId, userIdentityKey, emailAddress, phoneNumber.",
        });
      }
    } finally {
      for (const [name, value] of Object.entries({ SEAM_API_KEY, SEAM_ENDPOINT })) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
});
