import { text } from "../../../provider/resources/properties";
import type { AcsAccessGroup, AcsUser } from "../../../provider/seam/model";
import { observeAcsUser } from "../../../provider/seam/observe";
import type { Forecast, Step } from "../forecast/types";
import { shownValues } from "../forecast/values";
import type { Query, Workspace } from "./query";
import type { Observation } from "./types";

export function membershipQueries(workspace: Workspace, { step, fate }: Forecast): Query[] {
  return [
    ...(fate === "removed" ? [() => oldMembership(workspace, step)] : []),
    ...(step.does === "delete" ? [] : [() => newMembership(workspace, step)]),
  ];
}

/** Checks that the ACS user is in the group that it will leave. Its list of groups also contains the group's name. */
async function oldMembership({ client }: Workspace, { id = "", old }: Step): Promise<Partial<Observation>> {
  const [acsAccessGroupId = "", acsUserId = ""] = id.toLowerCase().split("/");
  const acsUser = await observeAcsUser(client, acsUserId, text(old.workspaceId), "thisOperation");
  if (acsUser === undefined) return { acsUser: null, group: null };
  const groups = await client.listAcsAccessGroups({ acs_user_id: acsUserId });
  const group = groups.find((one) => one.acs_access_group_id.toLowerCase() === acsAccessGroupId);
  if (group !== undefined) return { acsUser, group };
  return isDeferred(acsUser, acsAccessGroupId)
    ? { acsUser, ...asGroup(await client.findAcsAccessGroup(acsAccessGroupId)) }
    : { acsUser, group: null };
}

/** Whether the membership is pending: some systems add a member later, and until then Seam shows it as a pending change. */
function isDeferred(acsUser: AcsUser, acsAccessGroupId: string): boolean {
  return (acsUser.pending_mutations ?? []).some(
    (mutation) =>
      mutation.mutation_code === "deferring_group_membership_update" &&
      mutation.variant !== "removing" &&
      mutation.acs_access_group_id?.toLowerCase() === acsAccessGroupId,
  );
}

function asGroup(group: AcsAccessGroup | undefined): Partial<Observation> {
  return group === undefined ? {} : { group };
}

async function newMembership({ client, names }: Workspace, step: Step): Promise<Partial<Observation>> {
  const shown = shownValues(step.new);
  const [acsAccessGroupId, acsUserId] = [text(shown.acsAccessGroupId), text(shown.acsUserId)];
  const [wantedGroup, wantedAcsUser] = await Promise.all([
    acsAccessGroupId === undefined ? undefined : names.group(acsAccessGroupId),
    acsUserId === undefined ? undefined : observeAcsUser(client, acsUserId, undefined, "thisOperation"),
  ]);
  return {
    ...(acsAccessGroupId === undefined ? {} : { wantedGroup: wantedGroup ?? null }),
    ...(acsUserId === undefined ? {} : { wantedAcsUser: wantedAcsUser ?? null }),
  };
}
