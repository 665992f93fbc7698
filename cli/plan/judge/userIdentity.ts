import { proofOfOwnership, takeOverCommand, takeOverVariable } from "../../../provider/resources/ownership";
import { text } from "../../../provider/resources/properties";
import {
  attributeNames,
  contradictions,
  defaultKeyProperty,
  sameAttribute,
  isIdentical,
  undecidedAdoption,
  type UniqueAttribute,
  uniqueAttributes,
  type UserIdentityInputs,
} from "../../../provider/resources/userIdentityAttributes";
import { isBeingDeleted } from "../../../provider/seam/beingDeleted";
import { type Finding, note, problem } from "../finding";
import { isKept, keepsAccessGrants } from "../forecast/fate";
import type { Forecast, Step } from "../forecast/types";
import { isNotYetKnown, shownValues } from "../forecast/values";
import { quoted } from "../resourceNames";
import type { Owner, Observation } from "../survey/types";
import { adoptionNotKnown } from "./adoption";
import { judgementOf } from "./judgement";
import { renameProblem } from "./renames";
import type { Context, Judgement } from "./types";

/** The names of the attributes in messages. */
export const attributeWords: Readonly<Record<UniqueAttribute, string>> = {
  userIdentityKey: "key",
  emailAddress: "e-mail address",
  phoneNumber: "phone number",
};

export function judgeUserIdentity(forecast: Forecast, observation: Observation, context: Context): Judgement {
  const { step } = forecast;
  if (step.does === "delete" || step.does === "replace") return judgeDeletion(forecast, observation);
  const undecided = step.does === "update" ? undecidedAdoption(step.old, step.new) : undefined;
  return judgementOf(forecast, observation, {
    touches: observation.under,
    findings: [
      ...(undecided === undefined ? [] : [problem(undecided)]),
      ...(forecast.renamedFrom === undefined ? [] : [problem(renameProblem(step, forecast.renamedFrom))]),
      ...(context.survey.asked ? hiddenAttributes(step) : []),
      ...(observation.identity === null
        ? [notInSeam(step)]
        : conflicts(forecast, observation.owners ?? [], context)),
    ],
  });
}

/** Judges what is deleted with an identity, and what stays. */
function judgeDeletion(forecast: Forecast, observation: Observation): Judgement {
  const { step, fate } = forecast;
  if (observation.identity === null) {
    return judgementOf(forecast, observation, {
      fate: "gone",
      findings: [note("it is not in Seam any more")],
    });
  }
  const released = step.old.adopted === true && fate === "retained";
  const findings = released ? [note("it was adopted, so it is released and stays in Seam")] : [];
  const { under } = observation;
  if (under === undefined) return judgementOf(forecast, observation, { findings });
  if (fate === "retained") {
    const { acsUsers: keeps, accessGrants: keepsGrants } = under;
    return judgementOf(forecast, observation, { keeps, keepsGrants, findings });
  }
  const [keepsUsers, keepsGrants] = [unlinksAcsUsers(step), keepsAccessGrants(step)];
  return judgementOf(forecast, observation, {
    takes: {
      ...under,
      acsUsers: keepsUsers ? [] : under.acsUsers,
      accessGrants: keepsGrants ? [] : under.accessGrants,
    },
    ...(keepsUsers ? { keeps: under.acsUsers } : {}),
    ...(keepsGrants ? { keepsGrants: under.accessGrants } : {}),
    findings,
  });
}

function unlinksAcsUsers({ old }: Step): boolean {
  const { teardown } = old;
  return typeof teardown === "object" && teardown !== null && Reflect.get(teardown, "acsUsers") === "unlink";
}

function notInSeam({ id }: Step): Finding {
  return problem(
    `user identity ${id} is not in Seam any more. Run \`pulumi refresh\`, then run the plan again`,
  );
}

function hiddenAttributes(step: Step): Finding[] {
  const shown = shownValues(step.new);
  const hidden = uniqueAttributes.filter((name) => step.new[name] !== undefined && !(name in shown));
  if (hidden.length === 0) return [];
  return [
    note(
      `whether somebody has its ${hidden.join(", ")} already was not checked: the preview does not show it`,
    ),
  ];
}

/** Reports identities that already have the unique attributes of this one. */
function conflicts({ step, renamedFrom }: Forecast, owners: readonly Owner[], context: Context): Finding[] {
  const [first] = owners;
  if (first === undefined) return [];
  const deleting = ({ identity }: Owner): Step | undefined =>
    context.deleting("UserIdentity", identity.user_identity_id);
  if (step.does === "create") {
    // The rename is reported already; one problem is enough.
    const deleted = owners.map(deleting).find((old) => old !== undefined && !(adopts(step) && isKept(old)));
    if (deleted !== undefined) {
      return renamedFrom === deleted ? [] : [problem(renameProblem(step, deleted))];
    }
    if (adopts(step)) return [adoption(step, owners, context)];
    const id = first.identity.user_identity_id;
    const own = ownershipProof(step, owners, context);
    if (own !== undefined) return [note(`it takes over user identity ${id}, ${own}`)];
    if (isNotYetKnown(step.new.adopt)) {
      return [adoptionNotKnown(`its ${attributeWords[first.name]} belongs to user identity ${id}`)];
    }
  }
  return owners.flatMap((owner) => attributeConflict(step, owner, deleting(owner), context));
}

