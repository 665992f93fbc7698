import { isDeepStrictEqual } from "node:util";
import type { Properties, UniqueValue } from "./properties";
import { ResourceError } from "./resourceErrors";

/** The kinds of resources, as type tokens name them. */
export type ResourceKind =
  "UserIdentity" | "AcsUserLink" | "AcsUser" | "AcsAccessGroupMembership" | "AccessGrant" | "Space";

/** One resource that the program declares in this operation. */
export interface Declaration {
  readonly kind: ResourceKind;
  /** `pulumi:<stack>:<project>:[<parent types>$]<name>`; undefined where the class could not say it. */
  readonly path: string | undefined;
  /** As `check` answered them. */
  readonly inputs: Properties;
  /** Whether this operation is to create it. */
  readonly arrives: boolean;
  readonly uniqueValues: readonly DeclaredValue[];
  /** The id that it will have, where the arguments give it. */
  readonly wantedId: string | undefined;
  /** The object that it has, or will have. */
  id: string | undefined;
}

/** A unique value, and whether this operation gives it to the resource: the state does not have it there. */
export interface DeclaredValue extends UniqueValue {
  arrives: boolean;
}

/** How long the engine has to be silent before the program counts as declared, and the longest that it is waited for. */
const silence = 100;
const longestWaitForSilence = 2_000;

/**
 * What the program declares in this operation, and which object in Seam each resource has, as far as one process can know: it
 * serves one provider in one operation.
 *
 * Pulumi calls `check` for every resource that the program registers, and `diff` right after it for one that exists. A refresh and
 * a destroy call `diff` without `check`: what they compare may be deleted by the same operation, and is not declared.
 */
export class Declarations {
  private declared: Declaration[] = [];
  /** Who has an object, by kind and id. */
  private readonly holders = new Map<string, Set<Declaration>>();
  /** Who was refused an object that something else has, by kind and id. */
  private readonly refused = new Map<string, Declaration>();
  /** What a replacement is about to delete, by kind and id. */
  private readonly leaving = new Set<string>();
  /** What is created in place of what a replacement deletes first, by kind and path. */
  private readonly replacements = new Set<string>();
  private readonly turns = new Map<string, Promise<unknown>>();
  private readonly workspaces = new Set<string>();
  private waiters: (() => void)[] = [];
  private changes = 0;
  /** Whose update failed, so that nothing moves away from it any more, by kind and id. */
  private readonly stuck = new Set<string>();
  private readonly beingCreated = new Set<Declaration>();
  /** What stays in Seam although its resource is deleted, by kind and id. */
  private readonly released = new Set<string>();
  private underWay = 0;
  private starved = false;
  private lastCall = performance.now();

  /** The workspaces that the state's resources were made in, of those seen so far. */
  get workspaceIds(): ReadonlySet<string> {
    return this.workspaces;
  }

  /** Pulumi checks a declared resource. Answers the resources that already claim one of its unique values. */
  check(declaration: Omit<Declaration, "id">): { property: string; other: Declaration }[] {
    this.lastCall = performance.now();
    const { kind, path, uniqueValues } = declaration;
    // A resource that is replaced is checked twice.
    if (path !== undefined) {
      for (const one of this.declared.filter((each) => each.kind === kind && each.path === path)) {
        if (one.id !== undefined) this.holders.get(key(kind, one.id))?.delete(one);
      }
      this.declared = this.declared.filter((one) => one.kind !== kind || one.path !== path);
    }
    const clashes = uniqueValues.flatMap(({ property, value, arrives }) => {
      const other = this.declared.find(
        (one) =>
          one.kind === kind &&
          // Without names, a resource cannot be told from its own earlier check.
          one.path !== undefined &&
          path !== undefined &&
          one.uniqueValues.some(
            (unique) => unique.property === property && unique.value === value && (unique.arrives || arrives),
          ),
      );
      return other === undefined ? [] : [{ property, other }];
    });
    this.declared.push({ ...declaration, id: undefined });
    return clashes;
  }

  /**
   * Pulumi compares what the state has with what the program declares.
   *
   * @throws ResourceError if a resource that this operation created has the object already
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
    if (other?.arrives === true && other.path !== declaration.path) {
      throw new ResourceError(
        `could not keep ${described(declaration)}: ${described(other)} was given its object ${id} in this operation. Two resources cannot have one object; remove one of them from the program`,
      );
    }
    declaration.id = id;
    this.hold(kind, id, declaration);
  }

  /** A replacement: the object that the declared resource has is about to be deleted for it. */
  replaces(kind: ResourceKind, id: string): void {
    for (const declaration of this.holdersOf(kind, id)) {
      declaration.id = undefined;
      if (declaration.path !== undefined) this.replacements.add(key(kind, declaration.path));
    }
    this.holders.delete(key(kind, id));
    this.leaving.add(key(kind, id));
  }

  /** Whether what the resource had was to be replaced in this operation. */
  isReplacement({ kind, path }: Declaration): boolean {
    return path !== undefined && this.replacements.has(key(kind, path));
  }

  /** Whether a replacement is about to delete the object. */
  isLeaving(kind: ResourceKind, id: string): boolean {
    return this.leaving.has(key(kind, id));
  }

