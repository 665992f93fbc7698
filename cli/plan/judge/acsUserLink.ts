import { text } from "../../../provider/resources/properties";
import { type Finding, note, problem } from "../finding";
import type { Forecast, Step } from "../forecast/types";
import { shownValues } from "../forecast/values";
import { aliasOption, quoted } from "../resourceNames";
import type { Observation } from "../survey/types";
import { judgementOf } from "./judgement";
import { renamedNote } from "./renames";
import type { Context, Judgement } from "./types";

export function judgeAcsUserLink(forecast: Forecast, observation: Observation, context: Context): Judgement {
  const { step, fate, renamedFrom } = forecast;
  const findings = step.does === "delete" ? [] : newLink(step, observation, context);
  if (renamedFrom !== undefined) findings.push(renamedNote(step, renamedFrom, "link"));
  if (fate !== "unlinked") return judgementOf(forecast, observation, { findings });
  if (observation.acsUser === null) {
    findings.push(note("the two are not linked any more"));
    return judgementOf(forecast, observation, { fate: "gone", findings });
  }
  return judgementOf(forecast, observation, {
    keeps: observation.under?.acsUsers,
    access: [{ does: "unlink" }],
    findings,
  });
}

/**
 * Checks that a link can be created: the ACS user exists and is not linked, and the identity has no other one in the same
 * system.
 */
function newLink(step: Step, observation: Observation, context: Context): Finding[] {
  if (!context.survey.asked) return [];
  const shown = shownValues(step.new);
  const [acsUserId, userIdentityId] = [text(shown.acsUserId), text(shown.userIdentityId)];
  if (acsUserId === undefined) return [note("its ACS user is not known before the apply")];
  const acsUser = observation.wantedAcsUser;
  if (acsUser === null) {
    return [
      problem(`there is no ACS user ${acsUserId} in the API key's workspace: check acsUserId and the key`),
    ];
  }
  const findings: Finding[] = [];
  const [holder] =
    userIdentityId === undefined ? [] : context.holders("AcsUserLink", `${userIdentityId}/${acsUserId}`);
  if (holder !== undefined) {
    findings.push(
      problem(
        `${quoted(holder.name)} of this program links the same two already: use that resource in its place`,
      ),
    );
  }
  const linkedTo = acsUser?.user_identity_id ?? undefined;
  const own = userIdentityId ?? adoptedIdentity(step, context);
  if (linkedTo !== undefined && linkedTo !== own) {
    const conflict = `ACS user ${acsUserId} is linked to user identity ${linkedTo} already`;
    findings.push(...obstacle(step, `${linkedTo}/${acsUserId}`, conflict, context));
  }
  const [rival] = observation.rivals ?? [];
  if (rival !== undefined && userIdentityId !== undefined) {
    const conflict = `user identity ${userIdentityId} has ACS user ${rival.acs_user_id} in the same access control system already`;
    findings.push(...obstacle(step, `${userIdentityId}/${rival.acs_user_id}`, conflict, context));
  }
  return findings;
}

/** The existing identity that the identity of a new link adopts in the same run, if there is exactly one. */
function adoptedIdentity(step: Step, { byUrn, survey }: Context): string | undefined {
  const ids = step.comesAfter.flatMap((urn) => {
    const identity = byUrn.get(urn);
    if (identity?.resource !== "UserIdentity" || identity.new.adopt !== true) return [];
    return (survey.of(identity).owners ?? []).map((owner) => owner.identity.user_identity_id);
  });
  return new Set(ids).size === 1 ? ids[0] : undefined;
}

/** Reports an existing link that conflicts with a new one, unless this plan deletes it in time. */
function obstacle(step: Step, linkId: string, conflict: string, context: Context): Finding[] {
  // A replacement deletes its own old link first.
  if (step.does === "replace" && step.id === linkId) return [];
  const [identityId = ""] = linkId.split("/");
  const find = (by: Context["deleting"]): Step | undefined =>
    by("AcsUserLink", linkId) ?? by("UserIdentity", identityId);
  const replaced = find(context.replacing);
  if (replaced !== undefined) {
    // The apply waits for a link that is being replaced.
    if (replaced.id === linkId || step.comesAfter.includes(replaced.urn)) return [];
    return [
      note(
        `${conflict}, and ${quoted(replaced.name)}, which is replaced in the same run, may remove that link too late. If it fails, run it again; \`dependsOn\` with that resource avoids this`,
      ),
    ];
  }
  const deleted = find(context.deleting);
  if (deleted === undefined) {
    return [
      problem(`${conflict}: remove that link first, in the program that has it or in the Seam console`),
    ];
  }
  return [
    problem(
      `${conflict}, and this plan removes that only afterwards, with ${quoted(deleted.name)}: ${wayOut(step, deleted)}`,
    ),
  ];
}

function wayOut(step: Step, deleted: Step): string {
  const separately = "remove the old link in a run of its own first";
  return step.does === "create" && deleted.resource === "AcsUserLink"
    ? `give the new link the option ${aliasOption(step, deleted)}, so that it replaces the old one, or ${separately}`
    : separately;
}
