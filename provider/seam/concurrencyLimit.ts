import { beforeDeadline } from "./deadline";
import { Turns } from "./turns";

/** Lets so many requests be under way at once: more cost connections, and the answer of none comes sooner. */
export class ConcurrencyLimit {
  private underWay = 0;
  private readonly turns = new Turns();

  constructor(private readonly most: number) {}

  /**
   * Runs `send` as soon as there is room; what closes doors does not wait behind anything else.
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
    try {
      return await send();
    } finally {
      this.leave();
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
      if (this.underWay < this.most) enter();
      else this.turns.add(enter, closesDoors);
    });
  }

  private leave(): void {
    this.underWay -= 1;
    this.letIn();
  }

  private letIn(): void {
    if (this.underWay < this.most) this.turns.next();
  }
}
