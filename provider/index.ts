/**
 * Seam user identities and their links to access control systems, as Pulumi resources.
 *
 * @packageDocumentation
 */

export {
  type GetAcsUserArgs,
  type GetAcsUserOutputArgs,
  type GetAcsUserResult,
  getAcsUser,
  getAcsUserOutput,
} from "./functions/getAcsUser";
export {
  type GetUserIdentityArgs,
  type GetUserIdentityOutputArgs,
  type GetUserIdentityResult,
  getUserIdentity,
  getUserIdentityOutput,
} from "./functions/getUserIdentity";
export type { LookupOptions } from "./functions/lookup";
export { Provider, type ProviderArgs } from "./provider";
export {
  type AccessScheduleArgs,
  AcsUser,
  type AcsUserArgs,
  type AcsUserTeardownArgs,
} from "./resources/acsUser";
export { AcsUserLink, type AcsUserLinkArgs } from "./resources/acsUserLink";
export {
  type DeletionPolicy,
  type TeardownArgs,
  UserIdentity,
  type UserIdentityArgs,
} from "./resources/userIdentity";
export type { AcsUsersPolicy } from "./teardown/graph";
