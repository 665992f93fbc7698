import { forecast, type ForecastOptions } from "../../../cli/plan/forecast/forecast";
import type { ResourceKind, Step } from "../../../cli/plan/forecast/types";
import { type ContextOptions, contextOf } from "../../../cli/plan/judge/context";
import { judge } from "../../../cli/plan/judge/judge";
import type { Judgement } from "../../../cli/plan/judge/types";
import type { Plan } from "../../../cli/plan/show/plan";
import type { AcsUserAtStake, AtStake, Observation, Survey } from "../../../cli/plan/survey/types";
import { totalsOf } from "../../../cli/plan/tally";
import type { AcsUser, UserIdentity } from "../../../provider/seam/model";

// Plans without Pulumi and without Seam: steps as a preview shows them, and what Seam would answer.

export const urnOf = (resource: ResourceKind, name: string): string =>
  `urn:pulumi:dev::app::pulumi-nodejs:dynamic/seam:${resource}::${name}`;

export function step(
  does: Step["does"],
  resource: ResourceKind,
  name: string,
  more: Partial<Step> = {},
): Step {
  const exists = does === "create" ? undefined : `id-of-${name}`;
  return {
    ...{ does, resource, name, urn: urnOf(resource, name), id: exists, old: {}, new: {} },
    ...{ code: { old: undefined, new: undefined }, deletedWith: undefined, dependsOn: [] },
    ...{ comesAfter: [], retained: false, provider: undefined },
    ...more,
  };
}

export function identity(id: string, more: Partial<UserIdentity> = {}): UserIdentity {
  return {
    ...{ user_identity_id: id, user_identity_key: null, email_address: null, phone_number: null },
    ...{ full_name: null, display_name: null, acs_user_ids: [], created_at: "2026-01-01T00:00:00Z" },
    ...{ workspace_id: "w", merged_user_identity_ids: [], merged_user_identity_keys: [] },
    ...{ errors: [], warnings: [] },
    ...more,
  };
}

export function acsUser(id: string, more: Partial<AcsUser> = {}): AcsUser {
  return {
    ...{ acs_user_id: id, acs_system_id: "lobby", workspace_id: "w", user_identity_id: null },
    ...{ display_name: null, full_name: null, email_address: null, phone_number: null },
    ...{ is_suspended: false, access_schedule: null, created_at: "", pending_mutations: [] },
    ...{ errors: [], warnings: [] },
    ...more,
  };
}

export function atDoor(acsUserId: string, acsSystemName: string, card = 0): AcsUserAtStake {
  return {
    ...{ acsUserId, acsSystemId: acsSystemName.toLowerCase(), acsSystemName },
    ...{ credentials: card, accessMethods: card === 0 ? {} : { card } },
  };
}

export function stake(more: Partial<AtStake> = {}): AtStake {
  return {
    ...{ accessGrants: [], acsUsers: [], phones: 0, clientSessions: 0, enrollmentAutomations: 0 },
    ...more,
  };
}

/** What is known from Seam for each step, by the step's name; undefined for a plan without a key. */
export type Surveyed = Readonly<Record<string, Partial<Observation>>> | undefined;

export function judged(
  steps: readonly Step[],
  surveyed: Surveyed = {},
  more: Partial<ContextOptions & ForecastOptions> = {},
): Judgement[] {
  const survey: Survey = {
    asked: surveyed !== undefined,
    of: ({ name }) => ({ findings: [], ...surveyed?.[name] }),
    systemName: (_provider, id) => ({ lobby: "Lobby", offices: "Offices" })[id],
  };
  const now = new Date("2026-06-01T00:00:00Z");
  return judge(contextOf({ forecasts: forecast(steps, { now, ...more }), survey, now, ...more }));
}

/** All findings of a kind, each after the name of its resource. */
export function found(judgements: readonly Judgement[], kind: "problem" | "unchecked" | "note"): string[] {
  return judgements.flatMap(({ step: { name }, findings }) =>
    findings.filter((one) => one.kind === kind).map(({ text }) => `${name}: ${text}`),
  );
}

/** The plan of these steps, with what is known from Seam. */
export function planOf(steps: readonly Step[], surveyed: Surveyed = {}, more: Partial<Plan> = {}): Plan {
  const judgements = judged(
    steps,
    surveyed,
    more.unchanged === undefined ? {} : { unchanged: more.unchanged },
  );
  return {
    ...{ judgements, findings: [], unchanged: [], totals: totalsOf(judgements), overLimit: [] },
    ...{ askedSeam: true, showPersonalData: false },
    ...more,
  };
}

/** The rows of a comment: mark, person and effect. */
export function rowsOf(markdown: string): string[] {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| |") && !line.startsWith("| ---"));
}