  /** The declaration that a create with these arguments is for. */
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
      arrives: true,
      uniqueValues: [],
      wantedId: undefined,
      id: undefined,
    };
    this.declared.push(unnamed);
    return unnamed;
  }

  /**
   * A resource takes an object for its own: it created, adopted, took over or linked it.
   *
   * @throws ResourceError that names the resource that has it already
   */
  claim(self: Declaration, id: string): void {
    this.assertFree(self, id);
    self.id = id;
    this.hold(self.kind, id, self);
  }

  /** @throws ResourceError that names the other resource of the program that has this object */
  assertFree(self: Declaration, id: string): void {
    const other = [...this.holdersOf(self.kind, id)].find((one) => one !== self);
    if (other === undefined) return;
    throw new ResourceError(
      `could not give ${id} to ${described(self)}: ${described(other)} has it already, and two resources cannot have one object. Remove one of them from the program; if it only has a new name, give it an alias`,
    );
  }

  /** An update is under way: the resource keeps its object. */
  keep(kind: ResourceKind, id: string, news: Properties): void {
    if (this.holdersOf(kind, id).size > 0) return;
    const declaration = {
      kind,
      path: undefined,
      inputs: news,
      arrives: false,
      uniqueValues: [],
      wantedId: undefined,
      id,
    };
    this.declared.push(declaration);
    this.hold(kind, id, declaration);
  }

  /** A create was refused because this object is in the way. */
  refuse(self: Declaration, id: string): void {
    this.refused.set(key(self.kind, id), self);
  }

  /** The declared resource that has the object. */
  holderOf(kind: ResourceKind, id: string): Declaration | undefined {
    const [holder] = this.holdersOf(kind, id);
    return holder;
  }

  /** A declared resource that wants the object and does not have it: its create was refused, or its turn has not come. */
  wanterOf(kind: ResourceKind, id: string): Declaration | undefined {
    return (
      this.refused.get(key(kind, id)) ??
      this.declared.find((one) => one.kind === kind && one.id === undefined && one.wantedId === id)
    );
  }

  /** An update failed: what it was to give up stays where it is. */
  fail(kind: ResourceKind, id: string): void {
    this.stuck.add(key(kind, id));
    this.changed();
  }

  /** Whether an update of the object failed in this operation. */
  hasFailed(kind: ResourceKind, id: string): boolean {
    return this.stuck.has(key(kind, id));
  }

  /** A resource that had the object is deleted, and the object stays in Seam. */
  release(kind: ResourceKind, id: string): void {
    this.released.add(key(kind, id));
  }

  /** Whether the object stays in Seam although its resource was deleted in this operation. */
  isReleased(kind: ResourceKind, id: string): boolean {
    return this.released.has(key(kind, id));
  }

  /**
   * Whether the teardown of an identity unlinks an ACS user and does not delete it, because another resource has it, wants it, or
   * leaves it in Seam.
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

  /** The checked arguments of the identity with this path, if it has been checked. */
  identityAt(path: string): Properties | undefined {
    return this.declared.find((one) => one.kind === "UserIdentity" && one.path === path)?.inputs;
  }

  /** Whether the program declares a link of the two. */
  declaresLink(userIdentityId: string, acsUserId: string): boolean {
    return this.declared.some(
      ({ kind, inputs }) =>
        kind === "AcsUserLink" && inputs.acsUserId === acsUserId && inputs.userIdentityId === userIdentityId,
    );
  }

  /** Counts a create, update or delete as under way while it runs. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.underWay += 1;
    try {
      return await work();
    } finally {
      this.underWay -= 1;
    }
  }

  /** Whether everything under way waited for something that could not begin, as with `--parallel 1`. */
  get isStarved(): boolean {
    return this.starved;
  }

  /** How many changes there have been, for {@link untilChange}. */
  get changeCount(): number {
    return this.changes;
  }

  /** What was to be deleted, or an attribute that was to move, is no longer where it was. */
  changed(kind?: ResourceKind, id?: string): void {
    this.changes += 1;
    if (kind !== undefined && id !== undefined) this.leaving.delete(key(kind, id));
    const { waiters } = this;
    this.waiters = [];
    for (const wake of waiters) wake();
  }

  /** Resolves when there have been more changes than `since`, or after so many milliseconds. */
  untilChange(since: number, milliseconds: number): Promise<void> {
    if (this.changes > since) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        if (this.waiters.length >= this.underWay) this.starved = true;
        this.waiters = this.waiters.filter((one) => one !== waiter);
        resolve();
      }, milliseconds);
      this.waiters.push(waiter);
    });
  }

  /** Resolves when the program has probably registered all that it registers without waiting for results. */
  async settled(): Promise<void> {
    const startedAt = performance.now();
    for (;;) {
      const now = performance.now();
      const pause = Math.min(this.lastCall + silence - now, startedAt + longestWaitForSilence - now);
      if (pause <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** Runs work on one subject one after the other, so that a create never meets a delete of the same thing half way. */
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

  private hold(kind: ResourceKind, id: string, declaration: Declaration): void {
    const holders = this.holders.get(key(kind, id)) ?? new Set<Declaration>();
    holders.add(declaration);
    this.holders.set(key(kind, id), holders);
  }
}

/** A resource as a message names it: `UserIdentity "jean"`, or by its id where its name is not known. */
export function described({ kind, path, id }: Declaration): string {
  if (path !== undefined) return `${kind} "${nameOf(path)}"`;
  return id === undefined ? `this ${kind}` : `another ${kind} (${id})`;
}

/** The name with its parents' types, from a path like `pulumi:<stack>:<project>:<name>`. */
export function nameOf(path: string): string {
  return path.split(":").slice(3).join(":");
}

function key(kind: ResourceKind, id: string): string {
  return `${kind} ${id.toLowerCase()}`;
}
