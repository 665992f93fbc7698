import type { Collection, Kept } from "./collection";
import { ApiError, invalidInput, notFound } from "./errors";
import { oneOf, type ParameterSpec, type Parameters, textOf } from "./parameters";
import type { AcsSystem, AcsUser, UserIdentity, Workspace } from "./workspace";

/** What a handler is given. */
export interface Call {
  workspace: Workspace;
  parameters: Parameters;
  /** When the call arrived, before its latency. Milliseconds since the epoch. */
  arrivedAt: number;
  /** Whether this workspace knows enrollment automations. */
  enrollmentAutomations: boolean;
  /** Whether listings mix their order. */
  reorderEvents: boolean;
}

/** One route of Seam's API. All take POST; `verbs` are the newer ones. */
export interface Route {
  path: string;
  verbs: readonly ("GET" | "DELETE" | "PATCH" | "PUT")[];
  spec: ParameterSpec;
  handle(call: Call): object;
}

const pageSpec = { limit: "count", page_cursor: "text?", created_before: "time" } as const;

export const routes: readonly Route[] = [
  ...identityRoutes(),
  ...automationRoutes(),
  ...acsRoutes(),
  ...deviceRoutes(),
  ...workspaceRoutes(),
];

function identityRoutes(): Route[] {
  const attributes = {
    user_identity_key: "text?",
    email_address: "email?",
    phone_number: "phone?",
    full_name: "text?",
  } as const;
  const identityId = { user_identity_id: "uuid*" } as const;
  return [
    {
      path: "/user_identities/create",
      verbs: [],
      spec: { ...attributes, acs_system_ids: "uuids" },
      handle: ({ workspace, parameters }) => {
        const { acs_system_ids, ...given } = parameters;
        const systems = ((acs_system_ids as string[] | undefined) ?? []).map((id) => system(workspace, id));
        const identity = workspace.createIdentity(given);
        for (const one of systems) {
          const contact = {
            ...(identity.email_address === null ? {} : { email_address: identity.email_address }),
            ...(identity.phone_number === null ? {} : { phone_number: identity.phone_number }),
          };
          const kept = workspace.identity(identity.user_identity_id);
          workspace.createAcsUser(one, { full_name: identity.display_name, ...contact }, kept);
        }
        return { user_identity: identity };
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
        const matches = ({ wire }: Kept<UserIdentity>): boolean =>
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
        workspace.updateIdentity(workspace.identity(String(user_identity_id)), given);
        return {};
      },
    },
    {
      path: "/user_identities/delete",
      verbs: ["DELETE"],
      spec: identityId,
      handle: ({ workspace, parameters, arrivedAt }) => {
        workspace.deleteIdentity(workspace.identity(String(parameters.user_identity_id)), arrivedAt);
        return {};
      },
    },
    {
      path: "/user_identities/add_acs_user",
      verbs: ["PUT"],
      spec: { acs_user_id: "uuid*", user_identity_id: "uuid", user_identity_key: "text" },
      handle: ({ workspace, parameters }) => {
        const user = workspace.acsUser(String(parameters.acs_user_id));
        const [name, value] = oneOf(parameters, "user_identity_id", "user_identity_key");
        const identity =
          name === "user_identity_id"
            ? workspace.identity(value)
            : (workspace.identityByKey(value) ??
              workspace.identity(workspace.createIdentity({ user_identity_key: value }).user_identity_id));
        workspace.link(user, identity);
        return {};
      },
    },
    {
      path: "/user_identities/remove_acs_user",
      verbs: ["DELETE"],
      spec: { ...identityId, acs_user_id: "uuid*" },
      handle: ({ workspace, parameters }) => {
        const identity = workspace.identity(String(parameters.user_identity_id));
        const user = workspace.acsUser(String(parameters.acs_user_id));
        if (user.owner !== identity.id) throw notFound("acs_user", user.id);
        workspace.unlink(user);
        return {};
      },
    },
    {
      path: "/user_identities/list_acs_users",
      verbs: ["GET"],
      spec: identityId,
      handle: ({ workspace, parameters }) => {
        const identity = workspace.identity(String(parameters.user_identity_id));
        return { acs_users: shown(workspace.acsUsers.ownedBy(identity.id)) };
      },
    },
    {
      path: "/user_identities/list_acs_systems",
      verbs: ["GET"],
      spec: identityId,
      handle: ({ workspace, parameters }) => {
        const identity = workspace.identity(String(parameters.user_identity_id));
        const ids = workspace.acsUsers.ownedBy(identity.id).map((user) => user.wire.acs_system_id);
        return { acs_systems: ids.map((id) => system(workspace, id)) };
      },
    },
    {
      path: "/user_identities/list_accessible_devices",
      verbs: ["GET"],
      spec: identityId,
      handle: ({ workspace, parameters }) => {
        workspace.identity(String(parameters.user_identity_id));
        return { devices: [], accessible_devices: [] };
      },
    },
  ];
}

