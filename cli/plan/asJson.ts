import { maskField, maskText } from "./personalData";
import { action, headline, type Plan, sorted } from "./report";

/** For programs. Fields are added and never renamed within a major version. */
export function planAsJson(plan: Plan): string {
  const shown = (text: string): string => maskText(text, plan.showPersonalData);
  const field = (name: string, value: unknown): unknown =>
    plan.showPersonalData ? value : maskField(name, value);
  const document = {
    summary: headline(plan.totals),
    askedSeam: plan.askedSeam,
    totals: plan.totals,
    overLimit: plan.beyond,
    steps: sorted(plan.consequences).map((one) => ({
      urn: shown(one.step.urn),
      name: shown(one.step.name),
      resource: one.step.resource,
      operation: one.step.does,
      id: one.step.id ?? null,
      action: action(one),
      fate: one.fate ?? null,
      takes: one.takes ?? null,
      keeps: one.keeps ?? null,
      changes: (one.changes ?? []).map(({ name, from, to }) => ({
        name,
        from: field(name, from) ?? null,
        to: field(name, to) ?? null,
      })),
      problems: one.problems.map(shown),
      unchecked: one.unchecked.map(shown),
      notes: one.notes.map(shown),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
