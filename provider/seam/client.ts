import http from "node:http";
import https from "node:https";
import axios, { AxiosError, type AxiosInstance, type InternalAxiosRequestConfig } from "axios";
import axiosRetry from "axios-retry";
import * as v from "valibot";
import {
  apiError,
  SeamDeadlineError,
  SeamNoAnswerError,
  SeamNotFoundError,
  SeamUnreadableAnswerError,
} from "./errors";
import * as model from "./model";
import { RateLimiter } from "./rateLimiter";
import { SharedListing } from "./sharedListing";
import {
  beforeSecondLook,
  type CallKind,
  defaultRetryPolicy,
  type RetryPolicy,
  retriesOf,
  retryAfter,
  unreadableCode,
} from "./retry";

/** What a {@link SeamClient} needs to know. */
export interface SeamClientOptions {
  /** `seam_…`, of one workspace. */
  apiKey: string;
  /** For example `https://connect.getseam.com`. */
  endpoint: string;
  /** How long one request may stay unanswered, in milliseconds. Default 30,000. */
  requestTimeout?: number;
  /** Overrides of {@link defaultRetryPolicy}. */
  retries?: Partial<RetryPolicy>;
  /** Sent as `user-agent`. */
  userAgent?: string;
}

/** The four attributes of a user identity that a caller sets. In an update, null takes one away. */
export interface UserIdentityAttributes {
  user_identity_key?: string | null;
  email_address?: string | null;
  phone_number?: string | null;
  full_name?: string | null;
}

/** The attributes of an ACS user that a caller sets. In an update, a null schedule takes the schedule away. */
export interface AcsUserAttributes {
  full_name?: string;
  email_address?: string;
  phone_number?: string;
  access_schedule?: { starts_at: string; ends_at: string } | null;
}

/** Which identities a listing is about; see `/user_identities/list`. */
export interface UserIdentityFilter {
  search?: string;
  user_identity_ids?: string[];
}

/** Which ACS users a listing is about; see `/acs/users/list`. */
export interface AcsUserFilter {
  user_identity_id?: string;
  acs_system_id?: string;
  user_identity_email_address?: string;
  search?: string;
}

/** One page of a listing. */
export interface Page<T> {
  items: T[];
  /** Where the next page starts; undefined after the last one. */
  next: string | undefined;
}

/** What a request carries from attempt to attempt. */
interface Attempt {
  turn?: number | undefined;
  /** On `performance.now`'s clock. */
  deadline?: number;
}

const pageSize = 500;
const nothing = v.object({});

/**
 * The calls to one Seam workspace that this package makes, with their retries and their rate limit. All requests of a
 * client share one keep-alive agent and one limiter. Failures are `SeamError`s.
 */
export class SeamClient {
  readonly endpoint: string;
  private readonly http: AxiosInstance;
  private readonly limiter: RateLimiter;
  private readonly retries: RetryPolicy;
  /** On `performance.now`'s clock; see {@link until}. */
  private readonly deadline: number = Number.POSITIVE_INFINITY;
  private clockOffset: number | undefined;
  /** What is found out once, for this client and what {@link until} makes of it. */
  private readonly found: {
    workspace?: Promise<model.Workspace> | undefined;
    enrollmentAutomations: boolean;
  } = {
    enrollmentAutomations: true,
  };
  /** When this process last changed an object, by its id. */
  private readonly changes = new Map<string, number>();
  private readonly userIdentities = new SharedListing<model.UserIdentity>({
    idOf: (identity) => identity.user_identity_id,
    page: (next) => this.userIdentitiesPage({}, next),
    ask: (id) => this.findUserIdentity({ user_identity_id: id }),
    changedAt: (id) => this.changes.get(id),
  });
  private readonly acsUsers = new SharedListing<model.AcsUser>({
    idOf: (user) => user.acs_user_id,
    page: (next) => this.acsUsersPage({}, next),
    ask: (id) => this.findAcsUser(id),
    changedAt: (id) => this.changes.get(id),
  });