function automationRoutes(): Route[] {
  const automationId = { enrollment_automation_id: "uuid*" } as const;
  const prefix = "/user_identities/enrollment_automations";
  const known = (route: Route): Route => ({
    ...route,
    handle: (call) => {
      if (!call.enrollmentAutomations) throw unknownRoute(route.path);
      return route.handle(call);
    },
  });
  const routes: Route[] = [
    {
      path: `${prefix}/list`,
      verbs: ["GET"],
      spec: { user_identity_id: "uuid*" },
      handle: ({ workspace, parameters }) => {
        const identity = workspace.identity(String(parameters.user_identity_id));
        return { enrollment_automations: shown(workspace.automations.ownedBy(identity.id)) };
      },
    },
    {
      path: `${prefix}/get`,
      verbs: ["GET"],
      spec: automationId,
      handle: ({ workspace, parameters }) => ({
        enrollment_automation: existing(
          workspace.automations,
          "enrollment_automation",
          String(parameters.enrollment_automation_id),
        ).wire,
      }),
    },
    {
      path: `${prefix}/delete`,
      verbs: ["DELETE"],
      spec: automationId,
      handle: ({ workspace, parameters, arrivedAt }) => {
        const id = String(parameters.enrollment_automation_id);
        workspace.deleteAutomation(existing(workspace.automations, "enrollment_automation", id), arrivedAt);
        return {};
      },
    },
    {
      path: `${prefix}/launch`,
      verbs: [],
      spec: {
        user_identity_id: "uuid*",
        credential_manager_acs_system_id: "uuid*",
        acs_credential_pool_id: "uuid",
        create_credential_manager_user: "boolean",
        credential_manager_acs_user_id: "uuid",
      },
      handle: ({ workspace, parameters }) => ({
        enrollment_automation: workspace.addAutomation(
          workspace.identity(String(parameters.user_identity_id)),
          String(parameters.credential_manager_acs_system_id),
        ),
      }),
    },
  ];
  return routes.map(known);
}

