import { randomBytes, randomInt } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { type Behavior, defaultBehavior } from "./behavior";
import { ApiError } from "./errors";
import { type Fault, type Match, Planned } from "./faults";
import { RequestLog } from "./requestLog";
import { StateFile } from "./stateFile";
import { Workspace } from "./workspace/workspace";

/** A change inside the workspace that happens when a matching call arrives or has been handled. */
export interface Trigger {
  when: "before" | "after";
  act: () => void;
}

/** The objects that every new workspace has, with fixed ids. */
const initialSystems = [
  ["a0000000-0000-4000-8000-000000000001", "Lobby", "salto_ks_site"],
  ["a0000000-0000-4000-8000-000000000002", "Offices", "brivo_account"],
  ["a0000000-0000-4000-8000-000000000003", "Garage", "pti_site"],
] as const;
const initialEntrances = [
  ["e0000000-0000-4000-8000-000000000001", "Lobby door", "a0000000-0000-4000-8000-000000000001"],
  ["e0000000-0000-4000-8000-000000000002", "Stairwell door", "a0000000-0000-4000-8000-000000000001"],
  ["e0000000-0000-4000-8000-000000000003", "Office door", "a0000000-0000-4000-8000-000000000002"],
  ["e0000000-0000-4000-8000-000000000004", "Garage gate", "a0000000-0000-4000-8000-000000000003"],
] as const;
const initialAccessGroups = [
  ["c0000000-0000-4000-8000-000000000001", "Everybody", "a0000000-0000-4000-8000-000000000001"],
  ["c0000000-0000-4000-8000-000000000002", "Staff", "a0000000-0000-4000-8000-000000000002"],
  ["c0000000-0000-4000-8000-000000000003", "Parking", "a0000000-0000-4000-8000-000000000003"],
] as const;
const initialDevices = [
  ["d0000000-0000-4000-8000-000000000001", "Lobby lock"],
  ["d0000000-0000-4000-8000-000000000002", "Meeting room lock"],
  ["d0000000-0000-4000-8000-000000000003", "Storage room lock"],
] as const;
const firstWorkspaceId = "b0000000-0000-4000-8000-000000000001";

/** All workspaces of a simulator, and what they share: keys, behavior, faults, the log. */
export class Simulation {
  behavior: Behavior;
  readonly log = new RequestLog();
  readonly seed: number;
  readonly apiKey: string;
  readonly personalAccessToken = `seam_at_${randomBytes(12).toString("hex")}`;
  readonly first: Workspace;
  readonly workspaces = new Map<string, Workspace>();
  faults: Planned<Fault>[] = [];
  triggers: Planned<Trigger>[] = [];
  private readonly keys = new Map<string, Workspace>();
  private readonly random: () => number;
  private readonly stateFile: StateFile | undefined;
  private tokens = 0;
  private tokensAt = performance.now();

  constructor(options: { apiKey?: string; stateFile?: string; behavior?: Partial<Behavior>; seed?: number }) {
    this.behavior = { ...defaultBehavior, ...options.behavior };
    this.tokens = this.behavior.rateLimit?.burst ?? 0;
    this.seed = options.seed ?? randomInt(2 ** 31);
    this.random = mulberry32(this.seed);
    this.stateFile =
      options.stateFile === undefined
        ? undefined
        : new StateFile(options.stateFile, () => [...this.workspaces.values()]);
    const saved = this.stateFile?.read();
    this.apiKey = options.apiKey ?? randomKey();
    this.first = this.addWorkspace(firstWorkspaceId, "Simulated workspace");
    this.keys.set(this.apiKey, this.first);
    for (const [index, one] of (saved?.workspaces ?? []).entries()) {
      const workspace = index === 0 ? this.first : this.addWorkspace(one.workspace_id, one.name, false);
      this.stateFile?.restore(workspace, one);
      this.addMissingPlaces(workspace);
    }
  }

