import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import type { SeamClient } from "../../provider/seam/client";
import type { AcsUser, UserIdentity } from "../../provider/seam/model";
import { resolveIdentity } from "../resolveIdentity";
import { seamFromEnvironment } from "../seamFromEnvironment";
import { StatusLine } from "../terminal";
import { type Imported, importedProgram, importFile } from "./importedStack";
import { type NameSource, ResourceNames } from "./resourceNames";

interface ImportOptions {
  all: boolean;
  out: string;
  names: NameSource;
  links: boolean;
  force: boolean;
}

/** `pulumi-seam import`: takes identities that exist into a Pulumi program. */
export function importCommand(): Command {
  return new Command("import")
    .description("write the file for `pulumi import` and the program for identities that exist already")
    .argument("[identities...]", "ids, keys, e-mail addresses or phone numbers")
    .option("--all", "all identities of the workspace", false)
    .option("-o, --out <folder>", "where to write seam-import.json and seam-import.ts", ".")
    .addOption(
      new Option("--names <source>", "what resources are called after; id holds nothing personal")
        .choices(["key", "name", "id"])
        .default("key"),
    )
    .option("--no-links", "leave the links to ACS users out")
    .option("--force", "write over files that are there", false)
    .addHelpText(
      "after",
      `
Then, in the folder of the Pulumi program (CLI 3.254 or newer):
  pulumi import --file seam-import.json --generate-code=false --protect=false
move what seam-import.ts declares into the program, and run
  pulumi up
which shows no change, and records what hangs together. Until then Pulumi does not know that a link goes with its identity, and an
ACS user could outlive the person. What the stack has already must not be imported a second time under another name.`,
    )
    .action(run);
}

async function run(named: string[], options: ImportOptions, command: Command): Promise<void> {
  if (options.all === named.length > 0) command.error("error: name the identities to import, or give --all");
  const files = { file: join(options.out, "seam-import.json"), program: join(options.out, "seam-import.ts") };
  const there = Object.values(files).filter((path) => existsSync(path));
  if (there.length > 0 && !options.force) {
    throw new Error(
      `${there.join(" and ")} exist${there.length === 1 ? "s" : ""} already; move them away, or give --force`,
    );
  }
  const client = seamFromEnvironment();
  const status = new StatusLine();
  status.show("reading the workspace");
  const imported = await gather(client, named, options);
  status.clear();
  mkdirSync(options.out, { recursive: true });
  writeFileSync(files.file, importFile(imported));
  writeFileSync(files.program, importedProgram(imported));
  const links = imported.reduce((sum, one) => sum + one.links.length, 0);
  console.log(`${files.file} and ${files.program}: ${imported.length} user identities, ${links} links. Next:

  pulumi import --file ${files.file} --generate-code=false --protect=false

then move what ${files.program} declares into your program, and run

  pulumi up

It shows no change, and records that links go with their identities: without it, ACS users could outlive people who leave.`);
}

async function gather(
  client: SeamClient,
  named: readonly string[],
  options: ImportOptions,
): Promise<Imported[]> {
  const identities = options.all
    ? await client.listUserIdentities()
    : await Promise.all(named.map((one) => resolveIdentity(client, one)));
  const unique = [...new Map(identities.map((one) => [one.user_identity_id, one])).values()];
  unique.sort((one, other) => one.created_at.localeCompare(other.created_at));
  const systems = new Map(
    (await client.listAcsSystems()).map((system) => [system.acs_system_id, system.name]),
  );
  const linked = options.links
    ? await linkedAcsUsers(client, unique, options.all)
    : new Map<string, AcsUser[]>();
  const names = new ResourceNames(options.names);
  return unique.map((identity) => {
    const name = names.forIdentity(identity);
    const links = (linked.get(identity.user_identity_id) ?? []).map((acsUser) => ({
      name: names.forLink(name, acsUser, systems.get(acsUser.acs_system_id)),
      acsUser,
    }));
    return { name, identity, links };
  });
}

/** ACS users by identity: from one listing for a whole workspace, and by asking for each of a few. */
async function linkedAcsUsers(
  client: SeamClient,
  identities: readonly UserIdentity[],
  all: boolean,
): Promise<Map<string, AcsUser[]>> {
  const ids = identities.map((identity) => identity.user_identity_id);
  const users = all
    ? await client.listAcsUsers({})
    : (await Promise.all(ids.map((id) => client.listAcsUsers({ user_identity_id: id })))).flat();
  const linked = new Map<string, AcsUser[]>();
  for (const user of users) {
    if (user.user_identity_id === null) continue;
    linked.set(user.user_identity_id, [...(linked.get(user.user_identity_id) ?? []), user]);
  }
  return linked;
}