function acsRoutes(): Route[] {
  const userRef = { acs_user_id: "uuid", user_identity_id: "uuid", acs_system_id: "uuid" } as const;
  const credentialId = { acs_credential_id: "uuid*" } as const;
  const person = {
    full_name: "text",
    email_address: "email",
    email: "email",
    phone_number: "phone",
    access_schedule: "any",
  } as const;
  const act = (
    path: string,
    verbs: Route["verbs"],
    run: (call: Call, user: Kept<AcsUser>) => void,
  ): Route => ({
    path,
    verbs,
    spec: userRef,
    handle: (call) => {
      run(call, acsUserOf(call.workspace, call.parameters));
      return {};
    },
  });
  return [
    {
      path: "/acs/users/create",
      verbs: [],
      spec: {
        ...person,
        full_name: "text*",
        acs_system_id: "uuid*",
        user_identity_id: "uuid",
        acs_access_group_ids: "uuids",
      },
      handle: ({ workspace, parameters }) => {
        const { acs_system_id, user_identity_id, acs_access_group_ids, email, ...given } = parameters;
        const identity = textOf(parameters, "user_identity_id");
        const owner = identity === undefined ? undefined : workspace.identity(identity);
        const user = { ...given, ...(email === undefined ? {} : { email_address: email }) };
        const into = system(workspace, String(acs_system_id));
        return { acs_user: workspace.createAcsUser(into, user as Pick<AcsUser, "full_name">, owner) };
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
      spec: { ...userRef, ...person, hid_acs_system_id: "uuid" },
      handle: ({ workspace, parameters }) => {
        const user = acsUserOf(workspace, parameters);
        const { acs_user_id, user_identity_id, acs_system_id, hid_acs_system_id, email, ...given } =
          parameters;
        Object.assign(user.wire, given, email === undefined ? {} : { email_address: email });
        user.wire.display_name = user.wire.full_name;
        return {};
      },
    },
    act("/acs/users/delete", ["DELETE"], ({ workspace, arrivedAt }, user) =>
      workspace.deleteAcsUser(user, arrivedAt),
    ),
    act("/acs/users/suspend", [], (_call, user) => {
      user.wire.is_suspended = true;
    }),
    act("/acs/users/unsuspend", [], (_call, user) => {
      user.wire.is_suspended = false;
    }),
    {
      path: "/acs/credentials/list",
      verbs: ["GET"],
      spec: {
        ...pageSpec,
        acs_user_id: "uuid",
        user_identity_id: "uuid",
        acs_system_id: "uuid",
        search: "text",
        is_multi_phone_sync_credential: "boolean",
      },
      handle: ({ workspace, parameters }) => {
        const user = textOf(parameters, "acs_user_id");
        const identity = textOf(parameters, "user_identity_id");
        const ofIdentity = (id: string) =>
          workspace.acsUsers.ownedBy(id).flatMap((one) => workspace.credentials.ownedBy(one.id));
        const candidates =
          user !== undefined
            ? workspace.credentials.ownedBy(user)
            : identity !== undefined
              ? ofIdentity(identity)
              : workspace.credentials.all();
        const inSystem = textOf(parameters, "acs_system_id");
        return page(
          "acs_credentials",
          candidates,
          ({ wire }) =>
            (inSystem === undefined || wire.acs_system_id === inSystem) &&
            (identity === undefined || wire.user_identity_id === identity),
          parameters,
        );
      },
    },
    {
      path: "/acs/credentials/get",
      verbs: ["GET"],
      spec: credentialId,
      handle: ({ workspace, parameters }) => ({
        acs_credential: existing(
          workspace.credentials,
          "acs_credential",
          String(parameters.acs_credential_id),
        ).wire,
      }),
    },
    {
      path: "/acs/credentials/delete",
      verbs: ["DELETE"],
      spec: credentialId,
      handle: ({ workspace, parameters, arrivedAt }) => {
        const id = String(parameters.acs_credential_id);
        workspace.deleteCredential(existing(workspace.credentials, "acs_credential", id), arrivedAt);
        return {};
      },
    },
    {
      path: "/acs/systems/list",
      verbs: ["GET"],
      spec: { connected_account_id: "uuid", customer_key: "text", search: "text" },
      handle: ({ workspace }) => ({ acs_systems: [...workspace.systems.values()] }),
    },
    {
      path: "/acs/systems/get",
      verbs: ["GET"],
      spec: { acs_system_id: "uuid*" },
      handle: ({ workspace, parameters }) => ({
        acs_system: system(workspace, String(parameters.acs_system_id)),
      }),
    },
  ];
}

function deviceRoutes(): Route[] {
  const deviceId = { device_id: "uuid*" } as const;
  const sessionId = { client_session_id: "uuid*" } as const;
  return [
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
        phone: existing(workspace.phones, "phone", String(parameters.device_id)).wire,
      }),
    },
    {
      path: "/phones/deactivate",
      verbs: ["DELETE"],
      spec: deviceId,
      handle: ({ workspace, parameters, arrivedAt }) => {
        workspace.deactivatePhone(
          existing(workspace.phones, "phone", String(parameters.device_id)),
          arrivedAt,
        );
        return {};
      },
    },
    {
      path: "/client_sessions/create",
      verbs: ["PUT"],
      spec: {
        user_identity_id: "uuid",
        user_identity_ids: "uuids",
        user_identifier_key: "text",
        customer_id: "uuid",
        customer_key: "text",
        connect_webview_ids: "uuids",
        connected_account_ids: "uuids",
        expires_at: "time",
      },
      handle: ({ workspace, parameters }) => {
        const [listed] = (parameters.user_identity_ids as string[] | undefined) ?? [];
        const id = textOf(parameters, "user_identity_id") ?? listed;
        const owner = id === undefined ? undefined : workspace.identity(id);
        const key = textOf(parameters, "user_identifier_key") ?? null;
        return { client_session: workspace.openSession(owner, key) };
      },
    },
    {
      path: "/client_sessions/list",
      verbs: ["GET"],
      spec: {
        client_session_id: "uuid",
        user_identity_id: "uuid",
        user_identifier_key: "text",
        connect_webview_id: "uuid",
        without_user_identifier_key: "boolean",
      },
      handle: ({ workspace, parameters }) => {
        const owner = textOf(parameters, "user_identity_id");
        const key = textOf(parameters, "user_identifier_key");
        const id = textOf(parameters, "client_session_id");
        const sessions =
          owner === undefined ? [...workspace.sessions.all()] : workspace.sessions.ownedBy(owner);
        return {
          client_sessions: shown(
            sessions.filter(
              ({ wire }) =>
                (key === undefined || wire.user_identifier_key === key) &&
                (id === undefined || wire.client_session_id === id),
            ),
          ),
        };
      },
    },
    {
      path: "/client_sessions/get",
      verbs: ["GET"],
      spec: { client_session_id: "uuid", user_identifier_key: "text" },
      handle: ({ workspace, parameters }) => {
        const [, id] = oneOf(parameters, "client_session_id", "user_identifier_key");
        return { client_session: existing(workspace.sessions, "client_session", id).wire };
      },
    },
    {
      path: "/client_sessions/delete",
      verbs: ["DELETE"],
      spec: sessionId,
      handle: ({ workspace, parameters, arrivedAt }) => {
        const id = String(parameters.client_session_id);
        workspace.deleteSession(existing(workspace.sessions, "client_session", id), arrivedAt);
        return {};
      },
    },
  ];
}

