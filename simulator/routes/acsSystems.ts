import { type Route, shown } from "./route";

/** `/acs/systems`. */
export const acsSystemRoutes: readonly Route[] = [
  {
    path: "/acs/systems/list",
    verbs: ["GET"],
    spec: { connected_account_id: "uuid", customer_key: "text", search: "text" },
    handle: ({ workspace }) => ({ acs_systems: shown(workspace.acsSystems.all()) }),
  },
  {
    path: "/acs/systems/get",
    verbs: ["GET"],
    spec: { acs_system_id: "uuid*" },
    handle: ({ workspace, parameters }) => ({
      acs_system: workspace.acsSystems.existing(String(parameters.acs_system_id)).wire,
    }),
  },
];
