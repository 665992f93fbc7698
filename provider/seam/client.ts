import * as v from "valibot";
import { noDeadline } from "./deadline";
import { SeamNotFoundError, SeamUnreadableAnswerError } from "./errors";
import * as model from "./model";
import { allPages, maxItems, type Page, pageSize } from "./page";
import { beforeSecondRead, type CallKind } from "./retry";
import type { TransportOptions } from "./transport";
import { WorkspaceSession } from "./workspaceSession";

/** Options of a {@link SeamClient}. */
export type SeamClientOptions = TransportOptions;

/** The attributes of a user identity that a caller sets. In an update, null removes one. */
export interface UserIdentityAttributes {
  user_identity_key?: string | null;
  email_address?: string | null;
  phone_number?: string | null;
  full_name?: string | null;
}

/** The attributes of an ACS user that a caller sets. In an update, null removes the schedule. */
export interface AcsUserAttributes {
  full_name?: string;
  email_address?: string;
  phone_number?: string;
  /** A schedule without `ends_at`, or with null for it, has no end. */
  access_schedule?: { starts_at: string; ends_at?: string | null } | null;
}

/** The filter of a listing of identities; see `/user_identities/list`. */
export interface UserIdentityFilter {
  search?: string;
  user_identity_ids?: string[];
}

/** The filter of a listing of ACS users; see `/acs/users/list`. */
export interface AcsUserFilter {
  user_identity_id?: string;
  acs_system_id?: string;
  user_identity_email_address?: string;
  search?: string;
}

/** A request for an access method of a grant: `code`, `card`, `mobile_key` or `cloud_key`. */
export interface AccessMethodRequest {
  mode: string;
  code?: string;
  instant_key_max_use_count?: number;
}

/** The attributes of a new access grant. */
export interface AccessGrantAttributes {
  user_identity_id: string;
  access_grant_key: string;
  requested_access_methods: readonly AccessMethodRequest[];
  space_ids?: readonly string[];
  acs_entrance_ids?: readonly string[];
  device_ids?: readonly string[];
  name?: string;
  starts_at?: string;
  ends_at?: string;
  reservation_key?: string;
  customization_profile_id?: string;
}

/** The attributes of an access grant that can be changed. Null for `ends_at` means no end. */
export interface AccessGrantChange {
  name?: string | null;
  starts_at?: string;
  ends_at?: string | null;
}

/** The filter of a listing of access grants; see `/access_grants/list`. */
export type AccessGrantFilter = { user_identity_id: string } | { space_id: string };

type NoFilter = Record<string, never>;

/** The attributes of a new space. */
export interface SpaceAttributes {
  name: string;
  space_key: string;
  acs_entrance_ids?: readonly string[];
  device_ids?: readonly string[];
}

/** Members to add to a space or to remove from it: entrances, or devices. */
export type SpaceMembers = { acs_entrance_ids: readonly string[] } | { device_ids: readonly string[] };

/** The filter of a listing of access groups; see `/acs/access_groups/list`. */
export interface AcsAccessGroupFilter {
  acs_system_id?: string;
  acs_user_id?: string;
}

const emptyResponse = v.object({});
/** The routes that close doors, whose calls do not wait behind others. */
const closingDoors: ReadonlySet<string> = new Set(["/acs/users/suspend", "/access_grants/delete"]);
const grantNotFound = "access_grant_not_found";
/** The error types of a 404 that concern the object that a listing was filtered by, not the route. */
const objectsNotFound: ReadonlySet<string> = new Set(["user_identity_not_found", grantNotFound]);

/**
 * The calls that this package sends to one Seam workspace, with retries and a rate limit. All requests of a client share one
 * keep-alive agent and one limiter. Failures are `SeamError`s.
 */
export class SeamClient {
  private readonly session: WorkspaceSession;
  private readonly deadline: number;

  /** @param deadline See {@link until}. */
  constructor(workspace: SeamClientOptions | WorkspaceSession, deadline = noDeadline) {
    this.session = workspace instanceof WorkspaceSession ? workspace : new WorkspaceSession(workspace);
    this.deadline = deadline;
  }

  get endpoint(): string {
    return this.session.transport.endpoint;
  }

