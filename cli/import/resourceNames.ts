import type { AcsUser, UserIdentity } from "../../provider/seam/model";

/** What the resources are named after: the key, then the name, or nothing personal. */
export type NameSource = "key" | "name" | "id";

/** Generates unique names that are valid for Pulumi resources and TypeScript variables. */
export class ResourceNames {
  private readonly taken = new Set<string>();

  constructor(private readonly source: NameSource) {}

  forIdentity(identity: UserIdentity): string {
    const { user_identity_key: key, full_name: name, user_identity_id: id } = identity;
    const wanted = { key: key ?? name, name: name ?? key, id: undefined }[this.source];
    return this.unique(slug(wanted ?? "") || `identity-${id.slice(0, 8)}`);
  }

  forLink(identityName: string, acsUser: AcsUser, systemName: string | undefined): string {
    return this.unique(`${identityName}-${slug(systemName ?? "") || acsUser.acs_system_id.slice(0, 8)}`);
  }

  forGrant(identityName: string, doors: readonly string[], accessGrantId: string): string {
    return this.unique(`${identityName}-${slug(doors[0] ?? "") || accessGrantId.slice(0, 8)}`);
  }

  forMembership(identityName: string, groupName: string, acsAccessGroupId: string): string {
    return this.unique(`${identityName}-${slug(groupName) || acsAccessGroupId.slice(0, 8)}`);
  }

  forSpace(spaceName: string, spaceId: string): string {
    return this.unique(slug(spaceName) || `space-${spaceId.slice(0, 8)}`);
  }

  private unique(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.taken.has(name); number += 1) name = `${wanted}-${number}`;
    this.taken.add(name);
    return name;
  }
}

/** `Jean Doe` becomes `jean-doe`; characters that a name cannot contain are dropped. */
function slug(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase()
    .replace(/@.*$/, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/** Names that no variable of a TypeScript module can have, or that would shadow something that the module needs. */
const reserved = new Set(
  `any arguments as async await boolean break case catch class const continue debugger default delete do else enum eval
  export exports extends false finally for from function get global if implements import in instanceof interface let module
  never new null number object of package private protected process public pulumi require return seam set static string
  super switch symbol this throw true try type typeof undefined var void while with yield`.split(/\s+/),
);

/** `jean-doe` becomes `jeanDoe`. */
export function variableName(resourceName: string): string {
  const camel = resourceName.replace(/-+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return /^[a-z]/.test(camel) && !reserved.has(camel)
    ? camel
    : `identity${camel[0]?.toUpperCase()}${camel.slice(1)}`;
}
