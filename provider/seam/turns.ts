/** Who waits for a turn: what closes doors comes before everything else, and otherwise first come, first served. */
export class Turns {
  private readonly closingDoors: (() => void)[] = [];
  private readonly others: (() => void)[] = [];

  get length(): number {
    return this.closingDoors.length + this.others.length;
  }

  add(run: () => void, closesDoors = false): void {
    (closesDoors ? this.closingDoors : this.others).push(run);
  }

  /** Gives the next one its turn, if anybody waits. */
  next(): boolean {
    const run = this.closingDoors.shift() ?? this.others.shift();
    run?.();
    return run !== undefined;
  }
}