  constructor(options: SeamClientOptions) {
    this.endpoint = options.endpoint.replace(/\/+$/, "");
    this.retries = { ...defaultRetryPolicy, ...options.retries };
    const requestTimeout = options.requestTimeout ?? 30_000;
    this.http = axios.create({
      baseURL: this.endpoint,
      adapter: "http",
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        "user-agent": options.userAgent ?? "pulumi-seam",
      },
      httpAgent: new http.Agent({ keepAlive: true, maxSockets: 256 }),
      httpsAgent: new https.Agent({ keepAlive: true, maxSockets: 256 }),
      maxRedirects: 0,
      responseType: "text",
      transformResponse: (body: unknown) => body,
    });
    this.limiter = new RateLimiter({ retryAfterCap: this.retries.delayCap });
    const { limiter } = this;
    this.http.interceptors.request.use(async (config: InternalAxiosRequestConfig & Attempt) => {
      const { deadline = Number.POSITIVE_INFINITY } = config;
      config.turn = await beforeDeadline(limiter.acquire(), deadline);
      const left = deadline - performance.now();
      if (config.turn === undefined || left <= 0) throw new SeamDeadlineError({ route: config.url ?? "" });
      // For the whole attempt: axios' own timeout would let an answer trickle in for ever.
      config.signal = AbortSignal.timeout(Math.ceil(Math.min(requestTimeout, left)));
      return config;
    });
    this.http.interceptors.response.use(
      (response) => {
        limiter.onAccepted();
        this.readServerClock(response.headers.date);
        response.data = parseJson(response.data, (reason) => {
          throw new AxiosError(reason, unreadableCode, response.config, response.request, response);
        });
        return response;
      },
      (error: AxiosError) => {
        const turn = (error.config as Attempt | undefined)?.turn ?? 0;
        if (error.code === AxiosError.ERR_CANCELED) error.code = AxiosError.ETIMEDOUT;
        // The next attempt gets its own; this one's would cut the pause before it short.
        if (error.config !== undefined) delete error.config.signal;
        if (error.response?.status === 429) limiter.onLimited(turn, retryAfter(error.response.headers));
        throw error;
      },
    );
    // Registered last, so that every attempt has passed the limiter before it is judged.
    axiosRetry(this.http);
  }

  /** Whether Seam answered 429 before, so that calls are held back to what it accepts. */
  get limited(): boolean {
    return this.limiter.limited;
  }

  /**
   * The same client for work that has to end: past the deadline, on `performance.now`'s clock, nothing is sent, waited for or
   * repeated any more. What was never sent fails with a `SeamDeadlineError`.
   */
  until(deadline: number): SeamClient {
    return Object.create(this, { deadline: { value: deadline } }) as SeamClient;
  }

  /** Seam's clock, from the `Date` header of its last answer (whole seconds); the local clock before the first one. */
  serverNow(): Date {
    return new Date(Date.now() + (this.clockOffset ?? 0));
  }

  /** The workspace that the key belongs to; asked once. */
  getWorkspace(): Promise<model.Workspace> {
    this.found.workspace ??= this.call(
      "/workspaces/get",
      {},
      "read",
      v.object({ workspace: model.workspace }),
    ).then(
      (answer) => answer.workspace,
      (error: unknown) => {
        this.found.workspace = undefined;
        throw error;
      },
    );
    return this.found.workspace;
  }

  // User identities

  async createUserIdentity(attributes: UserIdentityAttributes): Promise<model.UserIdentity> {
    const answer = v.object({ user_identity: model.userIdentity });
    return (await this.call("/user_identities/create", attributes, "create", answer)).user_identity;
  }

  /** By id or by key. An id that was merged into another identity answers with that other one. */
  async findUserIdentity(
    by: { user_identity_id: string } | { user_identity_key: string },
  ): Promise<model.UserIdentity | undefined> {
    const answer = v.object({ user_identity: model.userIdentity });
    const found = await unlessNotFound(this.call("/user_identities/get", by, "read", answer));
    return found?.user_identity;
  }

  /**
   * As {@link findUserIdentity} by id, for many reads at a time: may be answered from a listing that this process has
   * made since it began; see {@link SharedListing}. Undefined is always the answer to asking for this one.
   */
  readUserIdentity(id: string): Promise<model.UserIdentity | undefined> {
    return this.userIdentities.read(id);
  }

  async updateUserIdentity(id: string, attributes: UserIdentityAttributes): Promise<void> {
    const body = { user_identity_id: id, ...attributes };
    await this.call("/user_identities/update", body, "idempotent", nothing);
  }

  /** Answers false where there was nothing to delete. */
  deleteUserIdentity(id: string): Promise<boolean> {
    return this.remove("/user_identities/delete", { user_identity_id: id });
  }

  listUserIdentities(filter: UserIdentityFilter = {}): Promise<model.UserIdentity[]> {
    return allPages((next) => this.userIdentitiesPage(filter, next));
  }

  userIdentitiesPage(filter: UserIdentityFilter, next?: string): Promise<Page<model.UserIdentity>> {
    return this.page("/user_identities/list", "user_identities", model.userIdentity, filter, next);
  }

  async addAcsUser(userIdentityId: string, acsUserId: string): Promise<void> {
    const body = { user_identity_id: userIdentityId, acs_user_id: acsUserId };
    await this.call("/user_identities/add_acs_user", body, "idempotent", nothing);
  }

  /** Answers false where there was nothing to unlink. */
  removeAcsUser(userIdentityId: string, acsUserId: string): Promise<boolean> {
    const body = { user_identity_id: userIdentityId, acs_user_id: acsUserId };
    return this.remove("/user_identities/remove_acs_user", body);
  }

  // What hangs under an identity

  async createAcsUser(acsSystemId: string, attributes: AcsUserAttributes): Promise<model.AcsUser> {
    const answer = v.object({ acs_user: model.acsUser });
    const body = { acs_system_id: acsSystemId, ...attributes };
    return (await this.call("/acs/users/create", body, "create", answer)).acs_user;
  }

  async updateAcsUser(id: string, attributes: AcsUserAttributes): Promise<void> {
    await this.call("/acs/users/update", { acs_user_id: id, ...attributes }, "idempotent", nothing);
  }

  async suspendAcsUser(id: string, suspended: boolean): Promise<void> {
    const route = suspended ? "/acs/users/suspend" : "/acs/users/unsuspend";
    await this.call(route, { acs_user_id: id }, "idempotent", nothing);
  }

  async findAcsUser(id: string): Promise<model.AcsUser | undefined> {
    const answer = v.object({ acs_user: model.acsUser });
    const found = await unlessNotFound(this.call("/acs/users/get", { acs_user_id: id }, "read", answer));
    return found?.acs_user;
  }

  /** As {@link findAcsUser}, for many reads at a time; see {@link readUserIdentity}. */
  readAcsUser(id: string): Promise<model.AcsUser | undefined> {
    return this.acsUsers.read(id);
  }

  listAcsUsers(filter: AcsUserFilter): Promise<model.AcsUser[]> {
    return allPages((next) => this.acsUsersPage(filter, next));
  }

  acsUsersPage(filter: AcsUserFilter, next?: string): Promise<Page<model.AcsUser>> {
    return this.page("/acs/users/list", "acs_users", model.acsUser, filter, next);
  }

  deleteAcsUser(id: string): Promise<boolean> {
    return this.remove("/acs/users/delete", { acs_user_id: id });
  }

  listAcsCredentials(
    filter: { acs_user_id: string } | { user_identity_id: string },
  ): Promise<model.AcsCredential[]> {
    return allPages((next) =>
      this.page("/acs/credentials/list", "acs_credentials", model.acsCredential, filter, next),
    );
  }

  deleteAcsCredential(id: string): Promise<boolean> {
    return this.remove("/acs/credentials/delete", { acs_credential_id: id });
  }

  /** None where the workspace does not know enrollment automations any more. */
  async listEnrollmentAutomations(userIdentityId: string): Promise<model.EnrollmentAutomation[]> {
    const answer = v.object({ enrollment_automations: v.array(model.enrollmentAutomation) });
    const body = { user_identity_id: userIdentityId };
    const route = "/user_identities/enrollment_automations/list";
    const ask = () => this.call(route, body, "read", answer);
    const listed = await unlessNotFound(this.found.enrollmentAutomations ? askedTwice(ask) : ask());
    this.found.enrollmentAutomations = listed !== undefined;
    return listed?.enrollment_automations ?? [];
  }

  deleteEnrollmentAutomation(id: string): Promise<boolean> {
    return this.remove("/user_identities/enrollment_automations/delete", { enrollment_automation_id: id });
  }

  async listPhones(ownerUserIdentityId: string): Promise<model.Phone[]> {
    const answer = v.object({ phones: v.array(model.phone) });
    const body = { owner_user_identity_id: ownerUserIdentityId };
    return (await askedTwice(() => this.call("/phones/list", body, "read", answer))).phones;
  }

  deactivatePhone(deviceId: string): Promise<boolean> {
    return this.remove("/phones/deactivate", { device_id: deviceId });
  }

  async listClientSessions(userIdentityId: string): Promise<model.ClientSession[]> {
    const answer = v.object({ client_sessions: v.array(model.clientSession) });
    const body = { user_identity_id: userIdentityId };
    return (await askedTwice(() => this.call("/client_sessions/list", body, "read", answer))).client_sessions;
  }

  deleteClientSession(id: string): Promise<boolean> {
    return this.remove("/client_sessions/delete", { client_session_id: id });
  }

  // The workspace at large

  /** At most 500 events, in no promised order, from `since` to `until` (default: now), both times of Seam's clock. */
  async listEvents(since: Date, eventTypes: readonly string[], until?: Date): Promise<model.SeamEvent[]> {
    const answer = v.object({ events: v.array(model.event) });
    const [from, to] = [since.toISOString(), until?.toISOString()];
    const span = to === undefined ? { since: from } : { between: [from, to] };
    const body = { ...span, event_types: eventTypes, limit: pageSize };
    return (await this.call("/events/list", body, "read", answer)).events;
  }

  async listAcsSystems(): Promise<model.AcsSystem[]> {
    const answer = v.object({ acs_systems: v.array(model.acsSystem) });
    return (await this.call("/acs/systems/list", {}, "read", answer)).acs_systems;
  }

  private async remove(route: string, body: object): Promise<boolean> {
    return (await unlessNotFound(this.call(route, body, "idempotent", nothing))) !== undefined;
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
    const answer = await askedTwice(() => this.call(route, body, "read", schema));
    const items = this.parse(route, v.array(item), answer[key]);
    const following = answer.pagination?.has_next_page ? answer.pagination.next_page_cursor : undefined;
    return { items, next: following ?? undefined };
  }

  private async call<Schema extends v.GenericSchema>(
    route: string,
    body: object,
    kind: CallKind,
    answer: Schema,
  ): Promise<v.InferOutput<Schema>> {
    let data: unknown;
    const change = kind !== "read";
    if (change) this.noteChange(body);
    try {
      const { deadline } = this;
      const request = { "axios-retry": retriesOf(kind, this.retries, deadline), deadline };
      data = (await this.http.post<unknown>(route, body, request)).data;
    } catch (error) {
      throw seamError(error, route, this.endpoint);
    } finally {
      if (change) this.noteChange(body);
    }
    return this.parse(route, answer, data);
  }

  /** Called before and after: what a listing shows in between may be either. */
  private noteChange(body: { user_identity_id?: unknown; acs_user_id?: unknown }): void {
    for (const id of [body.user_identity_id, body.acs_user_id]) {
      if (typeof id === "string") this.changes.set(id, performance.now());
    }
  }

  private parse<Schema extends v.GenericSchema>(
    route: string,
    schema: Schema,
    data: unknown,
  ): v.InferOutput<Schema> {
    const parsed = v.safeParse(schema, data);
    if (parsed.success) return parsed.output;
    const first = parsed.issues[0];
    const where = v.getDotPath(first) ?? "the body";
    const reason = `${where}: expected ${first.expected ?? "another value"}`;
    throw new SeamUnreadableAnswerError({ route, status: 200, requestId: undefined, reason });
  }

  private readServerClock(date: unknown): void {
    const seen = typeof date === "string" ? Date.parse(date) : Number.NaN;
    if (!Number.isNaN(seen)) this.clockOffset = seen - Date.now();
  }
}

