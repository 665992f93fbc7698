import { uniqueAttributes } from "../../../provider/resources/userIdentityAttributes";
import { text } from "../../../provider/resources/properties";
import { problem } from "../finding";
import { shownValues } from "../forecast/values";
import { quotedList } from "../resourceNames";
import { hasProblems, withFindings } from "./judgement";
import type { Judgement } from "./types";
import { attributeWords } from "./userIdentity";

interface Wanted {
  resource: Judgement["step"]["resource"];
  /** The arguments whose values together must be unique in Seam. */
  names: readonly string[];
  what: string;
}

const wanted: readonly Wanted[] = [
  ...uniqueAttributes.map((name) => ({
    resource: "UserIdentity" as const,
    names: [name],
    what: `the same ${attributeWords[name]}`,
  })),
  { resource: "AcsUserLink", names: ["acsUserId"], what: "the same ACS user" },
  { resource: "AccessGrant", names: ["accessGrantKey"], what: "the same accessGrantKey" },
  { resource: "Space", names: ["spaceKey"], what: "the same spaceKey" },
  {
    resource: "AcsAccessGroupMembership",
    names: ["acsAccessGroupId", "acsUserId"],
    what: "the same ACS user in the same group",
  },
];

/** Reports resources of one plan that need the same unique value. Resources that fail for another reason are not counted. */
export function findRivals(judgements: readonly Judgement[]): Judgement[] {
  return wanted.reduce<Judgement[]>((judged, one) => reportRivals(judged, one), [...judgements]);
}

function reportRivals(judgements: readonly Judgement[], { resource, names, what }: Wanted): Judgement[] {
  const wanting = new Map<string, Judgement[]>();
  const keyOf = ({ step }: Judgement): string | undefined => {
    if (step.resource !== resource || step.does === "delete") return undefined;
    const shown = shownValues(step.new);
    const values = names.map((name) => text(shown[name]));
    if (values.includes(undefined)) return undefined;
    const caseless = names.includes("emailAddress");
    return JSON.stringify([step.provider, ...values.map((one) => (caseless ? one?.toLowerCase() : one))]);
  };
  for (const judgement of judgements) {
    const key = keyOf(judgement);
    if (key === undefined || hasProblems(judgement)) continue;
    const others = wanting.get(key);
    if (others === undefined) wanting.set(key, [judgement]);
    else others.push(judgement);
  }
  return judgements.map((judgement) => {
    const { step } = judgement;
    const key = keyOf(judgement);
    const rivals = key === undefined || hasProblems(judgement) ? [] : (wanting.get(key) ?? []);
    // A resource that already has the value keeps it.
    const keepsIt = step.does === "update" && names.every((name) => step.old[name] === step.new[name]);
    if (rivals.length < 2 || keepsIt) return judgement;
    const resources = quotedList(rivals.map((rival) => rival.step.name));
    return withFindings(judgement, [
      problem(`${resources} in this plan need ${what}, and only one can have it: give each its own`),
    ]);
  });
}
