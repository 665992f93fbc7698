import { text } from "../../provider/resources/properties";
import { observeAcsUser } from "../../provider/seam/observe";
import type { Consequence, Looking } from "./consequences";
import type { Step } from "./previewSteps";
import { shownValues } from "./previewValues";
import { aliasOption, quoted } from "./resourceNames";

/** Whether a link can be made: the ACS user is there and free, and the identity has no other one in the same system. */
export async function lookAtNewLink(looking: Looking, consequence: Consequence): Promise<void> {
  const { problems, notes, step } = consequence;
  const shown = shownValues(step.new);
  const [acsUserId, userIdentityId] = [text(shown.acsUserId), text(shown.userIdentityId)];
  if (acsUserId === undefined) {
    notes.push("its ACS user is not known before the apply");
    return;
  }
  const acsUser = await observeAcsUser(looking.client, acsUserId, undefined);
  if (acsUser === undefined) {
    problems.push(
      `there is no ACS user ${acsUserId} in the API key's workspace: check acsUserId and the key`,
    );
    return;
  }
  const linkedTo = acsUser.user_identity_id;
  if (linkedTo !== null && linkedTo !== userIdentityId) {
    const taken = `ACS user ${acsUserId} is linked to user identity ${linkedTo} already`;
    tellObstacle(looking, consequence, `${linkedTo}/${acsUserId}`, taken);
  }
  if (userIdentityId === undefined) return;
  const others = await looking.client.listAcsUsers({ user_identity_id: userIdentityId });
  const rival = others.find(
    (other) => other.acs_system_id === acsUser.acs_system_id && other.acs_user_id !== acsUserId,
  );
  if (rival === undefined) return;
  const taken = `user identity ${userIdentityId} has ACS user ${rival.acs_user_id} in the same access control system already`;
  tellObstacle(looking, consequence, `${userIdentityId}/${rival.acs_user_id}`, taken);
}

/** A link that stands in the way, unless this plan takes it away in time. */
function tellObstacle(
  { steps }: Looking,
  { step, problems, notes }: Consequence,
  linkId: string,
  taken: string,
): void {
  // A replacement takes its own old link away first.
  if (step.does === "replace" && step.id === linkId) return;
  const link = steps.find((one) => one.resource === "AcsUserLink" && one.id === linkId);
  const [identityId] = linkId.split("/");
  const identity = steps.find((one) => one.resource === "UserIdentity" && one.id === identityId);
  const moving = [link, identity].find((one) => one?.does === "replace");
  if (moving !== undefined) {
    if (!step.comesAfter.includes(moving.urn)) {
      notes.push(
        `${taken}, and ${quoted(moving.name)} makes room in the same run, maybe too late. If it fails, run it again; \`dependsOn\` with that resource avoids this`,
      );
    }
    return;
  }
  const leaving = [link, identity].find((one) => one?.does === "delete");
  problems.push(
    leaving === undefined
      ? `${taken}: take that link away first`
      : `${taken}, and this plan takes that away only afterwards, with ${quoted(leaving.name)}: ${wayOut(step, leaving)}`,
  );
}

function wayOut(step: Step, leaving: Step): string {
  const separately = "take the old link away in a run of its own first";
  return step.does === "create" && leaving.resource === "AcsUserLink"
    ? `give the new link the option ${aliasOption(step, leaving)}, so that it replaces the old one, or ${separately}`
    : separately;
}
