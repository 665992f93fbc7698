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
import { accessGrantsOf, grouped, type LeftOut, membershipsOf, spacesOf } from "./importedAccess";
import { importFiles } from "./importFiles";
import { type Imported, importedProgram, type ImportedSpace, importFile } from "./importedStack";
import { type NameSource, ResourceNames } from "./resourceNames";

interface ImportOptions {
  all: boolean;
  out: string;
  names: NameSource;
  links: boolean;
  grants: boolean;
  groups: boolean;
  spaces: boolean;
  force: boolean;
}

const protection = `The import protects these people: Pulumi refuses to delete them while no program
declares them. The first \`pulumi up\` of a program that does changes nothing in
Seam, ends the protection (unless the program sets \`protect: true\`), and records
that the links are deleted with their identities. Run it with everybody in the
program. Whoever is taken out afterwards is torn down, ACS users included. Do
not run \`pulumi state unprotect\` before it: Pulumi could then unlink an ACS user
and leave it open.`;

/** `pulumi-seam import`: writes files that import existing identities into a Pulumi program. */
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
    .option("--no-links", "leave the links to ACS users out, and their groups with them")
    .option("--no-grants", "leave access grants out")
    .option("--no-groups", "leave memberships in access groups out")
    .option("--spaces", "import the spaces that their access grants are for as well", false)
    .option("--force", "replace files that exist", false)
    .addHelpText(
      "after",
      `
Then, in the folder of the Pulumi program (CLI 3.254 or newer):
  pulumi import --file seam-import.json --generate-code=false
move what seam-import.ts declares into the program, and run
  pulumi up

${protection}

What the stack has already must not be imported a second time under another
name.`,
    )
    .action(run);
}

