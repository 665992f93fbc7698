import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Collection } from "./collection";
import type {
  AcsCredential,
  AcsSystem,
  AcsUser,
  ClientSession,
  EnrollmentAutomation,
  Phone,
  UserIdentity,
  Workspace,
} from "./workspace";

interface Owned<Wire> {
  owner: string | undefined;
  wire: Wire;
}

interface SavedWorkspace {
  workspace_id: string;
  name: string;
  api_key: string;
  acs_systems: AcsSystem[];
  user_identities: UserIdentity[];
  acs_users: Owned<AcsUser>[];
  acs_credentials: Owned<AcsCredential>[];
  enrollment_automations: Owned<EnrollmentAutomation>[];
  phones: Owned<Phone>[];
  client_sessions: Owned<ClientSession>[];
}

interface SavedState {
  workspaces: SavedWorkspace[];
}

/** Reads a state file; one that is not there yet is an empty start. */
export function readState(path: string): SavedState | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const state = JSON.parse(readFileSync(path, "utf8")) as SavedState;
    if (Array.isArray(state.workspaces)) return state;
  } catch {
    // Falls through to the same message: either way it is no file of ours.
  }
  throw new Error(`${path} is not a state file of the simulator`);
}

/** Writes the workspaces to a file, soon after each change. */
export class StateFile {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly path: string,
    private readonly workspaces: () => { apiKey: string; workspace: Workspace }[],
  ) {}

  saveSoon(): void {
    this.timer ??= setTimeout(() => this.saveNow(), 100);
    this.timer.unref();
  }

  saveNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const state: SavedState = {
      workspaces: this.workspaces().map(({ apiKey, workspace }) => save(workspace, apiKey)),
    };
    // Renamed into place, so that a kill in between leaves the old file whole. Keys are in it, so it is the owner's.
    writeFileSync(`${this.path}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
  }

  restore(workspace: Workspace, saved: SavedWorkspace): void {
    for (const system of saved.acs_systems) workspace.systems.set(system.acs_system_id, system);
    for (const identity of saved.user_identities) workspace.restoreIdentity(identity);
    restore(workspace.acsUsers, saved.acs_users, (wire) => wire.acs_user_id);
    restore(workspace.credentials, saved.acs_credentials, (wire) => wire.acs_credential_id);
    restore(workspace.automations, saved.enrollment_automations, (wire) => wire.enrollment_automation_id);
    restore(workspace.phones, saved.phones, (wire) => wire.device_id);
    restore(workspace.sessions, saved.client_sessions, (wire) => wire.client_session_id);
  }
}

function save(workspace: Workspace, apiKey: string): SavedWorkspace {
  return {
    workspace_id: workspace.id,
    name: workspace.name,
    api_key: apiKey,
    acs_systems: [...workspace.systems.values()],
    user_identities: [...workspace.identities.all()].map((kept) => kept.wire),
    acs_users: owned(workspace.acsUsers),
    acs_credentials: owned(workspace.credentials),
    enrollment_automations: owned(workspace.automations),
    phones: owned(workspace.phones),
    client_sessions: owned(workspace.sessions),
  };
}

function owned<Wire>(collection: Collection<Wire>): Owned<Wire>[] {
  return [...collection.all()].map(({ owner, wire }) => ({ owner, wire }));
}

function restore<Wire>(
  collection: Collection<Wire>,
  saved: readonly Owned<Wire>[],
  id: (wire: Wire) => string,
): void {
  for (const { owner, wire } of saved) collection.add(id(wire), owner, wire);
}
