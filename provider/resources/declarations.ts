import { isDeepStrictEqual } from "node:util";
import type { Properties, UniqueValue } from "./properties";
import { ResourceError } from "./resourceErrors";

/** The kinds of resources, by their names in type tokens. */
export type ResourceKind =
  "UserIdentity" | "AcsUserLink" | "AcsUser" | "AcsAccessGroupMembership" | "AccessGrant" | "Space";

/** A resource that the program declares in this operation. */
export interface Declaration {
  readonly kind: ResourceKind;
  /** `pulumi:<stack>:<project>:[<parent types>$]<name>`; undefined if the class did not pass it. */
  readonly path: string | undefined;
  /** The arguments that `check` returned. */
  readonly inputs: Properties;
  /** Whether this operation creates the resource. */
  readonly isNew: boolean;
  readonly uniqueValues: readonly DeclaredValue[];
  /** The id that it will have, if the arguments determine it. */
  readonly wantedId: string | undefined;
  /** The id of the object that it has, or will have. */
  id: string | undefined;
}

/** A unique value, and whether this operation gives it to the resource, so that the state does not have it yet. */
export interface DeclaredValue extends UniqueValue {
  isNew: boolean;
}

/** How long the engine must send no calls before the program counts as declared, and the limit of that wait. */
const quietPeriod = 100;
const maxSettleTime = 2_000;

/**
 * The resources that the program declares in this operation, and the object in Seam that each of them has, as far as one
 * process can know: it serves one provider in one operation.
 *
 * Pulumi calls `check` for every resource that the program registers, and `diff` right after it for one that exists. A refresh
 * and a destroy call `diff` without `check`: the resources that they compare may be deleted by the same operation, and are not
 * declared.
 */
export class Declarations {
  private declared: Declaration[] = [];
  /** The resources that have an object, by kind and id. */
  private readonly holders = new Map<string, Set<Declaration>>();
  /** The resources that were refused an object, by kind and id of the object. */
  private readonly refused = new Map<string, Declaration>();
  /** The objects that a replacement is about to delete, by kind and id. */
  private readonly toBeReplaced = new Set<string>();
  /** The resources that replace an object which is deleted first, by kind and path. */
  private readonly replacements = new Set<string>();
  private readonly turns = new Map<string, Promise<unknown>>();
  private readonly workspaces = new Set<string>();
  private waiters: (() => void)[] = [];
  private changes = 0;
  /** The objects whose update failed, so that they keep their values, by kind and id. */
  private readonly failedUpdates = new Set<string>();
  private readonly beingCreated = new Set<Declaration>();
  /** The objects that stay in Seam although their resource is deleted, by kind and id. */
  private readonly released = new Set<string>();
  private running = 0;
  private starved = false;
  private lastCall = performance.now();

  /** The workspaces of the resources in the state, as far as they have been seen. */
  get workspaceIds(): ReadonlySet<string> {
    return this.workspaces;
  }

  /** Records that Pulumi checks a declared resource. Returns the resources that already claim one of its unique values. */
  check(declaration: Omit<Declaration, "id">): { property: string; other: Declaration }[] {
    this.lastCall = performance.now();
    const { kind, path, uniqueValues } = declaration;
    // Pulumi checks a resource that is replaced twice.
    if (path !== undefined) {
      for (const one of this.declared.filter((each) => each.kind === kind && each.path === path)) {
        if (one.id !== undefined) this.holders.get(key(kind, one.id))?.delete(one);
      }
      this.declared = this.declared.filter((one) => one.kind !== kind || one.path !== path);
    }
    const clashes = uniqueValues.flatMap(({ property, value, isNew }) => {
      const other = this.declared.find(
        (one) =>
          one.kind === kind &&
          // Without paths, a resource cannot be distinguished from its own earlier check.
          one.path !== undefined &&
          path !== undefined &&
          one.uniqueValues.some(
            (unique) => unique.property === property && unique.value === value && (unique.isNew || isNew),
          ),
      );
      return other === undefined ? [] : [{ property, other }];
    });
    this.declared.push({ ...declaration, id: undefined });
    return clashes;
  }

