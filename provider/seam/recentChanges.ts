/** So many objects are remembered; of those changed before them, only the time of the last one. */
const remembered = 4_096;

/** When this process last changed which object, so that what was listed before can be told to be out of date. */
export class RecentChanges {
  private readonly times = new Map<string, number>();
  /** When the last of the objects that are no longer remembered was changed. */
  private forgottenUntil: number | undefined;

  /** The object is changed at this moment. */
  note(id: string): void {
    // The map's order is that of the changes.
    this.times.delete(id);
    this.times.set(id, performance.now());
    for (const [oldest, time] of this.times) {
      if (this.times.size <= remembered) break;
      this.times.delete(oldest);
      this.forgottenUntil = time;
    }
  }

  /**
   * When the object was last changed, on `performance.now`'s clock; undefined if it never was. For an object that is no
   * longer remembered it is the latest time that is possible.
   */
  lastChangeOf(id: string): number | undefined {
    return this.times.get(id) ?? this.forgottenUntil;
  }

  /** How many objects are remembered. */
  get size(): number {
    return this.times.size;
  }
}