function adopts({ new: inputs }: Step): boolean {
  return inputs.adopt === true;
}

/** The proof, in words, that a conflicting identity belongs to this resource; undefined if there is none. */
function ownershipProof(
  step: Step,
  owners: readonly Owner[],
  { takeOver, now }: Context,
): string | undefined {
  const [first] = owners;
  const ids = new Set(owners.map(({ identity }) => identity.user_identity_id));
  if (first === undefined || first.merged === true || ids.size > 1) return undefined;
  const { identity } = first;
  const derived = text(step.new[defaultKeyProperty]);
  const proof = proofOfOwnership({
    id: identity.user_identity_id,
    createdAt: new Date(identity.created_at),
    now,
    isIdentical: isIdentical(identity, shownInputs(step)),
    linked: identity.acs_user_ids.length > 0,
    beingDeleted: isBeingDeleted(identity),
    hasDerivedKey: derived !== undefined && identity.user_identity_key === derived,
    lostSince: undefined,
    named: takeOver,
  });
  if (proof === undefined) return undefined;
  return proof === "namedForThisRun"
    ? `which ${takeOverVariable} names`
    : "which an interrupted run of it left";
}

function shownInputs(step: Step): UserIdentityInputs {
  const shown = shownValues(step.new);
  return Object.fromEntries(attributeNames.map((name) => [name, text(shown[name])]));
}

/** Describes what the adoption does, or why it will fail. */
function adoption(step: Step, owners: readonly Owner[], context: Context): Finding {
  const ids = [...new Set(owners.map(({ identity }) => identity.user_identity_id))];
  if (ids.length > 1) {
    const ownersInWords = owners.map(
      ({ name, identity }) => `its ${attributeWords[name]} belongs to ${identity.user_identity_id}`,
    );
    return problem(
      `it would adopt more than one identity (${ownersInWords.join(", ")}). Give only what one person has`,
    );
  }
  const [id = ""] = ids;
  const existing = owners[0]?.identity;
  if (owners.some(({ merged }) => merged === true)) {
    return problem(
      `its key is that of an identity which was merged into ${id} in Seam. Give the key that ${id} has now, if this is the same person`,
    );
  }
  if (existing !== undefined && isBeingDeleted(existing)) {
    return problem(
      `it would adopt user identity ${id}, which is being deleted in Seam: run the plan again when it is gone`,
    );
  }
  const [contradicted] = existing === undefined ? [] : contradictions(existing, shownInputs(step));
  if (contradicted !== undefined) {
    const word = attributeWords[contradicted];
    return problem(
      `it would adopt user identity ${id}, which has another ${word}, so it may be another person's. Give the ${word} that ${id} has if it is the same person, or values of its own if not`,
    );
  }
  const [holder] = context.holders("UserIdentity", id);
  return holder === undefined ? note(`it adopts user identity ${id}`) : problem(secondResource(id, holder));
}

function secondResource(id: string, holder: Step): string {
  return `it would adopt user identity ${id}, which ${quoted(holder.name)} of this program has: use that resource in its place`;
}

/** Reports an attribute that belongs to another identity, unless its owner gives it up in the same run. */
function attributeConflict(
  step: Step,
  { name, identity }: Owner,
  deleted: Step | undefined,
  context: Context,
): Finding[] {
  const id = identity.user_identity_id;
  const what = `its ${attributeWords[name]} belongs to user identity ${id} already`;
  if (deleted !== undefined && !isKept(deleted)) {
    return [
      problem(
        `${what}, which ${quoted(deleted.name)} of this plan deletes only afterwards: let one run delete that one, and give its ${attributeWords[name]} to this one in the next`,
      ),
    ];
  }
  const changing = context.updating("UserIdentity", id) ?? context.replacing("UserIdentity", id);
  // The apply waits until a declared resource gives up the value.
  const givesUp = changing !== undefined && !sameAttribute(name, identity, changing.new);
  if (givesUp) return [];
  return [
    problem(
      step.does === "create"
        ? `${what}: set \`adopt: true\` if it is the same person, import it, run ${takeOverCommand(id)} once if an interrupted run of this stack left it, or give another value`
        : `${what}: give another value, or let that one have another first`,
    ),
  ];
}