function workspaceRoutes(): Route[] {
  const references = {
    acs_user_id: "uuid",
    acs_credential_id: "uuid",
    acs_system_id: "uuid",
    device_id: "uuid",
    client_session_id: "uuid",
    enrollment_automation_id: "uuid",
  } as const;
  return [
    {
      path: "/events/list",
      verbs: ["GET"],
      spec: {
        ...references,
        since: "time",
        between: "any",
        event_type: "text",
        event_types: "texts",
        event_ids: "uuids",
        limit: "count",
        unstable_offset: "count",
      },
      handle: ({ workspace, parameters, reorderEvents }) => {
        const between = parameters.between as [string, string] | undefined;
        const since = textOf(parameters, "since") ?? between?.[0];
        if (since === undefined) throw invalidInput("since", "Either since or between is required");
        const from = new Date(since).toISOString();
        const until = between?.[1] === undefined ? undefined : new Date(between[1]).toISOString();
        const type = textOf(parameters, "event_type");
        const types = parameters.event_types as string[] | undefined;
        const found = eventsFrom(workspace, from).filter(
          (event) =>
            (until === undefined || event.created_at < until) &&
            (type === undefined || event.event_type === type) &&
            (types === undefined || types.includes(event.event_type)) &&
            Object.keys(references).every(
              (name) => parameters[name] === undefined || event[name] === parameters[name],
            ),
        );
        const events = found.slice(0, Math.min(Number(parameters.limit ?? 500), 500));
        return { events: reorderEvents ? events.reverse() : events };
      },
    },
    {
      path: "/events/get",
      verbs: ["GET"],
      spec: { event_id: "uuid", event_type: "text", device_id: "uuid" },
      handle: ({ workspace, parameters }) => {
        const id = textOf(parameters, "event_id");
        const event = workspace.events.find((one) => one.event_id === id);
        if (event === undefined) throw notFound("event", id ?? "");
        return { event };
      },
    },
    {
      path: "/workspaces/get",
      verbs: ["GET"],
      spec: {},
      handle: ({ workspace }) => ({
        workspace: {
          workspace_id: workspace.id,
          name: workspace.name,
          company_name: workspace.name,
          connect_partner_name: null,
          connect_webview_customization: {},
          is_publishable_key_auth_enabled: false,
          is_sandbox: true,
          is_suspended: false,
          organization_id: null,
        },
      }),
    },
  ];
}

