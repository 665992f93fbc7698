import { existsSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import type { Collection, Saved } from "./collection";
import { FileLock } from "./fileLock";
import type { GrantedPlaces, MethodPlace } from "./workspace/accessGrants";
import type {
  AccessGrant,
  AccessMethod,
  AcsAccessGroup,
  AcsCredential,
  AcsEntrance,
  AcsSystem,
  AcsUser,
  ClientSession,
  Device,
  EnrollmentAutomation,
  Phone,
  Space,
  UnmanagedUserIdentity,
  UserIdentity,
} from "./workspace/objects";
import type { Workspace } from "./workspace/workspace";

interface SavedWorkspace {
  workspace_id: string;
  name: string;
  acs_systems: AcsSystem[];
  user_identities: UserIdentity[];
  acs_users: Saved<AcsUser>[];
  acs_credentials: Saved<AcsCredential>[];
  enrollment_automations: Saved<EnrollmentAutomation>[];
  phones: Saved<Phone>[];
  client_sessions: Saved<ClientSession>[];
  // Files of earlier versions do not have the following fields.
  unmanaged_user_identities?: UnmanagedUserIdentity[];
  access_grants?: (Saved<AccessGrant> & { places: GrantedPlaces })[];
  access_methods?: (Saved<AccessMethod> & { place: MethodPlace })[];
  spaces?: Space[];
  acs_entrances?: AcsEntrance[];
  devices?: Device[];
  acs_access_groups?: AcsAccessGroup[];
  access_group_members?: Record<string, readonly string[]>;
}

interface SavedState {
  workspaces: SavedWorkspace[];
}

/** The file that keeps the workspaces of a simulator. No other process can use it until it is closed. */
export class StateFile {
  private readonly lock: FileLock;
  private changed = false;
  private writing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly onExit = (): void => this.saveAtExit();

  constructor(
    private readonly path: string,
    private readonly workspaces: () => Workspace[],
  ) {
    refuseSymlink(path);
    this.lock = new FileLock(`${path}.lock`, path);
    process.once("exit", this.onExit);
  }

  /** Reads the file; undefined if it does not exist yet. */
  read(): SavedState | undefined {
    if (!existsSync(this.path)) return undefined;
    try {
      const state = JSON.parse(readFileSync(this.path, "utf8")) as SavedState;
      if (Array.isArray(state.workspaces)) return state;
    } catch {
      // Falls through to the same message: it is not a state file.
    }
    this.release();
    throw new Error(`${this.path} is not a state file of the simulator`);
  }

  /** Called after every change. Changes without a call, which no response waits for, are written soon. */
  markChanged(): void {
    this.changed = true;
    this.timer ??= setTimeout(() => {
      // The next response, or the exit, tries again and reports the error.
      this.saved().catch(() => undefined);
    }, 50).unref();
  }

  /** Resolves when every change so far is written. Concurrent calls share a write. */
  async saved(): Promise<void> {
    // A write that started before the last change does not contain it.
    await this.writing;
    if (this.changed) this.writing ??= this.write();
    await this.writing;
  }

  /** Writes the last changes, and releases the file for other simulators. */
  async close(): Promise<void> {
    try {
      await this.saved();
    } finally {
      this.release();
    }
  }

  private async write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.changed = false;
    try {
      const temporary = `${this.path}.new`;
      await rm(temporary, { force: true });
      // Created here (no link is followed), then renamed into place, so that a kill in between leaves the old file intact.
      await writeFile(temporary, this.serialized(), { mode: 0o600, flag: "wx" });
      await rename(temporary, this.path);
    } catch (error) {
      this.changed = true;
      throw error;
    } finally {
      this.writing = undefined;
    }
  }

  private saveAtExit(): void {
    if (this.changed) {
      const temporary = `${this.path}.exit`;
      rmSync(temporary, { force: true });
      writeFileSync(temporary, this.serialized(), { mode: 0o600, flag: "wx" });
      renameSync(temporary, this.path);
    }
    this.lock.release();
  }

  private release(): void {
    clearTimeout(this.timer);
    process.off("exit", this.onExit);
    this.lock.release();
  }

  private serialized(): string {
    const state: SavedState = { workspaces: this.workspaces().map(save) };
    return `${JSON.stringify(state, null, 2)}\n`;
  }

  restore(workspace: Workspace, saved: SavedWorkspace): void {
    for (const system of saved.acs_systems) workspace.acsSystems.add(undefined, system);
    for (const identity of saved.user_identities) workspace.identities.restore(identity);
    for (const { owner, wire } of saved.acs_users) {
      const user = workspace.acsUsers.add(owner, wire);
      const identity = owner === undefined ? undefined : workspace.identities.get(owner);
      if (identity !== undefined) workspace.acsUsers.relink(user, identity);
    }
    restore(workspace.credentials, saved.acs_credentials);
    for (const identity of saved.unmanaged_user_identities ?? [])
      workspace.identities.restoreUnmanaged(identity);
    for (const grant of saved.access_grants ?? []) {
      const identity = workspace.identities.get(grant.owner ?? "");
      workspace.grants.restore(grant, grant.places, identity);
    }
    for (const method of saved.access_methods ?? []) workspace.grants.restoreMethod(method, method.place);
    for (const space of saved.spaces ?? []) workspace.spaces.add(undefined, space);
    for (const one of saved.acs_entrances ?? []) workspace.entrances.add(one.acs_system_id, one);
    for (const device of saved.devices ?? []) workspace.devices.add(undefined, device);
    for (const group of saved.acs_access_groups ?? []) workspace.accessGroups.add(group.acs_system_id, group);
    for (const [group, members] of Object.entries(saved.access_group_members ?? {})) {
      for (const member of members) workspace.accessGroups.addUser(group, member);
    }
    for (const user of workspace.acsUsers.all()) workspace.acsUsers.reportDoors(user);
    workspace.resumeDeletions();
    restore(workspace.automations, saved.enrollment_automations);
    restore(workspace.phones, saved.phones);
    restore(workspace.sessions, saved.client_sessions);
  }
}

