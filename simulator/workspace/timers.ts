/** What will happen later in a workspace, until it stops. */
export class Timers {
  private readonly pending = new Set<NodeJS.Timeout>();

  /** Acts after so many milliseconds; at once if there is nothing to wait for. */
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
