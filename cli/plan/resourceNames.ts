import type { ResourceKind, Step } from "./forecast/types";

/** What a resource of each kind has in Seam, as messages name it. */
export const objectWords: Readonly<Record<ResourceKind, string>> = {
  UserIdentity: "user identity",
  AcsUser: "ACS user",
  AcsUserLink: "link",
  AccessGrant: "access grant",
  Space: "space",
  AcsAccessGroupMembership: "access group membership",
};

/** A name as messages show it: in backticks. */
export function quoted(name: string): string {
  return `\`${name.replaceAll("`", "'")}\``;
}

/** The first `most` names, and how many more there are. */
export function quotedList(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).map(quoted).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** The resource option with which Pulumi recognizes an old resource under a new name. */
export function aliasOption(step: Step, old: Step): string {
  const place = (urn: string): string => urn.split("::").slice(0, 3).join("::");
  // A resource that moved to another parent needs its full URN; the name alone is not enough.
  const alias =
    place(step.urn) === place(old.urn) ? `{ name: ${JSON.stringify(old.name)} }` : JSON.stringify(old.urn);
  return quoted(`aliases: [${alias}]`);
}
