/**
 * Which of Seam's objects belong to which resources, as far as this process can know: it serves one operation of Pulumi's. What
 * belongs to one resource is never taken up by another, and what a resource of the program has is not deleted for another one.
 */
export class Claims {
  private readonly owned = new Set<string>();
  private readonly staying = new Set<string>();
  private readonly turns = new Map<string, Promise<unknown>>();

  /** A resource has this object: it made it or took it up, or Pulumi says so. */
  own(id: string): void {
    this.owned.add(id);
  }

  isOwned(id: string): boolean {
    return this.owned.has(id);
  }

  /** A resource of the program has this object when the operation ends. */
  stay(id: string): void {
    this.owned.add(id);
    this.staying.add(id);
  }

  /** Whether it lives on under another resource, as after a change of name without an alias. */
  stays(id: string): boolean {
    return this.staying.has(id);
  }

  /** Runs creates that look alike one after the other, so that none takes the other's for its own. */
  async oneAtATime<T>(alike: string, create: () => Promise<T>): Promise<T> {
    const before = this.turns.get(alike) ?? Promise.resolve();
    const turn = before.then(create, create);
    this.turns.set(alike, turn);
    return turn;
  }
}
