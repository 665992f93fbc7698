import { acsCredentialRoutes } from "./acsCredentials";
import { acsSystemRoutes } from "./acsSystems";
import { acsUserRoutes } from "./acsUsers";
import { clientSessionRoutes } from "./clientSessions";
import { enrollmentAutomationRoutes } from "./enrollmentAutomations";
import { eventRoutes } from "./events";
import { phoneRoutes } from "./phones";
import type { Route } from "./route";
import { userIdentityRoutes } from "./userIdentities";
import { workspaceRoutes } from "./workspaces";

/** All routes of Seam's API that the simulator answers. */
export const routes: readonly Route[] = [
  ...userIdentityRoutes,
  ...enrollmentAutomationRoutes,
  ...acsUserRoutes,
  ...acsCredentialRoutes,
  ...acsSystemRoutes,
  ...phoneRoutes,
  ...clientSessionRoutes,
  ...eventRoutes,
  ...workspaceRoutes,
];
