import { observeAcsUser, observeUserIdentity } from "../../provider/seam/absence";
import type { SeamClient } from "../../provider/seam/client";
import {
  attributeNames,
  findExisting,
  leftByInterruptedRun,
  takenAttributes,
  type UniqueAttribute,
  uniqueAttributes,
} from "../../provider/resources/identityAttributes";
import {
  type Dependent,
  listCredentials,
  listDependents,
  directKinds,
} from "../../provider/teardown/inventory";
import { sideBySide } from "../sideBySide";
import type { Step } from "./previewSteps";

/** One ACS user and what goes with it. */
export interface AcsUserAtStake {
  acsUserId: string;
  acsSystemId: string;
  /** Undefined if Seam shows no name for it. */
  acsSystemName: string | undefined;
  credentials: number;
}

/** What lies under an identity that is to go. */
export interface AtStake {
  acsUsers: AcsUserAtStake[];
  phones: number;
  clientSessions: number;
  enrollmentAutomations: number;
}

export interface FieldChange {
  name: string;
  from: unknown;
  to: unknown;
}

/** What a step will do in Seam, as far as it can be seen. */
export interface Consequence {
  step: Step;
  /** Of a delete or replacement: what becomes of the identity or link in Seam. */
  fate?: "tornDown" | "retained" | "gone" | "unlinked" | "withIdentity";
  /** Of a teardown: what goes with the identity. Absent if nobody asked Seam. */
  takes?: AtStake;
  /** Of a teardown: ACS users that stay, with their credentials. */
  keeps?: AcsUserAtStake[];
  changes?: FieldChange[];
  /** Why the apply will fail, with the way out. */
  problems: string[];
  /** What is worth knowing besides, and what could not be seen. */
  notes: string[];
}

/** Says what each step means; without a client only as far as the preview itself tells. */
export async function consequencesOf(
  steps: readonly Step[],
  client: SeamClient | undefined,
  onProgress: (done: number) => void = () => undefined,
): Promise<Consequence[]> {
  const deleted = new Set(
    steps
      .filter((step) => step.does === "delete" && step.resource === "UserIdentity" && !step.retained)
      .map((step) => step.urn),
  );
  const systems = client === undefined ? new Map<string, string>() : await systemNames(client);
  let done = 0;
  return sideBySide(steps, async (step) => {
    const consequence = fromPreview(step, deleted);
    if (client !== undefined) await new Observation(client, systems, consequence).make();
    done += 1;
    onProgress(done);
    return consequence;
  });
}

async function systemNames(client: SeamClient): Promise<Map<string, string>> {
  const systems = await client.listAcsSystems();
  return new Map(systems.map((system) => [system.acs_system_id, system.name]));
}

function fromPreview(step: Step, deleted: ReadonlySet<string>): Consequence {
  const consequence: Consequence = { step, problems: [], notes: [] };
  if (step.does === "update") consequence.changes = changedFields(step);
  if (step.does !== "delete" && step.does !== "replace") return consequence;
  if (step.resource === "AcsUserLink") {
    const together = step.deletedWith !== undefined && deleted.has(step.deletedWith);
    consequence.fate = step.retained
      ? "retained"
      : together && step.does === "delete"
        ? "withIdentity"
        : "unlinked";
    return consequence;
  }
  if (step.resource === "AcsUser") {
    consequence.fate = step.retained ? "retained" : "tornDown";
    return consequence;
  }
  const policy = step.old.deletionPolicy ?? (step.old.adopted === true ? "retain" : "teardown");
  consequence.fate = step.retained || policy === "retain" ? "retained" : "tornDown";
  if (step.old.adopted === true && consequence.fate === "retained") {
    consequence.notes.push("it was adopted, so it is released and stays in Seam");
  }
  return consequence;
}

const settings = ["defaultKey", "adopt", "deletionPolicy", "teardown", "accessSchedule", "suspended"];

