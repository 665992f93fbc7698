import { textOf, textsOf } from "../parameters";
import { page, pageSpec, type Route } from "./route";

/** `/acs/entrances`. */
export const acsEntranceRoutes: readonly Route[] = [
  {
    path: "/acs/entrances/list",
    verbs: ["GET"],
    spec: {
      ...pageSpec,
      acs_system_id: "uuid",
      acs_entrance_ids: "uuids",
      acs_credential_id: "uuid",
      connected_account_id: "uuid",
      customer_key: "text",
      space_id: "uuid",
      search: "text",
    },
    handle: ({ workspace, parameters }) => {
      const system = textOf(parameters, "acs_system_id");
      const ids = textsOf(parameters, "acs_entrance_ids");
      const space = textOf(parameters, "space_id");
      const search = textOf(parameters, "search")?.toLowerCase();
      return page(
        "acs_entrances",
        system === undefined ? workspace.entrances.all() : workspace.entrances.ownedBy(system),
        ({ id, wire }) =>
          (ids === undefined || ids.includes(id)) &&
          (space === undefined || wire.space_ids.includes(space)) &&
          (search === undefined || wire.display_name.toLowerCase().includes(search)),
        parameters,
      );
    },
  },
  {
    path: "/acs/entrances/get",
    verbs: ["GET"],
    spec: { acs_entrance_id: "uuid*" },
    handle: ({ workspace, parameters }) => ({
      acs_entrance: workspace.entrances.existing(String(parameters.acs_entrance_id)).wire,
    }),
  },
];
