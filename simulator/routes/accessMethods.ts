import { invalidInput } from "../errors";
import { oneOf, textOf } from "../parameters";
import { grantOf, ifGrantsEnabled } from "./accessGrants";
import { page, pageSpec, type Route } from "./route";

const baseRoutes: readonly Route[] = [
  {
    path: "/access_methods/list",
    verbs: ["GET"],
    spec: {
      ...pageSpec,
      access_grant_id: "uuid",
      access_grant_key: "text",
      acs_entrance_id: "uuid",
      device_id: "uuid",
      space_id: "uuid",
    },
    check: (parameters) => {
      const { access_grant_id, access_grant_key, acs_entrance_id } = parameters;
      if (access_grant_id === undefined && access_grant_key === undefined && acs_entrance_id === undefined) {
        throw invalidInput(
          "access_grant_id",
          "One of access_grant_id, access_grant_key, acs_entrance_id is required",
        );
      }
    },
    handle: ({ workspace, parameters }) => {
      const { grants } = workspace;
      const ofOne = parameters.access_grant_id !== undefined || parameters.access_grant_key !== undefined;
      const entrance = textOf(parameters, "acs_entrance_id");
      const device = textOf(parameters, "device_id");
      const space = textOf(parameters, "space_id");
      return page(
        "access_methods",
        ofOne ? grants.methods.ownedBy(grantOf(workspace, parameters).id) : grants.methods.all(),
        ({ id, owner }) => {
          const place = grants.methods.place(id);
          return (
            (entrance === undefined || place.acs_entrance_ids.includes(entrance)) &&
            (device === undefined || place.device_id === device) &&
            (space === undefined || grants.get(owner ?? "")?.wire.space_ids.includes(space) === true)
          );
        },
        parameters,
      );
    },
  },
  {
    path: "/access_methods/get",
    verbs: ["GET"],
    spec: { access_method_id: "uuid*" },
    handle: ({ workspace, parameters }) => ({
      access_method: workspace.grants.methods.existing(String(parameters.access_method_id)).wire,
    }),
  },
  {
    path: "/access_methods/delete",
    verbs: ["DELETE"],
    spec: { access_method_id: "uuid", access_grant_id: "uuid", reservation_key: "text" },
    handle: ({ workspace, parameters, arrivedAt }) => {
      const { grants } = workspace;
      const [name, value] = oneOf(parameters, "access_method_id", "access_grant_id", "reservation_key");
      const reserved = [...grants.all()].filter(({ wire }) => wire.reservation_key === value);
      const methods =
        name === "access_method_id"
          ? [grants.methods.existing(value)]
          : name === "access_grant_id"
            ? grants.methods.ownedBy(grants.existing(value).id)
            : reserved.flatMap(({ id }) => grants.methods.ownedBy(id));
      for (const method of methods) grants.deleteMethod(method, arrivedAt);
      return {};
    },
  },
];

/** `/access_methods`, which older workspaces do not have. */
export const accessMethodRoutes: readonly Route[] = baseRoutes.map(ifGrantsEnabled);
