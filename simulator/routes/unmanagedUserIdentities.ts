import { invalidInput } from "../errors";
import { textOf } from "../parameters";
import { page, pageSpec, type Route } from "./route";

/** `/user_identities/unmanaged`. */
export const unmanagedUserIdentityRoutes: readonly Route[] = [
  {
    path: "/user_identities/unmanaged/list",
    verbs: ["GET"],
    spec: { ...pageSpec, search: "text" },
    handle: ({ workspace, parameters }) => {
      const search = textOf(parameters, "search")?.toLowerCase();
      return page(
        "user_identities",
        workspace.identities.unmanaged.all(),
        ({ wire }) =>
          search === undefined ||
          [wire.email_address, wire.phone_number, wire.full_name].some((text) =>
            text?.toLowerCase().includes(search),
          ),
        parameters,
      );
    },
  },
  {
    path: "/user_identities/unmanaged/get",
    verbs: ["GET"],
    spec: { user_identity_id: "uuid*" },
    handle: ({ workspace, parameters }) => ({
      user_identity: workspace.identities.unmanaged.existing(String(parameters.user_identity_id)).wire,
    }),
  },
  {
    path: "/user_identities/unmanaged/update",
    verbs: ["PATCH"],
    spec: { user_identity_id: "uuid*", is_managed: "boolean*", user_identity_key: "text" },
    check: (parameters) => {
      if (parameters.is_managed !== true) throw invalidInput("is_managed", "Expected true");
    },
    handle: ({ workspace, parameters }) => {
      const { identities } = workspace;
      const stored = identities.unmanaged.existing(String(parameters.user_identity_id));
      identities.manage(stored, textOf(parameters, "user_identity_key") ?? null);
      return {};
    },
  },
];
