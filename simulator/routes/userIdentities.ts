import type { Stored } from "../collection";
import { invalidInput, notFound } from "../errors";
import { oneOf, type Parameters, textOf, textsOf } from "../parameters";
import type { UserIdentity } from "../workspace/objects";
import type { Workspace } from "../workspace/workspace";
import { page, pageSpec, type Route, shown } from "./route";

const attributes = {
  user_identity_key: "text?",
  email_address: "email?",
  phone_number: "phone?",
  full_name: "text?",
} as const;
const identityId = { user_identity_id: "uuid*" } as const;

/** `/user_identities`. */
export const userIdentityRoutes: readonly Route[] = [
  {
    path: "/user_identities/create",
    verbs: [],
    spec: { ...attributes, acs_system_ids: "uuids" },
    handle: ({ workspace, parameters }) => {
      const { acs_system_ids, ...given } = parameters;
      const systems = ((acs_system_ids as string[] | undefined) ?? []).map((id) =>
        workspace.acsSystems.existing(id),
      );
      const identity = workspace.identities.create(given);
      const { email_address, phone_number, display_name } = identity.wire;
      for (const one of systems) {
        const contact = {
          ...(email_address === null ? {} : { email_address }),
          ...(phone_number === null ? {} : { phone_number }),
        };
        workspace.acsUsers.create(one.wire, { full_name: display_name, ...contact }, identity);
      }
      return { user_identity: identity.wire };
    },
  },
  {
    path: "/user_identities/get",
    verbs: ["GET"],
    spec: { user_identity_id: "uuid", user_identity_key: "text" },
    handle: ({ workspace, parameters }) => ({ user_identity: identityOf(workspace, parameters).wire }),
  },
  {
    path: "/user_identities/list",
    verbs: ["GET"],
    spec: {
      ...pageSpec,
      search: "text",
      user_identity_ids: "uuids",
      credential_manager_acs_system_id: "uuid",
    },
    handle: ({ workspace, parameters }) => {
      const ids = parameters.user_identity_ids as string[] | undefined;
      const search = textOf(parameters, "search")?.toLowerCase();
      const candidates =
        ids === undefined
          ? workspace.identities.all()
          : ids.flatMap((id) => workspace.identities.get(id) ?? []);
      const matches = ({ wire }: Stored<UserIdentity>): boolean =>
        search === undefined ||
        [wire.user_identity_key, wire.email_address, wire.phone_number, wire.full_name].some((text) =>
          text?.toLowerCase().includes(search),
        );
      return page("user_identities", candidates, matches, parameters);
    },
  },
  {
    path: "/user_identities/update",
    verbs: ["PATCH"],
    spec: { ...identityId, ...attributes },
    handle: ({ workspace, parameters }) => {
      const { user_identity_id, ...given } = parameters;
      workspace.identities.update(workspace.identities.existing(String(user_identity_id)), given);
      return {};
    },
  },
  {
    path: "/user_identities/delete",
    verbs: ["DELETE"],
    spec: identityId,
    handle: ({ workspace, parameters, arrivedAt }) => {
      workspace.identities.delete(
        workspace.identities.existing(String(parameters.user_identity_id)),
        arrivedAt,
      );
      return {};
    },
  },
  {
    path: "/user_identities/merge",
    verbs: [],
    spec: {
      user_identity_id: "uuid",
      user_identity_key: "text",
      merged_user_identity_ids: "uuids",
      merged_user_identity_keys: "texts",
    },
    handle: ({ workspace, parameters }) => {
      const { identities } = workspace;
      const into = identityOf(workspace, parameters);
      const ids = textsOf(parameters, "merged_user_identity_ids");
      const keys = textsOf(parameters, "merged_user_identity_keys");
      const merged =
        ids?.map((id) => identities.existing(id)) ??
        keys?.map((key) => identityOf(workspace, { user_identity_key: key })) ??
        [];
      if (merged.length < 1 || merged.length > 20) {
        throw invalidInput("merged_user_identity_ids", "Expected 1 to 20 user identities");
      }
      for (const from of merged) identities.merge(from, into);
      return {};
    },
  },
  {
    path: "/user_identities/add_acs_user",
    verbs: ["PUT"],
    spec: { acs_user_id: "uuid*", user_identity_id: "uuid", user_identity_key: "text" },
    handle: ({ workspace, parameters }) => {
      const user = workspace.acsUsers.existing(String(parameters.acs_user_id));
      const [name, value] = oneOf(parameters, "user_identity_id", "user_identity_key");
      const identity =
        name === "user_identity_id"
          ? workspace.identities.notBeingDeleted(value)
          : (workspace.identities.withKey(value) ??
            workspace.identities.create({ user_identity_key: value }));
      workspace.acsUsers.link(user, identity);
      return {};
    },
  },
  {
    path: "/user_identities/remove_acs_user",
    verbs: ["DELETE"],
    spec: { ...identityId, acs_user_id: "uuid*" },
    handle: ({ workspace, parameters, behavior }) => {
      const identity = workspace.identities.existing(String(parameters.user_identity_id));
      const user = workspace.acsUsers.existing(String(parameters.acs_user_id));
      if (user.owner !== identity.id) throw notFound("acs_user", user.id);
      const done = workspace.unlinkLater(user.id, identity.id);
      return behavior.unlinkAnswers === "when-done" ? done.then(() => ({})) : {};
    },
  },
  {
    path: "/user_identities/list_acs_users",
    verbs: ["GET"],
    spec: identityId,
    handle: ({ workspace, parameters }) => {
      const id = textOf(parameters, "user_identity_id");
      const users =
        id === undefined
          ? workspace.acsUsers.all()
          : workspace.acsUsers.ownedBy(workspace.identities.existing(id).id);
      return { acs_users: shown(users) };
    },
  },
  {
    path: "/user_identities/list_acs_systems",
    verbs: ["GET"],
    spec: identityId,
    handle: ({ workspace, parameters }) => {
      const identity = workspace.identities.existing(String(parameters.user_identity_id));
      const ids = workspace.acsUsers.ownedBy(identity.id).map((user) => user.wire.acs_system_id);
      return { acs_systems: ids.map((id) => workspace.acsSystems.existing(id).wire) };
    },
  },
  {
    path: "/user_identities/list_accessible_devices",
    verbs: ["GET"],
    spec: identityId,
    handle: ({ workspace, parameters }) => {
      workspace.identities.existing(String(parameters.user_identity_id));
      return { devices: [], accessible_devices: [] };
    },
  },
];

function identityOf(workspace: Workspace, parameters: Parameters): Stored<UserIdentity> {
  const [name, value] = oneOf(parameters, "user_identity_id", "user_identity_key");
  if (name === "user_identity_id") return workspace.identities.existing(value);
  const found = workspace.identities.withKey(value);
  if (found === undefined) throw notFound("user_identity", value);
  return found;
}
