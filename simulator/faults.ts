/** Selects calls. All given conditions must match. */
export interface Match {
  /** The route, or a prefix of it if this ends in `*`. */
  path?: string;
  method?: string;
  /** The number of the call in the log since the last reset, from 1. */
  callNumber?: number;
  /** The nth matching call from now on, counted from 1. */
  nth?: number;
  /** The number of matching calls that it applies to, from the nth on. Default 1. */
  times?: number;
}

/** A fault of a call. Only `reset-after`, `truncated-json` and `hang` with `handled` are handled before they fail. */
export type Fault =
  /** The call is dropped, and the server does not listen for this long. */
  | { kind: "refuse"; forMs?: number }
  | { kind: "reset-before" }
  | { kind: "reset-after" }
  | { kind: "hang"; handled?: boolean }
  /** 429 (with Retry-After in seconds, if given), 500, 503, 401, 404, or any other. */
  | { kind: "status"; status: number; retryAfter?: number }
  /** 502 with an HTML body, as a proxy sends it. */
  | { kind: "bad-gateway" }
  | { kind: "truncated-json" };

const kinds: Readonly<Record<Fault["kind"], true>> = {
  refuse: true,
  "reset-before": true,
  "reset-after": true,
  hang: true,
  status: true,
  "bad-gateway": true,
  "truncated-json": true,
};

/** Whether a value is a fault of a known kind. Another kind would not do what its author meant. */
export function isFault(value: unknown): value is Fault {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  return typeof value.kind === "string" && Object.hasOwn(kinds, value.kind);
}

/** A fault or trigger with its count of matching calls. */
export class Planned<Effect> {
  private matched = 0;
  fired = 0;

  constructor(
    readonly match: Match,
    readonly effect: Effect,
  ) {}

  /** Counts this call, and returns whether it applies to it. */
  appliesTo(call: { path: string; method: string; number: number }): boolean {
    const { path, method, callNumber, nth = 1, times = 1 } = this.match;
    if (path !== undefined) {
      const fits = path.endsWith("*") ? call.path.startsWith(path.slice(0, -1)) : call.path === path;
      if (!fits) return false;
    }
    if (method !== undefined && method !== call.method) return false;
    if (callNumber !== undefined) {
      if (call.number < callNumber || call.number >= callNumber + times) return false;
    } else {
      this.matched += 1;
      if (this.matched < nth || this.matched >= nth + times) return false;
    }
    this.fired += 1;
    return true;
  }
}
