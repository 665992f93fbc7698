import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Behavior, type Simulator, startSimulator } from "../simulator";

/** A dump of the workspace, as the admin interface returns it. */
export interface WorkspaceState {
  acs_systems: { acs_system_id: string; name: string }[];
  user_identities: {
    user_identity_id: string;
    user_identity_key: string | null;
    email_address: string | null;
    phone_number: string | null;
    full_name: string | null;
    acs_user_ids: string[];
  }[];
  acs_users: {
    acs_user_id: string;
    acs_system_id: string;
    user_identity_id?: string;
    email_address?: string;
    is_suspended: boolean;
  }[];
  acs_credentials: { acs_credential_id: string; acs_user_id: string }[];
  enrollment_automations: { enrollment_automation_id: string }[];
  phones: { device_id: string }[];
  client_sessions: { client_session_id: string }[];
  unmanaged_user_identities: { user_identity_id: string; email_address: string | null }[];
  /** Without their secrets. Seam shows the places in `get_related` only. */
  access_grants: {
    access_grant_id: string;
    access_grant_key?: string;
    user_identity_id: string;
    access_method_ids: string[];
    space_ids: string[];
    device_ids: string[];
    acs_entrance_ids: string[];
    name: string | null;
    starts_at: string;
    ends_at: string | null;
    warnings: { warning_code: string }[];
  }[];
  /** Without their secrets, and with the credential that each one issued, which Seam does not show. */
  access_methods: {
    access_method_id: string;
    access_grant_id: string;
    mode: string;
    is_issued: boolean;
    device_id?: string;
    acs_system_id?: string;
    acs_credential_id?: string;
  }[];
  spaces: { space_id: string; space_key?: string; name: string }[];
}

/** The places that every workspace has at its start. */
export interface Places {
  acs_entrances: {
    acs_entrance_id: string;
    acs_system_id: string;
    display_name: string;
    space_ids: string[];
  }[];
  devices: { device_id: string; display_name: string; space_ids: string[] }[];
  acs_access_groups: {
    acs_access_group_id: string;
    acs_system_id: string;
    name: string;
    acs_user_ids: string[];
  }[];
}

/** What opens doors, as the admin interface returns it. */
export interface DoorState {
  open: {
    user_identity_id?: string;
    acs_user_id?: string;
    acs_credential_id?: string;
    acs_system_id?: string;
    access_grant_id?: string;
    access_method_id?: string;
    device_id?: string;
  }[];
  /** In milliseconds since the epoch; null if nothing closed since the log was last reset. */
  lastClosedAt: number | null;
}

export interface LoggedRequest {
  number: number;
  at: number;
  path: string;
  status?: number;
  fault?: string;
  ids: Record<string, string>;
}

/** A running simulator with the actions of tests, all of them over HTTP. */
export class SimulatedWorkspace {
  private constructor(private readonly simulator: Simulator) {}

  static async start(
    behavior: Partial<Behavior> = {},
    seed?: number,
    stateFile?: string,
    apiKey?: string,
  ): Promise<SimulatedWorkspace> {
    return new SimulatedWorkspace(
      await startSimulator({
        behavior,
        ...(seed === undefined ? {} : { seed }),
        ...(stateFile === undefined ? {} : { stateFile }),
        ...(apiKey === undefined ? {} : { apiKey }),
      }),
    );
  }

  /** The workspace two hours after everything in it was created. */
  static agedTwoHours(create: (seam: SimulatedWorkspace) => Promise<unknown>): Promise<SimulatedWorkspace> {
    return SimulatedWorkspace.restarted(create, (name, value) =>
      name === "created_at" && typeof value === "string"
        ? new Date(Date.parse(value) - 2 * 3_600_000).toISOString()
        : value,
    );
  }

  /** The workspace after its identities are gone, and nothing that belonged to them. */
  static withoutIdentities(
    create: (seam: SimulatedWorkspace) => Promise<unknown>,
  ): Promise<SimulatedWorkspace> {
    return SimulatedWorkspace.restarted(create, (name, value) => (name === "user_identities" ? [] : value));
  }

  /** The workspace after a restart with some values of its state file changed. */
  private static async restarted(
    create: (seam: SimulatedWorkspace) => Promise<unknown>,
    changed: (name: string, value: unknown) => unknown,
  ): Promise<SimulatedWorkspace> {
    const stateFile = join(mkdtempSync(join(tmpdir(), "restarted-")), "state.json");
    const before = await SimulatedWorkspace.start({}, 1, stateFile);
    await create(before);
    await before.close();
    writeFileSync(stateFile, JSON.stringify(JSON.parse(readFileSync(stateFile, "utf8"), changed)));
    return SimulatedWorkspace.start({}, 1, stateFile, before.apiKey);
  }

