import { ownersOf, type UniqueAttribute } from "../../../provider/resources/userIdentityAttributes";
import { text } from "../../../provider/resources/properties";
import { isBeingDeleted } from "../../../provider/seam/beingDeleted";
import { findAcsUsersBy } from "../../../provider/seam/lookup";
import { observeAcsUser } from "../../../provider/seam/observe";
import { type Finding, unchecked } from "../finding";
import type { Forecast, Step } from "../forecast/types";
import { shownValues } from "../forecast/values";
import { failure } from "./failure";
import { accessGrantAtStake, grantQueries } from "./accessGrant";
import { membershipQueries } from "./acsAccessGroupMembership";
import { counted, type Query, noDependents, type Workspace } from "./query";
import { spaceQueries } from "./space";
import type { AcsUserAtStake, AtStake, Observation } from "./types";

/**
 * Queries a workspace for everything that judging one step needs. A failed query becomes a finding, and later queries of the
 * step are skipped.
 */
export async function observeStep(workspace: Workspace, forecast: Forecast): Promise<Observation> {
  const queries = queriesFor(workspace, forecast);
  const findings: Finding[] = [];
  const seen: Partial<Observation>[] = [];
  for (const query of queries) {
    try {
      seen.push(await query());
    } catch (error) {
      findings.push(failure(`read ${forecast.step.id ?? "what is in Seam"}`, error));
      // Repeating the same failure would only hide other findings.
      break;
    }
  }
  const observation = seen.reduce<Partial<Observation>>((all, one) => ({ ...all, ...one }), {});
  return { ...observation, findings: [...(observation.findings ?? []), ...findings] };
}

function queriesFor(workspace: Workspace, forecast: Forecast): Query[] {
  const { step, fate, handover, access } = forecast;
  const { does, resource } = step;
  const [deletes, stays] = [does === "delete" || does === "replace", does !== "delete"];
  if (resource === "UserIdentity") {
    return [
      ...(does === "create" ? [] : [() => ownIdentity(workspace, step)]),
      ...(deletes || handover !== undefined ? [() => underIdentity(workspace, step)] : []),
      ...(stays ? [() => owners(workspace, step)] : []),
    ];
  }
  if (resource === "AcsUser") {
    return [
      ...(stays ? [() => system(workspace, step)] : []),
      ...(does === "create" ? [] : [() => ownAcsUser(workspace, step)]),
      ...(deletes || handover !== undefined || access.length > 0
        ? [() => underAcsUser(workspace, step)]
        : []),
      ...(stays ? [() => acsUsersWithSameContact(workspace, step)] : []),
    ];
  }
  if (resource === "AccessGrant") return grantQueries(workspace, forecast);
  if (resource === "Space") return spaceQueries(workspace, forecast);
  if (resource === "AcsAccessGroupMembership") return membershipQueries(workspace, forecast);
  return [
    ...(fate === "unlinked" ? [() => oldLink(workspace, step)] : []),
    ...(stays ? [() => newLink(workspace, step)] : []),
  ];
}

async function ownIdentity({ identities }: Workspace, { id = "", old }: Step): Promise<Partial<Observation>> {
  return { identity: (await identities.find(id, text(old.workspaceId))) ?? null };
}

async function underIdentity(workspace: Workspace, { id = "", old }: Step): Promise<Partial<Observation>> {
  const { client, identities, listing } = workspace;
  if ((await identities.find(id, text(old.workspaceId))) === undefined) return {};
  const [grants, users, phones, clientSessions, enrollmentAutomations] = await Promise.all([
    client.listAccessGrants({ user_identity_id: id }),
    listing.acsUsersOf(id),
    client.listPhones(id),
    client.listClientSessions(id),
    client.listEnrollmentAutomations(id),
  ]);
  const accessGrants = await Promise.all(grants.map((grant) => accessGrantAtStake(client, grant)));
  const acsUsers = await Promise.all(
    users.map((user) => acsUserAtStake(workspace, user.acs_user_id, user.acs_system_id)),
  );
  const under: AtStake = {
    accessGrants: inOrder(accessGrants, ({ name, accessGrantId }) => [name, accessGrantId]),
    acsUsers: inOrder(acsUsers, ({ acsSystemName, acsUserId }) => [acsSystemName, acsUserId]),
    phones: phones.length,
    clientSessions: clientSessions.length,
    enrollmentAutomations: enrollmentAutomations.length,
  };
  return { under };
}

