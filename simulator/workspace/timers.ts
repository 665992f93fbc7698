/** Delayed changes of a workspace, which are canceled when it stops. */
export class Timers {
  private readonly pending = new Set<NodeJS.Timeout>();

  /** Calls `act` after a time in milliseconds; at once if that is 0. */
  later(milliseconds: number, act: () => void): void {
    if (milliseconds <= 0) {
      act();
      return;
    }
    const timer = setTimeout(() => {
      this.pending.delete(timer);
      act();
    }, milliseconds);
    this.pending.add(timer);
  }

  stop(): void {
    for (const timer of this.pending) clearTimeout(timer);
    this.pending.clear();
  }
}
