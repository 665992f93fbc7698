/** One call to Seam's API in the log, without key and body. */
export interface LoggedCall {
  /** Counted from 1 since the last reset. */
  number: number;
  /** When it arrived, in milliseconds since the epoch. */
  at: number;
  method: string;
  path: string;
  /** The parameters that are ids. */
  ids: Record<string, string>;
  /** Undefined while it has no response. */
  status: number | undefined;
  fault: string | undefined;
  durationMs: number | undefined;
}

/** Totals over the log. */
export interface Counts {
  total: number;
  byPath: Record<string, number>;
  /** The number of calls with the response 429. */
  limited: number;
  /** The maximum number of calls that arrived within one second of the clock. */
  peakPerSecond: number;
  firstAt: number | undefined;
  lastAt: number | undefined;
}

export class RequestLog {
  private calls: LoggedCall[] = [];

  add(call: Omit<LoggedCall, "number">): LoggedCall {
    const logged = { number: this.calls.length + 1, ...call };
    this.calls.push(logged);
    return logged;
  }

  all(): readonly LoggedCall[] {
    return this.calls;
  }

  reset(): void {
    this.calls = [];
  }

  counts(): Counts {
    const byPath: Record<string, number> = {};
    const bySecond = new Map<number, number>();
    for (const call of this.calls) {
      byPath[call.path] = (byPath[call.path] ?? 0) + 1;
      const second = Math.floor(call.at / 1000);
      bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
    }
    return {
      total: this.calls.length,
      byPath,
      limited: this.calls.filter((call) => call.status === 429).length,
      peakPerSecond: Math.max(0, ...bySecond.values()),
      firstAt: this.calls[0]?.at,
      lastAt: this.calls.at(-1)?.at,
    };
  }
}