  /** Whether Seam has answered 429 before, so that calls are sent at a limited pace. */
  get limited(): boolean {
    return this.session.transport.limited;
  }

  /**
   * Returns the same client with a deadline, on `performance.now`'s clock, after which nothing is sent, waited for or repeated.
   * A call that was never sent fails with a `SeamDeadlineError`. Connections, rate limit and shared listings are those of this
   * client.
   */
  until(deadline: number): SeamClient {
    return new SeamClient(this.session, Math.min(this.deadline, deadline));
  }

  /** Seam's clock, from the `Date` header of its last response (in full seconds); the local clock before the first one. */
  serverNow(): Date {
    return this.session.transport.serverNow();
  }

  /** The workspace that the key belongs to; requested once. */
  getWorkspace(): Promise<model.Workspace> {
    const response = v.object({ workspace: model.workspace });
    return this.session.workspace.get(
      this.deadline,
      async () => (await this.call("/workspaces/get", {}, "read", response)).workspace,
    );
  }

  // User identities

  async createUserIdentity(attributes: UserIdentityAttributes): Promise<model.UserIdentity> {
    const response = v.object({ user_identity: model.userIdentity });
    return (await this.call("/user_identities/create", attributes, "create", response)).user_identity;
  }

  /** Reads an identity by id or key. For an id that was merged into another identity, Seam returns that other one. */
  async findUserIdentity(
    by: { user_identity_id: string } | { user_identity_key: string },
  ): Promise<model.UserIdentity | undefined> {
    const response = v.object({ user_identity: model.userIdentity });
    const found = await unlessNotFound(this.call("/user_identities/get", by, "read", response));
    return found?.user_identity;
  }

  /**
   * Like {@link findUserIdentity} by id, for many concurrent reads: the result may come from a listing that this process
   * requested earlier; see {@link SharedListing}. Undefined is always the result of a read of the identity itself.
   */
  readUserIdentity(id: string): Promise<model.UserIdentity | undefined> {
    return this.session.userIdentities.read(id, {
      page: (next) => this.userIdentitiesPage({}, next),
      find: (one) => this.findUserIdentity({ user_identity_id: one }),
      deadline: this.deadline,
    });
  }

  async updateUserIdentity(id: string, attributes: UserIdentityAttributes): Promise<void> {
    const body = { user_identity_id: id, ...attributes };
    await this.call("/user_identities/update", body, "idempotent", emptyResponse);
  }

  /** Returns false if there was nothing to delete. */
  deleteUserIdentity(id: string): Promise<boolean> {
    return this.remove("/user_identities/delete", { user_identity_id: id });
  }

  listUserIdentities(filter: UserIdentityFilter = {}): Promise<model.UserIdentity[]> {
    return allPages("/user_identities/list", (next) => this.userIdentitiesPage(filter, next));
  }

  userIdentitiesPage(filter: UserIdentityFilter, next?: string): Promise<Page<model.UserIdentity>> {
    return triedTwice(() =>
      this.page("/user_identities/list", "user_identities", model.userIdentity, filter, next),
    );
  }

  async addAcsUser(userIdentityId: string, acsUserId: string): Promise<void> {
    const body = { user_identity_id: userIdentityId, acs_user_id: acsUserId };
    await this.call("/user_identities/add_acs_user", body, "idempotent", emptyResponse);
  }

  /** Returns false if there was nothing to unlink. */
  removeAcsUser(userIdentityId: string, acsUserId: string): Promise<boolean> {
    const body = { user_identity_id: userIdentityId, acs_user_id: acsUserId };
    return this.remove("/user_identities/remove_acs_user", body);
  }

  // Dependents of an identity

  /** @param acsAccessGroupIds The groups that it is a member of from the start. */
  async createAcsUser(
    acsSystemId: string,
    attributes: AcsUserAttributes,
    acsAccessGroupIds?: readonly string[],
  ): Promise<model.AcsUser> {
    const response = v.object({ acs_user: model.acsUser });
    const groups = acsAccessGroupIds === undefined ? {} : { acs_access_group_ids: acsAccessGroupIds };
    const body = { acs_system_id: acsSystemId, ...attributes, ...groups };
    return (await this.call("/acs/users/create", body, "create", response)).acs_user;
  }

