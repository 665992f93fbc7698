/** A queue of requests: those that close doors go first; otherwise the order is first in, first out. */
export class Turns {
  private readonly closingDoors: (() => void)[] = [];
  private readonly others: (() => void)[] = [];

  get length(): number {
    return this.closingDoors.length + this.others.length;
  }

  add(run: () => void, closesDoors = false): void {
    (closesDoors ? this.closingDoors : this.others).push(run);
  }

  /** Runs the next entry, if there is one. */
  next(): boolean {
    const run = this.closingDoors.shift() ?? this.others.shift();
    run?.();
    return run !== undefined;
  }
}
