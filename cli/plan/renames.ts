import { isDeepStrictEqual } from "node:util";
import { attributes, uniqueAttributes } from "../../provider/resources/userIdentityAttributes";
import { text } from "../../provider/resources/properties";
import { sameValue } from "../../provider/seam/lookup";
import type { Consequence } from "./consequences";
import { fateOf } from "./fates";
import type { Step } from "./previewSteps";
import { shownValues } from "./previewValues";
import { aliasOption, quoted } from "./resourceNames";

/** A resource that was renamed without an alias is a create and a delete to Pulumi, and the create comes first. */
export function findRenames(consequences: readonly Consequence[]): void {
  const leaving = consequences
    .filter(({ step }) => step.does === "delete")
    .map((consequence) => ({ consequence, values: shownValues(consequence.step.old) }));
  for (const { step, problems, notes } of consequences) {
    if (step.does !== "create") continue;
    const wanted = shownValues(step.new);
    const old = leaving.find(
      ({ consequence, values }) =>
        consequence.step.resource === step.resource &&
        consequence.step.provider === step.provider &&
        isSame[step.resource]({ step: consequence.step, values }, wanted),
    )?.consequence;
    if (old === undefined) continue;
    if (step.resource !== "AcsUserLink") problems.push(renameProblem(step, old.step));
    else if (old.fate === "unlinked") {
      old.fate = "retained";
      notes.push(
        `it is the link that ${quoted(old.step.name)} is now, and stays; with the option ${aliasOption(step, old.step)} the plan would say so`,
      );
    }
  }
}

/** What to say of a create that wants what a resource has that the same plan deletes. */
export function renameProblem(step: Step, old: Step): string {
  const name = quoted(old.name);
  const stays = fateOf(old, []) === "retained";
  const otherwise = stays ? "give this one something else" : `take ${name} away in a run of its own first`;
  const wayOut = `if it is the same under a new name, give it the option ${aliasOption(step, old)}; otherwise ${otherwise}`;
  const lateness = stays
    ? "which this plan forgets and Seam keeps"
    : "which this plan deletes only afterwards";
  const harm =
    step.resource === "UserIdentity"
      ? `it has a key, e-mail address or phone number of ${name} (user identity ${old.id}), ${lateness}`
      : `it is the same as ${name} (ACS user ${old.id}), ${lateness}`;
  return `${harm}: ${wayOut}`;
}

interface Leaving {
  step: Step;
  values: Readonly<Record<string, unknown>>;
}

type Comparison = (old: Leaving, wanted: Readonly<Record<string, unknown>>) => boolean;

const isSame: Readonly<Record<Step["resource"], Comparison>> = {
  UserIdentity(old, wanted) {
    // What stays in Seam can be adopted.
    if (wanted.adopt === true && fateOf(old.step, []) === "retained") return false;
    return uniqueAttributes.some((name) => {
      const value = text(wanted[name]);
      return value !== undefined && sameValue(attributes[name], text(old.values[name]), value);
    });
  },
  AcsUser({ values }, wanted) {
    return (
      wanted.acsSystemId !== undefined &&
      wanted.fullName !== undefined &&
      ["acsSystemId", "fullName", "phoneNumber"].every((name) => values[name] === wanted[name]) &&
      sameValue("email_address", text(values.emailAddress), text(wanted.emailAddress)) &&
      isDeepStrictEqual(values.accessSchedule, wanted.accessSchedule)
    );
  },
  AcsUserLink({ step }, { userIdentityId, acsUserId }) {
    return !step.retained && step.id === `${text(userIdentityId)}/${text(acsUserId)}`;
  },
};