function changedFields(step: Step): FieldChange[] {
  return [...attributeNames, ...settings].flatMap((name) => {
    const [from, to] = [step.old[name], step.new[name]];
    return JSON.stringify(from) === JSON.stringify(to) ? [] : [{ name, from, to }];
  });
}

/** What Seam says about one step. */
class Observation {
  private readonly step: Step;
  private readonly workspaceId: string | undefined;

  constructor(
    private readonly client: SeamClient,
    private readonly systems: ReadonlyMap<string, string>,
    private readonly consequence: Consequence,
  ) {
    this.step = consequence.step;
    const { workspaceId } = this.step.old;
    this.workspaceId = typeof workspaceId === "string" ? workspaceId : undefined;
  }

  async make(): Promise<void> {
    const { does, resource } = this.step;
    try {
      if (resource === "UserIdentity") {
        if (does === "delete" || does === "replace") await this.lookUnderIdentity();
        if (does === "create") await this.lookForConflicts(undefined);
        if (does === "update") await this.lookForConflicts(this.step.id);
      } else if (resource === "AcsUser") {
        if (does !== "create") await this.lookAtAcsUser();
      } else {
        if (this.consequence.fate === "unlinked") await this.lookAtOldLink();
        if (does === "create" || does === "replace") await this.lookAtNewLink();
      }
    } catch (error) {
      this.consequence.problems.push(error instanceof Error ? error.message : String(error));
    }
  }

  private async lookUnderIdentity(): Promise<void> {
    const { id = "" } = this.step;
    const identity = await observeUserIdentity(this.client, id, this.workspaceId);
    if (identity === undefined) {
      this.consequence.fate = "gone";
      this.consequence.notes.push("it is not in Seam any more");
      return;
    }
    const [acsUsers, dependents] = await Promise.all([
      this.acsUsersOf(id),
      listDependents(
        this.client,
        id,
        directKinds.filter((kind) => kind !== "acsUser"),
      ),
    ]);
    const count = (kind: Dependent["kind"]): number => dependents.filter((one) => one.kind === kind).length;
    const atStake: AtStake = {
      acsUsers,
      phones: count("phone"),
      clientSessions: count("clientSession"),
      enrollmentAutomations: count("enrollmentAutomation"),
    };
    if (this.consequence.fate === "retained") {
      this.consequence.keeps = acsUsers;
      return;
    }
    const teardown = this.step.old.teardown as { acsUsers?: string } | undefined;
    const unlinks = teardown?.acsUsers === "unlink";
    this.consequence.takes = unlinks ? { ...atStake, acsUsers: [] } : atStake;
    if (unlinks) this.consequence.keeps = acsUsers;
  }

  private async acsUsersOf(userIdentityId: string): Promise<AcsUserAtStake[]> {
    const users = await this.client.listAcsUsers({ user_identity_id: userIdentityId });
    return Promise.all(users.map((user) => this.acsUserAtStake(user.acs_user_id, user.acs_system_id)));
  }

  private async acsUserAtStake(acsUserId: string, acsSystemId: string): Promise<AcsUserAtStake> {
    const credentials = (await listCredentials(this.client, acsUserId)).length;
    return { acsUserId, acsSystemId, acsSystemName: this.systems.get(acsSystemId), credentials };
  }

  private async lookAtAcsUser(): Promise<void> {
    const { id = "" } = this.step;
    const user = await observeAcsUser(this.client, id, this.workspaceId);
    if (this.step.does === "update") {
      const missing = `ACS user ${id} is not in Seam any more. Run \`pulumi refresh\`, then look again`;
      if (user === undefined) this.consequence.problems.push(missing);
    } else if (user === undefined) {
      this.consequence.fate = "gone";
      this.consequence.notes.push("it is not in Seam any more");
    } else {
      const acsUsers = [await this.acsUserAtStake(id, user.acs_system_id)];
      if (this.consequence.fate === "retained") this.consequence.keeps = acsUsers;
      else this.consequence.takes = { acsUsers, phones: 0, clientSessions: 0, enrollmentAutomations: 0 };
    }
  }

