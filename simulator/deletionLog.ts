/** One deletion that somebody asked for. Times are milliseconds since the epoch. */
export interface Deletion {
  kind:
    "client_session" | "acs_credential" | "acs_user" | "enrollment_automation" | "phone" | "user_identity";
  id: string;
  user_identity_id: string | undefined;
  acs_user_id: string | undefined;
  /** When the call arrived, before its latency. */
  requestedAt: number;
  acceptedAt: number;
  goneAt: number | undefined;
}

/**
 * The longest chain of deletions that depend on one another, in milliseconds: sessions, then (per ACS user) credentials
 * and the ACS user, beside automations and phones, then the identity. What no order of calls can undercut.
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
  const widest = Math.max(0, ...branches, of("enrollment_automation"), of("phone"));
  return of("client_session") + widest + of("user_identity");
}
