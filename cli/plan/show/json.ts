import type { Finding } from "../finding";
import { runsForeignCode } from "../judge/foreignCode";
import { handsOver } from "../judge/handovers";
import type { Judgement } from "../judge/types";
import { action } from "./details";
import { safeJson } from "../../output";
import { maskField, maskText } from "../personalData";
import type { Plan } from "./plan";
import { headline, rowsOf } from "./summary";

/** The plan for programs. Fields are added, and never renamed within a major version. */
export function planAsJson(plan: Plan): string {
  const shown = (text: string): string => maskText(text, plan.showPersonalData);
  const field = (name: string, value: unknown): unknown =>
    (plan.showPersonalData ? value : maskField(name, value)) ?? null;
  const texts = (findings: readonly Finding[], kind: Finding["kind"]): string[] =>
    findings.filter((finding) => finding.kind === kind).map(({ text }) => shown(text));
  const rows = rowsOf(plan);
  const document = {
    summary: headline(plan, rows),
    askedSeam: plan.askedSeam,
    totals: plan.totals,
    overLimit: plan.overLimit,
    problems: texts(plan.findings, "problem"),
    notes: texts(plan.findings, "note"),
    people: rows.map(({ person, text, effects }) => ({
      name: shown(person.name),
      text: shown(text),
      loses: effects.loses.map(shown),
      gets: effects.gets.map(shown),
      stillHas: effects.stillHas.map(shown),
      urns: person.judgements.map(({ step }) => shown(step.urn)),
    })),
    steps: sorted(plan.judgements).map((one) => ({
      urn: shown(one.step.urn),
      name: shown(one.step.name),
      resource: one.step.resource,
      operation: one.step.does,
      id: one.step.id ?? null,
      provider: one.step.provider === undefined ? null : shown(one.step.provider),
      action: action(one),
      fate: one.fate ?? null,
      takes: one.takes ?? null,
      keeps: one.keeps ?? null,
      keepsGrants: one.keepsGrants ?? null,
      gives: one.gives,
      groups: one.groups ?? null,
      usedBy: one.usedBy ?? null,
      changes: one.changes.map(({ name, from, to }) => ({
        name,
        from: field(name, from),
        to: field(name, to),
      })),
      access: one.access,
      handover: handsOver(one),
      foreignCode: runsForeignCode(one.step),
      problems: texts(one.findings, "problem"),
      unchecked: texts(one.findings, "unchecked"),
      notes: texts(one.findings, "note"),
    })),
  };
  return `${safeJson(document, shown)}\n`;
}

/** The steps in the order in which to review them: losses first. */
export function sorted(judgements: readonly Judgement[]): Judgement[] {
  const rank = ({ findings, fate, step }: Judgement): number => {
    if (findings.some(({ kind }) => kind !== "note")) return 0;
    if (fate === "tornDown") return 1;
    if (fate === "unlinked" || fate === "removed") return 2;
    return step.does === "update" ? 3 : step.does === "create" ? 4 : 5;
  };
  const ranked = judgements.map((one) => ({ one, rank: rank(one) }));
  ranked.sort((a, b) => a.rank - b.rank || (a.one.step.urn < b.one.step.urn ? -1 : 1));
  return ranked.map(({ one }) => one);
}