async function run(named: string[], options: ImportOptions, command: Command): Promise<void> {
  if (options.all === named.length > 0) command.error("error: name the identities to import, or give --all");
  const file = join(options.out, importFiles.resources);
  const program = join(options.out, importFiles.program);
  // Checked before the workspace is read, which takes long for a large one.
  if (!options.force) assertNoFileExists([file, program]);
  const client = seamFromEnvironment();
  const status = new StatusLine();
  status.show("reading the workspace");
  const { imported, spaces, notImported, grantsLeftOut, spacesLeftOut } = await gather(
    client,
    named,
    options,
  );
  status.clear();
  if (imported.length === 0 && notImported.length === 0) {
    throw new Error("the API key's workspace has no user identities to import, so nothing was written");
  }
  mkdirSync(options.out, { recursive: true });
  const texts = new Map([
    [file, importFile(imported, spaces)],
    [program, importedProgram(imported, spaces)],
  ]);
  writePrivateFiles(texts, { replace: options.force });
  if (notImported.length > 0) {
    printError(`left out, because Seam is deleting them: ${notImported.join(", ")}`);
  }
  for (const { accessGrantId, why } of grantsLeftOut) {
    printError(`access grant ${accessGrantId} is left out, and stays as it is: ${why}`);
  }
  if (spacesLeftOut.length > 0) {
    printError(
      `spaces left out, because a space without a key cannot be managed: ${spacesLeftOut.join(", ")}`,
    );
  }
  const sum = (of: (one: Imported) => readonly object[]): number =>
    imported.reduce((total, one) => total + of(one).length, 0);
  const parts = [
    plural(imported.length, "user identity", "user identities"),
    plural(
      sum(({ links }) => links),
      "link",
    ),
    plural(
      sum(({ grants }) => grants),
      "access grant",
    ),
    plural(
      sum(({ memberships }) => memberships),
      "group membership",
    ),
    ...(options.spaces ? [plural(spaces.length, "space")] : []),
  ];
  printReport(`${file} and ${program}: ${parts.join(", ")}. Both hold personal data. Next:

  pulumi import --file ${shellWord(file)} --generate-code=false

then move what ${program} declares into your program, and run

  pulumi up

${protection}`);
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Quotes text as one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The imported objects, and the ids of those that are left out. */
interface Gathered {
  imported: Imported[];
  spaces: ImportedSpace[];
  notImported: string[];
  grantsLeftOut: readonly LeftOut[];
  spacesLeftOut: readonly string[];
}

/** Like {@link resolveIdentity}; errors say by its position which one is meant, because the value itself is personal. */
async function resolveNamed(
  client: SeamClient,
  named: string,
  position: number,
  count: number,
): Promise<UserIdentity> {
  try {
    return await resolveIdentity(client, named);
  } catch (error) {
    if (count === 1 || !(error instanceof Error)) throw error;
    error.message = `identity ${position} of the ${count} on the command line: ${error.message}`;
    throw error;
  }
}

async function gather(
  client: SeamClient,
  named: readonly string[],
  options: ImportOptions,
): Promise<Gathered> {
  const identities = options.all
    ? await client.listUserIdentities()
    : await Promise.all(named.map((one, index) => resolveNamed(client, one, index + 1, named.length)));
  const all = [...new Map(identities.map((one) => [one.user_identity_id, one])).values()];
  // A program that declares an identity that is being deleted would create it again.
  const unique = all.filter((one) => !isBeingDeleted(one));
  const notImported = all.filter((one) => isBeingDeleted(one)).map((one) => one.user_identity_id);
  unique.sort((one, other) => one.created_at.localeCompare(other.created_at));
  const systems = await acsSystemNames(client);
  const linked = options.links
    ? await linkedAcsUsers(client, unique, options.all)
    : new Map<string, AcsUser[]>();
  const { grants, leftOut: grantsLeftOut } = options.grants
    ? await accessGrantsOf(client, unique, options.all)
    : { grants: [], leftOut: [] };
  const memberships = options.groups
    ? await membershipsOf(
        client,
        unique.flatMap((one) => linked.get(one.user_identity_id) ?? []),
      )
    : [];
  const { spaces: foundSpaces, withoutKey: spacesLeftOut } = options.spaces
    ? await spacesOf(client, grants)
    : { spaces: [], withoutKey: [] };
  const names = new ResourceNames(options.names);
  const byIdentity = grouped(grants, (one) => one.userIdentityId);
  const byAcsUser = grouped(memberships, (one) => one.acsUser.acs_user_id);
  const imported = unique.map((identity): Imported => {
    const id = identity.user_identity_id;
    const name = names.forIdentity(identity);
    const acsUsers = linked.get(id) ?? [];
    return {
      name,
      identity,
      links: acsUsers.map((acsUser) => ({
        name: names.forLink(name, acsUser, systems.get(acsUser.acs_system_id)),
        acsUser,
      })),
      grants: (byIdentity.get(id) ?? []).map(({ doors, inputs, outputs }) => ({
        name: names.forGrant(name, doors, outputs.accessGrantId),
        inputs,
        outputs,
      })),
      memberships: acsUsers.flatMap((acsUser) =>
        (byAcsUser.get(acsUser.acs_user_id) ?? []).map(({ group }) => ({
          name: names.forMembership(name, group.name, group.acs_access_group_id),
          acsUser,
          group,
        })),
      ),
    };
  });
  const spaces = foundSpaces.map(({ inputs, outputs }) => ({
    name: names.forSpace(options.names === "id" ? "" : inputs.name, outputs.spaceId),
    inputs,
    outputs,
  }));
  return { imported, spaces, notImported, grantsLeftOut, spacesLeftOut };
}

/** ACS users by identity: from one listing if all identities are imported, otherwise from one listing for each identity. */
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
  // Each once, even if a response contains more than was requested.
  for (const user of new Map(users.map((one) => [one.acs_user_id, one])).values()) {
    if (user.user_identity_id === null) continue;
    linked.set(user.user_identity_id, [...(linked.get(user.user_identity_id) ?? []), user]);
  }
  return linked;
}
