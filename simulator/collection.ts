import { notFound } from "./errors";

/** Something that the workspace keeps. */
export interface Kept<Wire> {
  /** What Seam's API shows. */
  wire: Wire;
  id: string;
  /** The identity, or for a credential the ACS user, that it belongs to. */
  owner: string | undefined;
  /** The order of creation. */
  sequence: number;
  /** From when on get and list show it. */
  visibleFrom: number;
  /** Whether a listing has ever shown it. */
  shown: boolean;
  /** When its deletion was first requested. */
  deletionRequestedAt?: number;
  /** The access control system will refuse its deletion. */
  failsToDelete?: boolean;
}

/** An object as a state file keeps it. */
export interface Saved<Wire> {
  owner?: string | undefined;
  wire: Wire;
}

/** Objects of one kind, found by id and by owner, listed in the order of creation. */
export class Collection<Wire> {
  private readonly byId = new Map<string, Kept<Wire>>();
  private readonly byOwner = new Map<string, Map<string, Kept<Wire>>>();
  private sequence = 0;

  constructor(
    /** What errors call such an object. */
    readonly kind: string,
    private readonly idOf: (wire: Wire) => string,
  ) {}

  add(owner: string | undefined, wire: Wire, visibleFrom = 0): Kept<Wire> {
    this.sequence += 1;
    const id = this.idOf(wire);
    const kept: Kept<Wire> = { wire, id, owner, sequence: this.sequence, visibleFrom, shown: false };
    this.byId.set(id, kept);
    this.index(kept);
    return kept;
  }

  get(id: string): Kept<Wire> | undefined {
    return this.byId.get(id);
  }

  /** The object with this id, if it is visible already; otherwise the error with which Seam says that there is none. */
  existing(id: string): Kept<Wire> {
    const kept = this.byId.get(id);
    if (kept === undefined || kept.visibleFrom > Date.now()) throw notFound(this.kind, id);
    return kept;
  }

  remove(id: string): void {
    const kept = this.byId.get(id);
    if (kept === undefined) return;
    this.byId.delete(id);
    this.unindex(kept);
  }

  setOwner(kept: Kept<Wire>, owner: string | undefined): void {
    this.unindex(kept);
    kept.owner = owner;
    this.index(kept);
  }

  ownedBy(owner: string): Kept<Wire>[] {
    const owned = [...(this.byOwner.get(owner)?.values() ?? [])];
    return owned.sort((one, other) => one.sequence - other.sequence);
  }

  all(): IterableIterator<Kept<Wire>> {
    return this.byId.values();
  }

  get size(): number {
    return this.byId.size;
  }

  clear(): void {
    this.byId.clear();
    this.byOwner.clear();
  }

  private index(kept: Kept<Wire>): void {
    if (kept.owner === undefined) return;
    const owned = this.byOwner.get(kept.owner) ?? new Map<string, Kept<Wire>>();
    owned.set(kept.id, kept);
    this.byOwner.set(kept.owner, owned);
  }

  private unindex(kept: Kept<Wire>): void {
    if (kept.owner === undefined) return;
    const owned = this.byOwner.get(kept.owner);
    owned?.delete(kept.id);
    if (owned?.size === 0) this.byOwner.delete(kept.owner);
  }
}
