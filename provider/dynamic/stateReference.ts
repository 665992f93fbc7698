/** What `pulumi-seam/provider` exports, one for each resource. */
export type ProviderName =
  "userIdentity" | "acsUserLink" | "acsUser" | "acsAccessGroupMembership" | "accessGrant" | "space";

/**
 * The text that a resource stores as `__provider` and that Pulumi's plugin process runs, for as long as the resource
 * lives: a contract with every state ever written. It names no path, holds no configuration and never changes, so a new
 * version of the package reaches resources that an old one made.
 */
export function providerText(exported: ProviderName): string {
  return `exports.handler = () => require("pulumi-seam/provider").${exported}`;
}

/** The type token of a resource, for example `pulumi-nodejs:dynamic/seam:UserIdentity`. */
export function typeToken(type: string): string {
  return `pulumi-nodejs:dynamic/seam:${type}`;
}
