import * as pulumi from "@pulumi/pulumi";
import * as seam from "pulumi-seam";
import { readCompany } from "./company";

const { buildings, people } = readCompany(new pulumi.Config().get("company") ?? "company.yaml");

const spaces = new Map(
  buildings.map(({ key, name, entrances, locks }) => {
    const acsEntranceIds = entrances.map(
      (entrance) => seam.getAcsEntranceOutput({ name: entrance }).acsEntranceId,
    );
    const deviceIds = locks.map((lock) => seam.getDeviceOutput({ name: lock }).deviceId);
    return [key, new seam.Space(key, { name, acsEntranceIds, deviceIds })];
  }),
);

for (const { key, name, email, access } of people) {
  const userIdentity = new seam.UserIdentity(key, {
    userIdentityKey: key,
    fullName: name,
    emailAddress: email,
  });
  for (const { building, from, until, modes } of access) {
    new seam.AccessGrant(`${key}-${building}`, {
      userIdentity,
      spaces: [spaceOf(building)],
      requestedAccessMethods: modes.map((mode) => ({ mode })),
      startsAt: from,
      endsAt: until,
    });
  }
}

function spaceOf(building: string): seam.Space {
  const space = spaces.get(building);
  if (space === undefined) throw new Error(`there is no building ${building}`);
  return space;
}
