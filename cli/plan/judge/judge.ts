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

/** What concerns several resources, in this order: each sees what those before it decided. */
const acrossResources: readonly ((judgements: readonly Judgement[], context: Context) => Judgement[])[] = [
  // What stays because another resource has it is counted nowhere.
  respectOtherHolders,
  // Only now is it known which ACS users are deleted at all.
  countAcsUsersOnce,
  countAccessGrantsOnce,
  // An ACS user that is deleted leaves its groups with it.
  countMembershipsOnce,
  findRivals,
  findHandovers,
  refuseForeignCode,
];

/** Says what each step means, without asking anybody: first each by itself, then together. */
export function judge(context: Context): Judgement[] {
  const judgements = context.forecasts.map((forecast) => {
    const observation = context.survey.of(forecast.step);
    const judgement = perResource[forecast.step.resource](forecast, observation, context);
    return { ...judgement, system: systemOf(forecast.step, observation, context) };
  });
  return acrossResources.reduce<Judgement[]>((judged, rule) => rule(judged, context), judgements);
}

/** The access control system of an ACS user, declared, linked or in a group. */
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
