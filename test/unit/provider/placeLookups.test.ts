import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as seamProvider from "../../../provider";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

describe("lookups of places", () => {
  let seam: SimulatedWorkspace;
  const environment = { ...process.env };
  before(async () => {
    seam = await SimulatedWorkspace.start({}, 1);
    Object.assign(process.env, seam.env);
    for (const [name, space_key] of [
      ["Headquarters", "hq"],
      ["Headquarters 2", "hq2"],
      ["Twin", "one"],
      ["Twin", "other"],
    ]) {
      await seam.call("/spaces/create", { name, space_key });
    }
  });
  after(async () => {
    process.env = environment;
    await seam.close();
  });

  it("find by id and by exact name, and by key if the object can have one", async () => {
    const { acs_entrances, devices, acs_access_groups } = await seam.places();
    const [entrance, device, group] = [acs_entrances[0], devices[0], acs_access_groups[0]];
    const [system] = (await seam.state()).acs_systems;
    assert.ok(entrance && device && group && system);
    const { acsSystemId, name } = await seamProvider.getAcsSystem({ name: system.name });
    assert.deepEqual([acsSystemId, name], [system.acs_system_id, system.name]);
    assert.equal((await seamProvider.getAcsSystem({ acsSystemId })).name, name);

    const inSystem = { name: entrance.display_name, acsSystemId: entrance.acs_system_id };
    assert.equal((await seamProvider.getAcsEntrance(inSystem)).acsEntranceId, entrance.acs_entrance_id);
    const entranceById = await seamProvider.getAcsEntrance({ acsEntranceId: entrance.acs_entrance_id });
    assert.equal(entranceById.name, entrance.display_name);
    const elsewhere = acs_entrances.find((one) => one.acs_system_id !== entrance.acs_system_id);
    assert.equal(
      await seamProvider.getAcsEntrance(
        { name: entrance.display_name, acsSystemId: elsewhere?.acs_system_id ?? acsSystemId },
        { ifMissing: "undefined" },
      ),
      undefined,
    );

    const foundGroup = await seamProvider.getAcsAccessGroup({
      name: group.name,
      acsSystemId: group.acs_system_id,
    });
    assert.equal(foundGroup.acsAccessGroupId, group.acs_access_group_id);

    const foundDevice = await seamProvider.getDevice({ name: device.display_name });
    assert.equal(foundDevice.deviceId, device.device_id);
    assert.equal((await seamProvider.getDevice({ deviceId: device.device_id })).name, device.display_name);

    const space = await seamProvider.getSpace({ name: "Headquarters" });
    assert.deepEqual([space.spaceKey, space.workspaceId], ["hq", seam.workspaceId]);
    assert.deepEqual(await seamProvider.getSpace({ spaceKey: "hq" }), space);
    assert.deepEqual(await seamProvider.getSpace({ spaceId: space.spaceId }), space);
    const output = seamProvider.getSpaceOutput({ name: pulumi.output("Headquarters") });
    const known = await new Promise((resolve) => output.apply(resolve));
    assert.deepEqual(known, space);
  });

  it("do not choose between two matches, and report what is missing or impossible", async () => {
    await assert.rejects(
      seamProvider.getSpace({ name: "Twin" }),
      /could not find the space .*more than one space has this name: .*, .* Give the spaceId of one of them/,
    );
    await assert.rejects(
      seamProvider.getSpace({ name: "headquarters" }),
      /find the space with name "headquarters": there is none in the workspace/,
    );
    await assert.rejects(seamProvider.getDevice({}), /it takes either deviceId or name/);
    await assert.rejects(seamProvider.getAcsSystem({ acsSystemId: "x" }), /acsSystemId must be a UUID/);
    const both = { acsEntranceId: "00000000-0000-4000-8000-000000000000", name: "Lobby" };
    await assert.rejects(seamProvider.getAcsEntrance(both), /either acsEntranceId, or name/);
  });
});
