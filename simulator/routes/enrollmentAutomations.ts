import { textOf } from "../parameters";
import { type Route, shown, unknownRoute } from "./route";

const prefix = "/user_identities/enrollment_automations";
const automationId = { enrollment_automation_id: "uuid*" } as const;

const baseRoutes: readonly Route[] = [
  {
    path: `${prefix}/list`,
    verbs: ["GET"],
    spec: { user_identity_id: "uuid*" },
    handle: ({ workspace, parameters }) => {
      const id = textOf(parameters, "user_identity_id");
      const automations =
        id === undefined
          ? workspace.automations.all()
          : workspace.automations.ownedBy(workspace.identities.existing(id).id);
      return { enrollment_automations: shown(automations) };
    },
  },
  {
    path: `${prefix}/get`,
    verbs: ["GET"],
    spec: automationId,
    handle: ({ workspace, parameters }) => ({
      enrollment_automation: workspace.automations.existing(String(parameters.enrollment_automation_id)).wire,
    }),
  },
  {
    path: `${prefix}/delete`,
    verbs: ["DELETE"],
    spec: automationId,
    handle: ({ workspace, parameters, arrivedAt }) => {
      const id = String(parameters.enrollment_automation_id);
      workspace.automations.delete(workspace.automations.existing(id), arrivedAt);
      return {};
    },
  },
  {
    path: `${prefix}/launch`,
    verbs: [],
    spec: {
      user_identity_id: "uuid*",
      credential_manager_acs_system_id: "uuid*",
      acs_credential_pool_id: "uuid",
      create_credential_manager_user: "boolean",
      credential_manager_acs_user_id: "uuid",
    },
    handle: ({ workspace, parameters }) => ({
      enrollment_automation: workspace.automations.launch(
        workspace.identities.notBeingDeleted(String(parameters.user_identity_id)),
        String(parameters.credential_manager_acs_system_id),
      ).wire,
    }),
  },
];

/** `/user_identities/enrollment_automations`, which newer workspaces do not have. */
export const enrollmentAutomationRoutes: readonly Route[] = baseRoutes.map((route) => ({
  ...route,
  handle: (call) => {
    if (!call.behavior.enrollmentAutomations) throw unknownRoute(route.path);
    return route.handle(call);
  },
}));
