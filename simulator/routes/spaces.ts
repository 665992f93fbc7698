import type { Stored } from "../collection";
import { invalidInput } from "../errors";
import { oneOf, type Parameters, textOf, textsOf } from "../parameters";
import type { Space } from "../workspace/objects";
import type { SpaceAttributes } from "../workspace/spaces";
import type { Workspace } from "../workspace/workspace";
import { page, pageSpec, type Route, shown } from "./route";

/** The families of objects that `get_related` returns. */
const families = ["spaces", "devices", "acs_entrances", "acs_systems"] as const;
const reference = { space_id: "uuid", space_key: "text" } as const;
const attributes = { device_ids: "uuids", acs_entrance_ids: "uuids", customer_data: "object" } as const;

/** `/spaces`. */
export const spaceRoutes: readonly Route[] = [
  {
    path: "/spaces/create",
    verbs: [],
    spec: {
      ...attributes,
      name: "text*",
      space_key: "text",
      customer_key: "text",
      connected_account_ids: "uuids",
    },
    handle: ({ workspace, parameters }) => ({
      space: workspace.spaces.create({ ...given(parameters), name: String(parameters.name) }).wire,
    }),
  },
  {
    path: "/spaces/get",
    verbs: ["GET"],
    spec: reference,
    handle: ({ workspace, parameters }) => ({ space: spaceOf(workspace, parameters).wire }),
  },
  {
    path: "/spaces/list",
    verbs: ["GET"],
    spec: {
      ...pageSpec,
      space_key: "text",
      customer_key: "text",
      connected_account_id: "uuid",
      parent_space_id: "uuid",
      parent_space_key: "text",
      search: "text",
    },
    handle: ({ workspace, parameters }) => {
      const key = textOf(parameters, "space_key");
      const customer = textOf(parameters, "customer_key");
      const search = textOf(parameters, "search")?.toLowerCase();
      return page(
        "spaces",
        workspace.spaces.all(),
        ({ wire }) =>
          (key === undefined || wire.space_key === key) &&
          (customer === undefined || wire.customer_key === customer) &&
          (search === undefined || wire.name.toLowerCase().includes(search)),
        parameters,
      );
    },
  },
  {
    path: "/spaces/update",
    verbs: ["PATCH"],
    spec: { ...reference, ...attributes, name: "text", parent_space_id: "uuid", parent_space_key: "text" },
    handle: ({ workspace, parameters }) => {
      const space = spaceOf(workspace, parameters);
      workspace.spaces.update(space, given(parameters));
      return { space: space.wire };
    },
  },
  {
    path: "/spaces/delete",
    verbs: ["DELETE"],
    spec: reference,
    handle: ({ workspace, parameters }) => {
      workspace.spaces.delete(spaceOf(workspace, parameters));
      return {};
    },
  },
  membership("/spaces/add_devices", "PUT", "device_ids"),
  membership("/spaces/add_acs_entrances", "PUT", "acs_entrance_ids"),
  membership("/spaces/remove_devices", "DELETE", "device_ids"),
  membership("/spaces/remove_acs_entrances", "DELETE", "acs_entrance_ids"),
  {
    path: "/spaces/get_related",
    verbs: ["GET"],
    spec: { space_ids: "uuids", space_keys: "texts", include: "texts", exclude: "texts" },
    handle: ({ workspace, parameters }) => {
      const { spaces, devices, entrances, acsSystems } = workspace;
      const found = [
        ...(textsOf(parameters, "space_ids") ?? []).map((id) => spaces.existing(id)),
        ...(textsOf(parameters, "space_keys") ?? []).map((key) => spaces.withKey(key)),
      ];
      const entranceIds = new Set(found.flatMap(({ id }) => spaces.entranceIds(id)));
      const shownEntrances = [...entranceIds].map((id) => entrances.existing(id));
      const systemIds = new Set(shownEntrances.map(({ wire }) => wire.acs_system_id));
      const deviceIds = new Set(found.flatMap(({ id }) => spaces.deviceIds(id)));
      const related = {
        spaces: shown(found),
        devices: shown([...deviceIds].map((id) => devices.existing(id))),
        acs_entrances: shown(shownEntrances),
        acs_systems: shown([...systemIds].map((id) => acsSystems.existing(id))),
      };
      const include = textsOf(parameters, "include");
      const exclude = textsOf(parameters, "exclude") ?? [];
      const wanted = families.filter(
        (family) => (include === undefined || include.includes(family)) && !exclude.includes(family),
      );
      return { batch: Object.fromEntries(wanted.map((family) => [family, related[family]])) };
    },
  },
];

/** A route that adds members of one kind to a space, or removes them. */
function membership(path: string, verb: "PUT" | "DELETE", members: "device_ids" | "acs_entrance_ids"): Route {
  return {
    path,
    verbs: [verb],
    spec: { space_id: "uuid*", [members]: "uuids*" },
    check: (parameters) => {
      if (textsOf(parameters, members)?.length === 0) throw invalidInput(members, "At least one is required");
    },
    handle: ({ workspace, parameters }) => {
      const { spaces } = workspace;
      const space = spaces.existing(String(parameters.space_id));
      const ids = textsOf(parameters, members) ?? [];
      const before = members === "device_ids" ? spaces.deviceIds(space.id) : spaces.entranceIds(space.id);
      spaces.update(space, {
        [members]:
          verb === "PUT" ? [...new Set([...before, ...ids])] : before.filter((id) => !ids.includes(id)),
      });
      return {};
    },
  };
}

function spaceOf(workspace: Workspace, parameters: Parameters): Stored<Space> {
  const [name, value] = oneOf(parameters, "space_id", "space_key");
  return name === "space_id" ? workspace.spaces.existing(value) : workspace.spaces.withKey(value);
}

function given(parameters: Parameters): SpaceAttributes {
  const texts = ["name", "space_key", "customer_key"].flatMap((name) => {
    const value = textOf(parameters, name);
    return value === undefined ? [] : [[name, value]];
  });
  const lists = ["device_ids", "acs_entrance_ids"].flatMap((name) => {
    const value = textsOf(parameters, name);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries([...texts, ...lists]) as SpaceAttributes;
}
