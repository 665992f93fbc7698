/**
 * Which of Seam's objects belong to which resources, as far as this process can know: it serves one operation of Pulumi's. What
 * belongs to one resource is never taken up by another, and what was taken up is not deleted for the resource that had it.
 */
export class Claims {
  private readonly owned = new Set<string>();
  private readonly takenUp = new Set<string>();
  private readonly turns = new Map<string, Promise<unknown>>();

  /** A resource has this object: it made it, or Pulumi says so. */
  own(id: string): void {
    this.owned.add(id);
  }

  isOwned(id: string): boolean {
    return this.owned.has(id);
  }

  /** A new resource takes up what an earlier run is thought to have left. */
  takeUp(id: string): void {
    this.owned.add(id);
    this.takenUp.add(id);
  }

  /** Whether it lives on under another resource, as after a change of name without an alias. */
  wasTakenUp(id: string): boolean {
    return this.takenUp.has(id);
  }

  /** Runs creates that look alike one after the other, so that none takes the other's for its own. */
  async oneAtATime<T>(alike: string, create: () => Promise<T>): Promise<T> {
    const before = this.turns.get(alike) ?? Promise.resolve();
    const turn = before.then(create, create);
    this.turns.set(alike, turn);
    return turn;
  }
}
