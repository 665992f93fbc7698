import type { Route } from "./route";

/** `/workspaces`. */
export const workspaceRoutes: readonly Route[] = [
  {
    path: "/workspaces/get",
    verbs: ["GET"],
    spec: {},
    handle: ({ workspace }) => ({
      workspace: {
        workspace_id: workspace.id,
        name: workspace.name,
        company_name: workspace.name,
        connect_partner_name: null,
        connect_webview_customization: {},
        is_publishable_key_auth_enabled: false,
        is_sandbox: true,
        is_suspended: false,
        organization_id: null,
      },
    }),
  },
];