export function unknownRoute(path: string): ApiError {
  return new ApiError(404, "route_not_found", `There is no route ${path}`);
}

function system(workspace: Workspace, id: string): AcsSystem {
  const found = workspace.systems.get(id);
  if (found === undefined) throw notFound("acs_system", id);
  return found;
}

function identityOf(workspace: Workspace, parameters: Parameters): Kept<UserIdentity> {
  const [name, value] = oneOf(parameters, "user_identity_id", "user_identity_key");
  if (name === "user_identity_id") return workspace.identity(value);
  const found = workspace.identityByKey(value);
  if (found === undefined) throw notFound("user_identity", value);
  return found;
}

function acsUserOf(workspace: Workspace, parameters: Parameters): Kept<AcsUser> {
  const [name, value] = oneOf(parameters, "acs_user_id", "user_identity_id");
  if (name === "acs_user_id") return workspace.acsUser(value);
  const found = workspace.acsUsers
    .ownedBy(value)
    .find((user) => user.wire.acs_system_id === parameters.acs_system_id);
  if (found === undefined) throw notFound("acs_user", value);
  return found;
}

function existing<Wire>(collection: Collection<Wire>, type: string, id: string): Kept<Wire> {
  const kept = collection.get(id);
  if (kept === undefined || kept.visibleFrom > Date.now()) throw notFound(type, id);
  return kept;
}

function shown<Wire>(all: readonly Kept<Wire>[]): Wire[] {
  const now = Date.now();
  const visible = all.filter((kept) => kept.visibleFrom <= now);
  for (const kept of visible) kept.shown = true;
  return visible.map((kept) => kept.wire);
}

/** A page of what matches, in the order of creation. The cursor is the last sequence number, so deletions skip nothing. */
function page<Wire extends { created_at: string }>(
  name: string,
  candidates: Iterable<Kept<Wire>>,
  matches: (kept: Kept<Wire>) => boolean,
  parameters: Parameters,
): object {
  const limit = Math.min(Number(parameters.limit ?? 500), 500);
  const cursor = textOf(parameters, "page_cursor");
  const after = cursor === undefined ? 0 : Number(Buffer.from(cursor, "base64url").toString());
  if (Number.isNaN(after)) throw invalidInput("page_cursor", "Invalid cursor");
  const before = textOf(parameters, "created_before");
  const found: Kept<Wire>[] = [];
  for (const kept of candidates) {
    if (kept.sequence <= after || !matches(kept)) continue;
    if (before !== undefined && kept.wire.created_at >= new Date(before).toISOString()) continue;
    found.push(kept);
    if (found.length > limit) break;
  }
  const more = found.length > limit;
  const items = found.slice(0, limit);
  const next = more ? Buffer.from(String(items.at(-1)?.sequence)).toString("base64url") : null;
  return {
    [name]: shown(items),
    pagination: { has_next_page: more, next_page_cursor: next, next_page_url: null },
  };
}

/** Events are written in the order of their time, so what is recent is found from the end. */
function eventsFrom(workspace: Workspace, from: string): Workspace["events"] {
  let start = workspace.events.length;
  while (start > 0 && (workspace.events[start - 1]?.created_at ?? "") >= from) start -= 1;
  return workspace.events.slice(start);
}