function save(workspace: Workspace): SavedWorkspace {
  return {
    workspace_id: workspace.id,
    name: workspace.name,
    acs_systems: wires(workspace.acsSystems),
    user_identities: wires(workspace.identities),
    acs_users: owned(workspace.acsUsers),
    acs_credentials: owned(workspace.credentials),
    enrollment_automations: owned(workspace.automations),
    phones: owned(workspace.phones),
    client_sessions: owned(workspace.sessions),
    unmanaged_user_identities: wires(workspace.identities.unmanaged),
    access_grants: owned(workspace.grants).map((saved) => ({
      ...saved,
      places: workspace.grants.placesAt(saved.wire.access_grant_id),
    })),
    access_methods: owned(workspace.grants.methods).map((saved) => ({
      ...saved,
      place: workspace.grants.methods.place(saved.wire.access_method_id),
    })),
    spaces: wires(workspace.spaces),
    acs_entrances: wires(workspace.entrances),
    devices: wires(workspace.devices),
    acs_access_groups: wires(workspace.accessGroups),
    access_group_members: Object.fromEntries(
      [...workspace.accessGroups.all()].map(({ id }) => [id, workspace.accessGroups.membersOf(id)]),
    ),
  };
}

function refuseSymlink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Error(`${path} is a symbolic link: name the file itself`);
  }
}

function owned<Wire>(collection: Collection<Wire>): Saved<Wire>[] {
  return [...collection.all()].map(({ owner, wire }) => ({ owner, wire }));
}

function wires<Wire>(collection: Collection<Wire>): Wire[] {
  return [...collection.all()].map(({ wire }) => wire);
}

function restore<Wire>(collection: Collection<Wire>, saved: readonly Saved<Wire>[]): void {
  for (const { owner, wire } of saved) collection.add(owner, wire);
}
