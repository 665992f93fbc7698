import { invalidInput } from "../errors";
import { textOf } from "../parameters";
import { type Route, shown } from "./route";

const membership = { acs_access_group_id: "uuid*", acs_user_id: "uuid", user_identity_id: "uuid" } as const;

/** `/acs/access_groups`. */
export const acsAccessGroupRoutes: readonly Route[] = [
  {
    path: "/acs/access_groups/list",
    verbs: ["GET"],
    spec: { acs_system_id: "uuid", acs_user_id: "uuid", user_identity_id: "uuid", search: "text" },
    handle: ({ workspace, parameters }) => {
      const { accessGroups, acsUsers } = workspace;
      const system = textOf(parameters, "acs_system_id");
      const user = textOf(parameters, "acs_user_id");
      const identity = textOf(parameters, "user_identity_id");
      const search = textOf(parameters, "search")?.toLowerCase();
      const groups = [...accessGroups.all()].filter(({ id, wire }) => {
        const members = accessGroups.membersOf(id);
        return (
          (system === undefined || wire.acs_system_id === system) &&
          (user === undefined || members.includes(user)) &&
          (identity === undefined || acsUsers.ownedBy(identity).some((one) => members.includes(one.id))) &&
          (search === undefined || wire.name.toLowerCase().includes(search))
        );
      });
      return { acs_access_groups: shown(groups) };
    },
  },
  {
    path: "/acs/access_groups/get",
    verbs: ["GET"],
    spec: { acs_access_group_id: "uuid*" },
    handle: ({ workspace, parameters }) => ({
      acs_access_group: workspace.accessGroups.existing(String(parameters.acs_access_group_id)).wire,
    }),
  },
  {
    path: "/acs/access_groups/list_users",
    verbs: ["GET"],
    spec: { acs_access_group_id: "uuid*" },
    handle: ({ workspace, parameters }) => {
      const id = textOf(parameters, "acs_access_group_id");
      const groups =
        id === undefined ? [...workspace.accessGroups.all()] : [workspace.accessGroups.existing(id)];
      const members = groups.flatMap((group) => workspace.accessGroups.membersOf(group.id));
      return { acs_users: shown(members.flatMap((member) => workspace.acsUsers.get(member) ?? [])) };
    },
  },
  {
    path: "/acs/access_groups/add_user",
    verbs: ["PUT"],
    spec: membership,
    handle: ({ workspace, parameters }) => {
      const { accessGroups, acsUsers, acsSystems, identities } = workspace;
      const group = accessGroups.existing(String(parameters.acs_access_group_id));
      const given = textOf(parameters, "acs_user_id");
      const identityId = textOf(parameters, "user_identity_id");
      if (given === undefined && identityId === undefined) {
        throw invalidInput("acs_user_id", "One of acs_user_id and user_identity_id is required");
      }
      const { acs_system_id } = group.wire;
      const ofIdentity = (): string => {
        // Like Seam, creates an ACS user for an identity that has none in this system.
        const identity = identities.notBeingDeleted(identityId ?? "");
        const found = acsUsers.ownedBy(identity.id).find(({ wire }) => wire.acs_system_id === acs_system_id);
        const person = { full_name: identity.wire.display_name };
        return (found ?? acsUsers.create(acsSystems.existing(acs_system_id).wire, person, identity)).id;
      };
      const user = acsUsers.existing(given ?? ofIdentity());
      if (user.wire.acs_system_id !== acs_system_id) {
        throw invalidInput("acs_user_id", "The ACS user and the access group are in different systems");
      }
      accessGroups.addUser(group.id, user.id);
      return {};
    },
  },
  {
    path: "/acs/access_groups/remove_user",
    verbs: ["DELETE"],
    spec: membership,
    handle: ({ workspace, parameters }) => {
      const { accessGroups, acsUsers } = workspace;
      const group = accessGroups.existing(String(parameters.acs_access_group_id));
      const given = textOf(parameters, "acs_user_id");
      const identity = textOf(parameters, "user_identity_id");
      const users = given === undefined ? acsUsers.ownedBy(identity ?? "") : [acsUsers.existing(given)];
      for (const { id } of users) accessGroups.removeUser(group.id, id);
      return {};
    },
  },
];
