import type { Stored } from "../collection";
import { notFound } from "../errors";
import { oneOf, type Parameters, textOf, textsOf } from "../parameters";
import type { AcsUserAttributes } from "../workspace/acsUsers";
import type { AcsUser } from "../workspace/objects";
import type { Workspace } from "../workspace/workspace";
import { type Call, page, pageSpec, type Route } from "./route";

const userRef = { acs_user_id: "uuid", user_identity_id: "uuid", acs_system_id: "uuid" } as const;
const person = {
  full_name: "text",
  email_address: "email",
  email: "email",
  phone_number: "phone",
} as const;

/** `/acs/users`. */
export const acsUserRoutes: readonly Route[] = [
  {
    path: "/acs/users/create",
    verbs: [],
    spec: {
      ...person,
      full_name: "text*",
      access_schedule: "schedule",
      acs_system_id: "uuid*",
      user_identity_id: "uuid",
      acs_access_group_ids: "uuids",
    },
    handle: ({ workspace, parameters }) => {
      const { acs_system_id, user_identity_id, acs_access_group_ids, email, ...given } = parameters;
      const identity = textOf(parameters, "user_identity_id");
      const owner = identity === undefined ? undefined : workspace.identities.notBeingDeleted(identity);
      const user = { ...given, ...(email === undefined ? {} : { email_address: email }) };
      const groups = textsOf(parameters, "acs_access_group_ids") ?? [];
      for (const id of groups) workspace.accessGroups.existing(id);
      const system = workspace.acsSystems.existing(String(acs_system_id)).wire;
      const created = workspace.acsUsers.create(system, withSchedule(user as AcsUserAttributes), owner);
      for (const id of groups) workspace.accessGroups.addUser(id, created.id);
      return { acs_user: created.wire };
    },
  },
  {
    path: "/acs/users/get",
    verbs: ["GET"],
    spec: userRef,
    handle: ({ workspace, parameters }) => ({ acs_user: acsUserOf(workspace, parameters).wire }),
  },
  {
    path: "/acs/users/list",
    verbs: ["GET"],
    spec: {
      ...pageSpec,
      user_identity_id: "uuid",
      acs_system_id: "uuid",
      user_identity_email_address: "text",
      user_identity_phone_number: "text",
      search: "text",
    },
    handle: ({ workspace, parameters }) => {
      const identity = textOf(parameters, "user_identity_id");
      const search = textOf(parameters, "search")?.toLowerCase();
      const candidates =
        identity === undefined ? workspace.acsUsers.all() : workspace.acsUsers.ownedBy(identity);
      const equal = (name: keyof AcsUser, parameter: string, wire: AcsUser): boolean =>
        parameters[parameter] === undefined || wire[name] === parameters[parameter];
      return page(
        "acs_users",
        candidates,
        ({ wire }) =>
          equal("acs_system_id", "acs_system_id", wire) &&
          equal("user_identity_email_address", "user_identity_email_address", wire) &&
          equal("user_identity_phone_number", "user_identity_phone_number", wire) &&
          (search === undefined ||
            [wire.full_name, wire.email_address, wire.phone_number, wire.acs_user_id].some((text) =>
              text?.toLowerCase().includes(search),
            )),
        parameters,
      );
    },
  },
  {
    path: "/acs/users/update",
    verbs: ["PATCH"],
    spec: { ...userRef, ...person, access_schedule: "whole schedule?", hid_acs_system_id: "uuid" },
    handle: ({ workspace, parameters }) => {
      const user = acsUserOf(workspace, parameters);
      const { acs_user_id, user_identity_id, acs_system_id, hid_acs_system_id, email, ...given } = parameters;
      workspace.acsUsers.update(user, {
        ...given,
        ...(email === undefined ? {} : { email_address: textOf(parameters, "email") ?? "" }),
      });
      return {};
    },
  },
  act("/acs/users/delete", ["DELETE"], ({ workspace, arrivedAt }, user) =>
    workspace.acsUsers.delete(user, arrivedAt),
  ),
  act("/acs/users/suspend", [], ({ workspace }, user) => workspace.acsUsers.setSuspended(user, true)),
  act("/acs/users/unsuspend", [], ({ workspace }, user) => workspace.acsUsers.setSuspended(user, false)),
];

/** Sets the end of a schedule to null if none is given. */
function withSchedule(given: AcsUserAttributes): AcsUserAttributes {
  const { access_schedule, ...attributes } = given;
  if (access_schedule === undefined) return attributes;
  const { starts_at = new Date().toISOString(), ends_at = null } = access_schedule;
  return { ...attributes, access_schedule: { starts_at, ends_at } };
}

function act(path: string, verbs: Route["verbs"], run: (call: Call, user: Stored<AcsUser>) => void): Route {
  return {
    path,
    verbs,
    spec: userRef,
    handle: (call) => {
      run(call, acsUserOf(call.workspace, call.parameters));
      return {};
    },
  };
}

function acsUserOf(workspace: Workspace, parameters: Parameters): Stored<AcsUser> {
  const [name, value] = oneOf(parameters, "acs_user_id", "user_identity_id");
  if (name === "acs_user_id") return workspace.acsUsers.existing(value);
  const found = workspace.acsUsers
    .ownedBy(value)
    .find((user) => user.wire.acs_system_id === parameters.acs_system_id);
  if (found === undefined) throw notFound("acs_user", value);
  return found;
}