  addWorkspace(id: string, name: string, isNew = true): Workspace {
    const workspace = new Workspace(
      id,
      name,
      () => this.behavior,
      this.random,
      () => this.stateFile?.markChanged(),
    );
    if (isNew)
      for (const [system, label, type] of initialSystems) workspace.acsSystems.create(system, label, type);
    if (isNew) this.addMissingPlaces(workspace);
    this.workspaces.set(id, workspace);
    return workspace;
  }

  /** Adds the initial entrances, access groups and devices, which state files of earlier versions do not have. */
  private addMissingPlaces(workspace: Workspace): void {
    const { acsSystems, entrances, accessGroups, devices } = workspace;
    for (const [id, name, systemId] of initialEntrances) {
      const system = acsSystems.get(systemId)?.wire;
      if (system !== undefined && entrances.get(id) === undefined) entrances.create(id, name, system);
    }
    for (const [id, name, systemId] of initialAccessGroups) {
      const system = acsSystems.get(systemId)?.wire;
      if (system !== undefined && accessGroups.get(id) === undefined) accessGroups.create(id, name, system);
    }
    for (const [id, name] of initialDevices) if (devices.get(id) === undefined) devices.create(id, name);
  }

  /** The workspace that the call's key belongs to. */
  authorize(headers: IncomingHttpHeaders): Workspace {
    const key = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "";
    if (key.startsWith("seam_at")) {
      const id = headers["seam-workspace"];
      const workspace = this.workspaces.get(String(id));
      if (workspace !== undefined && key === this.personalAccessToken) return workspace;
      throw new ApiError(401, "unauthorized", "A personal access token needs the header seam-workspace");
    }
    const workspace = this.keys.get(key);
    if (workspace === undefined) throw new ApiError(401, "unauthorized", "The API key is missing or unknown");
    return workspace;
  }

  /** Counts one call, and returns whether the rate limit allows it. */
  withinRate(): boolean {
    const { rateLimit } = this.behavior;
    if (rateLimit === null) return true;
    const now = performance.now();
    const earned = ((now - this.tokensAt) * rateLimit.requestsPerSecond) / 1000;
    this.tokens = Math.min(rateLimit.burst, this.tokens + earned);
    this.tokensAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  retryAfter(error: ApiError): number | undefined {
    return error.status === 429 && this.behavior.rateLimit?.retryAfter ? 1 : undefined;
  }

  latency(): number {
    return this.behavior.latencyMs + this.behavior.latencyJitterMs * this.random();
  }

  faultFor(call: { path: string; method: string; number: number }): Fault | undefined {
    return this.faults.find((planned) => planned.appliesTo(call))?.effect;
  }

  trigger(when: Trigger["when"], call: { path: string; method: string; number: number }): void {
    for (const planned of this.triggers) {
      if (planned.effect.when === when && planned.appliesTo(call)) planned.effect.act();
    }
  }

  plan(match: Match, fault: Fault): void {
    this.faults.push(new Planned(match, fault));
  }

  setBehavior(change: Partial<Behavior>): void {
    this.behavior = { ...this.behavior, ...change };
    this.tokens = this.behavior.rateLimit?.burst ?? 0;
  }

  resetLog(): void {
    this.log.reset();
    for (const workspace of this.workspaces.values()) workspace.clearLogs();
  }

  async stop(): Promise<void> {
    for (const workspace of this.workspaces.values()) workspace.stop();
    await this.stateFile?.close();
  }

  /** Resolves when all changes so far are in the state file, if there is one. */
  async saved(): Promise<void> {
    await this.stateFile?.saved();
  }

  /** Issues a new key for a workspace; earlier keys remain valid. */
  issueKey(workspace: Workspace): string {
    const key = randomKey();
    this.keys.set(key, workspace);
    return key;
  }
}

function randomKey(): string {
  return `seam_test_${randomBytes(12).toString("hex")}`;
}

/** A small pseudorandom number generator with a seed. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
