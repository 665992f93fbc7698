import { uniqueAttributes } from "../../provider/resources/userIdentityAttributes";
import { text } from "../../provider/resources/properties";
import type { Consequence } from "./consequences";
import { attributeWords } from "./identityConflicts";
import { shownValues } from "./previewValues";
import { quoted } from "./resourceNames";

/** Resources of one plan that want the same thing, which Seam gives to one alone. Who fails anyway is no rival. */
export function findTwins(consequences: readonly Consequence[]): void {
  for (const name of uniqueAttributes) {
    tellTwins(consequences, "UserIdentity", name, `the same ${attributeWords[name]}`);
  }
  tellTwins(consequences, "AcsUserLink", "acsUserId", "the same ACS user");
}

function tellTwins(
  consequences: readonly Consequence[],
  resource: Consequence["step"]["resource"],
  name: string,
  what: string,
): void {
  const wanting = new Map<string, Consequence[]>();
  for (const one of consequences) {
    if (one.step.resource !== resource || one.step.does === "delete" || one.problems.length > 0) continue;
    const value = text(shownValues(one.step.new)[name]);
    if (value === undefined) continue;
    const wanted = name === "emailAddress" ? value.toLowerCase() : value;
    const key = JSON.stringify([one.step.provider, wanted]);
    wanting.set(key, [...(wanting.get(key) ?? []), one]);
  }
  for (const rivals of wanting.values()) {
    if (rivals.length < 2) continue;
    const names = rivals.slice(0, 3).map(({ step }) => quoted(step.name));
    const others = rivals.length > names.length ? ` and ${rivals.length - names.length} more` : "";
    for (const one of rivals) {
      // Whoever has it already keeps it.
      if (one.step.does === "update" && one.step.old[name] === one.step.new[name]) continue;
      one.problems.push(
        `${names.join(", ")}${others} of this plan want ${what}, and only one can have it: give each its own`,
      );
    }
  }
}
