/** The exports of `pulumi-seam/provider`, one for each resource. */
export type ProviderName =
  "userIdentity" | "acsUserLink" | "acsUser" | "acsAccessGroupMembership" | "accessGrant" | "space";

/**
 * Returns the text that a resource stores as `__provider` and that Pulumi's plugin process runs, as long as the resource
 * exists. It is a contract with every state ever written: it contains no path and no configuration, and never changes, so a new
 * version of the package also runs resources that an old one created.
 */
export function providerText(exported: ProviderName): string {
  return `exports.handler = () => require("pulumi-seam/provider").${exported}`;
}

/** Returns the type token of a resource, for example `pulumi-nodejs:dynamic/seam:UserIdentity`. */
export function typeToken(type: string): string {
  return `pulumi-nodejs:dynamic/seam:${type}`;
}
