import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Collection, Saved } from "./collection";
import type {
  AcsCredential,
  AcsSystem,
  AcsUser,
  ClientSession,
  EnrollmentAutomation,
  Phone,
  UserIdentity,
} from "./workspace/objects";
import type { Workspace } from "./workspace/workspace";

interface SavedWorkspace {
  workspace_id: string;
  name: string;
  api_key: string;
  acs_systems: AcsSystem[];
  user_identities: UserIdentity[];
  acs_users: Saved<AcsUser>[];
  acs_credentials: Saved<AcsCredential>[];
  enrollment_automations: Saved<EnrollmentAutomation>[];
  phones: Saved<Phone>[];
  client_sessions: Saved<ClientSession>[];
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
    for (const system of saved.acs_systems) workspace.acsSystems.add(undefined, system);
    for (const identity of saved.user_identities) workspace.identities.restore(identity);
    for (const { owner, wire } of saved.acs_users) {
      const user = workspace.acsUsers.add(owner, wire);
      const identity = owner === undefined ? undefined : workspace.identities.get(owner);
      if (identity !== undefined) workspace.acsUsers.relink(user, identity);
    }
    restore(workspace.credentials, saved.acs_credentials);
    restore(workspace.automations, saved.enrollment_automations);
    restore(workspace.phones, saved.phones);
    restore(workspace.sessions, saved.client_sessions);
  }
}

function save(workspace: Workspace, apiKey: string): SavedWorkspace {
  return {
    workspace_id: workspace.id,
    name: workspace.name,
    api_key: apiKey,
    acs_systems: [...workspace.acsSystems.all()].map(({ wire }) => wire),
    user_identities: [...workspace.identities.all()].map((kept) => kept.wire),
    acs_users: owned(workspace.acsUsers),
    acs_credentials: owned(workspace.credentials),
    enrollment_automations: owned(workspace.automations),
    phones: owned(workspace.phones),
    client_sessions: owned(workspace.sessions),
  };
}

function owned<Wire>(collection: Collection<Wire>): Saved<Wire>[] {
  return [...collection.all()].map(({ owner, wire }) => ({ owner, wire }));
}

function restore<Wire>(collection: Collection<Wire>, saved: readonly Saved<Wire>[]): void {
  for (const { owner, wire } of saved) collection.add(owner, wire);
}