/** What `wanted` answers, or undefined if the deadline comes first. */
function beforeDeadline<T>(wanted: Promise<T>, deadline: number): Promise<T | undefined> {
  if (deadline === Number.POSITIVE_INFINITY) return wanted;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), Math.max(0, deadline - performance.now()));
    wanted.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Asks a listing once more that is "not found": what it is about can be late to appear. */
async function askedTwice<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof SeamNotFoundError)) throw error;
    await beforeSecondLook();
    return ask();
  }
}

async function allPages<T>(page: (next: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let next: string | undefined;
  do {
    const answer = await page(next);
    all.push(...answer.items);
    next = answer.next;
  } while (next !== undefined);
  return all;
}

async function unlessNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof SeamNotFoundError) return undefined;
    throw error;
  }
}

function parseJson(text: unknown, fail: (reason: string) => never): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return fail("the body is not JSON");
  }
}

/** Keeps nothing of the AxiosError: printed, it would show the API key. */
function seamError(error: unknown, route: string, endpoint: string): unknown {
  if (!(error instanceof AxiosError)) return error;
  const { response } = error;
  if (response === undefined) {
    return new SeamNoAnswerError({ route, endpoint, code: error.code ?? "no answer" });
  }
  const header: unknown = response.headers["seam-request-id"];
  const requestId = typeof header === "string" ? header : undefined;
  const { status } = response;
  if (error.code === unreadableCode) {
    return new SeamUnreadableAnswerError({ route, status, requestId, reason: error.message });
  }
  const body = parseErrorBody(response.data);
  return apiError({ route, status, requestId, type: body?.type, message: body?.message });
}

function parseErrorBody(
  data: unknown,
): { type?: string | undefined; message?: string | undefined } | undefined {
  try {
    const parsed = v.safeParse(model.errorBody, JSON.parse(String(data)));
    return parsed.success ? parsed.output.error : undefined;
  } catch {
    return undefined;
  }
}
