import { observeAcsUser } from "../../provider/seam/observe";
import { text } from "../../provider/resources/properties";
import {
  type Dependent,
  directKinds,
  listCredentials,
  listDependents,
} from "../../provider/teardown/inventory";
import type { AcsUserAtStake, AtStake, Consequence, Looking } from "./consequences";
import { shownValues } from "./previewValues";

/** What goes with an identity, and what stays. */
export async function lookUnderIdentity(looking: Looking, consequence: Consequence): Promise<void> {
  const { id = "", old } = consequence.step;
  if ((await looking.identities.find(id, text(old.workspaceId))) === undefined) {
    markGone(consequence);
    return;
  }
  const { client } = looking;
  const [users, dependents] = await Promise.all([
    client.listAcsUsers({ user_identity_id: id }),
    listDependents(
      client,
      id,
      directKinds.filter((kind) => kind !== "acsUser"),
    ),
  ]);
  const acsUsers = await Promise.all(
    users.map((user) => acsUserAtStake(looking, user.acs_user_id, user.acs_system_id)),
  );
  if (consequence.fate === "retained") {
    consequence.keeps = acsUsers;
    return;
  }
  const count = (kind: Dependent["kind"]): number => dependents.filter((one) => one.kind === kind).length;
  const atStake: AtStake = {
    acsUsers,
    phones: count("phone"),
    clientSessions: count("clientSession"),
    enrollmentAutomations: count("enrollmentAutomation"),
  };
  const teardown = old.teardown as { acsUsers?: string } | undefined;
  const unlinks = teardown?.acsUsers === "unlink";
  consequence.takes = unlinks ? { ...atStake, acsUsers: [] } : atStake;
  if (unlinks) consequence.keeps = acsUsers;
}

/** What goes with an ACS user, and whether a new one has a system to be in. */
export async function lookAtAcsUser(looking: Looking, consequence: Consequence): Promise<void> {
  const { does, id = "", old } = consequence.step;
  if (does !== "delete") lookAtSystem(looking, consequence);
  if (does === "create") return;
  const user = await observeAcsUser(looking.client, id, text(old.workspaceId));
  if (does === "update") {
    const missing = `ACS user ${id} is not in Seam any more. Run \`pulumi refresh\`, then look again`;
    if (user === undefined) consequence.problems.push(missing);
    return;
  }
  if (user === undefined) {
    markGone(consequence);
    return;
  }
  const acsUsers = [await acsUserAtStake(looking, id, user.acs_system_id)];
  if (consequence.fate === "retained") consequence.keeps = acsUsers;
  else consequence.takes = { acsUsers, phones: 0, clientSessions: 0, enrollmentAutomations: 0 };
}

function lookAtSystem({ systems }: Looking, { step, problems, unchecked }: Consequence): void {
  const acsSystemId = text(shownValues(step.new).acsSystemId);
  if (acsSystemId === undefined || systems?.has(acsSystemId) === true) return;
  if (systems === undefined) {
    unchecked.push("Seam did not tell its access control systems, so whether this one exists was not seen");
    return;
  }
  problems.push(
    `there is no access control system ${acsSystemId} in the API key's workspace: check acsSystemId and the key`,
  );
}

/** Whom a link that is taken away leaves behind. */
export async function lookAtOldLink(looking: Looking, consequence: Consequence): Promise<void> {
  const { id = "", old } = consequence.step;
  const [userIdentityId, acsUserId = ""] = id.split("/");
  const acsUser = await observeAcsUser(looking.client, acsUserId, text(old.workspaceId));
  if (acsUser === undefined || acsUser.user_identity_id !== userIdentityId) {
    consequence.fate = "gone";
    consequence.notes.push("the two are not linked any more");
    return;
  }
  consequence.keeps = [await acsUserAtStake(looking, acsUserId, acsUser.acs_system_id)];
}

async function acsUserAtStake(
  { client, systems }: Looking,
  acsUserId: string,
  acsSystemId: string,
): Promise<AcsUserAtStake> {
  const credentials = (await listCredentials(client, acsUserId)).length;
  return { acsUserId, acsSystemId, acsSystemName: systems?.get(acsSystemId), credentials };
}

function markGone(consequence: Consequence): void {
  consequence.fate = "gone";
  consequence.notes.push("it is not in Seam any more");
}
