import { text } from "../../../provider/resources/properties";
import { type Finding, note, problem } from "../finding";
import type { Forecast, Step } from "../forecast/types";
import { shownValues } from "../forecast/values";
import { quoted } from "../resourceNames";
import type { Observation } from "../survey/types";
import { judgementOf } from "./judgement";
import { renamedNote } from "./renames";
import type { Context, Judgement } from "./types";

const doorsUnknown = "which doors an access group opens was not looked up, so they are not listed";

export function judgeAcsAccessGroupMembership(
  forecast: Forecast,
  observation: Observation,
  context: Context,
): Judgement {
  const { step, fate, renamedFrom } = forecast;
  const findings = step.does === "delete" ? [] : newMembership(step, observation, context);
  if (renamedFrom !== undefined) findings.push(renamedNote(step, renamedFrom, "membership"));
  // A membership that only has another name exists already.
  const isNew = step.does !== "delete" && renamedFrom === undefined;
  const joins = !isNew ? undefined : groupOf(step.new, observation.wantedGroup);
  const leaves = fate === "removed" ? groupOf(step.old, observation.group) : undefined;
  const groups = { leaves, joins };
  if (fate !== "removed") return judgementOf(forecast, observation, { groups, findings });
  if (observation.group === null) {
    const why =
      observation.acsUser === null
        ? "its ACS user is not in Seam any more"
        : "the ACS user left the group already";
    findings.push(note(why));
    return judgementOf(forecast, observation, { fate: "gone", groups, findings });
  }
  findings.push(note(doorsUnknown));
  return judgementOf(forecast, observation, { groups, access: [{ does: "leaveGroup" }], findings });
}

function groupOf(
  properties: Readonly<Record<string, unknown>>,
  seen: Observation["group"],
): { id: string; name: string | undefined } | undefined {
  const id = text(shownValues(properties).acsAccessGroupId);
  const name = (seen?.name || seen?.display_name) ?? undefined;
  return id === undefined ? undefined : { id, name };
}

/** Checks that the ACS user can be added: both exist in one access control system, and no other resource adds it. */
function newMembership(step: Step, observation: Observation, context: Context): Finding[] {
  const shown = shownValues(step.new);
  const [acsAccessGroupId, acsUserId] = [text(shown.acsAccessGroupId), text(shown.acsUserId)];
  const { wantedGroup, wantedAcsUser } = observation;
  const findings: Finding[] = [];
  if (wantedGroup === null) {
    findings.push(
      problem(
        `there is no access group ${acsAccessGroupId} in the API key's workspace: check acsAccessGroupId and the key`,
      ),
    );
  }
  if (wantedAcsUser === null) {
    findings.push(
      problem(`there is no ACS user ${acsUserId} in the API key's workspace: check acsUserId and the key`),
    );
  }
  const deletedAcsUser = acsUserId === undefined ? undefined : context.deleting("AcsUser", acsUserId);
  if (deletedAcsUser !== undefined) {
    findings.push(
      problem(
        `it is for the ACS user of ${quoted(deletedAcsUser.name)}, which this plan deletes: give it the ACS user of somebody who stays`,
      ),
    );
  }
  if (
    wantedGroup !== null &&
    wantedGroup !== undefined &&
    wantedAcsUser !== null &&
    wantedAcsUser !== undefined &&
    wantedGroup.acs_system_id !== wantedAcsUser.acs_system_id
  ) {
    findings.push(
      problem(
        `the access group is in the access control system ${wantedGroup.acs_system_id}, and the ACS user in ${wantedAcsUser.acs_system_id}: give an ACS user of the group's system`,
      ),
    );
  }
  const id = `${acsAccessGroupId}/${acsUserId}`;
  const holder = context.holders("AcsAccessGroupMembership", id).find(({ urn }) => urn !== step.urn);
  if (holder !== undefined) {
    findings.push(
      problem(
        `${quoted(holder.name)} of this program makes the same ACS user a member of the same group already: use that resource in its place`,
      ),
    );
  }
  return findings;
}