  private async lookForConflicts(own: string | undefined): Promise<void> {
    const { problems, notes } = this.consequence;
    const inputs = known(this.step.new);
    const secret = uniqueAttributes.filter((name) => this.step.new[name] !== undefined && !(name in inputs));
    if (secret.length > 0) {
      notes.push(
        `whether somebody has its ${secret.join(", ")} already was not checked: the preview does not show it`,
      );
    }
    if (own === undefined) {
      if (inputs.adopt === true) {
        const existing = await findExisting(this.client, inputs);
        if (existing !== undefined) notes.push(`it adopts user identity ${existing.user_identity_id}`);
        return;
      }
    } else if ((await observeUserIdentity(this.client, own, this.workspaceId)) === undefined) {
      problems.push(`user identity ${own} is not in Seam any more. Run \`pulumi refresh\`, then look again`);
      return;
    }
    const taken = await takenAttributes(this.client, inputs, own);
    const [first] = taken;
    if (own === undefined && first !== undefined && leftByInterruptedRun(this.client, first.owner, inputs)) {
      notes.push(`it takes up user identity ${first.owner.user_identity_id}, left by an interrupted run`);
      return;
    }
    for (const { name, owner } of taken) {
      const wayOut =
        own === undefined
          ? "set `adopt: true` to take that one over, import it, or give another value"
          : "give another value, or remove that one first";
      problems.push(
        `its ${words[name]} belongs to user identity ${owner.user_identity_id} already: ${wayOut}`,
      );
    }
  }

  private async lookAtOldLink(): Promise<void> {
    const [userIdentityId, acsUserId = ""] = (this.step.id ?? "").split("/");
    const acsUser = await observeAcsUser(this.client, acsUserId, this.workspaceId);
    if (acsUser === undefined || acsUser.user_identity_id !== userIdentityId) {
      this.consequence.fate = "gone";
      this.consequence.notes.push("the two are not linked any more");
      return;
    }
    this.consequence.keeps = [await this.acsUserAtStake(acsUserId, acsUser.acs_system_id)];
  }

  private async lookAtNewLink(): Promise<void> {
    const { problems, notes } = this.consequence;
    const { acsUserId, userIdentityId } = known(this.step.new) as Record<string, string | undefined>;
    if (acsUserId === undefined) {
      notes.push("its ACS user is not known before the apply");
      return;
    }
    const acsUser = await observeAcsUser(this.client, acsUserId, undefined);
    if (acsUser === undefined) {
      problems.push(
        `there is no ACS user ${acsUserId} in the API key's workspace: check acsUserId and the key`,
      );
      return;
    }
    const linkedTo = acsUser.user_identity_id;
    if (linkedTo !== null && linkedTo !== userIdentityId) {
      problems.push(
        `ACS user ${acsUserId} is linked to user identity ${linkedTo} already: take that link away first`,
      );
    }
    if (userIdentityId === undefined) return;
    const others = await this.client.listAcsUsers({ user_identity_id: userIdentityId });
    const rival = others.find(
      (other) => other.acs_system_id === acsUser.acs_system_id && other.acs_user_id !== acsUserId,
    );
    const replaced =
      this.step.does === "replace" && this.step.id?.endsWith(`/${rival?.acs_user_id}`) === true;
    if (rival !== undefined && !replaced) {
      problems.push(
        `user identity ${userIdentityId} has ACS user ${rival.acs_user_id} in the same access control system already: take that link away first`,
      );
    }
  }
}

const words: Readonly<Record<UniqueAttribute, string>> = {
  userIdentityKey: "key",
  emailAddress: "e-mail address",
  phoneNumber: "phone number",
};

/** What stands for a value that the preview does not know, or does not show. */
const hidden = new Set(["04da6b54-80e4-46f7-96ec-b56ff0331ba9", "[secret]", "[unknown]"]);

/** The inputs whose values are known. */
function known(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).filter(([, value]) => !(typeof value === "string" && hidden.has(value))),
  );
}
