import { notFound } from "./errors";

/** An object of the workspace, with what the simulator knows about it. */
export interface Stored<Wire> {
  /** The object as Seam's API shows it. */
  wire: Wire;
  id: string;
  /** The id of the object that it belongs to: the identity, or of a credential the ACS user. */
  owner: string | undefined;
  /** The order of creation. */
  sequence: number;
  /** When get and list start to show it. */
  visibleFrom: number;
  /** Whether a listing has ever shown it. */
  shown: boolean;
  /** When its deletion was first requested. */
  deletionRequestedAt?: number;
  /** The access control system will refuse its deletion. */
  failsToDelete?: boolean;
}

/** An object in a state file. */
export interface Saved<Wire> {
  owner?: string | undefined;
  wire: Wire;
}

/** Objects of one kind, indexed by id and by owner, and listed in the order of creation. */
export class Collection<Wire> {
  private readonly byId = new Map<string, Stored<Wire>>();
  private readonly byOwner = new Map<string, Map<string, Stored<Wire>>>();
  private sequence = 0;

  constructor(
    /** The name of the kind in errors. */
    readonly kind: string,
    private readonly idOf: (wire: Wire) => string,
  ) {}

  add(owner: string | undefined, wire: Wire, visibleFrom = 0): Stored<Wire> {
    this.sequence += 1;
    const id = this.idOf(wire);
    const stored: Stored<Wire> = { wire, id, owner, sequence: this.sequence, visibleFrom, shown: false };
    this.byId.set(id, stored);
    this.index(stored);
    return stored;
  }

  get(id: string): Stored<Wire> | undefined {
    return this.byId.get(id);
  }

  /**
   * The object with this id.
   *
   * @throws ApiError as Seam does, if there is none or it is not visible yet.
   */
  existing(id: string): Stored<Wire> {
    const stored = this.byId.get(id);
    if (stored === undefined || stored.visibleFrom > Date.now()) throw notFound(this.kind, id);
    return stored;
  }

  remove(id: string): void {
    const stored = this.byId.get(id);
    if (stored === undefined) return;
    this.byId.delete(id);
    this.unindex(stored);
  }

  setOwner(stored: Stored<Wire>, owner: string | undefined): void {
    this.unindex(stored);
    stored.owner = owner;
    this.index(stored);
  }

  ownedBy(owner: string): Stored<Wire>[] {
    const owned = [...(this.byOwner.get(owner)?.values() ?? [])];
    return owned.sort((one, other) => one.sequence - other.sequence);
  }

  all(): IterableIterator<Stored<Wire>> {
    return this.byId.values();
  }

  get size(): number {
    return this.byId.size;
  }

  clear(): void {
    this.byId.clear();
    this.byOwner.clear();
  }

  private index(stored: Stored<Wire>): void {
    if (stored.owner === undefined) return;
    const owned = this.byOwner.get(stored.owner) ?? new Map<string, Stored<Wire>>();
    owned.set(stored.id, stored);
    this.byOwner.set(stored.owner, owned);
  }

  private unindex(stored: Stored<Wire>): void {
    if (stored.owner === undefined) return;
    const owned = this.byOwner.get(stored.owner);
    owned?.delete(stored.id);
    if (owned?.size === 0) this.byOwner.delete(stored.owner);
  }
}
