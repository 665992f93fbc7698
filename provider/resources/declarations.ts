import { isDeepStrictEqual } from "node:util";
import type { Properties, UniqueValue } from "./properties";
import { ResourceError } from "./resourceErrors";

/** The kinds of resources, as type tokens name them. */
export type ResourceKind = "UserIdentity" | "AcsUserLink" | "AcsUser";

/** One resource that the program declares in this operation. */
export interface Declaration {
  readonly kind: ResourceKind;
  /** `pulumi:<stack>:<project>:[<parent types>$]<name>`; undefined where the class could not say it. */
  readonly path: string | undefined;
  /** As `check` answered them. */
  readonly inputs: Properties;
  /** Whether this operation is to create it, or gives it another unique value than the state has. */
  readonly arrives: boolean;
  readonly uniqueValues: readonly UniqueValue[];
  /** The id that it will have, where the arguments tell. */
  readonly wantedId: string | undefined;
  /** The object that it has, or will have. */
  id: string | undefined;
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
  private readonly turns = new Map<string, Promise<unknown>>();
  private readonly workspaces = new Set<string>();
  private waiters: (() => void)[] = [];
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
    if (path !== undefined)
      this.declared = this.declared.filter((one) => one.kind !== kind || one.path !== path);
    const clashes = uniqueValues.flatMap(({ property, value }) => {
      const other = this.declared.find(
        (one) =>
          one.kind === kind &&
          (one.arrives || declaration.arrives) &&
          // Without names, a resource cannot be told from its own earlier check.
          one.path !== undefined &&
          path !== undefined &&
          one.uniqueValues.some((unique) => unique.property === property && unique.value === value),
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
      (one) => one.kind === kind && one.id === undefined && isDeepStrictEqual(one.inputs, news),
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
    for (const declaration of this.holdersOf(kind, id)) declaration.id = undefined;
    this.holders.delete(key(kind, id));
    this.leaving.add(key(kind, id));
  }

  /** Whether a replacement is about to delete the object. */
  isLeaving(kind: ResourceKind, id: string): boolean {
    return this.leaving.has(key(kind, id));
  }

  /** The declaration that a create with these arguments is for. */
  creating(kind: ResourceKind, inputs: Properties): Declaration {
    const known = this.declared.find(
      (one) => one.kind === kind && one.id === undefined && isDeepStrictEqual(one.inputs, inputs),
    );
    if (known !== undefined) return known;
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

  /** What was to be deleted, or an attribute that was to move, is no longer where it was. */
  changed(kind?: ResourceKind, id?: string): void {
    if (kind !== undefined && id !== undefined) this.leaving.delete(key(kind, id));
    const { waiters } = this;
    this.waiters = [];
    for (const wake of waiters) wake();
  }

  /** Resolves at the next `changed`, or after so many milliseconds. */
  untilChange(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
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
