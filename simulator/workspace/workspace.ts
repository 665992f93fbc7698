import type { Behavior } from "../behavior";
import type { Collection, Stored } from "../collection";
import { AccessGrants } from "./accessGrants";
import { AcsAccessGroups } from "./acsAccessGroups";
import { AcsCredentials } from "./acsCredentials";
import { AcsEntrances } from "./acsEntrances";
import { AcsSystems } from "./acsSystems";
import { AcsUsers } from "./acsUsers";
import { ClientSessions } from "./clientSessions";
import { WorkspaceContext } from "./context";
import type { Deletions } from "./deletions";
import { Devices } from "./devices";
import type { Doors } from "./doors";
import { EnrollmentAutomations } from "./enrollmentAutomations";
import type { Events } from "./events";
import type { Notice } from "./objects";
import { Phones } from "./phones";
import { Spaces } from "./spaces";
import { UserIdentities } from "./userIdentities";

/** One workspace: its objects by family, and their delayed changes. */
export class Workspace {
  readonly acsSystems: AcsSystems;
  readonly entrances: AcsEntrances;
  readonly accessGroups: AcsAccessGroups;
  readonly devices: Devices;
  readonly spaces: Spaces;
  readonly sessions: ClientSessions;
  readonly credentials: AcsCredentials;
  readonly acsUsers: AcsUsers;
  readonly automations: EnrollmentAutomations;
  readonly phones: Phones;
  readonly grants: AccessGrants;
  readonly identities: UserIdentities;
  private readonly context: WorkspaceContext;

  constructor(
    readonly id: string,
    readonly name: string,
    behavior: () => Behavior,
    random: () => number,
    changed: () => void,
  ) {
    const context = new WorkspaceContext(id, behavior, random, changed);
    this.context = context;
    this.acsSystems = new AcsSystems(context);
    this.entrances = new AcsEntrances(context);
    this.accessGroups = new AcsAccessGroups(context);
    this.devices = new Devices(context);
    this.spaces = new Spaces(context, this.devices, this.entrances);
    this.sessions = new ClientSessions(context);
    this.credentials = new AcsCredentials(context);
    this.acsUsers = new AcsUsers(context, this.credentials, this.accessGroups);
    this.automations = new EnrollmentAutomations(context, this.sessions);
    this.phones = new Phones(context, this.sessions);
    this.grants = new AccessGrants(context, {
      systems: this.acsSystems,
      entrances: this.entrances,
      devices: this.devices,
      spaces: this.spaces,
      acsUsers: this.acsUsers,
      credentials: this.credentials,
    });
    this.identities = new UserIdentities(context, {
      sessions: this.sessions,
      acsUsers: this.acsUsers,
      automations: this.automations,
      phones: this.phones,
      grants: this.grants,
    });
  }

  get events(): Events {
    return this.context.events;
  }

  get deletions(): Deletions {
    return this.context.deletions;
  }

  get doors(): Doors {
    return this.context.doors;
  }

  /** Unlinks an ACS user, with the delay of the behavior. Resolves when it is done. */
  unlinkLater(acsUserId: string, userIdentityId: string): Promise<void> {
    const { behavior, random, timers } = this.context;
    const [least, most] = behavior().unlinkTimeMs;
    return new Promise((resolve) => {
      timers.later(least + (most - least) * random(), () => {
        const user = this.acsUsers.get(acsUserId);
        if (user?.owner === userIdentityId) this.acsUsers.unlink(user);
        resolve();
      });
    });
  }

  /** Continues the deletions that were in progress when a state file was written. */
  resumeDeletions(): void {
    const now = Date.now();
    const { acsUsers, credentials, automations, phones, grants, identities } = this;
    for (const method of interrupted(grants.methods)) grants.deleteMethod(method, now);
    for (const grant of interrupted(grants)) grants.delete(grant, now);
    for (const credential of interrupted(credentials)) credentials.delete(credential, now, true);
    for (const user of interrupted(acsUsers)) acsUsers.delete(user, now, true);
    for (const automation of interrupted(automations)) automations.delete(automation, now, true);
    for (const phone of interrupted(phones)) phones.deactivate(phone, now, true);
    for (const identity of interrupted(identities)) identities.finishDeletion(identity, now);
  }

  stop(): void {
    this.context.timers.stop();
  }

  /** Deletes everything except access control systems, their entrances and groups, and devices. */
  reset(): void {
    this.stop();
    for (const family of [
      this.identities,
      this.acsUsers,
      this.credentials,
      this.automations,
      this.phones,
      this.sessions,
      this.grants,
    ]) {
      family.clear();
    }
    this.spaces.clear();
    this.accessGroups.clearMembers();
    this.events.log.length = 0;
    this.doors.clear();
    this.clearLogs();
    this.context.changed();
  }

  /** Clears the logs of deletions and closed doors. */
  clearLogs(): void {
    this.deletions.clear();
    this.doors.clearHistory();
  }
}

/** The objects of a state file that were being deleted. Their warning is removed, because the deletion adds it again. */
function interrupted<Wire extends { warnings: Notice[] }>(collection: Collection<Wire>): Stored<Wire>[] {
  const isDeleted = (notice: Notice): boolean => notice.warning_code === "being_deleted";
  const found = [...collection.all()].filter(({ wire }) => wire.warnings.some(isDeleted));
  for (const { wire } of found) wire.warnings = wire.warnings.filter((notice) => !isDeleted(notice));
  return found;
}
