import type { Stored } from "../collection";
import { invalidInput, notFound } from "../errors";
import { isAccessMethodRequest, oneOf, type Parameters, textOf, textsOf } from "../parameters";
import type { AccessMethodRequest } from "../workspace/accessGrants";
import type { AccessGrant } from "../workspace/objects";
import type { Workspace } from "../workspace/workspace";
import { page, pageSpec, type Route, shown, unknownRoute } from "./route";

const grantId = { access_grant_id: "uuid*" } as const;

/** The families of objects that `get_related` returns. */
const families = [
  "access_methods",
  "acs_entrances",
  "acs_systems",
  "devices",
  "spaces",
  "user_identities",
] as const;

const baseRoutes: readonly Route[] = [
  {
    path: "/access_grants/create",
    verbs: [],
    spec: {
      user_identity_id: "uuid",
      user_identity: "object",
      requested_access_methods: "access methods*",
      access_grant_key: "text",
      reservation_key: "text",
      customization_profile_id: "uuid",
      name: "text?",
      starts_at: "time",
      ends_at: "time?",
      device_ids: "uuids",
      acs_entrance_ids: "uuids",
      space_ids: "uuids",
      space_keys: "texts",
    },
    check: (parameters) => {
      if ((parameters.user_identity_id === undefined) === (parameters.user_identity === undefined)) {
        throw invalidInput("user_identity_id", "One of user_identity_id and user_identity is required");
      }
    },
    handle: ({ workspace, parameters }) => {
      const { spaces, grants, identities } = workspace;
      const given = parameters.user_identity;
      const identity =
        typeof given === "object" && given !== null
          ? identities.create(given)
          : identities.notBeingDeleted(String(parameters.user_identity_id));
      const texts = ["access_grant_key", "reservation_key", "starts_at"].flatMap((name) => {
        const value = textOf(parameters, name);
        return value === undefined ? [] : [[name, value]];
      });
      const keys = textsOf(parameters, "space_keys") ?? [];
      const grant = grants.create(identity, {
        ...(Object.fromEntries(texts) as { access_grant_key?: string }),
        ...nullable(parameters, "name"),
        ...nullable(parameters, "ends_at"),
        requested_access_methods: requests(parameters),
        device_ids: textsOf(parameters, "device_ids") ?? [],
        acs_entrance_ids: textsOf(parameters, "acs_entrance_ids") ?? [],
        space_ids: [
          ...(textsOf(parameters, "space_ids") ?? []),
          ...keys.map((key) => spaces.withKey(key).id),
        ],
      });
      return { access_grant: grant.wire };
    },
  },
  {
    path: "/access_grants/get",
    verbs: ["GET"],
    spec: { access_grant_id: "uuid", access_grant_key: "text" },
    handle: ({ workspace, parameters }) => ({ access_grant: grantOf(workspace, parameters).wire }),
  },
  {
    path: "/access_grants/list",
    verbs: ["GET"],
    spec: {
      ...pageSpec,
      user_identity_id: "uuid",
      access_grant_key: "text?",
      access_grant_ids: "uuids",
      space_id: "uuid",
      device_id: "uuid",
      acs_entrance_id: "uuid",
      acs_system_id: "uuid",
      reservation_key: "text",
      customer_key: "text",
    },
    handle: ({ workspace, parameters }) => {
      const { grants, entrances } = workspace;
      const identity = textOf(parameters, "user_identity_id");
      const ids = textsOf(parameters, "access_grant_ids");
      const one = (name: string): string | undefined => textOf(parameters, name);
      const fits = (wanted: string | undefined, among: readonly (string | undefined)[]): boolean =>
        wanted === undefined || among.includes(wanted);
      return page(
        "access_grants",
        identity === undefined ? grants.all() : grants.ownedBy(identity),
        ({ id, wire }) => {
          const places = grants.placesAt(id);
          const systems = places.acs_entrance_ids.map((one) => entrances.get(one)?.wire.acs_system_id);
          return (
            (ids === undefined || ids.includes(id)) &&
            fits(one("access_grant_key"), [wire.access_grant_key]) &&
            fits(one("reservation_key"), [wire.reservation_key]) &&
            fits(one("space_id"), wire.space_ids) &&
            fits(one("device_id"), places.device_ids) &&
            fits(one("acs_entrance_id"), places.acs_entrance_ids) &&
            fits(one("acs_system_id"), systems)
          );
        },
        parameters,
      );
    },
  },
  {
    path: "/access_grants/update",
    verbs: ["PATCH"],
    spec: {
      access_grant_id: "uuid",
      access_grant_key: "text",
      name: "text?",
      starts_at: "time",
      ends_at: "time?",
    },
    handle: ({ workspace, parameters }) => {
      const startsAt = textOf(parameters, "starts_at");
      workspace.grants.update(grantOf(workspace, parameters), {
        ...nullable(parameters, "name"),
        ...nullable(parameters, "ends_at"),
        ...(startsAt === undefined ? {} : { starts_at: startsAt }),
      });
      return {};
    },
  },
  {
    path: "/access_grants/delete",
    verbs: ["DELETE"],
    spec: grantId,
    handle: ({ workspace, parameters, arrivedAt }) => {
      workspace.grants.delete(workspace.grants.existing(String(parameters.access_grant_id)), arrivedAt);
      return {};
    },
  },
  {
    path: "/access_grants/request_access_methods",
    verbs: [],
    spec: { ...grantId, requested_access_methods: "access methods*" },
    handle: ({ workspace, parameters }) => {
      const grant = workspace.grants.existing(String(parameters.access_grant_id));
      workspace.grants.request(grant, requests(parameters));
      return { access_grant: grant.wire };
    },
  },
  {
    path: "/access_grants/get_related",
    verbs: ["GET"],
    spec: { access_grant_ids: "uuids", access_grant_keys: "texts", include: "texts", exclude: "texts" },
    handle: ({ workspace, parameters }) => {
      const { grants } = workspace;
      const ids = textsOf(parameters, "access_grant_ids") ?? [];
      const keys = textsOf(parameters, "access_grant_keys") ?? [];
      const found = [
        ...ids.map((id) => grants.existing(id)),
        ...keys.map((key) => grantOf(workspace, { access_grant_key: key })),
      ];
      const places = found.map(({ id }) => grants.placesAt(id));
      const entrances = existing(
        workspace.entrances,
        places.flatMap((one) => one.acs_entrance_ids),
      );
      const related = {
        access_methods: shown(found.flatMap(({ id }) => grants.methods.ownedBy(id))),
        acs_entrances: shown(entrances),
        acs_systems: shown(
          existing(
            workspace.acsSystems,
            entrances.map(({ wire }) => wire.acs_system_id),
          ),
        ),
        devices: shown(
          existing(
            workspace.devices,
            places.flatMap((one) => one.device_ids),
          ),
        ),
        spaces: shown(
          existing(
            workspace.spaces,
            found.flatMap(({ wire }) => wire.space_ids),
          ),
        ),
        user_identities: shown(
          existing(
            workspace.identities,
            found.flatMap(({ owner }) => owner ?? []),
          ),
        ),
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

/** `/access_grants`, which older workspaces do not have. */
export const accessGrantRoutes: readonly Route[] = baseRoutes.map(ifGrantsEnabled);

/** The route as in a workspace that may not support access grants. */
export function ifGrantsEnabled(route: Route): Route {
  return {
    ...route,
    handle: (call) => {
      if (!call.behavior.accessGrants) throw unknownRoute(route.path);
      return route.handle(call);
    },
  };
}

/** The grant with the id or the key in the parameters. */
export function grantOf(workspace: Workspace, parameters: Parameters): Stored<AccessGrant> {
  const [name, value] = oneOf(parameters, "access_grant_id", "access_grant_key");
  if (name === "access_grant_id") return workspace.grants.existing(value);
  const found = workspace.grants.withKey(value);
  if (found === undefined) throw notFound("access_grant", value);
  return found;
}

function requests(parameters: Parameters): AccessMethodRequest[] {
  const given = parameters.requested_access_methods;
  return Array.isArray(given) ? given.filter(isAccessMethodRequest) : [];
}

/** A nullable parameter, if it is given. */
function nullable<Name extends string>(
  parameters: Parameters,
  name: Name,
): Partial<Record<Name, string | null>> {
  if (parameters[name] === undefined) return {};
  const given: Partial<Record<string, string | null>> = { [name]: textOf(parameters, name) ?? null };
  return given;
}

function existing<Wire>(
  collection: { get(id: string): Stored<Wire> | undefined },
  ids: readonly string[],
): Stored<Wire>[] {
  return [...new Set(ids)].flatMap((id) => collection.get(id) ?? []);
}
