import type { SeamClient } from "../seam/client";
import { isBeingDeleted } from "../seam/beingDeleted";
import { SeamNotFoundError, SeamRejectedError } from "../seam/errors";
import type { UserIdentity } from "../seam/model";
import { observeUserIdentity } from "../seam/observe";
import type { DeletionWatcher } from "./deletionWatcher";
import type { Dependent } from "./dependent";
import { RetainedGrantsError } from "./errors";
import type { AccessGrantsPolicy, AcsUsersPolicy } from "./graph";
import { type DirectKind, directKinds, Inventory, provenFilters } from "./inventory";
import { LinkedAcsUsers } from "./linkedAcsUsers";
import type { Finish, Subject } from "./subject";
import type { TeardownEvent } from "./teardownEvent";
import { TeardownRun } from "./teardownRun";
import { TimeLimit } from "./timeLimit";

export type { TeardownEvent } from "./teardownEvent";
export { defaultTimeoutSeconds } from "./timeLimit";

/** Options of the teardown of a user identity. */
export interface TeardownOptions {
  client: SeamClient;
  watcher: DeletionWatcher;
  userIdentityId: string;
  /** The workspace that the identity was created in; a key for another one is an error. */
  workspaceId?: string | undefined;
  /** What happens to the linked ACS users. Default `delete`. */
  acsUsers?: AcsUsersPolicy | undefined;
  /**
   * What happens to the access grants. Default `delete`, also with `acsUsers: "unlink"`. With `retain`, Seam decides what
   * happens to them when their identity is gone.
   */
  accessGrants?: AccessGrantsPolicy | undefined;
  /** ACS users that are unlinked and not deleted although `acsUsers` is `delete`. Default none. */
  keepAcsUserIds?: ((acsUserId: string) => boolean) | undefined;
  /** The time limit in seconds. Default {@link defaultTimeoutSeconds}. */
  timeoutSeconds?: number | undefined;
  onEvent?: ((event: TeardownEvent) => void) | undefined;
}

/**
 * Deletes a user identity with all its dependents, in the order of `teardownGraph`, and resolves when Seam confirms that all of
 * them are gone. What is created meanwhile is deleted too. An identity that does not exist is a success.
 *
 * Steps that close doors are first, and no failure of another step delays them. All failures are reported as one error at the
 * end.
 *
 * @throws TeardownError (timeout, refused deletion, failures), ForeignDependentsError, MergedUserIdentityError,
 *   WrongWorkspaceError, SeamError. After any of them, a further call continues with what is left.
 */
export function tearDownUserIdentity(options: TeardownOptions): Promise<void> {
  const time = new TimeLimit(options.timeoutSeconds);
  const client = options.client.until(time.callDeadline);
  const { watcher, workspaceId, onEvent, acsUsers = "delete" } = options;
  const inventory = new Inventory(client, provenFilters(watcher));
  const keepsAcsUser = (id: string): boolean =>
    acsUsers === "unlink" || options.keepAcsUserIds?.(id) === true;
  const run = new TeardownRun({
    subject: new IdentitySubject(options, client, inventory, time, keepsAcsUser),
    client,
    inventory,
    watcher,
    time,
    workspaceId,
    keepsAcsUser,
    onEvent,
  });
  return run.run();
}

/** A user identity and its direct dependents, as the subject of a teardown. */
class IdentitySubject implements Subject {
  readonly id: string;
  readonly name: string;
  kinds: readonly DirectKind[];
  private readonly acsUsers: LinkedAcsUsers;
  private readonly workspaceId: string | undefined;
  /** The identity as it was last observed. */
  private identity: Promise<UserIdentity | undefined> = Promise.resolve(undefined);
  /** Whether it was deleted and is confirmed gone. */
  private gone = false;
  /** The dependents that a listing showed after the deletion was requested. */
  private survivors: Promise<readonly Dependent[]> | undefined;

  constructor(
    private readonly options: TeardownOptions,
    private readonly client: SeamClient,
    private readonly inventory: Inventory,
    private readonly time: TimeLimit,
    private readonly keepsAcsUser: (acsUserId: string) => boolean,
  ) {
    this.id = options.userIdentityId;
    this.name = `user identity ${this.id}`;
    this.workspaceId = options.workspaceId;
    this.kinds = directKinds.filter((kind) => kind !== "accessGrant" || options.accessGrants !== "retain");
    this.acsUsers = new LinkedAcsUsers(client, this.id, this.workspaceId, () => this.list("acsUser"));
  }

