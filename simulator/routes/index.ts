import { accessGrantRoutes } from "./accessGrants";
import { accessMethodRoutes } from "./accessMethods";
import { acsAccessGroupRoutes } from "./acsAccessGroups";
import { acsCredentialRoutes } from "./acsCredentials";
import { acsEntranceRoutes } from "./acsEntrances";
import { acsSystemRoutes } from "./acsSystems";
import { acsUserRoutes } from "./acsUsers";
import { clientSessionRoutes } from "./clientSessions";
import { deviceRoutes } from "./devices";
import { enrollmentAutomationRoutes } from "./enrollmentAutomations";
import { eventRoutes } from "./events";
import { phoneRoutes } from "./phones";
import type { Route } from "./route";
import { spaceRoutes } from "./spaces";
import { unmanagedUserIdentityRoutes } from "./unmanagedUserIdentities";
import { userIdentityRoutes } from "./userIdentities";
import { workspaceRoutes } from "./workspaces";

/** All routes of Seam's API that the simulator answers. */
export const routes: readonly Route[] = [
  ...userIdentityRoutes,
  ...unmanagedUserIdentityRoutes,
  ...enrollmentAutomationRoutes,
  ...accessGrantRoutes,
  ...accessMethodRoutes,
  ...spaceRoutes,
  ...deviceRoutes,
  ...acsUserRoutes,
  ...acsCredentialRoutes,
  ...acsSystemRoutes,
  ...acsEntranceRoutes,
  ...acsAccessGroupRoutes,
  ...phoneRoutes,
  ...clientSessionRoutes,
  ...eventRoutes,
  ...workspaceRoutes,
];
