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
  /** When its deletion was first asked for. */
  deletionRequestedAt?: number;
  /** The access control system will refuse its deletion. */
  failsToDelete?: boolean;
}

/** Objects of one kind, found by id, by owner, and from a place in the order of creation on. */
export class Collection<Wire> {
  private readonly byId = new Map<string, Kept<Wire>>();
  private readonly byOwner = new Map<string, Map<string, Kept<Wire>>>();
  /** In the order of creation. What was removed stays until there is enough of it to be worth a sweep. */
  private ordered: Kept<Wire>[] = [];
  private sequence = 0;

  add(id: string, owner: string | undefined, wire: Wire, visibleFrom = 0): Kept<Wire> {
    this.sequence += 1;
    const kept: Kept<Wire> = { wire, id, owner, sequence: this.sequence, visibleFrom, shown: false };
    this.byId.set(id, kept);
    this.ordered.push(kept);
    this.index(kept);
    return kept;
  }

  get(id: string): Kept<Wire> | undefined {
    return this.byId.get(id);
  }

  remove(id: string): void {
    const kept = this.byId.get(id);
    if (kept === undefined) return;
    this.byId.delete(id);
    this.unindex(kept);
    if (this.ordered.length > 2 * this.byId.size + 1000) this.ordered = [...this.all()];
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

  /** What was created after the object with this sequence number, which may be gone. */
  *after(sequence: number): Generator<Kept<Wire>> {
    let low = 0;
    let high = this.ordered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.ordered[middle]?.sequence ?? 0) <= sequence) low = middle + 1;
      else high = middle;
    }
    for (let index = low; index < this.ordered.length; index += 1) {
      const kept = this.ordered[index];
      if (kept !== undefined && this.byId.get(kept.id) === kept) yield kept;
    }
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
    this.ordered = [];
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