  /**
   * Records that Pulumi compares a resource in the state with the program.
   *
   * @throws ResourceError if a resource that this operation creates has the object already
   */
  diff(kind: ResourceKind, id: string, news: Properties, workspaceId: string | undefined): void {
    this.lastCall = performance.now();
    const declaration = this.declared.find(
      (one) =>
        one.kind === kind &&
        one.id === undefined &&
        !this.beingCreated.has(one) &&
        isDeepStrictEqual(one.inputs, news),
    );
    if (declaration === undefined) return;
    if (workspaceId !== undefined) this.workspaces.add(workspaceId);
    const [other] = this.holdersOf(kind, id);
    if (other?.isNew === true && other.path !== declaration.path) {
      throw new ResourceError(
        `could not keep ${described(declaration)}: ${described(other)} was given its object ${id} in this operation. Two resources cannot have one object; remove one of them from the program`,
      );
    }
    declaration.id = id;
    this.addHolder(kind, id, declaration);
  }

  /** Records a replacement: the object of the declared resource is about to be deleted. */
  replaces(kind: ResourceKind, id: string): void {
    for (const declaration of this.holdersOf(kind, id)) {
      declaration.id = undefined;
      if (declaration.path !== undefined) this.replacements.add(key(kind, declaration.path));
    }
    this.holders.delete(key(kind, id));
    this.toBeReplaced.add(key(kind, id));
  }

  /** Whether the resource replaces an object in this operation. */
  isReplacement({ kind, path }: Declaration): boolean {
    return path !== undefined && this.replacements.has(key(kind, path));
  }

  /** Whether a replacement is about to delete the object. */
  isToBeReplaced(kind: ResourceKind, id: string): boolean {
    return this.toBeReplaced.has(key(kind, id));
  }

  /** Returns the declaration of the resource that is created with these arguments. */
  creating(kind: ResourceKind, inputs: Properties): Declaration {
    const known = this.declared.find(
      (one) =>
        one.kind === kind &&
        one.id === undefined &&
        !this.beingCreated.has(one) &&
        isDeepStrictEqual(one.inputs, inputs),
    );
    if (known !== undefined) {
      this.beingCreated.add(known);
      return known;
    }
    const unnamed = {
      kind,
      path: undefined,
      inputs,
      isNew: true,
      uniqueValues: [],
      wantedId: undefined,
      id: undefined,
    };
    this.declared.push(unnamed);
    return unnamed;
  }

  /**
   * Records that a resource has an object now, because it created, adopted, took over or linked it.
   *
   * @throws ResourceError that names the resource that has it already
   */
  claim(self: Declaration, id: string): void {
    this.assertFree(self, id);
    self.id = id;
    this.addHolder(self.kind, id, self);
  }

  /** @throws ResourceError that names the other resource of the program that has this object */
  assertFree(self: Declaration, id: string): void {
    const other = [...this.holdersOf(self.kind, id)].find((one) => one !== self);
    if (other === undefined) return;
    throw new ResourceError(
      `could not give ${id} to ${described(self)}: ${described(other)} has it already, and two resources cannot have one object. Remove one of them from the program; if it only has a new name, give it an alias`,
    );
  }

  /** Records an update: the resource keeps its object. */
  keep(kind: ResourceKind, id: string, news: Properties): void {
    if (this.holdersOf(kind, id).size > 0) return;
    const declaration = {
      kind,
      path: undefined,
      inputs: news,
      isNew: false,
      uniqueValues: [],
      wantedId: undefined,
      id,
    };
    this.declared.push(declaration);
    this.addHolder(kind, id, declaration);
  }

  /** Records that a create was refused because of this object. */
  refuse(self: Declaration, id: string): void {
    this.refused.set(key(self.kind, id), self);
  }

  /** Returns the declared resource that has the object. */
  holderOf(kind: ResourceKind, id: string): Declaration | undefined {
    const [holder] = this.holdersOf(kind, id);
    return holder;
  }

  /** Returns a declared resource that needs the object and does not have it: its create was refused, or has not run yet. */
  resourceNeeding(kind: ResourceKind, id: string): Declaration | undefined {
    return (
      this.refused.get(key(kind, id)) ??
      this.declared.find((one) => one.kind === kind && one.id === undefined && one.wantedId === id)
    );
  }

  /** Records that an update failed: the object keeps the values that it was to release. */
  fail(kind: ResourceKind, id: string): void {
    this.failedUpdates.add(key(kind, id));
    this.changed();
  }

  /** Whether an update of the object failed in this operation. */
  hasFailed(kind: ResourceKind, id: string): boolean {
    return this.failedUpdates.has(key(kind, id));
  }

