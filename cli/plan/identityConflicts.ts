import {
  attributes,
  ownersOf,
  type UniqueAttribute,
  uniqueAttributes,
} from "../../provider/resources/userIdentityAttributes";
import { text } from "../../provider/resources/properties";
import { sameValue } from "../../provider/seam/lookup";
import type { UserIdentity } from "../../provider/seam/model";
import type { Consequence, Looking } from "./consequences";
import { fateOf } from "./fates";
import type { Step } from "./previewSteps";
import { shownValues } from "./previewValues";
import { renameProblem } from "./renames";
import { quoted } from "./resourceNames";

/** What the attributes are called in messages. */
export const attributeWords: Readonly<Record<UniqueAttribute, string>> = {
  userIdentityKey: "key",
  emailAddress: "e-mail address",
  phoneNumber: "phone number",
};

/** Whether somebody else has what an identity is to get. */
export async function lookForConflicts(looking: Looking, consequence: Consequence): Promise<void> {
  const { step, problems, notes } = consequence;
  const own = step.does === "create" ? undefined : step.id;
  const inputs = shownValues(step.new);
  const hidden = uniqueAttributes.filter((name) => step.new[name] !== undefined && !(name in inputs));
  if (hidden.length > 0) {
    notes.push(
      `whether somebody has its ${hidden.join(", ")} already was not checked: the preview does not show it`,
    );
  }
  if (step.does === "update" && own !== undefined) {
    if ((await looking.identities.find(own, text(step.old.workspaceId))) === undefined) {
      problems.push(`user identity ${own} is not in Seam any more. Run \`pulumi refresh\`, then look again`);
      return;
    }
    // What does not change is its own.
    for (const name of uniqueAttributes) if (inputs[name] === step.old[name]) delete inputs[name];
  }
  if (step.does === "create" && inputs.adopt === true) {
    const existing = (await ownersOf(looking.client, inputs))[0]?.owner;
    if (existing === undefined) return;
    const leaving = leavingWith(looking, existing);
    if (leaving === undefined || isKept(leaving)) {
      notes.push(`it adopts user identity ${existing.user_identity_id}`);
    } else addOnce(problems, renameProblem(step, leaving));
    return;
  }
  const taken = await ownersOf(looking.client, inputs, own);
  const [first] = taken;
  if (first === undefined) return;
  const leaving = taken.map(({ owner }) => leavingWith(looking, owner));
  taken.forEach(({ name, owner }, index) => {
    const old = leaving[index];
    if (old !== undefined && own === undefined) addOnce(problems, renameProblem(step, old));
    else {
      const problem = takenProblem(looking, step, name, owner, old);
      if (problem !== undefined) problems.push(problem);
    }
  });
}

/** Undefined if the owner gives it up in time. */
function takenProblem(
  { steps }: Looking,
  step: Step,
  name: UniqueAttribute,
  owner: UserIdentity,
  leaving: Step | undefined,
): string | undefined {
  const what = `its ${attributeWords[name]} belongs to user identity ${owner.user_identity_id} already`;
  if (leaving !== undefined && !isKept(leaving)) {
    return `${what}, which ${quoted(leaving.name)} of this plan deletes only afterwards: take that one away in a run of its own first`;
  }
  const giving = steps.find(
    (one) =>
      one.resource === "UserIdentity" &&
      (one.does === "update" || one.does === "replace") &&
      one.id === owner.user_identity_id &&
      !sameValue(attributes[name], text(one.new[name]), owner[attributes[name]]),
  );
  if (giving !== undefined) {
    if (step.comesAfter.includes(giving.urn)) return undefined;
    return `${what}, and ${quoted(giving.name)} gives it up in the same run, maybe too late: add \`dependsOn\` with that resource`;
  }
  const wayOut =
    step.does === "create"
      ? "set `adopt: true` to take that one over, import it, or give another value"
      : "give another value, or remove that one first";
  return `${what}: ${wayOut}`;
}

/** The step that deletes the identity in this very plan. */
function leavingWith({ steps }: Looking, identity: UserIdentity): Step | undefined {
  return steps.find(
    (one) => one.resource === "UserIdentity" && one.does === "delete" && one.id === identity.user_identity_id,
  );
}

function isKept(step: Step): boolean {
  return fateOf(step, []) === "retained";
}

function addOnce(problems: string[], problem: string): void {
  if (!problems.includes(problem)) problems.push(problem);
}
