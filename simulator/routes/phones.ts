import { textOf } from "../parameters";
import { type Route, shown } from "./route";

const deviceId = { device_id: "uuid*" } as const;

/** `/phones`. */
export const phoneRoutes: readonly Route[] = [
  {
    path: "/phones/list",
    verbs: ["GET"],
    spec: { owner_user_identity_id: "uuid", acs_credential_id: "uuid" },
    handle: ({ workspace, parameters }) => {
      const owner = textOf(parameters, "owner_user_identity_id");
      const phones = owner === undefined ? [...workspace.phones.all()] : workspace.phones.ownedBy(owner);
      return { phones: shown(phones) };
    },
  },
  {
    path: "/phones/get",
    verbs: ["GET"],
    spec: deviceId,
    handle: ({ workspace, parameters }) => ({
      phone: workspace.phones.existing(String(parameters.device_id)).wire,
    }),
  },
  {
    path: "/phones/deactivate",
    verbs: ["DELETE"],
    spec: deviceId,
    handle: ({ workspace, parameters, arrivedAt }) => {
      workspace.phones.deactivate(workspace.phones.existing(String(parameters.device_id)), arrivedAt);
      return {};
    },
  },
];
