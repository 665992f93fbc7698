import { attributeNames, attributes } from "../../provider/resources/userIdentityAttributes";
import { providerText, typeToken } from "../../provider/dynamic/stateReference";
import type { AcsUser, UserIdentity } from "../../provider/seam/model";
import { variableName } from "./resourceNames";

/** An identity of the workspace with its links, and what the program is to call them. */
export interface Imported {
  name: string;
  identity: UserIdentity;
  links: { name: string; acsUser: AcsUser }[];
}

/** The file for `pulumi import --file`: dynamic resources can be imported no other way. */
export function importFile(imported: readonly Imported[]): string {
  const resources = imported.flatMap(({ name, identity, links }) => [
    {
      type: typeToken("UserIdentity"),
      name,
      id: identity.user_identity_id,
      inputs: { ...inputsOf(identity), __provider: providerText("userIdentity") },
      outputs: {
        ...inputsOf(identity),
        userIdentityId: identity.user_identity_id,
        displayName: identity.display_name ?? "",
        createdAt: identity.created_at,
        workspaceId: identity.workspace_id,
        acsUserIds: identity.acs_user_ids,
        __provider: providerText("userIdentity"),
      },
    },
    ...links.map((link) => {
      const ids = { userIdentityId: identity.user_identity_id, acsUserId: link.acsUser.acs_user_id };
      const where = { acsSystemId: link.acsUser.acs_system_id, workspaceId: link.acsUser.workspace_id };
      return {
        type: typeToken("AcsUserLink"),
        name: link.name,
        id: `${ids.userIdentityId}/${ids.acsUserId}`,
        inputs: { ...ids, __provider: providerText("acsUserLink") },
        outputs: { ...ids, ...where, __provider: providerText("acsUserLink") },
      };
    }),
  ]);
  return `${JSON.stringify({ resources }, null, 2)}\n`;
}

/** The program that declares the same. */
export function importedProgram(imported: readonly Imported[]): string {
  const variables = new Set<string>();
  const declarations = imported.map(({ name, identity, links }) => {
    const args = Object.entries(inputsOf(identity)).map(
      ([argument, value]) => `  ${argument}: ${JSON.stringify(value)},`,
    );
    const made = `new seam.UserIdentity(${JSON.stringify(name)}, {\n${args.join("\n")}\n});`;
    if (links.length === 0) return made;
    let variable = variableName(name);
    while (variables.has(variable)) variable += "_";
    variables.add(variable);
    const linked = links.map(
      (link) =>
        `new seam.AcsUserLink(${JSON.stringify(link.name)}, {\n  userIdentity: ${variable},\n  acsUserId: ${JSON.stringify(link.acsUser.acs_user_id)},\n});`,
    );
    return [`const ${variable} = ${made}`, ...linked].join("\n");
  });
  return `import * as seam from "pulumi-seam";\n\n${declarations.join("\n\n")}\n`;
}

function inputsOf(identity: UserIdentity): Record<string, unknown> {
  const given = attributeNames.flatMap((name) => {
    const value = identity[attributes[name]];
    return value === null ? [] : [[name, value] as const];
  });
  // Without a key of its own, the program would give it a derived one: a change.
  const noKey = identity.user_identity_key === null ? { defaultKey: false } : {};
  return { ...Object.fromEntries(given), ...noKey };
}
