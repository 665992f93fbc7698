import { oneOf, textOf } from "../parameters";
import { type Route, shown } from "./route";

const sessionId = { client_session_id: "uuid*" } as const;

/** `/client_sessions`. */
export const clientSessionRoutes: readonly Route[] = [
  {
    path: "/client_sessions/create",
    verbs: ["PUT"],
    spec: {
      user_identity_id: "uuid",
      user_identity_ids: "uuids",
      user_identifier_key: "text",
      customer_id: "uuid",
      customer_key: "text",
      connect_webview_ids: "uuids",
      connected_account_ids: "uuids",
      expires_at: "time",
    },
    handle: ({ workspace, parameters }) => {
      const [listed] = (parameters.user_identity_ids as string[] | undefined) ?? [];
      const id = textOf(parameters, "user_identity_id") ?? listed;
      const owner = id === undefined ? undefined : workspace.identities.notBeingDeleted(id);
      const key = textOf(parameters, "user_identifier_key") ?? null;
      return { client_session: workspace.sessions.create(owner, key).wire };
    },
  },
  {
    path: "/client_sessions/list",
    verbs: ["GET"],
    spec: {
      client_session_id: "uuid",
      user_identity_id: "uuid",
      user_identifier_key: "text",
      connect_webview_id: "uuid",
      without_user_identifier_key: "boolean",
    },
    handle: ({ workspace, parameters }) => {
      const owner = textOf(parameters, "user_identity_id");
      const key = textOf(parameters, "user_identifier_key");
      const id = textOf(parameters, "client_session_id");
      const sessions =
        owner === undefined ? [...workspace.sessions.all()] : workspace.sessions.ownedBy(owner);
      return {
        client_sessions: shown(
          sessions.filter(
            ({ wire }) =>
              (key === undefined || wire.user_identifier_key === key) &&
              (id === undefined || wire.client_session_id === id),
          ),
        ),
      };
    },
  },
  {
    path: "/client_sessions/get",
    verbs: ["GET"],
    spec: { client_session_id: "uuid", user_identifier_key: "text" },
    handle: ({ workspace, parameters }) => {
      const [, id] = oneOf(parameters, "client_session_id", "user_identifier_key");
      return { client_session: workspace.sessions.existing(id).wire };
    },
  },
  {
    path: "/client_sessions/delete",
    verbs: ["DELETE"],
    spec: sessionId,
    handle: ({ workspace, parameters, arrivedAt }) => {
      const id = String(parameters.client_session_id);
      workspace.sessions.delete(workspace.sessions.existing(id), arrivedAt);
      return {};
    },
  },
];
