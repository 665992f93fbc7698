import { notFound } from "../errors";
import { oneOf, textOf, textsOf } from "../parameters";
import { page, pageSpec, type Route } from "./route";

/** `/devices`. The simulator has only smart locks. */
export const deviceRoutes: readonly Route[] = [
  {
    path: "/devices/list",
    verbs: ["GET"],
    spec: {
      ...pageSpec,
      device_ids: "uuids",
      device_type: "text",
      device_types: "texts",
      manufacturer: "text",
      space_id: "uuid",
      search: "text",
      customer_key: "text",
      connected_account_id: "uuid",
      connected_account_ids: "uuids",
    },
    handle: ({ workspace, parameters }) => {
      const ids = textsOf(parameters, "device_ids");
      const space = textOf(parameters, "space_id");
      const type = textOf(parameters, "device_type");
      const search = textOf(parameters, "search")?.toLowerCase();
      return page(
        "devices",
        workspace.devices.all(),
        ({ id, wire }) =>
          (ids === undefined || ids.includes(id)) &&
          (space === undefined || wire.space_ids.includes(space)) &&
          (type === undefined || wire.device_type === type) &&
          (search === undefined || wire.display_name.toLowerCase().includes(search)),
        parameters,
      );
    },
  },
  {
    path: "/devices/get",
    verbs: ["GET"],
    spec: { device_id: "uuid", name: "text" },
    handle: ({ workspace, parameters }) => {
      const [by, value] = oneOf(parameters, "device_id", "name");
      if (by === "device_id") return { device: workspace.devices.existing(value).wire };
      const found = [...workspace.devices.all()].find(({ wire }) => wire.display_name === value);
      if (found === undefined) throw notFound("device", value);
      return { device: found.wire };
    },
  },
];
