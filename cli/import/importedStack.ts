import { attributeNames, attributes } from "../../provider/resources/userIdentityAttributes";
import { providerText, typeToken } from "../../provider/dynamic/stateReference";
import type { AccessGrantInputs, AccessGrantOutputs } from "../../provider/resources/accessGrantArguments";
import type { SpaceInputs, SpaceOutputs } from "../../provider/resources/spaceArguments";
import type { AcsAccessGroup, AcsUser, UserIdentity } from "../../provider/seam/model";
import { variableName } from "./resourceNames";

/** An identity of the workspace with its links, grants and memberships, and their names in the program. */
export interface Imported {
  name: string;
  identity: UserIdentity;
  links: { name: string; acsUser: AcsUser }[];
  grants: { name: string; inputs: AccessGrantInputs; outputs: AccessGrantOutputs }[];
  memberships: { name: string; acsUser: AcsUser; group: AcsAccessGroup }[];
}

/** A space that grants of these people are for, and its name in the program. */
export interface ImportedSpace {
  name: string;
  inputs: SpaceInputs;
  outputs: SpaceOutputs;
}

/** The file for `pulumi import --file`, the only way to import dynamic resources. */
export function importFile(imported: readonly Imported[], spaces: readonly ImportedSpace[]): string {
  const places = spaces.map(({ name, inputs, outputs }) => ({
    type: typeToken("Space"),
    name,
    id: outputs.spaceId,
    inputs: { ...inputs, __provider: providerText("space") },
    outputs: { ...outputs, __provider: providerText("space") },
  }));
  const people = imported.flatMap(({ name, identity, links, grants, memberships }) => [
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
    ...grants.map((grant) => ({
      type: typeToken("AccessGrant"),
      name: grant.name,
      id: grant.outputs.accessGrantId,
      inputs: { ...grant.inputs, __provider: providerText("accessGrant") },
      outputs: { ...grant.outputs, __provider: providerText("accessGrant") },
    })),
    ...memberships.map(({ name: membership, acsUser, group }) => {
      const ids = { acsAccessGroupId: group.acs_access_group_id, acsUserId: acsUser.acs_user_id };
      const where = { acsSystemId: acsUser.acs_system_id, workspaceId: acsUser.workspace_id };
      return {
        type: typeToken("AcsAccessGroupMembership"),
        name: membership,
        id: `${ids.acsAccessGroupId}/${ids.acsUserId}`,
        inputs: { ...ids, __provider: providerText("acsAccessGroupMembership") },
        outputs: { ...ids, ...where, __provider: providerText("acsAccessGroupMembership") },
      };
    }),
  ]);
  return `${visible(JSON.stringify({ resources: [...places, ...people] }, null, 2))}\n`;
}

/** The program that declares the same. */
export function importedProgram(imported: readonly Imported[], spaces: readonly ImportedSpace[]): string {
  const variables = new Set<string>();
  const places = spaces.map(
    ({ name, inputs }) => `new seam.Space(${JSON.stringify(name)}, {\n${argumentLines(inputs)}\n});`,
  );
  const declarations = imported.map(({ name, identity, links, grants, memberships }) => {
    const declaration = `new seam.UserIdentity(${JSON.stringify(name)}, {\n${argumentLines(inputsOf(identity))}\n});`;
    const inGroups = memberships.map(
      (one) =>
        `new seam.AcsAccessGroupMembership(${JSON.stringify(one.name)}, {\n  acsAccessGroupId: ${JSON.stringify(one.group.acs_access_group_id)},\n  acsUserId: ${JSON.stringify(one.acsUser.acs_user_id)},\n});`,
    );
    if (links.length + grants.length === 0) return [declaration, ...inGroups].join("\n");
    let variable = variableName(name);
    while (variables.has(variable)) variable += "_";
    variables.add(variable);
    const linked = links.map(
      (link) =>
        `new seam.AcsUserLink(${JSON.stringify(link.name)}, {\n  userIdentity: ${variable},\n  acsUserId: ${JSON.stringify(link.acsUser.acs_user_id)},\n});`,
    );
    const granted = grants.map(
      ({ name: grant, inputs: { userIdentityId: _, ...inputs } }) =>
        `new seam.AccessGrant(${JSON.stringify(grant)}, {\n  userIdentity: ${variable},\n${argumentLines(inputs)}\n});`,
    );
    return [`const ${variable} = ${declaration}`, ...linked, ...granted, ...inGroups].join("\n");
  });
  return `import * as seam from "pulumi-seam";\n\n${visible([...places, ...declarations].join("\n\n"))}\n`;
}

function argumentLines(inputs: object): string {
  return Object.entries(inputs)
    .map(([argument, value]) => `  ${argument}: ${JSON.stringify(value)},`)
    .join("\n");
}

/**
 * Escapes characters that an editor does not show as they are, such as those that reverse the direction of text: a reviewer reads
 * these files. JSON and TypeScript read the same values.
 */
function visible(source: string): string {
  return source.replace(/[^\P{C}\n]|[\u2028\u2029]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

function inputsOf(identity: UserIdentity): Record<string, unknown> {
  const given = attributeNames.flatMap((name) => {
    const value = identity[attributes[name]];
    return value === null ? [] : [[name, value] as const];
  });
  // For an identity without a key, the program would derive one, which would be a change.
  const noKey = identity.user_identity_key === null ? { defaultKey: false } : {};
  return { ...Object.fromEntries(given), ...noKey };
}
