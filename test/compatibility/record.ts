import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../provider/version";
import { PulumiProject } from "../e2e/pulumiProject";
import { SimulatedWorkspace } from "../simulatedWorkspace";
import { program } from "./program";

// Before a release: keeps the state that this version writes, and the workspace that it belongs to, for the tests of all later
// versions. `npm run record:state`.

async function record(): Promise<void> {
  const folder = join(__dirname, "states", version);
  const stateFile = join(mkdtempSync(join(tmpdir(), "pulumi-seam-record-")), "workspace.json");
  const seam = await SimulatedWorkspace.start({}, 1, stateFile);
  await seam.createUserIdentity({ user_identity_key: "adopted", full_name: "Made by the app" });
  const lobby = await seam.acsSystemId(0);
  const acsUsers = [
    await seam.createAcsUser(lobby, "jean@example.com"),
    await seam.createAcsUser(await seam.acsSystemId(1), "jean@example.com"),
  ];
  const env = { ...seam.env, ACS_USERS: JSON.stringify(acsUsers), LOBBY_SYSTEM: lobby };
  const project = await PulumiProject.create({ example: "basic", program, env });
  await project.up();
  for (const acs_user_id of acsUsers) await seam.act("credentials", { acs_user_id, count: 2 });
  const { stdout } = await project.run(["stack", "export"]);
  await seam.close();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "state.json"), stdout);
  writeFileSync(join(folder, "program.ts.txt"), program);
  writeFileSync(
    join(folder, "environment.json"),
    JSON.stringify({ ACS_USERS: env.ACS_USERS, LOBBY_SYSTEM: lobby }),
  );
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