/** Sorts a list, because Seam's order differs from run to run and a plan's must not. Items without a name are last. */
function inOrder<T>(all: readonly T[], keys: (one: T) => readonly (string | undefined)[]): T[] {
  const key = (one: T): string =>
    keys(one)
      .map((part) => part ?? "\uffff")
      .join("\0");
  return [...all].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** The identities that already have the new unique attributes of this one. Unchanged attributes are its own. */
async function owners({ client, listing }: Workspace, step: Step): Promise<Partial<Observation>> {
  const inputs = shownValues(step.new);
  const wanted = (name: UniqueAttribute): string | undefined => {
    const value = text(inputs[name]);
    if (value === undefined || (step.does === "update" && value === step.old[name])) return undefined;
    return listing.isFree(value) ? undefined : value;
  };
  const attributes = {
    userIdentityKey: wanted("userIdentityKey"),
    emailAddress: wanted("emailAddress"),
    phoneNumber: wanted("phoneNumber"),
  };
  const found = await ownersOf(client, attributes, step.does === "create" ? undefined : step.id);
  return { owners: found.map(({ name, owner, merged }) => ({ name, identity: owner, merged })) };
}

function system({ systems }: Workspace, step: Step): Promise<Partial<Observation>> {
  const acsSystemId = text(shownValues(step.new).acsSystemId);
  if (acsSystemId === undefined) return Promise.resolve({});
  if (systems !== undefined) return Promise.resolve({ systemExists: systems.has(acsSystemId) });
  const finding = unchecked(
    "Seam did not list its access control systems, so whether this one exists was not seen",
  );
  return Promise.resolve({ findings: [finding] });
}

async function ownAcsUser({ client }: Workspace, { id = "", old }: Step): Promise<Partial<Observation>> {
  return { acsUser: (await observeAcsUser(client, id, text(old.workspaceId), "thisOperation")) ?? null };
}

async function underAcsUser(workspace: Workspace, { id = "", old }: Step): Promise<Partial<Observation>> {
  const user = await observeAcsUser(workspace.client, id, text(old.workspaceId), "thisOperation");
  if (user === undefined) return {};
  const acsUsers = [await acsUserAtStake(workspace, id, user.acs_system_id)];
  return { under: { ...noDependents, acsUsers } };
}

/** The ACS users of the system that already have the e-mail address or phone number of this one. */
async function acsUsersWithSameContact(workspace: Workspace, step: Step): Promise<Partial<Observation>> {
  const { client, listing } = workspace;
  const shown = shownValues(step.new);
  const acsSystemId = text(shown.acsSystemId);
  if (step.does === "update" || acsSystemId === undefined) return {};
  const inUse = (value: string | undefined): string | undefined =>
    value === undefined || listing.isFreeInSystem(acsSystemId, value) ? undefined : value;
  const emailAddress = inUse(text(shown.emailAddress));
  const phoneNumber = inUse(text(shown.phoneNumber));
  const found = await findAcsUsersBy(client, acsSystemId, { emailAddress, phoneNumber });
  const sameContact = found.filter((user) => user.acs_user_id !== step.id && !isBeingDeleted(user));
  const [one, ...others] = sameContact;
  if (step.new.adopt !== true || one === undefined || others.length > 0) return { sameContact };
  const acsUsers = [await acsUserAtStake(workspace, one.acs_user_id, one.acs_system_id)];
  return { sameContact, adopted: { ...noDependents, acsUsers } };
}

/** The ACS user that a deleted link leaves in Seam. */
async function oldLink(workspace: Workspace, { id = "", old }: Step): Promise<Partial<Observation>> {
  const [userIdentityId, acsUserId = ""] = id.split("/");
  const acsUser = await observeAcsUser(workspace.client, acsUserId, text(old.workspaceId), "thisOperation");
  if (acsUser === undefined || acsUser.user_identity_id !== userIdentityId) return { acsUser: null };
  const acsUsers = [await acsUserAtStake(workspace, acsUserId, acsUser.acs_system_id)];
  return { acsUser, under: { ...noDependents, acsUsers } };
}

/** The ACS user of a new link, and the other ACS users of its identity in the same system. */
async function newLink({ client, listing }: Workspace, step: Step): Promise<Partial<Observation>> {
  const shown = shownValues(step.new);
  const [acsUserId, userIdentityId] = [text(shown.acsUserId), text(shown.userIdentityId)];
  if (acsUserId === undefined) return {};
  const wantedAcsUser = await observeAcsUser(client, acsUserId, undefined, "thisOperation");
  if (wantedAcsUser === undefined) return { wantedAcsUser: null };
  if (userIdentityId === undefined) return { wantedAcsUser };
  const others = await listing.acsUsersOf(userIdentityId);
  const rivals = others.filter(
    (other) => other.acs_system_id === wantedAcsUser.acs_system_id && other.acs_user_id !== acsUserId,
  );
  return { wantedAcsUser, rivals };
}

async function acsUserAtStake(
  { client, systems }: Workspace,
  acsUserId: string,
  acsSystemId: string,
): Promise<AcsUserAtStake> {
  const credentials = await client.listAcsCredentials({ acs_user_id: acsUserId });
  return {
    acsUserId,
    acsSystemId,
    acsSystemName: systems?.get(acsSystemId) || undefined,
    credentials: credentials.length,
    accessMethods: counted(credentials.map(({ access_method }) => access_method)),
  };
}
