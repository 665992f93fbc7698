import type { SeamClient } from "../seam/client";
import { isBeingDeleted } from "../seam/beingDeleted";
import { SeamDeadlineError, SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import { MergedUserIdentityError, observeAcsUser } from "../seam/observe";
import { allEnded, causesOf, combined } from "./allSettled";
import type { DeletionWatcher, Stage } from "./deletionWatcher";
import type { Dependent } from "./dependent";
import { Doors } from "./doors";
import { ForeignDependentsError, stopsEverything, teardownFailure } from "./errors";
import { type DependentKind, goneOnceAccepted, type TeardownStep, teardownGraph } from "./graph";
import { type Group, walk, type Work } from "./graphWalk";
import { type DirectKind, directKinds, type Inventory } from "./inventory";
import type { Subject } from "./subject";
import type { TeardownEvent } from "./teardownEvent";
import type { TimeLimit } from "./timeLimit";

/** Options of one run. */
export interface RunOptions {
  subject: Subject;
  /** A client that sends no calls after the time limit. */
  client: SeamClient;
  inventory: Inventory;
  watcher: DeletionWatcher;
  time: TimeLimit;
  workspaceId: string | undefined;
  /** Whether an ACS user is unlinked and retained. */
  keepsAcsUser(acsUserId: string): boolean;
  onEvent: ((event: TeardownEvent) => void) | undefined;
}

/** The number of times that Seam may refuse a deletion because of something that no listing shows. */
const refusalsAllowed = 5;

/** How long the steps that close doors wait for listings that have not returned yet, in milliseconds. */
const graceForProofs = { usually: 1_000, whileLimited: 30_000 };

/** A group with its dependents. */
interface Items extends Group {
  items: Promise<readonly Dependent[]>;
}

/** The dependents of one walk over the graph: those that were found, or are being listed. */
type Found = ReadonlyMap<DirectKind, Promise<readonly Dependent[]>>;

/**
 * A run of a teardown. It walks the graph over the subject's dependents, and again over whatever is created meanwhile, until
 * nothing is left and the subject itself is gone. A failure stops only what has to wait for it.
 */
export class TeardownRun implements Work<Items> {
  private readonly doors: Doors;
  private readonly failures: unknown[] = [];
  /** The kinds whose listing failed; they are not listed again. */
  private readonly failedKinds = new Set<DirectKind>();
  /** The error that stopped the run; nothing may continue after it. */
  private stopped: Error | undefined;
  /** Whether anything has been changed. */
  private changed = false;
  private done = false;
  /** Whether the subject was observed in the check that showed everything to be gone. */
  private justObserved = true;
  /** The dependents that were found and are not confirmed gone yet, by id. */
  private readonly open = new Map<string, Dependent>();
  /** The ids of all dependents that were found. */
  private readonly seen = new Set<string>();
  /** The dependents that were gone as soon as Seam accepted the request. */
  private readonly vanished = new Set<Dependent>();
  /** When Seam first showed that a dependent is gone, by id, in milliseconds since the start. */
  private readonly goneAfter = new Map<string, number>();
  /** The ids of grants that are confirmed gone. */
  private readonly confirmedGrants = new Set<string>();
  /** The ids of ACS users that turned out to belong to somebody else. */
  private readonly leftAlone = new Set<string>();
  /** The ids of ACS users that were shown a moment ago to be the subject's own. */
  private readonly justProved = new Set<string>();
  private found: Found = new Map();
  private credentials = new Map<string, Promise<readonly Dependent[]>>();
  private foundLater: Dependent[] = [];

  constructor(private readonly options: RunOptions) {
    const { subject, client } = options;
    this.doors = new Doors(client, subject.kinds, () =>
      options.onEvent?.({ type: "doorsClosed", after: options.time.elapsed() }),
    );
  }

  /** @throws one error for all failures */
  async run(): Promise<void> {
    const { subject, time } = this.options;
    // The listings run in parallel, but nothing listed is changed before the subject was observed.
    const observed = subject.observe();
    const listings = new Map(subject.kinds.map((kind) => [kind, quiet(this.list(kind))]));
    let started = false;
    try {
      const there = await observed;
      started = true;
      this.found = new Map([...listings].filter(([kind]) => subject.kinds.includes(kind)));
      if (!there && (await this.foundNothing())) return;
      await this.untilOwnersKnown();
      await this.walkUntilDone();
    } catch (error) {
      const reason = await this.mergeBehind(error);
      await this.unsuspendMerged(reason);
      const status = {
        subject: subject.name,
        left: [...this.open.values()],
        details: started ? this.doors.describe() : "",
        seconds: time.seconds,
      };
      throw started || error instanceof SeamDeadlineError ? teardownFailure(reason, status) : error;
    }
  }

  /** Whether all listings are empty. False if one failed, because the others may show what opens doors. */
  private async foundNothing(): Promise<boolean> {
    const outcomes = await Promise.allSettled([...this.found.values()]);
    return outcomes.every((outcome) => outcome.status === "fulfilled" && outcome.value.length === 0);
  }

  /**
   * Waits until all listed dependents have shown whose they are. It does not wait long for listings that are slow or fail,
   * because doors are open.
   */
  private async untilOwnersKnown(): Promise<void> {
    const { client } = this.options;
    const users = this.found.get("acsUser") ?? Promise.resolve([]);
    const credentials = users.then((all) =>
      Promise.allSettled(this.toDelete(all).map((user) => this.credentialsOf(user.id))),
    );
    const all = Promise.allSettled<unknown>([...this.found.values(), credentials]);
    const grace = client.limited ? graceForProofs.whileLimited : graceForProofs.usually;
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise((resolve) => {
      timer = setTimeout(resolve, grace);
    });
    await Promise.race([all, enough]);
    clearTimeout(timer);
    this.assertNotStopped();
  }

  /** Repeats the walk. Each walk handles what was created during the one before it. */
  private async walkUntilDone(): Promise<void> {
    for (let rounds = 0; ; rounds += 1) {
      this.foundLater = [];
      for (const [kind, listing] of this.found)
        void quiet(listing.then((found) => this.recordFound(kind, found)));
      await walk(teardownGraph, this).catch((error: unknown) => this.failures.push(...causesOf(error)));
      this.assertNotStopped();
      if (this.done) return;
      this.foundLater = this.foundLater.filter((one) => !this.isBlocked(one));
      if (this.foundLater.length === 0) throw combined(this.failures);
      // An app that creates objects as fast as they are deleted must not cause a flood of requests to Seam.
      const pause = this.options.time.pause(Math.min(100 * 2 ** (rounds + 1), 5_000), this.foundLater);
      await pause.catch((error: unknown) => {
        throw combined([...this.failures, error]);
      });
      this.prepareWalk(this.foundLater);
    }
  }

  /**
   * Whether a dependent has to wait for something that could not be deleted. It is then left for the next run, like those found
   * earlier.
   */
  private isBlocked(one: Dependent): boolean {
    if (this.failures.length === 0) return false;
    const left = [...this.open.values()].map((other) => stepOf(other, this.options));
    const blocked = stepsBefore(stepOf(one, this.options)).some((step) => left.includes(step));
    if (blocked) this.report("found", [one]);
    return blocked;
  }

  /** Sets the dependents of the next walk. */
  private prepareWalk(dependents: readonly Dependent[]): void {
    const kinds = directKinds.filter((kind) => dependents.some((one) => one.kind === kind));
    this.found = new Map(
      kinds.map((kind) => [kind, Promise.resolve(dependents.filter((one) => one.kind === kind))]),
    );
    this.credentials = new Map();
  }

  private recordFound(kind: DirectKind, found: readonly Dependent[]): void {
    for (const one of found) this.seen.add(one.id);
    if (found.length > 0) this.report("found", found);
    this.doors.addListed(kind, kind === "acsUser" ? this.toDelete(found) : found);
  }

  // Called by the walk over the graph

  async groups(step: TeardownStep): Promise<readonly Items[]> {
    switch (step) {
      case "clientSession":
      case "accessGrant":
      case "enrollmentAutomation":
      case "phone":
        return this.oneGroup(step, await this.listed(step));
      case "accessMethod":
        return this.oneGroup(step, await this.listed("accessGrant"));
      case "suspension":
      case "acsUser":
        return this.toDelete(await this.listed("acsUser")).map((user) => ofAcsUser(step, user.id, [user]));
      case "acsCredential":
        return this.toDelete(await this.listed("acsUser")).map(({ id }) => ({
          step,
          acsUserId: id,
          items: this.credentialsOf(id),
        }));
      case "acsUserLink": {
        const users = await this.listed("acsUser");
        const kept = users.filter(({ id }) => this.options.keepsAcsUser(id));
        return kept.map((user) => ofAcsUser(step, user.id, [user]));
      }
      case "userIdentity":
        return [{ step, items: Promise.resolve([]) }];
    }
  }

  async request(group: Items): Promise<void> {
    this.assertNotStopped();
    const items = await group.items;
    const { step, acsUserId } = group;
    if (acsUserId !== undefined && this.leftAlone.has(acsUserId)) return;
    if (step === "userIdentity") return this.finish();
    if (step === "accessMethod") return this.deleteRemainingMethods(items);
    if (step === "suspension") {
      this.changed = true;
      await allEnded(items.map((user) => this.doors.suspend(user)));
      return;
    }
    if (
      step === "acsCredential" &&
      acsUserId !== undefined &&
      items.some(({ linkedTo }) => this.isForeign(linkedTo))
    ) {
      if (!(await this.options.subject.stillHas(acsUserId))) return this.leaveAlone(acsUserId);
    }
    await allEnded(items.map((item) => this.change(step, item)));
    if (step === "acsCredential" && acsUserId !== undefined && items.length === 0)
      this.doors.close(acsUserId);
  }

  async confirm(groups: readonly Items[], next: Items): Promise<void> {
    if (next.step === "userIdentity") await this.confirmAll(groups);
    else await allEnded(groups.map((group) => this.untilEmpty(group)));
    if (next.step !== "accessMethod") return;
    const grants = await allEnded(groups.map((group) => group.items));
    for (const { id } of grants.flat()) this.confirmedGrants.add(id);
  }

  /** Only a suspended ACS user keeps the credentials of a grant that could not be deleted, because its doors are closed. */
  async mayIgnoreFailure({ acsUserId }: Items): Promise<boolean> {
    if (this.failedKinds.has("accessGrant")) return true;
    return acsUserId !== undefined && !(await this.doors.isSuspended(acsUserId));
  }

  // Lists

  private async list(kind: DirectKind): Promise<readonly Dependent[]> {
    try {
      return await this.options.subject.list(kind);
    } catch (error) {
      this.failedKinds.add(kind);
      throw this.stopOn(error);
    }
  }

  private listed(kind: DirectKind): Promise<readonly Dependent[]> {
    return this.found.get(kind) ?? Promise.resolve([]);
  }

  /** Lists credentials once for each walk, before they are needed: reads need no order. */
  private credentialsOf(acsUserId: string): Promise<readonly Dependent[]> {
    const listing = this.credentials.get(acsUserId) ?? quiet(this.findCredentials(acsUserId));
    this.credentials.set(acsUserId, listing);
    return listing;
  }

  private async findCredentials(acsUserId: string): Promise<Dependent[]> {
    const credentials = await this.listCredentials(acsUserId);
    if (credentials.length > 0) this.report("found", credentials);
    return credentials;
  }

  /** Lists credentials; none where the ACS user itself is gone. */
  private async listCredentials(acsUserId: string): Promise<Dependent[]> {
    const { client, inventory, workspaceId } = this.options;
    try {
      return await inventory.listCredentials(acsUserId);
    } catch (error) {
      if (!(error instanceof SeamNotFoundError)) throw this.stopOn(error);
      if ((await observeAcsUser(client, acsUserId, workspaceId)) === undefined) return [];
      throw error;
    }
  }

  private isForeign(userIdentityId: string | undefined): boolean {
    return userIdentityId !== undefined && userIdentityId !== this.options.subject.id;
  }

  private toDelete(users: readonly Dependent[]): readonly Dependent[] {
    return users.filter(({ id }) => !this.options.keepsAcsUser(id));
  }

  private oneGroup(step: TeardownStep, items: readonly Dependent[]): Items[] {
    return items.length === 0 ? [] : [{ step, items: Promise.resolve(items) }];
  }

  // Changes

  private async change(step: TeardownStep, target: Dependent): Promise<void> {
    this.assertNotStopped();
    // A deletion that the access control system refused is requested again, even if Seam still shows it as being deleted.
    if (!target.beingDeleted || target.deletionFailed) {
      this.changed = true;
      this.options.onEvent?.({ type: "deleting", dependent: target, after: this.options.time.elapsed() });
      const accepted = await this.send(step, target);
      if (accepted) this.open.set(target.id, { ...target, beingDeleted: true });
      // If Seam answered that there was nothing to delete, only a listing proves that it is gone.
      if (accepted && goneOnceAccepted.has(step)) {
        this.vanished.add(target);
        this.report("gone", [target]);
      }
    }
    if (step === "accessGrant") this.doors.close(target.id);
  }

  /**
   * Requests a deletion again that had no effect. What was created meanwhile and has to be gone first is deleted before; if that
   * takes time, the request is left for later.
   */
  private async changeAgain(target: Dependent): Promise<void> {
    const step = stepOf(target, this.options);
    const before = stepsBefore(step);
    const kinds = this.options.subject.kinds.filter(
      (kind) => before.includes(kind) && !this.failedKinds.has(kind),
    );
    const created = (await allEnded(kinds.map((kind) => this.list(kind)))).flat();
    const unknown = created.filter(({ id }) => !this.open.has(id));
    if (unknown.length > 0) this.report("found", unknown);
    await allEnded(created.map((one) => this.change(stepOf(one, this.options), one)));
    if (created.every((one) => this.vanished.has(one))) await this.change(step, target);
  }

  private send(step: TeardownStep, { id }: Dependent): Promise<boolean> {
    const { client, subject } = this.options;
    switch (step) {
      case "clientSession":
        return client.deleteClientSession(id);
      case "accessGrant":
        return client.deleteAccessGrant(id);
      case "acsCredential":
        return client.deleteAcsCredential(id);
      case "enrollmentAutomation":
        return client.deleteEnrollmentAutomation(id);
      case "phone":
        return client.deactivatePhone(id);
      case "acsUserLink":
        return subject.unlink(id);
      case "acsUser":
        return this.deleteAcsUser(id);
      default:
        return Promise.resolve(false);
    }
  }

  /**
   * Deletes an ACS user. Seam may refuse because of a credential that was issued after the last listing; it is then deleted
   * first.
   */
  private async deleteAcsUser(id: string): Promise<boolean> {
    for (let refusals = 0; ;) {
      try {
        if (!this.justProved.delete(id) && !(await this.options.subject.stillHas(id))) {
          await this.leaveAlone(id);
          return false;
        }
        return await this.options.client.deleteAcsUser(id);
      } catch (error) {
        if (!(error instanceof SeamRejectedError)) throw error;
        const credentials = await this.findCredentials(id);
        if (credentials.length > 0) {
          await allEnded(credentials.map((one) => this.change("acsCredential", one)));
          await this.untilEmpty(ofAcsUser("acsCredential", id, credentials));
          continue;
        }
        refusals += 1;
        if (refusals > refusalsAllowed) throw error;
        await this.options.time.pause(250 * 2 ** refusals);
      }
    }
  }

  /**
   * Leaves an ACS user alone that is linked to somebody else by now, or to nobody: it and its credentials are no longer the
   * subject's.
   */
  private async leaveAlone(acsUserId: string): Promise<void> {
    this.leftAlone.add(acsUserId);
    this.open.delete(acsUserId);
    await this.doors.leaveAlone(acsUserId);
  }

  /**
   * Deletes access methods that outlived their grant. They are normally deleted with it; one that was not would open a door
   * that no other listing shows.
   */
  private async deleteRemainingMethods(grants: readonly Dependent[]): Promise<void> {
    const { client, inventory, time } = this.options;
    for (let attempts = 0; ; attempts += 1) {
      const listed = await allEnded(grants.map(({ id }) => inventory.listAccessMethods(id))).catch(
        (error: unknown) => {
          for (const one of causesOf(error)) this.stopOn(one);
          throw error;
        },
      );
      const left = listed.flat();
      if (left.length === 0) return;
      const unchanged = left.filter((method) => attempts % 8 === 0 && !isBeingDeleted(method));
      await allEnded(unchanged.map((method) => client.deleteAccessMethod(method.access_method_id)));
      await time.pause(Math.min(100 * 2 ** attempts, 5_000), grants);
    }
  }

  /**
   * Deletes the subject itself. If Seam refuses, or the request has no effect, everything is listed again, and the next walk handles
   * what that shows.
   */
  private async finish(): Promise<void> {
    if (this.foundLater.length > 0 || this.failures.length > 0) return;
    const { subject, time } = this.options;
    let refusals = 0;
    for (let attempts = 1; ; attempts += 1) {
      this.changed = true;
      const end = await subject.finish(this.justObserved);
      this.justObserved = false;
      if (end.done) {
        this.done = true;
        return;
      }
      this.foundLater =
        "left" in end ? [...end.left] : (await allEnded(subject.kinds.map((kind) => this.list(kind)))).flat();
      if (this.foundLater.length > 0) return;
      const refusal = "refusal" in end ? [end.refusal] : [];
      refusals += refusal.length;
      if (refusals > refusalsAllowed) throw combined(refusal);
      await time.pause(Math.min(250 * 2 ** attempts, 8_000)).catch((error: unknown) => {
        throw combined([...refusal, error]);
      });
    }
  }

  // Waits

  /** Waits until everything in a group is gone; what is added to it meanwhile is deleted as well. */
  private async untilEmpty({ step, acsUserId, items }: Items): Promise<void> {
    const requested = await items;
    const [first] = requested;
    if (first === undefined) return;
    const { kind } = first;
    const list = (_kinds: readonly DependentKind[], expectedGone: boolean): Promise<readonly Dependent[]> =>
      kind === "acsCredential" ? this.credentialsAndOwner(acsUserId ?? "", expectedGone) : this.list(kind);
    let left = requested.filter((one) => !this.vanished.has(one));
    for (let rounds = 0; left.length > 0; rounds += 1) {
      if (rounds > 0) await this.options.time.pause(Math.min(50 * 2 ** rounds, 5_000), left);
      left = await this.confirmGone(left, [kind], list);
      await allEnded(left.map((one) => this.change(step, one)));
    }
    if (kind === "acsCredential") this.doors.close(acsUserId ?? "");
  }

  /**
   * Lists an ACS user's credentials. The check that shows them to be gone also shows whose the ACS user is, so that it may be
   * deleted next.
   */
  private async credentialsAndOwner(acsUserId: string, expectedGone: boolean): Promise<readonly Dependent[]> {
    const credentials = this.listCredentials(acsUserId);
    // While credentials probably still exist, the owner of the ACS user need not be known yet.
    if (!expectedGone && (await credentials).length > 0) return credentials;
    const stillHas = this.options.subject.stillHas(acsUserId);
    await allEnded<unknown>([stillHas, credentials]);
    if (await stillHas) {
      this.justProved.add(acsUserId);
      return credentials;
    }
    await this.leaveAlone(acsUserId);
    return [];
  }

  /**
   * Waits until all dependents of the walk are gone, and records what was created meanwhile. If a kind can no longer be listed,
   * that is one failure, and the other kinds are still waited for.
   */
  private async confirmAll(groups: readonly Items[]): Promise<void> {
    const { subject } = this.options;
    const items = (await allEnded(groups.map((group) => group.items))).flat();
    const passed = new Set(items.map((one) => one.id));
    // Nothing was found a moment ago, so there is nothing to wait for.
    if (
      items.length === 0 &&
      this.failures.length === 0 &&
      this.seen.size === 0 &&
      this.failedKinds.size === 0
    )
      return;
    const failed: unknown[] = [];
    this.justObserved = false;
    for (;;) {
      const left = items.filter((one) => !this.vanished.has(one) && !this.confirmedGrants.has(one.id));
      // Grants that are created meanwhile show when the subject is deleted: Seam refuses, or they outlive it.
      const kinds = subject.kinds.filter(
        (kind) =>
          !this.failedKinds.has(kind) && (kind !== "accessGrant" || left.some((one) => one.kind === kind)),
      );
      const known = this.failedKinds.size;
      const targets = left.filter((one) => kinds.some((kind) => kind === one.kind));
      try {
        // The end of the teardown waits for this, so it may cost a few more checks.
        const waitedFor = targets.map((one) => one.kind);
        const list = (toList: readonly DependentKind[]) => this.lastCheck(toList, kinds, waitedFor);
        const youngest = waitedFor.find((kind) => kind === "acsUser");
        const shown = await this.confirmGone(targets, kinds, list, { stage: "last", youngest });
        // This includes what was thought to be gone, but not what could not be deleted.
        this.foundLater.push(...shown.filter(({ id }) => passed.has(id) || !this.seen.has(id)));
        break;
      } catch (error) {
        failed.push(error);
        if (this.failedKinds.size === known || kinds.length === 0) break;
      }
    }
    if (failed.length > 0) throw combined(failed);
  }

  /**
   * Lists what has to be gone and, once nothing else is left, observes the subject. That shows whether it may be deleted next:
   * it may have been merged into another.
   */
  private async lastCheck(
    toList: readonly DependentKind[],
    kinds: readonly DirectKind[],
    waitedFor: readonly DependentKind[],
  ): Promise<readonly Dependent[]> {
    const observes = kinds.every((kind) => toList.includes(kind) || waitedFor.includes(kind));
    const observed = observes ? this.options.subject.observe() : Promise.resolve(false);
    const lists = kinds.filter((kind) => toList.includes(kind)).map((kind) => this.list(kind));
    const [, ...found] = await allEnded([observed.then(() => []), ...lists]);
    this.justObserved = observes;
    return found.flat();
  }

  private async confirmGone<Kind extends DependentKind>(
    targets: readonly Dependent[],
    kinds: readonly Kind[],
    list: (kinds: readonly DependentKind[], expectedGone: boolean) => Promise<readonly Dependent[]>,
    last: { stage?: Stage; youngest?: DependentKind | undefined } = {},
  ): Promise<Dependent[]> {
    const { watcher, subject, time } = this.options;
    const isHere = (one: Dependent): boolean => !this.leftAlone.has(one.acsUserId ?? "");
    const foundLater = await watcher.untilGone({
      userIdentityId: subject.id,
      targets: targets.filter(isHere),
      kinds,
      list: async (toList, expectedGone) => {
        this.assertNotStopped();
        return [...(await list(toList, expectedGone))];
      },
      requestAgain: (target) => this.changeAgain(target),
      seemsGone: ({ id }, gone) => {
        if (gone) this.goneAfter.set(id, time.elapsed());
        else this.goneAfter.delete(id);
      },
      ...last,
      deadline: time.deadline,
      timeoutSeconds: time.seconds,
    });
    const gone = targets.filter(isHere);
    if (gone.length > 0) this.report("gone", gone);
    for (const one of gone) this.doors.close(one.id);
    return foundLater.filter(isHere);
  }

  // Failures and events

  private assertNotStopped(): void {
    if (this.stopped !== undefined) throw this.stopped;
  }

  /** Stops the whole run if nothing may be changed after this error. Returns the error to throw. */
  private stopOn(error: unknown): unknown {
    if (!stopsEverything(error)) return error;
    const foreign = error instanceof ForeignDependentsError && this.changed && !error.changed;
    this.stopped ??= foreign ? new ForeignDependentsError(error.route, error.kind, true) : error;
    return this.stopped;
  }

  /**
   * Returns the merge behind an error, if there was one: others' objects in a listing are not caused by a broken filter if the
   * identity was merged into another meanwhile.
   */
  private async mergeBehind(error: unknown): Promise<unknown> {
    if (!causesOf(error).some((cause) => cause instanceof ForeignDependentsError)) return error;
    return this.options.subject.observe().then(
      () => error,
      (reason: unknown) => (reason instanceof MergedUserIdentityError ? reason : error),
    );
  }

  /**
   * Ends suspensions after a merge: if the identity was merged into another one, the ACS users that were suspended here may
   * belong to that one by now.
   */
  private async unsuspendMerged(error: unknown): Promise<void> {
    if (!causesOf(error).some((cause) => cause instanceof MergedUserIdentityError)) return;
    for (const acsUserId of this.doors.suspended) {
      if (!(await this.options.subject.stillHas(acsUserId))) await this.leaveAlone(acsUserId);
    }
  }

  private report(type: "found" | "gone", dependents: readonly Dependent[]): void {
    for (const one of dependents) {
      if (type === "found") this.open.set(one.id, one);
      else this.open.delete(one.id);
    }
    const after = this.options.time.elapsed();
    this.options.onEvent?.(
      type === "found" ? { type, dependents, after } : { type, dependents, after, goneAfter: this.goneAfter },
    );
  }
}

function ofAcsUser(step: TeardownStep, acsUserId: string, items: readonly Dependent[]): Items {
  return { step, acsUserId, items: Promise.resolve(items) };
}

/** The step that deletes or unlinks a dependent. */
function stepOf({ kind, id }: Dependent, options: RunOptions): TeardownStep {
  return kind === "acsUser" && options.keepsAcsUser(id) ? "acsUserLink" : kind;
}

/** The steps that one waits for under the whole identity, other than those that it would leave doors open for. */
function stepsBefore(step: TeardownStep): TeardownStep[] {
  return teardownGraph[step]
    .filter(({ of, yieldsToDoors }) => of === "identity" && yieldsToDoors !== true)
    .map((condition) => condition.step);
}

/** Prevents an unhandled rejection of a promise that is awaited later. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
