import type { Behavior } from "../behavior";
import type { Kept } from "../collection";
import { now, type Notice } from "./objects";
import type { Timers } from "./timers";

/** One deletion that was requested. Times are milliseconds since the epoch. */
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

/** Deletions of a workspace: in progress, and all that ever were since the last reset of the log. */
export class Deletions {
  readonly log: Deletion[] = [];
  /** Where an object was deleted before what the caller had been shown to depend on it. */
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

  /** Starts a deletion that takes its time. A second request changes nothing. */
  begin(
    kind: Deletion["kind"],
    kept: Kept<{ errors: Notice[]; warnings: Notice[] }>,
    references: { user_identity_id?: string | undefined; acs_user_id?: string | undefined },
    requestedAt: number,
    effects: { emit: () => void; remove: () => void },
  ): void {
    if (kept.deletionRequestedAt !== undefined) return;
    if (kept.failsToDelete) {
      kept.wire.errors = [
        {
          error_code: "failed_to_delete_on_acs_system",
          message: "The access control system did not delete it",
          created_at: now(),
        },
      ];
      return;
    }
    markBeingDeleted(kept, requestedAt);
    const deletion = this.record(kind, kept.id, references, requestedAt);
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

  /** Only what the caller had been shown counts: nobody can delete first what appeared after the last listing. */
  assertOrder(deleted: string, remaining: readonly { id: string; shown: boolean }[]): void {
    for (const left of remaining) {
      if (left.shown) this.orderViolations.push(`${deleted} was deleted before ${left.id}`);
    }
  }

  clear(): void {
    this.log.length = 0;
    this.orderViolations.length = 0;
  }
}

export function markBeingDeleted(kept: Kept<{ warnings: Notice[] }>, requestedAt: number): void {
  kept.deletionRequestedAt = requestedAt;
  kept.wire.warnings.push({
    warning_code: "being_deleted",
    message: "It is being deleted",
    created_at: now(),
  });
}

/**
 * The longest chain of deletions that depend on one another, in milliseconds: (per ACS user) credentials and the ACS user,
 * beside sessions, grants, automations and phones, then the identity. What no order of calls can undercut.
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
  const beside = (["client_session", "access_grant", "enrollment_automation", "phone"] as const).map((kind) =>
    of(kind),
  );
  return Math.max(0, ...branches, ...beside) + of("user_identity");
}
