import { type Finding, note } from "../finding";
import { isKept } from "../forecast/fate";
import type { Step } from "../forecast/types";
import { aliasOption, quoted } from "../resourceNames";

/** The problem of a create that conflicts with a resource which the same plan deletes. */
export function renameProblem(step: Step, old: Step): string {
  const name = quoted(old.name);
  const stays = isKept(old);
  const otherwise = stays
    ? "give this one something else"
    : `let one run delete ${name}, and add this one in the next`;
  const wayOut = `if it is the same under a new name, give it the option ${aliasOption(step, old)}; otherwise ${otherwise}`;
  const lateness = stays
    ? "which this plan forgets and Seam keeps"
    : "which this plan deletes only afterwards";
  const harm =
    step.resource === "UserIdentity"
      ? `it has a key, e-mail address or phone number of ${name} (user identity ${old.id}), ${lateness}`
      : step.resource === "AccessGrant"
        ? `it has the accessGrantKey of ${name} (access grant ${old.id}), ${lateness}`
        : step.resource === "Space"
          ? `it has the spaceKey of ${name} (space ${old.id}), ${lateness}`
          : `it is the same as ${name} (ACS user ${old.id}), ${lateness}`;
  return `${harm}: ${wayOut}`;
}

/** The note for a resource that was only renamed, without an alias. */
export function renamedNote(step: Step, renamedFrom: Step, noun: string): Finding {
  return note(
    `it is the ${noun} that ${quoted(renamedFrom.name)} is now, and stays; with the option ${aliasOption(step, renamedFrom)} the plan would say so`,
  );
}
