import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type * as seam from "pulumi-seam";

const value = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));

describe("a program under Pulumi's mocks", () => {
  let people: seam.UserIdentity[];
  const registered: string[] = [];

  before(async () => {
    await pulumi.runtime.setMocks({
      newResource: ({ name, type, inputs }) => {
        registered.push(`${type} ${name}`);
        const given = inputs as Record<string, unknown>;
        return { id: `${name}-id`, state: { ...given, displayName: given.fullName, acsUserIds: [] } };
      },
      call: () => ({}),
    });
    // Loaded after setMocks, as Pulumi loads a program.
    const { declarePeople } = require("./people") as typeof import("./people.js");
    people = declarePeople();
  });

  it("has every resource, with its type and arguments", async () => {
    assert.deepEqual(await Promise.all(people.map((person) => value(person.userIdentityKey))), [
      "jean_doe",
      "ada_byron",
    ]);
    assert.deepEqual(registered.sort(), [
      "pulumi-nodejs:dynamic/seam:UserIdentity ada",
      "pulumi-nodejs:dynamic/seam:UserIdentity jean",
    ]);
  });

  it("resolves ids and outputs to the mocks' values", async () => {
    const [jean] = people;
    assert.ok(jean);
    assert.equal(await value(jean.id), "jean-id");
    assert.equal(await value(jean.displayName), "Jean Doe");
    assert.deepEqual(await value(jean.acsUserIds), []);
  });

  it("takes null for an argument that is not given, as JavaScript programs do", () => {
    const classes = require("../../provider") as typeof seam;
    const { isKept, keepsAccessGrants } =
      require("../../provider/dynamic/userIdentity") as typeof import("../../provider/dynamic/userIdentity.js");
    const construct = (resource: "UserIdentity" | "AccessGrant", name: string, args: object): unknown =>
      Reflect.construct(classes[resource], [name, args]);
    const jean = construct("UserIdentity", "null", { deletionPolicy: null, adopt: null, teardown: null });
    assert.ok(classes.UserIdentity.isInstance(jean));
    // Otherwise links would be removed before the teardown, which would then leave their ACS users.
    assert.ok(!isKept(jean));
    assert.ok(!keepsAccessGrants(jean));
    for (const requestedAccessMethods of [null, [null], [undefined], ["code"]]) {
      construct("AccessGrant", `${JSON.stringify(requestedAccessMethods)}`, {
        userIdentity: jean,
        acsEntrances: null,
        requestedAccessMethods,
      });
    }
  });
});
