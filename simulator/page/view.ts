import type { Stored } from "../collection";
import type { AcsCredential, AcsUser, Notice, UserIdentity } from "../workspace/objects";
import type { Workspace } from "../workspace/workspace";

/** The data of a workspace that the page shows, without codes, keys, tokens, e-mail addresses and phone numbers. */
export interface View {
  workspace: { id: string; name: string };
  workspaces: { id: string; name: string }[];
  systems: { id: string; name: string }[];
  /** The number of keys that open doors now. */
  doorsOpen: number;
  /** In milliseconds since the epoch; null if nothing closed since the last reset of the log. */
  lastClosedAt: number | null;
  people: Person[];
  /** The number of identities; `people` has the first of them. */
  peopleInAll: number;
  /** ACS users without an identity. */
  unlinked: Member[];
  unlinkedInAll: number;
  deletions: { inProgress: number; done: number; latest: DeletionShown[] };
}

export type ObjectState = "present" | "being deleted" | "cannot be deleted";

export interface Person {
  id: string;
  name: string;
  state: ObjectState;
  doorsOpen: number;
  members: Member[];
  locks: string[];
  grants: number;
  phones: number;
  sessions: number;
}

/** An ACS user. */
export interface Member {
  id: string;
  systemId: string;
  name: string;
  state: ObjectState;
  isSuspended: boolean;
  keys: { method: string; state: ObjectState; opens: boolean }[];
  keysInAll: number;
}

export interface DeletionShown {
  kind: string;
  id: string;
  requestedAt: number;
  goneAt: number | null;
}

const maxPeople = 100;
const maxKeys = 12;
const maxDeletions = 40;

/** A snapshot of the workspace, of bounded size. */
export function viewOf(workspace: Workspace, all: Iterable<Workspace>): View {
  const open = workspace.doors.list();
  const opening = new Set(open.flatMap((door) => door.acs_credential_id ?? []));
  const openFor = new Map<string, typeof open>();
  for (const door of open) {
    const id = door.user_identity_id;
    if (id !== undefined) openFor.set(id, [...(openFor.get(id) ?? []), door]);
  }
  const memberOf = (user: Stored<AcsUser>): Member => {
    const keys = workspace.credentials.ownedBy(user.id);
    return {
      id: user.id,
      systemId: user.wire.acs_system_id,
      name: user.wire.display_name,
      state: stateOf(user),
      isSuspended: user.wire.is_suspended,
      keys: keys.slice(0, maxKeys).map((key: Stored<AcsCredential>) => ({
        method: key.wire.access_method,
        state: stateOf(key),
        opens: opening.has(key.id),
      })),
      keysInAll: keys.length,
    };
  };
  const personOf = (identity: Stored<UserIdentity>): Person => {
    const doors = openFor.get(identity.id) ?? [];
    return {
      id: identity.id,
      name: identity.wire.display_name,
      state: stateOf(identity),
      doorsOpen: doors.length,
      members: workspace.acsUsers.ownedBy(identity.id).map(memberOf),
      locks: doors.flatMap(({ device_id }) =>
        device_id === undefined ? [] : (workspace.devices.get(device_id)?.wire.display_name ?? device_id),
      ),
      grants: workspace.grants.ownedBy(identity.id).length,
      phones: workspace.phones.ownedBy(identity.id).length,
      sessions: workspace.sessions.ownedBy(identity.id).length,
    };
  };
  const unlinked = [...workspace.acsUsers.all()].filter((user) => user.owner === undefined);
  const { log } = workspace.deletions;
  const done = log.filter((deletion) => deletion.goneAt !== undefined).length;
  return {
    workspace: { id: workspace.id, name: workspace.name },
    workspaces: [...all].map(({ id, name }) => ({ id, name })),
    systems: [...workspace.acsSystems.all()].map(({ id, wire }) => ({ id, name: wire.name })),
    doorsOpen: open.length,
    lastClosedAt: workspace.doors.lastClosedAt(),
    people: first(workspace.identities.all(), maxPeople).map(personOf),
    peopleInAll: workspace.identities.size,
    unlinked: unlinked.slice(0, maxPeople).map(memberOf),
    unlinkedInAll: unlinked.length,
    deletions: {
      inProgress: log.length - done,
      done,
      latest: log.slice(-maxDeletions).map(({ kind, id, requestedAt, goneAt }) => ({
        kind: kind.replaceAll("_", " "),
        id,
        requestedAt,
        goneAt: goneAt ?? null,
      })),
    },
  };
}

function stateOf(stored: Stored<{ errors: Notice[]; warnings: Notice[] }>): ObjectState {
  if (stored.wire.errors.some((error) => error.error_code === "failed_to_delete_on_acs_system")) {
    return "cannot be deleted";
  }
  return stored.deletionRequestedAt === undefined ? "present" : "being deleted";
}

function first<T>(all: Iterable<T>, max: number): T[] {
  const found: T[] = [];
  for (const one of all) {
    if (found.length === max) break;
    found.push(one);
  }
  return found;
}
