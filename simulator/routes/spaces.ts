import type { Kept } from "../collection";
import { oneOf, type Parameters, textOf, textsOf } from "../parameters";
import type { Space } from "../workspace/objects";
import type { SpaceAttributes } from "../workspace/spaces";
import type { Workspace } from "../workspace/workspace";
import { page, pageSpec, type Route } from "./route";

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
];

function spaceOf(workspace: Workspace, parameters: Parameters): Kept<Space> {
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