  /** Records that the object's resource is deleted, and the object stays in Seam. */
  release(kind: ResourceKind, id: string): void {
    this.released.add(key(kind, id));
  }

  /** Whether the object stays in Seam although its resource was deleted in this operation. */
  isReleased(kind: ResourceKind, id: string): boolean {
    return this.released.has(key(kind, id));
  }

  /**
   * Whether the teardown of an identity unlinks an ACS user instead of deleting it, because another resource has it, needs it,
   * or retains it.
   */
  keepsAcsUser(acsUserId: string, userIdentityId: string): boolean {
    const wanted = this.declared.some(
      ({ kind, inputs }) =>
        kind === "AcsUserLink" && inputs.acsUserId === acsUserId && inputs.userIdentityId !== userIdentityId,
    );
    return (
      wanted ||
      this.released.has(key("AcsUser", acsUserId)) ||
      this.holderOf("AcsUser", acsUserId) !== undefined
    );
  }

  /** Returns the checked arguments of the identity with this path, if it has been checked. */
  identityAt(path: string): Properties | undefined {
    return this.declared.find((one) => one.kind === "UserIdentity" && one.path === path)?.inputs;
  }

  /** Whether the program declares a link between the two. */
  declaresLink(userIdentityId: string, acsUserId: string): boolean {
    return this.declared.some(
      ({ kind, inputs }) =>
        kind === "AcsUserLink" && inputs.acsUserId === acsUserId && inputs.userIdentityId === userIdentityId,
    );
  }

  /** Counts a create, update or delete while it runs. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.running += 1;
    try {
      return await work();
    } finally {
      this.running -= 1;
    }
  }

  /** Whether all running work waited for work that could not start, as with `--parallel 1`. */
  get isStarved(): boolean {
    return this.starved;
  }

  /** The number of changes so far, for {@link untilChange}. */
  get changeCount(): number {
    return this.changes;
  }

  /** Records a change: an object was deleted, or an attribute was released. */
  changed(kind?: ResourceKind, id?: string): void {
    this.changes += 1;
    if (kind !== undefined && id !== undefined) this.toBeReplaced.delete(key(kind, id));
    const { waiters } = this;
    this.waiters = [];
    for (const wake of waiters) wake();
  }

  /** Resolves when there have been more changes than `since`, or after a number of milliseconds. */
  untilChange(since: number, milliseconds: number): Promise<void> {
    if (this.changes > since) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        if (this.waiters.length >= this.running) this.starved = true;
        this.waiters = this.waiters.filter((one) => one !== waiter);
        resolve();
      }, milliseconds);
      this.waiters.push(waiter);
    });
  }

  /** Resolves when the program has probably registered all resources that do not wait for results. */
  async settled(): Promise<void> {
    const startedAt = performance.now();
    for (;;) {
      const now = performance.now();
      const pause = Math.min(this.lastCall + quietPeriod - now, startedAt + maxSettleTime - now);
      if (pause <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** Runs work on the same subject one at a time, so that a create never runs during a delete of the same object. */
  async oneAtATime<T>(subject: string, work: () => Promise<T>): Promise<T> {
    const before = this.turns.get(subject) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.turns.set(subject, turn);
    try {
      return await turn;
    } finally {
      if (this.turns.get(subject) === turn) this.turns.delete(subject);
    }
  }

  private holdersOf(kind: ResourceKind, id: string): ReadonlySet<Declaration> {
    return this.holders.get(key(kind, id)) ?? new Set();
  }

  private addHolder(kind: ResourceKind, id: string, declaration: Declaration): void {
    const holders = this.holders.get(key(kind, id)) ?? new Set<Declaration>();
    holders.add(declaration);
    this.holders.set(key(kind, id), holders);
  }
}

/** The name of a resource in messages: `UserIdentity "jean"`, or its id if the name is not known. */
export function described({ kind, path, id }: Declaration): string {
  if (path !== undefined) return `${kind} "${nameOf(path)}"`;
  return id === undefined ? `this ${kind}` : `another ${kind} (${id})`;
}

/** Returns the name with its parents' types, from a path like `pulumi:<stack>:<project>:<name>`. */
export function nameOf(path: string): string {
  return path.split(":").slice(3).join(":");
}

function key(kind: ResourceKind, id: string): string {
  return `${kind} ${id.toLowerCase()}`;
}
