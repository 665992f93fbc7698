import { observeAcsUser, observeUserIdentity } from "../seam/observe";
import type { SeamClient } from "../seam/client";
import { SeamDeadlineError, SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import { allEnded } from "./allSettled";
import type { DeletionWatcher, Stage } from "./deletionWatcher";
import { TeardownTimeoutError } from "./errors";
import { type AcsUsersPolicy, type DependentKind, teardownGraph, vanishesAtOnce } from "./graph";
import { type Group, walk } from "./graphWalk";
import { type Dependent, directKinds, listCredentials, listDependents } from "./inventory";

/** What a teardown tells while it runs. `after` is milliseconds since its beginning. */
export type TeardownEvent =
  /** More of what hangs under the identity. */
  | { type: "found"; dependents: readonly Dependent[]; after: number }
  | { type: "deleting"; dependent: Dependent; after: number }
  /** Seam confirmed that these are no longer there. */
  | { type: "gone"; dependents: readonly Dependent[]; after: number }
  /** The identity itself is no longer there: the end. */
  | { type: "identityGone"; after: number };

/** One teardown. */
export interface TeardownOptions {
  client: SeamClient;
  watcher: DeletionWatcher;
  userIdentityId: string;
  /** The workspace that the identity was made in; a key for another one is an error. */
  workspaceId?: string | undefined;
  /** What becomes of the linked ACS users. Default `delete`. */
  acsUsers?: AcsUsersPolicy | undefined;
  /** How long it may take until it gives up, in seconds. Default {@link defaultTimeoutSeconds}. */
  timeoutSeconds?: number | undefined;
  onEvent?: ((event: TeardownEvent) => void) | undefined;
}

export const defaultTimeoutSeconds = 600;

/** How long the last look may take, which is to tell what is left when the time is up. Milliseconds. */
export const lastLook = 3_000;

/** How often Seam may refuse a deletion because of something that no listing shows. */
const refusalsAllowed = 5;

/**
 * Takes a user identity away with everything under it, in the order of `teardownGraph`, and resolves when Seam confirms
 * that all of it is gone. What comes into being meanwhile is taken away too. An identity that is not there is a success.
 *
 * @throws TeardownTimeoutError, DeletionRefusedError, MergedUserIdentityError, WrongWorkspaceError, SeamError. After any
 *   of them, a further call goes on from what is left.
 */
export function tearDownUserIdentity(options: TeardownOptions): Promise<void> {
  return new Teardown(options).run();
}

class Teardown {
  private readonly client: SeamClient;
  private readonly id: string;
  private readonly policy: AcsUsersPolicy;
  private readonly timeoutSeconds: number;
  private readonly startedAt = performance.now();
  private readonly deadline: number;
  /** What was gone as soon as Seam said so. */
  private readonly vanished = new Set<Dependent>();
  /** Whether it was seen a moment ago whose identity it is, so that it may be deleted. */
  private justObserved = false;
  /** What was found and is not confirmed gone yet, by its id. */
  private readonly open = new Map<string, Dependent>();

  constructor(private readonly options: TeardownOptions) {
    this.id = options.userIdentityId;
    this.policy = options.acsUsers ?? "delete";
    this.timeoutSeconds = options.timeoutSeconds ?? defaultTimeoutSeconds;
    this.deadline = this.startedAt + this.timeoutSeconds * 1000;
    this.client = options.client.until(this.deadline + lastLook);
  }

  async run(): Promise<void> {
    try {
      await this.takeAllAway();
    } catch (error) {
      if (!(error instanceof SeamDeadlineError)) throw error;
      throw new TeardownTimeoutError(this.timeoutSeconds, [...this.open.values()]);
    }
  }

  private async takeAllAway(): Promise<void> {
    const [observed, listed] = await Promise.allSettled([
      observeUserIdentity(this.client, this.id, this.options.workspaceId),
      this.list(directKinds),
    ]);
    // Whose identity it is decides before anything that was listed under it is touched.
    if (observed.status === "rejected") throw observed.reason;
    if (observed.value === undefined) return;
    this.justObserved = true;
    if (listed.status === "rejected") throw listed.reason;
    let left = listed.value;
    let rounds = 0;
    for (let refusals = 0; ;) {
      for (; left.length > 0; rounds += 1) {
        // An app that makes things as fast as they go must not have Seam hammered.
        if (rounds > 0) await this.pause(Math.min(100 * 2 ** rounds, 5_000), left);
        left = await this.takeAway(left);
      }
      const refusal = await this.takeIdentityAway();
      if (refusal === undefined) return;
      left = await this.list(directKinds);
      if (left.length > 0) continue;
      refusals += 1;
      if (refusals > refusalsAllowed) throw refusal;
      await this.pause(250 * 2 ** refusals, []);
    }
  }

  /** Takes away what was found, in the graph's order; answers what came into being meanwhile. */
  private async takeAway(found: readonly Dependent[]): Promise<Dependent[]> {
    this.tell("found", found);
    const members = this.groups(found);
    const itemsOf = (group: Group): Promise<Dependent[]> => members.get(group) ?? Promise.resolve([]);
    const signedOut = found.some((one) => one.kind === "clientSession");
    await walk(teardownGraph[this.policy], [...members.keys()], {
      ask: async (group) => {
        const { kind, acsUserId } = group;
        // Until it was signed out, the app could have had a credential issued that the first listing does not show.
        const late = kind === "acsCredential" && signedOut && (await itemsOf(group)).length === 0;
        if (late && acsUserId !== undefined) members.set(group, this.findCredentials(acsUserId));
        await this.askAll(await itemsOf(group));
      },
      confirm: async (group) => this.untilEmpty(group, await itemsOf(group)),
    });
    const open = found.filter((one) => !this.vanished.has(one));
    // The last wait is what everybody waits for, so it may ask a few times more.
    return this.confirmGone(open, directKinds, (kinds) => this.lastLook(kinds), "last");
  }

  /** Where it lists sessions it lists all that may be left, so that the identity comes next. */
  private async lastLook(kinds: readonly DependentKind[]): Promise<Dependent[]> {
    const observed = kinds.includes("clientSession") ? this.observe() : undefined;
    const [left = []] = await allEnded([this.list(kinds), observed?.then(() => []) ?? Promise.resolve([])]);
    this.justObserved = observed !== undefined;
    return left;
  }

  /**
   * The identity can be merged into somebody else's while this goes on, and a delete would then be of that one.
   *
   * @throws MergedUserIdentityError, WrongWorkspaceError
   */
  private async observe(): Promise<void> {
    await observeUserIdentity(this.client, this.id, this.options.workspaceId);
  }

  private groups(found: readonly Dependent[]): Map<Group, Promise<Dependent[]>> {
    const groups = new Map<Group, Promise<Dependent[]>>();
    for (const kind of directKinds) {
      const items = found.filter((one) => one.kind === kind);
      if (kind !== "acsUser") {
        if (items.length > 0) groups.set({ kind }, Promise.resolve(items));
        continue;
      }
      for (const acsUser of items) {
        const acsUserId = acsUser.id;
        groups.set({ kind, acsUserId }, Promise.resolve([acsUser]));
        if (teardownGraph[this.policy].acsCredential === undefined) continue;
        // Listed before their turn comes: reading has no order to keep.
        const credentials = this.findCredentials(acsUserId);
        // Whoever awaits the group hears of a failure; until then it is nobody's unhandled rejection.
        credentials.catch(() => undefined);
        groups.set({ kind: "acsCredential", acsUserId }, credentials);
      }
    }
    return groups;
  }

  private async findCredentials(acsUserId: string): Promise<Dependent[]> {
    const credentials = await this.listCredentials(acsUserId);
    if (credentials.length > 0) this.tell("found", credentials);
    return credentials;
  }

  /** Waits until `asked` is gone; what shows up in the group meanwhile is taken away as well. */
  private async untilEmpty(group: Group, asked: readonly Dependent[]): Promise<void> {
    const { kind, acsUserId } = group;
    const look = (): Promise<Dependent[]> =>
      kind === "acsCredential" ? this.listCredentials(acsUserId ?? "") : this.list([kind]);
    let left = asked.filter((one) => !this.vanished.has(one));
    for (let rounds = 0; left.length > 0; rounds += 1) {
      if (rounds > 0) await this.pause(Math.min(50 * 2 ** rounds, 5_000), left);
      left = await this.confirmGone(left, [kind], look);
      await this.askAll(left);
    }
  }

  private async confirmGone<Kind extends DependentKind>(
    targets: readonly Dependent[],
    kinds: readonly Kind[],
    look: (kinds: readonly Kind[]) => Promise<Dependent[]>,
    stage?: Stage,
  ): Promise<Dependent[]> {
    const newcomers = await this.options.watcher.untilGone({
      userIdentityId: this.id,
      targets,
      kinds,
      look: (asked) => look(kinds.filter((kind) => asked.includes(kind))),
      askAgain: (target) => this.ask(target),
      stage,
      deadline: this.deadline,
      timeoutSeconds: this.timeoutSeconds,
    });
    if (targets.length > 0) this.tell("gone", targets);
    return newcomers;
  }

  private async askAll(targets: readonly Dependent[]): Promise<void> {
    await allEnded(targets.map((target) => this.ask(target)));
  }

  private async ask(target: Dependent): Promise<void> {
    // What the system refused to delete is asked for again, even if Seam goes on showing it as being deleted.
    if (target.beingDeleted && !target.deletionFailed) return;
    this.options.onEvent?.({ type: "deleting", dependent: target, after: this.elapsed() });
    const accepted = await this.remove(target);
    if (accepted) this.open.set(target.id, { ...target, beingDeleted: true });
    // Where Seam said that there was nothing to delete, only a listing proves that it is gone.
    if (accepted && vanishesAtOnce[this.policy].includes(target.kind)) {
      this.vanished.add(target);
      this.tell("gone", [target]);
    }
  }

  private remove({ kind, id }: Dependent): Promise<boolean> {
    switch (kind) {
      case "clientSession":
        return this.client.deleteClientSession(id);
      case "acsCredential":
        return this.client.deleteAcsCredential(id);
      case "enrollmentAutomation":
        return this.client.deleteEnrollmentAutomation(id);
      case "phone":
        return this.client.deactivatePhone(id);
      case "acsUser":
        return this.policy === "unlink" ? this.client.removeAcsUser(this.id, id) : this.deleteAcsUser(id);
    }
  }

  /** Seam may refuse an ACS user for a credential that was issued after the last listing; such a one goes first. */
  private async deleteAcsUser(id: string): Promise<boolean> {
    for (let refusals = 0; ;) {
      try {
        return await this.client.deleteAcsUser(id);
      } catch (error) {
        if (!(error instanceof SeamRejectedError)) throw error;
        const credentials = await this.findCredentials(id);
        if (credentials.length > 0) {
          await this.askAll(credentials);
          await this.untilEmpty({ kind: "acsCredential", acsUserId: id }, credentials);
          continue;
        }
        refusals += 1;
        if (refusals > refusalsAllowed) throw error;
        await this.pause(250 * 2 ** refusals, []);
      }
    }
  }

  /** Answers Seam's refusal, if something still hangs under the identity. */
  private async takeIdentityAway(): Promise<SeamRejectedError | undefined> {
    for (let asked = 0; ; asked += 1) {
      let accepted: boolean;
      try {
        if (!this.justObserved) await this.observe();
        this.justObserved = false;
        accepted = await this.client.deleteUserIdentity(this.id);
      } catch (error) {
        if (error instanceof SeamRejectedError) return error;
        throw error;
      }
      if (!(await this.identityIsLeft(accepted))) {
        this.options.onEvent?.({ type: "identityGone", after: this.elapsed() });
        return undefined;
      }
      await this.pause(Math.min(250 * 2 ** asked, 5_000), []);
    }
  }

  /** A listing answers for what Seam took on; where Seam knew of nothing to delete, one more "not found" would prove nothing. */
  private async identityIsLeft(accepted: boolean): Promise<boolean> {
    if (!accepted) {
      return (await observeUserIdentity(this.client, this.id, this.options.workspaceId)) !== undefined;
    }
    const listed = await this.client.listUserIdentities({ user_identity_ids: [this.id] });
    return listed.some((identity) => identity.user_identity_id === this.id);
  }

  /** None where the ACS user itself is gone. */
  private async listCredentials(acsUserId: string): Promise<Dependent[]> {
    try {
      return await listCredentials(this.client, acsUserId);
    } catch (error) {
      if (!(error instanceof SeamNotFoundError)) throw error;
      const user = await observeAcsUser(this.client, acsUserId, this.options.workspaceId);
      if (user === undefined) return [];
      throw error;
    }
  }

  private list(kinds: readonly DependentKind[]): Promise<Dependent[]> {
    return listDependents(
      this.client,
      this.id,
      directKinds.filter((kind) => kinds.includes(kind)),
    );
  }

  private tell(type: "found" | "gone", dependents: readonly Dependent[]): void {
    for (const one of dependents) {
      if (type === "found") this.open.set(one.id, one);
      else this.open.delete(one.id);
    }
    this.options.onEvent?.({ type, dependents, after: this.elapsed() });
  }

  private async pause(milliseconds: number, left: readonly Dependent[]): Promise<void> {
    const remaining = this.deadline - performance.now();
    if (remaining <= 0) throw new TeardownTimeoutError(this.timeoutSeconds, left);
    await new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, remaining)));
  }

  private elapsed(): number {
    return performance.now() - this.startedAt;
  }
}