  get url(): string {
    return this.simulator.url;
  }
  get apiKey(): string {
    return this.simulator.apiKey;
  }
  get personalAccessToken(): string {
    return this.simulator.personalAccessToken;
  }
  get workspaceId(): string {
    return this.simulator.workspaceId;
  }
  /** The environment with which a program uses this workspace. */
  get env(): { SEAM_API_KEY: string; SEAM_ENDPOINT: string } {
    return { SEAM_API_KEY: this.apiKey, SEAM_ENDPOINT: this.url };
  }
  close(): Promise<void> {
    return this.simulator.close();
  }

  async inspect<T>(path: string): Promise<T> {
    for (let left = 100; ; left -= 1) {
      try {
        return (await answer(await fetch(`${this.url}/_simulator/${path}`))) as T;
      } catch (error) {
        // A fault that refuses connections also refuses this one, and ends open ones.
        if (left === 0 || !(error instanceof TypeError)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }

  async act<T>(path: string, body: object = {}, method = "POST"): Promise<T> {
    return (await answer(
      await fetch(`${this.url}/_simulator/${path}`, {
        method,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    )) as T;
  }

  /** Calls Seam's API as an app does. */
  async call<T>(path: string, body: object = {}, apiKey = this.apiKey): Promise<T> {
    return (await answer(
      await fetch(`${this.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${apiKey}` },
        body: JSON.stringify(body),
      }),
    )) as T;
  }

  state(): Promise<WorkspaceState> {
    return this.inspect("state");
  }

  /** Entrances, smart locks and access groups, which every workspace has at its start. */
  places(): Promise<Places> {
    return this.inspect("places");
  }

  requests(): Promise<LoggedRequest[]> {
    return this.inspect("requests");
  }

  /** What opens doors now, and when the last of it stopped: for everybody, or for one identity. */
  doors(userIdentityId?: string): Promise<DoorState> {
    return this.inspect(userIdentityId === undefined ? "doors" : `doors?user_identity_id=${userIdentityId}`);
  }

  /** Creates an access grant with a code; without places, for the first smart lock. */
  async createGrant(
    userIdentityId: string,
    places: { deviceIds?: string[]; acsEntranceIds?: string[]; spaceIds?: string[] } = {},
    attributes: object = {},
  ): Promise<string> {
    const { deviceIds, acsEntranceIds, spaceIds } = places;
    const nowhere = deviceIds === undefined && acsEntranceIds === undefined && spaceIds === undefined;
    const first = nowhere ? [(await this.places()).devices[0]?.device_id ?? ""] : undefined;
    const created = await this.call<{ access_grant: { access_grant_id: string } }>("/access_grants/create", {
      user_identity_id: userIdentityId,
      requested_access_methods: [{ mode: "code" }],
      device_ids: deviceIds ?? first ?? [],
      acs_entrance_ids: acsEntranceIds ?? [],
      space_ids: spaceIds ?? [],
      ...attributes,
    });
    return created.access_grant.access_grant_id;
  }

  behave(behavior: Partial<Behavior>): Promise<Behavior> {
    return this.act("behavior", behavior, "PATCH");
  }

  /** The system with this index, of those that every workspace has at its start. */
  async acsSystemId(index: number): Promise<string> {
    return (await this.state()).acs_systems[index]?.acs_system_id ?? "";
  }

  async createAcsUser(acsSystemId: string, emailAddress: string, userIdentityId?: string): Promise<string> {
    const created = await this.call<{ acs_user: { acs_user_id: string } }>("/acs/users/create", {
      acs_system_id: acsSystemId,
      full_name: emailAddress,
      email_address: emailAddress,
      ...(userIdentityId === undefined ? {} : { user_identity_id: userIdentityId }),
    });
    return created.acs_user.acs_user_id;
  }

  async createUserIdentity(attributes: object): Promise<string> {
    const created = await this.call<{ user_identity: { user_identity_id: string } }>(
      "/user_identities/create",
      attributes,
    );
    return created.user_identity.user_identity_id;
  }
}

async function answer(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status} ${text}`);
  return JSON.parse(text);
}
