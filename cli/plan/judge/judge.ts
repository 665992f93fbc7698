import { text } from "../../../provider/resources/properties";
import type { Forecast, ResourceKind, Step } from "../forecast/types";
import { shownValues } from "../forecast/values";
import type { Observation } from "../survey/types";
import { judgeAccessGrant } from "./accessGrant";
import { countAccessGrantsOnce } from "./accessGrantsOnce";
import { judgeAcsAccessGroupMembership } from "./acsAccessGroupMembership";
import { judgeAcsUser } from "./acsUser";
import { judgeAcsUserLink } from "./acsUserLink";
import { countAcsUsersOnce } from "./acsUsersOnce";
import { refuseForeignCode } from "./foreignCode";
import { findHandovers } from "./handovers";
import { countMembershipsOnce } from "./membershipsOnce";
import { respectOtherHolders } from "./otherHolders";
import { findRivals } from "./rivals";
import { reportSkippedDeletions } from "./skippedDeletions";
import { judgeSpace } from "./space";
import type { Context, Judgement } from "./types";
import { judgeUserIdentity } from "./userIdentity";

const perResource: Readonly<
  Record<ResourceKind, (forecast: Forecast, observation: Observation, context: Context) => Judgement>
> = {
  UserIdentity: judgeUserIdentity,
  AcsUser: judgeAcsUser,
  AcsUserLink: judgeAcsUserLink,
  AccessGrant: judgeAccessGrant,
  Space: judgeSpace,
  AcsAccessGroupMembership: judgeAcsAccessGroupMembership,
};

/** Rules about several resources, in order: each sees the results of those before it. */
const acrossResources: readonly ((judgements: readonly Judgement[], context: Context) => Judgement[])[] = [
  // An object that stays because another resource has it must not be counted, so this is first.
  respectOtherHolders,
  // Needs to know which identities and ACS users are deleted at all.
  countAcsUsersOnce,
  countAccessGrantsOnce,
  // Needs to know which ACS users are deleted, because their memberships end with them.
  countMembershipsOnce,
  findRivals,
  findHandovers,
  refuseForeignCode,
  reportSkippedDeletions,
];

/** Judges what each step means, without any request: first each step by itself, then all of them together. */
export function judge(context: Context): Judgement[] {
  const judgements = context.forecasts.map((forecast) => {
    const observation = context.survey.of(forecast.step);
    const judgement = perResource[forecast.step.resource](forecast, observation, context);
    return { ...judgement, system: systemOf(forecast.step, observation, context) };
  });
  return acrossResources.reduce<Judgement[]>((judged, rule) => rule(judged, context), judgements);
}

/** The access control system of the ACS user that a step is about. */
function systemOf(step: Step, observation: Observation, { survey, byUrn }: Context): Judgement["system"] {
  const seen =
    observation.acsUser ?? observation.wantedAcsUser ?? observation.group ?? observation.wantedGroup;
  const declared = step.comesAfter.map((urn) => byUrn.get(urn)).find((one) => one?.resource === "AcsUser");
  const id =
    seen?.acs_system_id ??
    text(step.old.acsSystemId) ??
    text(shownValues(step.new).acsSystemId) ??
    (step.resource === "AcsUserLink" ? text(shownValues(declared?.new ?? {}).acsSystemId) : undefined);
  return id === undefined ? undefined : { id, name: survey.systemName(step.provider, id) };
}