  async observe(): Promise<boolean> {
    this.identity = observeUserIdentity(this.client, this.id, this.workspaceId);
    const there = (await this.identity) !== undefined;
    // Nothing else that outlives an identity opens doors.
    if (!there) {
      this.kinds = this.kinds.filter(
        (kind) => kind === "accessGrant" || (kind === "acsUser" && this.options.acsUsers !== "unlink"),
      );
    }
    return there;
  }

  async list(kind: DirectKind): Promise<Dependent[]> {
    const mergedIds = async (): Promise<readonly string[]> =>
      (await this.identity)?.merged_user_identity_ids ?? [];
    try {
      const listed = await this.inventory.list(kind, this.id, mergedIds);
      const kept = kind === "acsUser" ? listed.filter(({ id }) => this.keepsAcsUser(id)) : [];
      // Nobody can be unlinked from an identity that is gone.
      if (kept.length > 0 && (await this.identity) === undefined) {
        return listed.filter((one) => !kept.includes(one));
      }
      return listed;
    } catch (error) {
      // Seam may refuse to list what belongs to an identity that is gone, or not find it.
      const refused = error instanceof SeamRejectedError;
      const notFound = error instanceof SeamNotFoundError && kind === "acsUser";
      if ((refused || notFound) && (await this.identity) === undefined) return [];
      throw error;
    }
  }

  stillHas(acsUserId: string): Promise<boolean> {
    return this.acsUsers.has(acsUserId);
  }

  unlink(acsUserId: string): Promise<boolean> {
    return this.client.removeAcsUser(this.id, acsUserId);
  }

  async finish(justObserved: boolean): Promise<Finish> {
    try {
      if (!this.gone && !(await this.delete(justObserved))) return { done: false, lost: true };
    } catch (error) {
      if (!(error instanceof SeamRejectedError)) throw error;
      if (this.options.accessGrants === "retain") await this.assertNoGrants(error);
      return { done: false, refusal: error };
    }
    const left = await (this.survivors ?? this.listSurvivors());
    this.survivors = undefined;
    if (left.length > 0) return { done: false, left };
    this.options.onEvent?.({ type: "identityGone", after: this.time.elapsed() });
    return { done: true };
  }

  /**
   * Requests the deletion and waits until the identity is gone. False if the identity shows no sign of the request: before it is
   * repeated, what was created meanwhile has to be gone.
   */
  private async delete(justObserved: boolean): Promise<boolean> {
    let requested = false;
    let requestedAt: number | undefined;
    for (let attempts = 0; ; attempts += 1) {
      if (requestedAt === undefined && (attempts > 0 || !justObserved)) await this.observe();
      const identity = requestedAt === undefined ? await this.identity : await this.listed();
      if (identity === undefined) break;
      if (!isBeingDeleted(identity) && requestedAt === undefined) {
        if (requested) {
          this.survivors = undefined;
          return false;
        }
        requested = true;
        const accepted = await this.client.deleteUserIdentity(this.id);
        if (accepted) requestedAt = performance.now();
        // Most identities are gone at once, and then there is nothing to wait for.
        this.survivors = this.listSurvivors();
        this.survivors.catch(() => undefined);
        if (accepted) continue;
      } else {
        this.survivors = undefined;
        const lost = performance.now() - (requestedAt ?? Number.POSITIVE_INFINITY) >= requestAgainAfter;
        if (!isBeingDeleted(identity) && lost) requestedAt = undefined;
      }
      await this.time.pause(Math.min(50 * 1.6 ** attempts, 5_000));
    }
    this.gone = true;
    this.identity = Promise.resolve(undefined);
    this.kinds = this.kinds.filter((kind) => kind === "accessGrant");
    return true;
  }

  /**
   * Reads the identity from a listing, which is proof enough once Seam accepted the deletion. Before that only a read of the
   * identity itself is, because it may have been merged into another.
   */
  private async listed(): Promise<UserIdentity | undefined> {
    const listed = await this.client.listUserIdentities({ user_identity_ids: [this.id] });
    return listed.find((identity) => identity.user_identity_id === this.id);
  }

  /** Lists the grants that should be deleted and have outlived their identity. */
  private async listSurvivors(): Promise<readonly Dependent[]> {
    if (!this.kinds.includes("accessGrant")) return [];
    try {
      return await this.inventory.list("accessGrant", this.id);
    } catch (error) {
      // Seam may refuse to list the grants of an identity that is gone.
      if (error instanceof SeamRejectedError) return [];
      throw error;
    }
  }

  private async assertNoGrants(refusal: SeamRejectedError): Promise<void> {
    const grants = await this.inventory.list("accessGrant", this.id);
    if (grants.length > 0) throw new RetainedGrantsError(refusal, grants);
  }
}

/** How long after a deletion was requested it is requested again, if the identity shows no sign of it. In milliseconds. */
const requestAgainAfter = 5_000;
