import type { Finding } from "../finding";
import type { Forecast } from "../forecast/types";
import type { Observation } from "../survey/types";
import type { Judgement } from "./types";

/** A judgement with everything in the forecast, and what was found in addition. */
export function judgementOf(
  { step, fate, skippedWith, changes, access, handover, removedAttributes }: Forecast,
  observation: Observation,
  found: Partial<Judgement>,
): Judgement {
  const own = { step, fate, skippedWith, changes, access, handover, removedAttributes };
  const nothing = {
    takes: undefined,
    keeps: undefined,
    keepsGrants: undefined,
    gives: [],
    groups: undefined,
    usedBy: undefined,
    doorNames: [],
    existing: undefined,
    touches: undefined,
    system: undefined,
    findings: [],
  };
  const identityInSeam =
    (observation.acsUser ?? observation.wantedAcsUser ?? observation.grant)?.user_identity_id ?? undefined;
  const judgement: Judgement = { ...own, ...nothing, identityInSeam, ...found };
  return withFindings(judgement, observation.findings, "before");
}

export function withFindings(
  judgement: Judgement,
  findings: readonly Finding[],
  where: "before" | "after" = "after",
): Judgement {
  if (findings.length === 0) return judgement;
  const all =
    where === "before" ? [...findings, ...judgement.findings] : [...judgement.findings, ...findings];
  return { ...judgement, findings: all };
}

export function hasProblems({ findings }: Judgement): boolean {
  return hasProblem(findings);
}

export function hasProblem(findings: readonly Finding[]): boolean {
  return findings.some(({ kind }) => kind === "problem");
}
