import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { isBeingDeleted } from "../../provider/seam/beingDeleted";
import type { SeamClient } from "../../provider/seam/client";
import type { AcsUser, UserIdentity } from "../../provider/seam/model";
import { acsSystemNames } from "../acsSystemNames";
import { assertNoFileExists, writePrivateFiles } from "../privateFile";
import { printError, printReport } from "../output";
import { resolveIdentity } from "../resolveIdentity";
import { seamFromEnvironment } from "../seamFromEnvironment";
import { StatusLine } from "../terminal";
import { importFiles } from "./importFiles";
import { type Imported, importedProgram, importFile } from "./importedStack";
import { type NameSource, ResourceNames } from "./resourceNames";

interface ImportOptions {
  all: boolean;
  out: string;
  names: NameSource;
  links: boolean;
  force: boolean;
}

const protection = `The import protects these people: Pulumi refuses to delete them while no program declares them. The first
\`pulumi up\` of a program that does changes nothing in Seam, ends the protection (unless the program sets
\`protect: true\`), and records that the links are deleted with their identities. Run it with everybody in the
program. Whoever is taken out afterwards is torn down, ACS users included. Do not run \`pulumi state unprotect\`
before it: Pulumi could then unlink an ACS user and leave it open.`;

/** `pulumi-seam import`: brings identities that exist under the management of a Pulumi program. */
export function importCommand(): Command {
  return new Command("import")
    .description("write the file for `pulumi import` and the program for identities that exist already")
    .argument("[identities...]", "ids, keys, e-mail addresses or phone numbers")
    .option("--all", "all identities of the workspace", false)
    .option("-o, --out <folder>", "where to write seam-import.json and seam-import.ts", ".")
    .addOption(
      new Option("--names <source>", "what resources are named after; id holds nothing personal")
        .choices(["key", "name", "id"])
        .default("key"),
    )
    .option("--no-links", "leave the links to ACS users out")
    .option("--force", "replace files that exist", false)
    .addHelpText(
      "after",
      `
Then, in the folder of the Pulumi program (CLI 3.254 or newer):
  pulumi import --file seam-import.json --generate-code=false
move what seam-import.ts declares into the program, and run
  pulumi up

${protection}

What the stack has already must not be imported a second time under another name.`,
    )
    .action(run);
}

async function run(named: string[], options: ImportOptions, command: Command): Promise<void> {
  if (options.all === named.length > 0) command.error("error: name the identities to import, or give --all");
  const file = join(options.out, importFiles.resources);
  const program = join(options.out, importFiles.program);
  // Before the workspace is read, which takes long for a large one.
  if (!options.force) assertNoFileExists([file, program]);
  const client = seamFromEnvironment();
  const status = new StatusLine();
  status.show("reading the workspace");
  const { imported, notImported } = await gather(client, named, options);
  status.clear();
  mkdirSync(options.out, { recursive: true });
  const texts = new Map([
    [file, importFile(imported)],
    [program, importedProgram(imported)],
  ]);
  writePrivateFiles(texts, { replace: options.force });
  if (notImported.length > 0) {
    printError(`left out, because Seam is deleting them: ${notImported.join(", ")}`);
  }
  const links = imported.reduce((sum, one) => sum + one.links.length, 0);
  printReport(`${file} and ${program}: ${imported.length} user identities, ${links} links. Both hold personal data. Next:

  pulumi import --file ${shellWord(file)} --generate-code=false

then move what ${program} declares into your program, and run

  pulumi up

${protection}`);
}

/** As a POSIX shell takes it for one word. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

async function gather(
  client: SeamClient,
  named: readonly string[],
  options: ImportOptions,
): Promise<{ imported: Imported[]; notImported: string[] }> {
  const identities = options.all
    ? await client.listUserIdentities()
    : await Promise.all(named.map((one) => resolveIdentity(client, one)));
  const all = [...new Map(identities.map((one) => [one.user_identity_id, one])).values()];
  // One that is about to be gone would be created again by a program that declares it.
  const unique = all.filter((one) => !isBeingDeleted(one));
  const notImported = all.filter((one) => isBeingDeleted(one)).map((one) => one.user_identity_id);
  unique.sort((one, other) => one.created_at.localeCompare(other.created_at));
  const systems = await acsSystemNames(client);
  const linked = options.links
    ? await linkedAcsUsers(client, unique, options.all)
    : new Map<string, AcsUser[]>();
  const names = new ResourceNames(options.names);
  const imported = unique.map((identity) => {
    const name = names.forIdentity(identity);
    const links = (linked.get(identity.user_identity_id) ?? []).map((acsUser) => ({
      name: names.forLink(name, acsUser, systems.get(acsUser.acs_system_id)),
      acsUser,
    }));
    return { name, identity, links };
  });
  return { imported, notImported };
}

/** ACS users by identity: from one listing for a whole workspace, from a listing for each of a few identities. */
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
  // Each once, also where an answer shows more than was asked for.
  for (const user of new Map(users.map((one) => [one.acs_user_id, one])).values()) {
    if (user.user_identity_id === null) continue;
    linked.set(user.user_identity_id, [...(linked.get(user.user_identity_id) ?? []), user]);
  }
  return linked;
}