  async updateAcsUser(id: string, attributes: AcsUserAttributes): Promise<void> {
    await this.call("/acs/users/update", { acs_user_id: id, ...attributes }, "idempotent", emptyResponse);
  }

  async suspendAcsUser(id: string, suspended: boolean): Promise<void> {
    const route = suspended ? "/acs/users/suspend" : "/acs/users/unsuspend";
    await this.call(route, { acs_user_id: id }, "idempotent", emptyResponse);
  }

  async findAcsUser(id: string): Promise<model.AcsUser | undefined> {
    const response = v.object({ acs_user: model.acsUser });
    const found = await unlessNotFound(this.call("/acs/users/get", { acs_user_id: id }, "read", response));
    return found?.acs_user;
  }

  /** Like {@link findAcsUser}, for many concurrent reads; see {@link readUserIdentity}. */
  readAcsUser(id: string): Promise<model.AcsUser | undefined> {
    return this.session.acsUsers.read(id, {
      page: (next) => this.acsUsersPage({}, next),
      find: (one) => this.findAcsUser(one),
      deadline: this.deadline,
    });
  }

  listAcsUsers(filter: AcsUserFilter): Promise<model.AcsUser[]> {
    return allPages("/acs/users/list", (next) => this.acsUsersPage(filter, next));
  }

  acsUsersPage(filter: AcsUserFilter, next?: string): Promise<Page<model.AcsUser>> {
    return triedTwice(() => this.page("/acs/users/list", "acs_users", model.acsUser, filter, next));
  }

  deleteAcsUser(id: string): Promise<boolean> {
    return this.remove("/acs/users/delete", { acs_user_id: id });
  }

  listAcsCredentials(
    filter: { acs_user_id: string } | { user_identity_id: string },
  ): Promise<model.AcsCredential[]> {
    return allPages("/acs/credentials/list", (next) =>
      triedTwice(() =>
        this.page("/acs/credentials/list", "acs_credentials", model.acsCredential, filter, next),
      ),
    );
  }

  deleteAcsCredential(id: string): Promise<boolean> {
    return this.remove("/acs/credentials/delete", { acs_credential_id: id });
  }

  /** Returns none if the workspace does not have the route anymore. */
  listEnrollmentAutomations(userIdentityId: string): Promise<model.EnrollmentAutomation[]> {
    const response = v.object({ enrollment_automations: v.array(model.enrollmentAutomation) });
    const body = { user_identity_id: userIdentityId };
    const route = "/user_identities/enrollment_automations/list";
    return this.noneWithoutRoute(
      route,
      async () => (await this.call(route, body, "read", response)).enrollment_automations,
    );
  }

  deleteEnrollmentAutomation(id: string): Promise<boolean> {
    return this.remove("/user_identities/enrollment_automations/delete", { enrollment_automation_id: id });
  }

  async listPhones(ownerUserIdentityId: string): Promise<model.Phone[]> {
    const response = v.object({ phones: v.array(model.phone) });
    const body = { owner_user_identity_id: ownerUserIdentityId };
    return (await triedTwice(() => this.call("/phones/list", body, "read", response))).phones;
  }

  deactivatePhone(deviceId: string): Promise<boolean> {
    return this.remove("/phones/deactivate", { device_id: deviceId });
  }

  async listClientSessions(userIdentityId: string): Promise<model.ClientSession[]> {
    const response = v.object({ client_sessions: v.array(model.clientSession) });
    const body = { user_identity_id: userIdentityId };
    return (await triedTwice(() => this.call("/client_sessions/list", body, "read", response)))
      .client_sessions;
  }

  deleteClientSession(id: string): Promise<boolean> {
    return this.remove("/client_sessions/delete", { client_session_id: id });
  }

  // Access grants

  /** Returns none if the workspace does not have the route. */
  listAccessGrants(filter: AccessGrantFilter): Promise<model.AccessGrant[]> {
    return this.accessGrants(filter);
  }

  /** Lists the grants of the entire workspace. A separate method, so that a forgotten filter does not do that. */
  listAllAccessGrants(): Promise<model.AccessGrant[]> {
    return this.accessGrants({});
  }

