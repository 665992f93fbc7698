/** The arguments of each resource whose change is a change of the resource; a preview and `plan` compare the same ones. */
export const comparedFields = {
  userIdentity: [
    "userIdentityKey",
    "emailAddress",
    "phoneNumber",
    "fullName",
    "defaultKey",
    "adopt",
    "deletionPolicy",
    "teardown",
  ],
  acsUser: [
    "acsSystemId",
    "fullName",
    "emailAddress",
    "phoneNumber",
    "accessSchedule",
    "suspended",
    "adopt",
    "deletionPolicy",
    "teardown",
  ],
  acsUserLink: ["userIdentityId", "acsUserId"],
  acsAccessGroupMembership: ["acsAccessGroupId", "acsUserId"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
