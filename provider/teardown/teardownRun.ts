import type { SeamClient } from "../seam/client";
import { isBeingDeleted } from "../seam/beingDeleted";
import { SeamDeadlineError, SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import { MergedUserIdentityError, observeAcsUser } from "../seam/observe";
import { allEnded, causesOf, together } from "./allSettled";
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

/** What one run needs. */
export interface RunOptions {
  subject: Subject;
  /** Calls nothing past the time limit. */
  client: SeamClient;
  inventory: Inventory;
  watcher: DeletionWatcher;
  time: TimeLimit;
  workspaceId: string | undefined;
  /** Whether an ACS user is unlinked and kept. */
  keepsAcsUser(acsUserId: string): boolean;
  onEvent: ((event: TeardownEvent) => void) | undefined;
}

/** How often Seam may refuse a deletion because of something that no listing shows. */
const refusalsAllowed = 5;

/** How long what closes doors waits for the listings that have not answered yet, in milliseconds. */
const graceForProofs = { usually: 1_000, whileLimited: 30_000 };

/** A group, and what is in it. */
interface Items extends Group {
  items: Promise<readonly Dependent[]>;
}

/** What one walk over the graph is about: what has been found, or is being listed. */
type Found = ReadonlyMap<DirectKind, Promise<readonly Dependent[]>>;

/**
 * One teardown: walks the graph over what hangs under the subject, again for whatever is created meanwhile, until nothing is
 * left and the subject itself is gone. What fails stops what has to wait for it, and nothing else.
 */
export class TeardownRun implements Work<Items> {
  private readonly doors: Doors;
  private readonly failures: unknown[] = [];
  /** Kinds whose listing failed; they are not listed again. */
  private readonly failedKinds = new Set<DirectKind>();
  /** An error after which nothing may continue. */
  private stopped: Error | undefined;
  /** Whether anything has been changed. */
  private changed = false;
  private done = false;
  /** Whether the subject was observed when everything was seen to be gone. */
  private justObserved = true;
  /** What was found and is not confirmed gone yet, by its id. */
  private readonly open = new Map<string, Dependent>();
  /** The ids of everything that was found. */
  private readonly seen = new Set<string>();
  /** What was gone as soon as Seam said so. */
  private readonly vanished = new Set<Dependent>();
  /** The ids of grants that are confirmed gone. */
  private readonly confirmedGrants = new Set<string>();
  /** ACS users that turned out to be somebody else's. */
  private readonly leftAlone = new Set<string>();
  /** ACS users that were seen to be the subject's own a moment ago. */
  private readonly justProved = new Set<string>();
  private found: Found = new Map();
  private credentials = new Map<string, Promise<readonly Dependent[]>>();
  private newcomers: Dependent[] = [];

  constructor(private readonly options: RunOptions) {
    const { subject, client } = options;
    this.doors = new Doors(client, subject.kinds, () =>
      options.onEvent?.({ type: "doorsClosed", after: options.time.elapsed() }),
    );
  }

  /** @throws one error for everything that failed */
  async run(): Promise<void> {
    const { subject, time } = this.options;
    // Listed at the same time; what the subject is decides before anything that hangs under it is touched.
    const observed = subject.observe();
    const listings = new Map(subject.kinds.map((kind) => [kind, quiet(this.list(kind))]));
    let begun = false;
    try {
      const there = await observed;
      begun = true;
      this.found = new Map([...listings].filter(([kind]) => subject.kinds.includes(kind)));
      if (!there && (await allEnded([...this.found.values()])).flat().length === 0) return;
      await this.untilProved();
      await this.walkUntilDone();
    } catch (error) {
      const reason = await this.mergeBehind(error);
      await this.giveBackMerged(reason);
      const standing = {
        subject: subject.name,
        left: [...this.open.values()],
        details: begun ? this.doors.describe() : "",
        seconds: time.seconds,
      };
      throw begun || error instanceof SeamDeadlineError ? teardownFailure(reason, standing) : error;
    }
  }

  /** Waits until everything that is listed has shown whose it is; for listings that are slow or fail not long, because doors are open. */
  private async untilProved(): Promise<void> {
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
    this.assertGoesOn();
  }

  /** Each walk is about what the one before it showed to have been created meanwhile. */
  private async walkUntilDone(): Promise<void> {
    for (let rounds = 0; ; rounds += 1) {
      this.newcomers = [];
      for (const [kind, listing] of this.found) void quiet(listing.then((found) => this.learn(kind, found)));
      await walk(teardownGraph, this).catch((error: unknown) => this.failures.push(...causesOf(error)));
      this.assertGoesOn();
      if (this.done) return;
      this.newcomers = this.newcomers.filter((one) => !this.isHeldBack(one));
      if (this.newcomers.length === 0) throw together(this.failures);
      // An app that makes things as fast as they are deleted must not have Seam hammered.
      const pause = this.options.time.pause(Math.min(100 * 2 ** (rounds + 1), 5_000), this.newcomers);
      await pause.catch((error: unknown) => {
        throw together([...this.failures, error]);
      });
      this.lookAt(this.newcomers);
    }
  }

  /** Whether it has to wait for something that could not be deleted; then it is left for the next run, like what was found before it. */
  private isHeldBack(one: Dependent): boolean {
    if (this.failures.length === 0) return false;
    const waitsFor = teardownGraph[stepOf(one, this.options)].filter(
      (condition) => condition.of === "identity",
    );
    const left = [...this.open.values()].map((other) => stepOf(other, this.options));
    const heldBack = waitsFor.some(
      ({ step, yieldsToDoors }) => yieldsToDoors !== true && left.includes(step),
    );
    if (heldBack) this.tell("found", [one]);
    return heldBack;
  }

  /** Makes these what the next walk is about. */
  private lookAt(dependents: readonly Dependent[]): void {
    const kinds = directKinds.filter((kind) => dependents.some((one) => one.kind === kind));
    this.found = new Map(
      kinds.map((kind) => [kind, Promise.resolve(dependents.filter((one) => one.kind === kind))]),
    );
    this.credentials = new Map();
  }

  private learn(kind: DirectKind, found: readonly Dependent[]): void {
    for (const one of found) this.seen.add(one.id);
    if (found.length > 0) this.tell("found", found);
    this.doors.learn(kind, kind === "acsUser" ? this.toDelete(found) : found);
  }

  // What the walk over the graph calls

  async groups(step: TeardownStep): Promise<readonly Items[]> {
    switch (step) {
      case "clientSession":
      case "accessGrant":
      case "enrollmentAutomation":
      case "phone":
        return this.together(step, await this.listed(step));
      case "accessMethod":
        return this.together(step, await this.listed("accessGrant"));
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

  async ask(group: Items): Promise<void> {
    this.assertGoesOn();
    const items = await group.items;
    const { step, acsUserId } = group;
    if (acsUserId !== undefined && this.leftAlone.has(acsUserId)) return;
    if (step === "userIdentity") return this.finish();
    if (step === "accessMethod") return this.deleteLeftMethods(items);
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

  /** Where a grant could not be deleted, its credentials stay with a suspended ACS user, whose doors are closed. */
  async mayPassOver({ acsUserId }: Items): Promise<boolean> {
    if (this.failedKinds.has("accessGrant")) return true;
    return acsUserId !== undefined && !(await this.doors.isSuspended(acsUserId));
  }

  // Lists

  private async list(kind: DirectKind): Promise<readonly Dependent[]> {
    try {
      return await this.options.subject.list(kind);
    } catch (error) {
      this.failedKinds.add(kind);
      throw this.judged(error);
    }
  }

  private listed(kind: DirectKind): Promise<readonly Dependent[]> {
    return this.found.get(kind) ?? Promise.resolve([]);
  }

  /** Listed once for each walk, before their turn: reading has no order to keep. */
  private credentialsOf(acsUserId: string): Promise<readonly Dependent[]> {
    const listing = this.credentials.get(acsUserId) ?? quiet(this.findCredentials(acsUserId));
    this.credentials.set(acsUserId, listing);
    return listing;
  }

  private async findCredentials(acsUserId: string): Promise<Dependent[]> {
    const credentials = await this.listCredentials(acsUserId);
    if (credentials.length > 0) this.tell("found", credentials);
    return credentials;
  }

  /** None where the ACS user itself is gone. */
  private async listCredentials(acsUserId: string): Promise<Dependent[]> {
    const { client, inventory, workspaceId } = this.options;
    try {
      return await inventory.listCredentials(acsUserId);
    } catch (error) {
      if (!(error instanceof SeamNotFoundError)) throw this.judged(error);
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

  private together(step: TeardownStep, items: readonly Dependent[]): Items[] {
    return items.length === 0 ? [] : [{ step, items: Promise.resolve(items) }];
  }

  // Changes

  private async change(step: TeardownStep, target: Dependent): Promise<void> {
    this.assertGoesOn();
    // What the system refused to delete is requested again, even if Seam still shows it as being deleted.
    if (!target.beingDeleted || target.deletionFailed) {
      this.changed = true;
      this.options.onEvent?.({ type: "deleting", dependent: target, after: this.options.time.elapsed() });
      const accepted = await this.send(step, target);
      if (accepted) this.open.set(target.id, { ...target, beingDeleted: true });
      // Where Seam said that there was nothing to delete, only a listing proves that it is gone.
      if (accepted && goneOnceAccepted.has(step)) {
        this.vanished.add(target);
        this.tell("gone", [target]);
      }
    }
    if (step === "accessGrant") this.doors.close(target.id);
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

  /** Seam may refuse an ACS user for a credential that was issued after the last listing; such a credential is deleted first. */
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

  /** The ACS user is linked to somebody else by now, or to nobody: neither it nor its credentials are the subject's any more. */
  private async leaveAlone(acsUserId: string): Promise<void> {
    this.leftAlone.add(acsUserId);
    this.open.delete(acsUserId);
    await this.doors.leaveAlone(acsUserId);
  }

  /** Methods go with their grant; one that did not would open a door that no other listing shows. */
  private async deleteLeftMethods(grants: readonly Dependent[]): Promise<void> {
    const { client, inventory, time } = this.options;
    for (let looks = 0; ; looks += 1) {
      const listed = await allEnded(grants.map(({ id }) => inventory.listAccessMethods(id))).catch(
        (error: unknown) => {
          for (const one of causesOf(error)) this.judged(one);
          throw error;
        },
      );
      const left = listed.flat();
      if (left.length === 0) return;
      const unmoved = left.filter((method) => looks % 8 === 0 && !isBeingDeleted(method));
      await allEnded(unmoved.map((method) => client.deleteAccessMethod(method.access_method_id)));
      await time.pause(Math.min(100 * 2 ** looks, 5_000), grants);
    }
  }

  /** Deletes the subject itself. Where Seam refuses, what is in the way is what the next walk is about. */
  private async finish(): Promise<void> {
    if (this.newcomers.length > 0 || this.failures.length > 0) return;
    const { subject, time } = this.options;
    for (let refusals = 0; ;) {
      this.changed = true;
      const end = await subject.finish(this.justObserved);
      this.justObserved = false;
      if (end.done) {
        this.done = true;
        return;
      }
      this.newcomers =
        "left" in end ? [...end.left] : (await allEnded(subject.kinds.map((kind) => this.list(kind)))).flat();
      if (this.newcomers.length > 0) return;
      refusals += 1;
      const refusal = "refusal" in end ? [end.refusal] : [];
      if (refusals > refusalsAllowed) throw together(refusal);
      await time.pause(250 * 2 ** refusals).catch((error: unknown) => {
        throw together([...refusal, error]);
      });
    }
  }

  // Waits

  /** Waits until everything in a group is gone; what shows up in it meanwhile is deleted as well. */
  private async untilEmpty({ step, acsUserId, items }: Items): Promise<void> {
    const asked = await items;
    const [first] = asked;
    if (first === undefined) return;
    const { kind } = first;
    const look = (_kinds: readonly DependentKind[], expectedGone: boolean): Promise<readonly Dependent[]> =>
      kind === "acsCredential" ? this.lookAtCredentials(acsUserId ?? "", expectedGone) : this.list(kind);
    let left = asked.filter((one) => !this.vanished.has(one));
    for (let rounds = 0; left.length > 0; rounds += 1) {
      if (rounds > 0) await this.options.time.pause(Math.min(50 * 2 ** rounds, 5_000), left);
      left = await this.confirmGone(left, [kind], look);
      await allEnded(left.map((one) => this.change(step, one)));
    }
    if (kind === "acsCredential") this.doors.close(acsUserId ?? "");
  }

  /** The look that shows an ACS user's credentials to be gone shows as well whose it is, so that it may be deleted next. */
  private async lookAtCredentials(acsUserId: string, expectedGone: boolean): Promise<readonly Dependent[]> {
    const credentials = this.listCredentials(acsUserId);
    // Where they are probably still there, whose the ACS user is need not be known yet.
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
   * Waits until everything that the walk was about is gone, and sees what was created meanwhile. Where a kind cannot be listed
   * any more, that is one failure, and the others are waited for all the same.
   */
  private async confirmAll(groups: readonly Items[]): Promise<void> {
    const { subject } = this.options;
    const items = (await allEnded(groups.map((group) => group.items))).flat();
    const passed = new Set(items.map((one) => one.id));
    // Nothing was found a moment ago, and there was nothing to wait for.
    if (
      items.length === 0 &&
      this.failures.length === 0 &&
      this.seen.size === 0 &&
      this.failedKinds.size === 0
    )
      return;
    const missed: unknown[] = [];
    this.justObserved = false;
    for (;;) {
      const left = items.filter((one) => !this.vanished.has(one) && !this.confirmedGrants.has(one.id));
      // Those that the app grants meanwhile are seen when the subject is deleted: it is refused, or they outlive it.
      const kinds = subject.kinds.filter(
        (kind) =>
          !this.failedKinds.has(kind) && (kind !== "accessGrant" || left.some((one) => one.kind === kind)),
      );
      const known = this.failedKinds.size;
      const targets = left.filter((one) => kinds.some((kind) => kind === one.kind));
      try {
        // What everybody waits for may cost a few looks more.
        const waitedFor = targets.map((one) => one.kind);
        const look = (asked: readonly DependentKind[]) => this.lastLook(asked, kinds, waitedFor);
        const youngest = waitedFor.find((kind) => kind === "acsUser");
        const shown = await this.confirmGone(targets, kinds, look, { stage: "last", youngest });
        // What could not be deleted is no newcomer; what was thought to be gone is one.
        this.newcomers.push(...shown.filter(({ id }) => passed.has(id) || !this.seen.has(id)));
        break;
      } catch (error) {
        missed.push(error);
        if (this.failedKinds.size === known || kinds.length === 0) break;
      }
    }
    if (missed.length > 0) throw together(missed);
  }

  /**
   * Lists what has to be gone, and last of all what is seen only when everything else is gone. With that it sees as well whether
   * the subject may be deleted next: it can have been merged into another.
   */
  private async lastLook(
    asked: readonly DependentKind[],
    kinds: readonly DirectKind[],
    waitedFor: readonly DependentKind[],
  ): Promise<readonly Dependent[]> {
    const observes = kinds.every((kind) => asked.includes(kind) || waitedFor.includes(kind));
    const observed = observes ? this.options.subject.observe() : Promise.resolve(false);
    const lists = kinds.filter((kind) => asked.includes(kind)).map((kind) => this.list(kind));
    const [, ...found] = await allEnded([observed.then(() => []), ...lists]);
    this.justObserved = observes;
    return found.flat();
  }

  private async confirmGone<Kind extends DependentKind>(
    targets: readonly Dependent[],
    kinds: readonly Kind[],
    look: (kinds: readonly DependentKind[], expectedGone: boolean) => Promise<readonly Dependent[]>,
    last: { stage?: Stage; youngest?: DependentKind | undefined } = {},
  ): Promise<Dependent[]> {
    const { watcher, subject, time } = this.options;
    const isHere = (one: Dependent): boolean => !this.leftAlone.has(one.acsUserId ?? "");
    const newcomers = await watcher.untilGone({
      userIdentityId: subject.id,
      targets: targets.filter(isHere),
      kinds,
      look: async (asked, expectedGone) => {
        this.assertGoesOn();
        return [...(await look(asked, expectedGone))];
      },
      askAgain: (target) => this.change(stepOf(target, this.options), target),
      ...last,
      deadline: time.deadline,
      timeoutSeconds: time.seconds,
    });
    const gone = targets.filter(isHere);
    if (gone.length > 0) this.tell("gone", gone);
    for (const one of gone) this.doors.close(one.id);
    return newcomers.filter(isHere);
  }

  // Failures and events

  private assertGoesOn(): void {
    if (this.stopped !== undefined) throw this.stopped;
  }

  /** An error after which nothing may be changed any more stops everything that is under way. */
  private judged(error: unknown): unknown {
    if (!stopsEverything(error)) return error;
    const foreign = error instanceof ForeignDependentsError && this.changed && !error.changed;
    this.stopped ??= foreign ? new ForeignDependentsError(error.route, error.kind, true) : error;
    return this.stopped;
  }

  /** Others' things under an identity are no broken filter where it was merged into theirs meanwhile. */
  private async mergeBehind(error: unknown): Promise<unknown> {
    if (!causesOf(error).some((cause) => cause instanceof ForeignDependentsError)) return error;
    return this.options.subject.observe().then(
      () => error,
      (reason: unknown) => (reason instanceof MergedUserIdentityError ? reason : error),
    );
  }

  /** Where the identity was merged into another one, what was suspended here may belong to that one by now. */
  private async giveBackMerged(error: unknown): Promise<void> {
    if (!causesOf(error).some((cause) => cause instanceof MergedUserIdentityError)) return;
    for (const acsUserId of this.doors.suspended) {
      if (!(await this.options.subject.stillHas(acsUserId))) await this.leaveAlone(acsUserId);
    }
  }

  private tell(type: "found" | "gone", dependents: readonly Dependent[]): void {
    for (const one of dependents) {
      if (type === "found") this.open.set(one.id, one);
      else this.open.delete(one.id);
    }
    this.options.onEvent?.({ type, dependents, after: this.options.time.elapsed() });
  }
}

function ofAcsUser(step: TeardownStep, acsUserId: string, items: readonly Dependent[]): Items {
  return { step, acsUserId, items: Promise.resolve(items) };
}

/** The step that deletes or unlinks a dependent. */
function stepOf({ kind, id }: Dependent, options: RunOptions): TeardownStep {
  return kind === "acsUser" && options.keepsAcsUser(id) ? "acsUserLink" : kind;
}

/** Whoever awaits it hears of a failure; until then it is nobody's unhandled rejection. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
