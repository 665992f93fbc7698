/**
 * Seam user identities and their links to access control systems, as Pulumi resources.
 *
 * @packageDocumentation
 */

export {
  type GetAcsSystemArgs,
  type GetAcsSystemOutputArgs,
  type GetAcsSystemResult,
  getAcsSystem,
  getAcsSystemOutput,
} from "./dynamic/getAcsSystem";
export {
  type GetAcsEntranceArgs,
  type GetAcsEntranceOutputArgs,
  type GetAcsEntranceResult,
  getAcsEntrance,
  getAcsEntranceOutput,
} from "./dynamic/getAcsEntrance";
export {
  type GetAcsAccessGroupArgs,
  type GetAcsAccessGroupOutputArgs,
  type GetAcsAccessGroupResult,
  getAcsAccessGroup,
  getAcsAccessGroupOutput,
} from "./dynamic/getAcsAccessGroup";
export {
  type GetSpaceArgs,
  type GetSpaceOutputArgs,
  type GetSpaceResult,
  getSpace,
  getSpaceOutput,
} from "./dynamic/getSpace";
export {
  type GetDeviceArgs,
  type GetDeviceOutputArgs,
  type GetDeviceResult,
  getDevice,
  getDeviceOutput,
} from "./dynamic/getDevice";
export {
  type GetAcsUserArgs,
  type GetAcsUserOutputArgs,
  type GetAcsUserResult,
  getAcsUser,
  getAcsUserOutput,
} from "./dynamic/getAcsUser";
export {
  type GetUserIdentityArgs,
  type GetUserIdentityOutputArgs,
  type GetUserIdentityResult,
  getUserIdentity,
  getUserIdentityOutput,
} from "./dynamic/getUserIdentity";
export type { LookupOptions, OptionalLookupOptions } from "./dynamic/lookup";
export { Provider, type ProviderArgs } from "./dynamic/provider";
export {
  type AccessScheduleArgs,
  AcsUser,
  type AcsUserArgs,
  type AcsUserTeardownArgs,
} from "./dynamic/acsUser";
export {
  AccessGrant,
  type AccessGrantArgs,
  type AccessGrantIssueArgs,
  type AccessGrantTeardownArgs,
  type NamedPlaceArgs,
  type AccessMethodMode,
  type AccessMethodStatus,
  type RequestedAccessMethodArgs,
} from "./dynamic/accessGrant";
export {
  AcsAccessGroupMembership,
  type AcsAccessGroupMembershipArgs,
} from "./dynamic/acsAccessGroupMembership";
export { Space, type SpaceArgs } from "./dynamic/space";
export { AcsUserLink, type AcsUserLinkArgs } from "./dynamic/acsUserLink";
export {
  type DeletionPolicy,
  type TeardownArgs,
  UserIdentity,
  type UserIdentityArgs,
} from "./dynamic/userIdentity";
export type { AccessGrantsPolicy, AcsUsersPolicy } from "./teardown/graph";
