import { beforeDeadline } from "./deadline";
import { Turns } from "./turns";

/** Requests that take longer than this count no more, in milliseconds: a route that hangs must not hold back others. */
const longestCounted = 3_000;

/**
 * Lets so many requests be under way at once, so that what is sent later can still be put in order. What closes doors does not wait
 * for others at all.
 */
export class ConcurrencyLimit {
  private underWay = 0;
  private readonly turns = new Turns();

  constructor(private readonly most: number) {}

  /**
   * Runs `send` as soon as there is room, at once where it closes a door.
   *
   * @param deadline On `performance.now`'s clock.
   * @returns undefined where the deadline came first, and nothing was run.
   */
  async run<T>(send: () => Promise<T>, closesDoors: boolean, deadline: number): Promise<T | undefined> {
    let abandoned = false;
    const room = this.room(closesDoors, () => abandoned);
    const entered = await beforeDeadline(room, deadline);
    if (entered === undefined) {
      abandoned = true;
      return undefined;
    }
    let counted = true;
    const leave = (): void => {
      if (counted) this.underWay -= 1;
      counted = false;
      this.letIn();
    };
    const timer = setTimeout(leave, longestCounted);
    try {
      return await send();
    } finally {
      clearTimeout(timer);
      leave();
    }
  }

  /** Resolves once there is room, which is taken then. */
  private room(closesDoors: boolean, isAbandoned: () => boolean): Promise<true> {
    return new Promise((resolve) => {
      const enter = (): void => {
        if (isAbandoned()) return this.letIn();
        this.underWay += 1;
        resolve(true);
      };
      if (closesDoors || this.underWay < this.most) enter();
      else this.turns.add(enter);
    });
  }

  private letIn(): void {
    if (this.underWay < this.most) this.turns.next();
  }
}
