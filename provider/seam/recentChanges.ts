/** The number of objects that are remembered; of those that were changed earlier, only the time of the last change is kept. */
const maxRemembered = 4_096;

/** The times of the last changes that this process made to each object, which show whether an earlier listing is out of date. */
export class RecentChanges {
  private readonly times = new Map<string, number>();
  /** The time of the last change of the objects that are no longer remembered. */
  private forgottenUntil: number | undefined;

  /** Records that the object is changed now. */
  note(id: string): void {
    // The map is in the order of the changes.
    this.times.delete(id);
    this.times.set(id, performance.now());
    for (const [oldest, time] of this.times) {
      if (this.times.size <= maxRemembered) break;
      this.times.delete(oldest);
      this.forgottenUntil = time;
    }
  }

  /**
   * Returns when the object was last changed, on `performance.now`'s clock; undefined if it never was. For an object that is no
   * longer remembered, it is the latest possible time.
   */
  lastChangeOf(id: string): number | undefined {
    return this.times.get(id) ?? this.forgottenUntil;
  }

  /** The number of objects that are remembered. */
  get size(): number {
    return this.times.size;
  }
}
