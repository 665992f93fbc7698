import { maskField } from "./personalData";
import { action, headline, type Plan, sorted } from "./report";

/** For programs. Fields are added and never renamed within a major version. */
export function planAsJson(plan: Plan): string {
  const shown = (name: string, value: unknown): unknown =>
    plan.showPersonalData ? value : maskField(name, value);
  const document = {
    summary: headline(plan.totals),
    askedSeam: plan.askedSeam,
    totals: plan.totals,
    overLimit: plan.beyond,
    steps: sorted(plan.consequences).map((one) => ({
      urn: one.step.urn,
      name: one.step.name,
      resource: one.step.resource,
      operation: one.step.does,
      id: one.step.id ?? null,
      action: action(one),
      fate: one.fate ?? null,
      takes: one.takes ?? null,
      keeps: one.keeps ?? null,
      changes: (one.changes ?? []).map(({ name, from, to }) => ({
        name,
        from: shown(name, from) ?? null,
        to: shown(name, to) ?? null,
      })),
      problems: one.problems,
      notes: one.notes,
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