  private accessGrants(filter: AccessGrantFilter | NoFilter): Promise<model.AccessGrant[]> {
    const route = "/access_grants/list";
    const list = () => allPages(route, (next) => this.accessGrantsPage(filter, next));
    // A workspace that has spaces has this route too, so "not found" is an error there.
    return "space_id" in filter ? triedTwice(list) : this.noneWithoutRoute(route, list);
  }

  accessGrantsPage(filter: AccessGrantFilter | NoFilter, next?: string): Promise<Page<model.AccessGrant>> {
    return this.page("/access_grants/list", "access_grants", model.accessGrant, filter, next);
  }

  async createAccessGrant(attributes: AccessGrantAttributes): Promise<model.AccessGrant> {
    const response = v.object({ access_grant: model.accessGrant });
    return (await this.call("/access_grants/create", attributes, "create", response)).access_grant;
  }

  async findAccessGrant(id: string): Promise<model.AccessGrant | undefined> {
    return this.findAccessGrantBy({ access_grant_id: id });
  }

  async findAccessGrantByKey(key: string): Promise<model.AccessGrant | undefined> {
    return this.findAccessGrantBy({ access_grant_key: key });
  }

  /** Like {@link findAccessGrant}, for many concurrent reads; see {@link readUserIdentity}. */
  readAccessGrant(id: string): Promise<model.AccessGrant | undefined> {
    return this.session.accessGrants.read(id, {
      page: (next) => this.accessGrantsPage({}, next),
      find: (one) => this.findAccessGrant(one),
      deadline: this.deadline,
    });
  }

  async updateAccessGrant(id: string, change: AccessGrantChange): Promise<void> {
    await this.call("/access_grants/update", { access_grant_id: id, ...change }, "idempotent", emptyResponse);
  }

  /** Each call creates access methods in addition to those that the grant has. */
  async requestAccessMethods(id: string, requests: readonly AccessMethodRequest[]): Promise<void> {
    const body = { access_grant_id: id, requested_access_methods: requests };
    await this.call("/access_grants/request_access_methods", body, "create", emptyResponse);
  }

  private async findAccessGrantBy(body: object): Promise<model.AccessGrant | undefined> {
    const response = v.object({ access_grant: model.accessGrant });
    return (await unlessNotFound(this.call("/access_grants/get", body, "read", response)))?.access_grant;
  }

  /** Reads the places that a grant gives access to: devices, entrances and spaces, which the grant itself does not name. */
  async findAccessGrantPlaces(id: string): Promise<model.AccessGrantPlaces> {
    const response = v.object({ batch: model.accessGrantPlaces });
    const body = {
      access_grant_ids: [id],
      include: ["devices", "acs_entrances", "spaces", "user_identities"],
    };
    return (await this.call("/access_grants/get_related", body, "read", response)).batch;
  }

  /** Deletes a grant with all of its access methods. Returns false if there was nothing to delete. */
  deleteAccessGrant(id: string): Promise<boolean> {
    return this.remove("/access_grants/delete", { access_grant_id: id });
  }

  /** Lists the access methods of a grant: codes, cards and keys. Returns none if the workspace does not have the route. */
  listAccessMethods(filter: { access_grant_id: string }): Promise<model.AccessMethod[]> {
    const route = "/access_methods/list";
    const page = (next: string | undefined) =>
      this.page(route, "access_methods", model.accessMethod, filter, next);
    return this.noneWithoutRoute(route, async () => {
      try {
        return await allPages(route, page);
      } catch (error) {
        // A grant that is gone has no access methods.
        if (error instanceof SeamNotFoundError && error.type === grantNotFound) return [];
        throw error;
      }
    });
  }

  /** Returns false if there was nothing to delete. */
  deleteAccessMethod(id: string): Promise<boolean> {
    return this.remove("/access_methods/delete", { access_method_id: id });
  }

  // Access groups

  async findAcsAccessGroup(id: string): Promise<model.AcsAccessGroup | undefined> {
    const response = v.object({ acs_access_group: model.acsAccessGroup });
    const body = { acs_access_group_id: id };
    return (await unlessNotFound(this.call("/acs/access_groups/get", body, "read", response)))
      ?.acs_access_group;
  }

  /** Not paginated. With `acs_user_id`: the groups that the ACS user is a member of. */
  async listAcsAccessGroups(filter: AcsAccessGroupFilter): Promise<model.AcsAccessGroup[]> {
    const response = v.object({ acs_access_groups: v.array(model.acsAccessGroup) });
    const list = () => this.call("/acs/access_groups/list", filter, "read", response);
    return (await triedTwice(list)).acs_access_groups;
  }

