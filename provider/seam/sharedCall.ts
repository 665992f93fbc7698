import { beforeDeadline } from "./deadline";
import { SeamDeadlineError } from "./errors";

/** A call in progress that other readers may wait for. It ends at the deadline of the reader that sent it. */
export class SharedCall<R> {
  readonly startedAt = performance.now();

  constructor(
    readonly result: Promise<R>,
    private readonly deadline: number,
  ) {}

  /**
   * Waits for the call until the caller's own deadline. Undefined if that passes first, or if the call was cut off by the
   * earlier deadline of its reader, so that the caller has to send its own call.
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

/** A result that is read once per process, by the first caller that needs it. A failed call is tried again. */
export class SharedResult<R> {
  private stored: { value: R } | undefined;
  private call: SharedCall<R> | undefined;

  async get(deadline: number, find: () => Promise<R>): Promise<R> {
    while (this.stored === undefined && this.call !== undefined && performance.now() < deadline) {
      const joined = await this.call.join(deadline);
      if (joined !== undefined) return joined.value;
    }
    if (this.stored !== undefined) return this.stored.value;
    const call = new SharedCall(find(), deadline);
    this.call = call;
    try {
      const value = await call.result;
      this.stored = { value };
      return value;
    } finally {
      if (this.call === call) this.call = undefined;
    }
  }
}
