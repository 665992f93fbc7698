import { textOf } from "../parameters";
import { page, pageSpec, type Route } from "./route";

const credentialId = { acs_credential_id: "uuid*" } as const;

/** `/acs/credentials`. */
export const acsCredentialRoutes: readonly Route[] = [
  {
    path: "/acs/credentials/list",
    verbs: ["GET"],
    spec: {
      ...pageSpec,
      acs_user_id: "uuid",
      user_identity_id: "uuid",
      acs_system_id: "uuid",
      search: "text",
      is_multi_phone_sync_credential: "boolean",
    },
    handle: ({ workspace, parameters }) => {
      const user = textOf(parameters, "acs_user_id");
      const identity = textOf(parameters, "user_identity_id");
      const ofIdentity = (id: string) =>
        workspace.acsUsers.ownedBy(id).flatMap((one) => workspace.credentials.ownedBy(one.id));
      const candidates =
        user !== undefined
          ? workspace.credentials.ownedBy(user)
          : identity !== undefined
            ? ofIdentity(identity)
            : workspace.credentials.all();
      const inSystem = textOf(parameters, "acs_system_id");
      return page(
        "acs_credentials",
        candidates,
        ({ wire }) =>
          (inSystem === undefined || wire.acs_system_id === inSystem) &&
          (identity === undefined || wire.user_identity_id === identity),
        parameters,
      );
    },
  },
  {
    path: "/acs/credentials/get",
    verbs: ["GET"],
    spec: credentialId,
    handle: ({ workspace, parameters }) => ({
      acs_credential: workspace.credentials.existing(String(parameters.acs_credential_id)).wire,
    }),
  },
  {
    path: "/acs/credentials/delete",
    verbs: ["DELETE"],
    spec: credentialId,
    handle: ({ workspace, parameters, arrivedAt }) => {
      const id = String(parameters.acs_credential_id);
      workspace.credentials.delete(workspace.credentials.existing(id), arrivedAt);
      return {};
    },
  },
];
