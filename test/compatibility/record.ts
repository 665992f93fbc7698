import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../provider/version";
import { PulumiProject } from "../e2e/pulumiProject";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { program } from "./program";

// Before a release: keeps the state that this version writes, and the workspace that it belongs to, for the tests of all later
// versions. `npm run record:state`; `npm run record:state -- <suffix>` keeps another one of the same version.

async function record(): Promise<void> {
  const [suffix] = process.argv.slice(2);
  const folder = join(__dirname, "states", suffix === undefined ? version : `${version}-${suffix}`);
  const stateFile = join(mkdtempSync(join(tmpdir(), "pulumi-seam-record-")), "workspace.json");
  const seam = await SimulatedWorkspace.start({}, 1, stateFile);
  await seam.createUserIdentity({ user_identity_key: "adopted", full_name: "Made by the app" });
  const lobby = await seam.acsSystemId(0);
  const acsUsers = [
    await seam.createAcsUser(lobby, "jean@example.com"),
    await seam.createAcsUser(await seam.acsSystemId(1), "jean@example.com"),
  ];
  const { acs_entrances, devices, acs_access_groups } = await seam.places();
  const ids = {
    ACS_USERS: JSON.stringify(acsUsers),
    LOBBY_SYSTEM: lobby,
    ENTRANCE: acs_entrances[0]?.acs_entrance_id,
    LOCK: devices[0]?.device_id,
    GROUP: acs_access_groups[0]?.acs_access_group_id,
  };
  const env = { ...seam.env, ...ids };
  const project = await PulumiProject.create({ example: "basic", program, env });
  await project.up();
  for (const acs_user_id of acsUsers) await seam.act("credentials", { acs_user_id, count: 2 });
  const { stdout } = await project.run(["stack", "export"]);
  await seam.close();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "state.json"), stdout);
  writeFileSync(join(folder, "program.ts.txt"), program);
  writeFileSync(join(folder, "environment.json"), JSON.stringify(ids));
  cpSync(stateFile, join(folder, "workspace.json"));
  console.log(`recorded ${folder}`);
}

record().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