  async addToAcsAccessGroup(acsAccessGroupId: string, acsUserId: string): Promise<void> {
    const body = { acs_access_group_id: acsAccessGroupId, acs_user_id: acsUserId };
    await this.call("/acs/access_groups/add_user", body, "idempotent", emptyResponse);
  }

  /** Returns false if there was nothing to remove. */
  removeFromAcsAccessGroup(acsAccessGroupId: string, acsUserId: string): Promise<boolean> {
    const body = { acs_access_group_id: acsAccessGroupId, acs_user_id: acsUserId };
    return this.remove("/acs/access_groups/remove_user", body);
  }

  // Places

  async findAcsSystem(id: string): Promise<model.AcsSystem | undefined> {
    const response = v.object({ acs_system: model.acsSystem });
    const body = { acs_system_id: id };
    return (await unlessNotFound(this.call("/acs/systems/get", body, "read", response)))?.acs_system;
  }

  async findAcsEntrance(id: string): Promise<model.AcsEntrance | undefined> {
    const response = v.object({ acs_entrance: model.acsEntrance });
    const body = { acs_entrance_id: id };
    return (await unlessNotFound(this.call("/acs/entrances/get", body, "read", response)))?.acs_entrance;
  }

  /** The search matches parts of values. */
  listAcsEntrances(filter: {
    acs_system_id?: string;
    space_id?: string;
    search?: string;
  }): Promise<model.AcsEntrance[]> {
    const route = "/acs/entrances/list";
    return allPages(route, (next) => this.page(route, "acs_entrances", model.acsEntrance, filter, next));
  }

  async findSpace(by: { space_id: string } | { space_key: string }): Promise<model.Space | undefined> {
    const response = v.object({ space: model.space });
    return (await unlessNotFound(this.call("/spaces/get", by, "read", response)))?.space;
  }

  /** The search matches parts of values. */
  listSpaces(filter: { search?: string }): Promise<model.Space[]> {
    const route = "/spaces/list";
    return allPages(route, (next) => this.page(route, "spaces", model.space, filter, next));
  }

  async createSpace(attributes: SpaceAttributes): Promise<model.Space> {
    const response = v.object({ space: model.space });
    return (await this.call("/spaces/create", attributes, "create", response)).space;
  }

  async renameSpace(id: string, name: string): Promise<void> {
    await this.call("/spaces/update", { space_id: id, name }, "idempotent", emptyResponse);
  }

  async addToSpace(id: string, members: SpaceMembers): Promise<void> {
    const route = "device_ids" in members ? "/spaces/add_devices" : "/spaces/add_acs_entrances";
    await this.call(route, { space_id: id, ...members }, "idempotent", emptyResponse);
  }

  async removeFromSpace(id: string, members: SpaceMembers): Promise<void> {
    const route = "device_ids" in members ? "/spaces/remove_devices" : "/spaces/remove_acs_entrances";
    await this.call(route, { space_id: id, ...members }, "idempotent", emptyResponse);
  }

  /** Returns false if there was nothing to delete. */
  deleteSpace(id: string): Promise<boolean> {
    return this.remove("/spaces/delete", { space_id: id });
  }

  async findDevice(id: string): Promise<model.Device | undefined> {
    const response = v.object({ device: model.device });
    return (await unlessNotFound(this.call("/devices/get", { device_id: id }, "read", response)))?.device;
  }

  /** The search matches parts of values. */
  listDevices(filter: { space_id?: string; search?: string }): Promise<model.Device[]> {
    const route = "/devices/list";
    return allPages(route, (next) => this.page(route, "devices", model.device, filter, next));
  }

  // The entire workspace

  /** Lists at most 500 events, in no defined order, from `since` to `until` (default: now), both by Seam's clock. */
  async listEvents(since: Date, eventTypes: readonly string[], until?: Date): Promise<model.SeamEvent[]> {
    const response = v.object({ events: v.array(model.event) });
    const [from, to] = [since.toISOString(), until?.toISOString()];
    const span = to === undefined ? { since: from } : { between: [from, to] };
    const body = { ...span, event_types: eventTypes, limit: pageSize };
    return (await this.call("/events/list", body, "read", response)).events;
  }

