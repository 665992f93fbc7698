import type { Behavior } from "../behavior";
import type { Stored } from "../collection";
import { now, type Notice } from "./objects";
import type { Timers } from "./timers";

/** One requested deletion. Times are in milliseconds since the epoch. */
export interface Deletion {
  kind:
    | "client_session"
    | "access_grant"
    | "acs_credential"
    | "acs_user"
    | "enrollment_automation"
    | "phone"
    | "user_identity";
  id: string;
  user_identity_id: string | undefined;
  acs_user_id: string | undefined;
  /** When the call arrived, before its latency. */
  requestedAt: number;
  acceptedAt: number;
  goneAt: number | undefined;
}

/** The deletions of a workspace: those in progress, and all since the last reset of the log. */
export class Deletions {
  readonly log: Deletion[] = [];
  /** Deletions of objects before their dependents, if the caller had been shown those. */
  readonly orderViolations: string[] = [];

  constructor(
    private readonly behavior: () => Behavior,
    private readonly random: () => number,
    private readonly timers: Timers,
    private readonly changed: () => void,
  ) {}

  record(
    kind: Deletion["kind"],
    id: string,
    references: { user_identity_id?: string | undefined; acs_user_id?: string | undefined },
    requestedAt: number,
  ): Deletion {
    const deletion: Deletion = {
      kind,
      id,
      user_identity_id: references.user_identity_id,
      acs_user_id: references.acs_user_id,
      requestedAt,
      acceptedAt: Date.now(),
      goneAt: undefined,
    };
    this.log.push(deletion);
    return deletion;
  }

  /** Starts a deletion that takes time. A second request changes nothing. */
  begin(
    kind: Deletion["kind"],
    stored: Stored<{ errors: Notice[]; warnings: Notice[] }>,
    references: { user_identity_id?: string | undefined; acs_user_id?: string | undefined },
    requestedAt: number,
    effects: { emit: () => void; remove: () => void },
  ): void {
    if (stored.deletionRequestedAt !== undefined) return;
    if (stored.failsToDelete) {
      stored.wire.errors = [
        {
          error_code: "failed_to_delete_on_acs_system",
          message: "The access control system did not delete it",
          created_at: now(),
        },
      ];
      return;
    }
    markBeingDeleted(stored, requestedAt);
    const deletion = this.record(kind, stored.id, references, requestedAt);
    const { premature } = this.behavior().events;
    if (premature) effects.emit();
    this.timers.later(this.duration(), () => {
      deletion.goneAt = Date.now();
      if (!this.behavior().events.premature) effects.emit();
      effects.remove();
      this.changed();
    });
    this.changed();
  }

  /** How long one deletion takes, in milliseconds. */
  duration(): number {
    const [least, most] = this.behavior().deletionTimeMs;
    return least + (most - least) * this.random();
  }

  /**
   * Records dependents that should have been deleted first. Only those that a listing showed count: the caller cannot know
   * others.
   */
  checkOrder(deleted: string, remaining: readonly { id: string; shown: boolean }[]): void {
    for (const one of remaining) {
      if (one.shown) this.orderViolations.push(`${deleted} was deleted before ${one.id}`);
    }
  }

  clear(): void {
    this.log.length = 0;
    this.orderViolations.length = 0;
  }
}

export function markBeingDeleted(stored: Stored<{ warnings: Notice[] }>, requestedAt: number): void {
  stored.deletionRequestedAt = requestedAt;
  stored.wire.warnings.push({
    warning_code: "being_deleted",
    message: "It is being deleted",
    created_at: now(),
  });
}

/**
 * The duration in milliseconds of the longest chain of deletions that depend on one another: credentials and then their ACS user,
 * in parallel with sessions, grants, automations and phones; then the identity. No order of calls can be faster.
 */
export function longestChain(deletions: readonly Deletion[], userIdentityId: string): number {
  const of = (kind: Deletion["kind"], acsUserId?: string): number => {
    const times = deletions
      .filter(
        (one) =>
          one.kind === kind &&
          one.user_identity_id === userIdentityId &&
          (acsUserId === undefined || one.acs_user_id === acsUserId),
      )
      .map((one) => (one.goneAt ?? one.requestedAt) - one.requestedAt);
    return Math.max(0, ...times);
  };
  const acsUserIds = new Set(
    deletions.flatMap((one) => (one.user_identity_id === userIdentityId ? (one.acs_user_id ?? []) : [])),
  );
  const branches = [...acsUserIds].map((id) => of("acs_credential", id) + of("acs_user", id));
  const independent = (["client_session", "access_grant", "enrollment_automation", "phone"] as const).map(
    (kind) => of(kind),
  );
  return Math.max(0, ...branches, ...independent) + of("user_identity");
}
