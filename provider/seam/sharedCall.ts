import { beforeDeadline } from "./deadline";
import { SeamDeadlineError } from "./errors";

/** A call under way that others may wait for. It ends at the deadline of the reader that made it. */
export class SharedCall<R> {
  readonly startedAt = performance.now();

  constructor(
    readonly result: Promise<R>,
    private readonly deadline: number,
  ) {}

  /**
   * Waits for the call until a deadline of one's own. Undefined if that comes first, or if the call was cut off by the
   * earlier deadline of its reader, so that one has to call oneself.
   */
  async join(deadline: number): Promise<{ value: R } | undefined> {
    try {
      return await beforeDeadline(
        this.result.then((value) => ({ value })),
        deadline,
      );
    } catch (error) {
      const cutOff = error instanceof SeamDeadlineError || performance.now() >= this.deadline;
      if (cutOff && this.deadline < deadline) return undefined;
      throw error;
    }
  }
}

/** An answer that is got once for a whole process, by whoever needs it first. What failed is tried again. */
export class SharedAnswer<R> {
  private answer: { value: R } | undefined;
  private call: SharedCall<R> | undefined;

  async get(deadline: number, find: () => Promise<R>): Promise<R> {
    while (this.answer === undefined && this.call !== undefined && performance.now() < deadline) {
      const joined = await this.call.join(deadline);
      if (joined !== undefined) return joined.value;
    }
    if (this.answer !== undefined) return this.answer.value;
    const call = new SharedCall(find(), deadline);
    this.call = call;
    try {
      const value = await call.result;
      this.answer = { value };
      return value;
    } finally {
      if (this.call === call) this.call = undefined;
    }
  }
}