  async listAcsSystems(): Promise<model.AcsSystem[]> {
    const response = v.object({ acs_systems: v.array(model.acsSystem) });
    return (await this.call("/acs/systems/list", {}, "read", response)).acs_systems;
  }

  /**
   * Reads a listing that not every workspace has: "not found" twice in a row means that there is nothing to list. Once that is
   * known, the listing is requested only once.
   */
  private async noneWithoutRoute<T>(route: string, list: () => Promise<T[]>): Promise<T[]> {
    const { missingRoutes } = this.session;
    try {
      const listed = await (missingRoutes.has(route) ? list() : triedTwice(list));
      missingRoutes.delete(route);
      return listed;
    } catch (error) {
      if (!(error instanceof SeamNotFoundError)) throw error;
      if (!objectsNotFound.has(error.type ?? "")) missingRoutes.add(route);
      return [];
    }
  }

  private async remove(route: string, body: object): Promise<boolean> {
    return (await unlessNotFound(this.call(route, body, "idempotent", emptyResponse))) !== undefined;
  }

  private async page<const Key extends string, Item extends v.GenericSchema>(
    route: string,
    key: Key,
    item: Item,
    filter: object,
    next: string | undefined,
  ): Promise<Page<v.InferOutput<Item>>> {
    const body = { ...filter, limit: pageSize, ...(next === undefined ? {} : { page_cursor: next }) };
    const list = v.object({ pagination: model.pagination });
    const schema = v.looseObject({ ...list.entries });
    const response = await this.call(route, body, "read", schema);
    // Counted first, because parsing too many would take long.
    const schemaOfItems = v.pipe(v.array(v.unknown()), v.maxLength(maxItems), v.array(item));
    const items = this.parse(route, schemaOfItems, response[key]);
    if (response.pagination?.has_next_page !== true) return { items, next: undefined };
    const following = response.pagination.next_page_cursor;
    if (following === null || following === "") {
      const reason = "pagination.next_page_cursor: expected a string, because there is a next page";
      throw new SeamUnreadableAnswerError({ route, status: 200, requestId: undefined, reason });
    }
    return { items, next: following };
  }

  private async call<Schema extends v.GenericSchema>(
    route: string,
    body: object,
    kind: CallKind,
    response: Schema,
  ): Promise<v.InferOutput<Schema>> {
    const change = kind !== "read";
    if (change) this.noteChange(body);
    try {
      const { transport } = this.session;
      const closesDoors = closingDoors.has(route);
      const { data, requestId } = await transport.send({
        route,
        body,
        kind,
        closesDoors,
        deadline: this.deadline,
      });
      return this.parse(route, response, data, requestId);
    } finally {
      if (change) this.noteChange(body);
    }
  }

  /** Records a change. Called before and after it, because a listing in between may show either state. */
  private noteChange(body: {
    user_identity_id?: unknown;
    acs_user_id?: unknown;
    access_grant_id?: unknown;
  }): void {
    for (const id of [body.user_identity_id, body.acs_user_id, body.access_grant_id]) {
      if (typeof id === "string") this.session.changes.note(id);
    }
  }

  private parse<Schema extends v.GenericSchema>(
    route: string,
    schema: Schema,
    data: unknown,
    requestId?: string,
  ): v.InferOutput<Schema> {
    const parsed = v.safeParse(schema, data);
    if (parsed.success) return parsed.output;
    const first = parsed.issues[0];
    const where = v.getDotPath(first) ?? "the body";
    const tooMany = first.type === "max_length" ? " items on a page" : "";
    const reason = `${where}: expected ${first.expected ?? "another value"}${tooMany}`;
    throw new SeamUnreadableAnswerError({ route, status: 200, requestId, reason });
  }
}

/** Requests a listing again that is "not found", because the object that it is filtered by can be late to appear. */
async function triedTwice<T>(list: () => Promise<T>): Promise<T> {
  try {
    return await list();
  } catch (error) {
    if (!(error instanceof SeamNotFoundError)) throw error;
    await beforeSecondRead();
    return list();
  }
}

async function unlessNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof SeamNotFoundError) return undefined;
    throw error;
  }
}
