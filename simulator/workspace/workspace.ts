import type { Behavior } from "../behavior";
import { AcsCredentials } from "./acsCredentials";
import { AcsSystems } from "./acsSystems";
import { AcsUsers } from "./acsUsers";
import { ClientSessions } from "./clientSessions";
import { WorkspaceContext } from "./context";
import type { Deletions } from "./deletions";
import { EnrollmentAutomations } from "./enrollmentAutomations";
import type { Events } from "./events";
import { Phones } from "./phones";
import { UserIdentities } from "./userIdentities";

/** One workspace: its objects by family, and what happens to them by themselves. */
export class Workspace {
  readonly acsSystems: AcsSystems;
  readonly sessions: ClientSessions;
  readonly credentials: AcsCredentials;
  readonly acsUsers: AcsUsers;
  readonly automations: EnrollmentAutomations;
  readonly phones: Phones;
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
    this.sessions = new ClientSessions(context);
    this.credentials = new AcsCredentials(context, this.sessions);
    this.acsUsers = new AcsUsers(context, this.sessions, this.credentials);
    this.automations = new EnrollmentAutomations(context, this.sessions);
    this.phones = new Phones(context, this.sessions);
    this.identities = new UserIdentities(context, {
      sessions: this.sessions,
      acsUsers: this.acsUsers,
      automations: this.automations,
      phones: this.phones,
    });
  }

  get events(): Events {
    return this.context.events;
  }

  get deletions(): Deletions {
    return this.context.deletions;
  }

  stop(): void {
    this.context.timers.stop();
  }

  /** Deletes everything but the access control systems. */
  reset(): void {
    this.stop();
    for (const family of [
      this.identities,
      this.acsUsers,
      this.credentials,
      this.automations,
      this.phones,
      this.sessions,
    ]) {
      family.clear();
    }
    this.events.log.length = 0;
    this.deletions.clear();
    this.context.changed();
  }
}
