import {
  attributes,
  undecidedAdoption,
  type UniqueAttribute,
  uniqueAttributes,
} from "../../../provider/resources/identityAttributes";
import { text } from "../../../provider/resources/verbs";
import { sameValue } from "../../../provider/seam/lookup";
import { type Finding, note, problem, unchecked } from "../finding";
import { isKept } from "../forecast/fate";
import type { Forecast, Step } from "../forecast/types";
import { isNotYetKnown, shownValues } from "../forecast/values";
import { quoted } from "../resourceNames";
import type { Owner, Sight } from "../survey/types";
import { judgementOf } from "./judgement";
import { renameProblem } from "./renames";
import type { Context, Judgement } from "./types";

/** What the attributes are called in messages. */
export const attributeWords: Readonly<Record<UniqueAttribute, string>> = {
  userIdentityKey: "key",
  emailAddress: "e-mail address",
  phoneNumber: "phone number",
};

export function judgeUserIdentity(forecast: Forecast, sight: Sight, context: Context): Judgement {
  const { step } = forecast;
  if (step.does === "delete" || step.does === "replace") return judgeDeletion(forecast, sight);
  const undecided = step.does === "update" ? undecidedAdoption(step.old, step.new) : undefined;
  return judgementOf(forecast, sight, {
    touches: sight.under,
    findings: [
      ...(undecided === undefined ? [] : [problem(undecided)]),
      ...(forecast.renamedFrom === undefined ? [] : [problem(renameProblem(step, forecast.renamedFrom))]),
      ...(context.survey.asked ? hiddenAttributes(step) : []),
      ...(sight.identity === null ? [notInSeam(step)] : conflicts(forecast, sight.owners ?? [], context)),
    ],
  });
}

/** What is deleted with an identity, and what stays. */
function judgeDeletion(forecast: Forecast, sight: Sight): Judgement {
  const { step, fate } = forecast;
  if (sight.identity === null) {
    return judgementOf(forecast, sight, { fate: "gone", findings: [note("it is not in Seam any more")] });
  }
  const released = step.old.adopted === true && fate === "retained";
  const findings = released ? [note("it was adopted, so it is released and stays in Seam")] : [];
  const { under } = sight;
  if (under === undefined) return judgementOf(forecast, sight, { findings });
  if (fate === "retained") return judgementOf(forecast, sight, { keeps: under.acsUsers, findings });
  return unlinksAcsUsers(step)
    ? judgementOf(forecast, sight, { takes: { ...under, acsUsers: [] }, keeps: under.acsUsers, findings })
    : judgementOf(forecast, sight, { takes: under, findings });
}

function unlinksAcsUsers({ old }: Step): boolean {
  const { teardown } = old;
  return typeof teardown === "object" && teardown !== null && Reflect.get(teardown, "acsUsers") === "unlink";
}

function notInSeam({ id }: Step): Finding {
  return problem(`user identity ${id} is not in Seam any more. Run \`pulumi refresh\`, then look again`);
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

/** Whether somebody else has what an identity is to get. */
function conflicts({ step, renamedFrom }: Forecast, owners: readonly Owner[], context: Context): Finding[] {
  const [first] = owners;
  if (first === undefined) return [];
  const deleting = ({ identity }: Owner): Step | undefined =>
    context.deleting("UserIdentity", identity.user_identity_id);
  if (step.does === "create") {
    // The rename is the problem, and one is enough.
    const leaving = owners.map(deleting).find((old) => old !== undefined && !(adopts(step) && isKept(old)));
    if (leaving !== undefined) {
      return renamedFrom === leaving ? [] : [problem(renameProblem(step, leaving))];
    }
    if (adopts(step)) return [adoption(step, owners, context)];
    const id = first.identity.user_identity_id;
    if (context.takeOver.has(id))
      return [note(`it takes over user identity ${id}, which SEAM_TAKE_OVER names`)];
    if (isNotYetKnown(step.new.adopt)) {
      return [
        unchecked(
          `its ${attributeWords[first.name]} belongs to user identity ${id}, and whether it adopts that one is not known yet: the value of \`adopt\` is known at the apply`,
        ),
      ];
    }
  }
  return owners.flatMap((owner) => taken(step, owner, deleting(owner), context));
}

function adopts({ new: inputs }: Step): boolean {
  return inputs.adopt === true;
}

/** What adopting does, or why it will fail. */
function adoption(step: Step, owners: readonly Owner[], context: Context): Finding {
  const ids = [...new Set(owners.map(({ identity }) => identity.user_identity_id))];
  if (ids.length > 1) {
    const said = owners.map(
      ({ name, identity }) => `its ${attributeWords[name]} belongs to ${identity.user_identity_id}`,
    );
    return problem(
      `it would adopt more than one identity (${said.join(", ")}). Give only what one person has`,
    );
  }
  const [id = ""] = ids;
  const key = text(shownValues(step.new).userIdentityKey);
  const existing = owners[0]?.identity.user_identity_key ?? undefined;
  if (key !== undefined && existing !== undefined && existing !== key) {
    return owners.some(({ name }) => name === "userIdentityKey")
      ? problem(
          `its key is that of an identity which was merged into ${id} in Seam. Give the key that ${id} has now, if this is the same person`,
        )
      : problem(
          `it would adopt user identity ${id}, which has another key, so it may be another person's. Give the key that ${id} has if it is the same person, or another e-mail address and phone number`,
        );
  }
  const [holder] = context.holders("UserIdentity", id);
  return holder === undefined ? note(`it adopts user identity ${id}`) : problem(secondResource(id, holder));
}

function secondResource(id: string, holder: Step): string {
  return `it would adopt user identity ${id}, which ${quoted(holder.name)} of this program has: use that resource in its place`;
}

/** Nothing if the owner gives it up in the same run. */
function taken(
  step: Step,
  { name, identity }: Owner,
  leaving: Step | undefined,
  context: Context,
): Finding[] {
  const id = identity.user_identity_id;
  const what = `its ${attributeWords[name]} belongs to user identity ${id} already`;
  if (leaving !== undefined && !isKept(leaving)) {
    return [
      problem(
        `${what}, which ${quoted(leaving.name)} of this plan deletes only afterwards: let one run delete that one, and give its ${attributeWords[name]} to this one in the next`,
      ),
    ];
  }
  const giving = context.updating("UserIdentity", id) ?? context.replacing("UserIdentity", id);
  const givesUp =
    giving !== undefined && !sameValue(attributes[name], text(giving.new[name]), identity[attributes[name]]);
  if (givesUp && (name !== "userIdentityKey" || step.comesAfter.includes(giving.urn))) return [];
  if (givesUp) {
    return [
      problem(
        `${what}, and ${quoted(giving.name)} gives it up in the same run, maybe too late: give that one its new key in a run before, or add \`dependsOn\` with it`,
      ),
    ];
  }
  return [
    problem(
      step.does === "create"
        ? `${what}: set \`adopt: true\` if it is the same person, import it, name it for one run with SEAM_TAKE_OVER=${id} if an interrupted run left it, or give another value`
        : `${what}: give another value, or let that one have another first`,
    ),
  ];
}
