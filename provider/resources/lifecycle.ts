import type { Connection } from "../connection";
import type { Declaration, Declarations } from "./declarations";
import type { Properties, UniqueValue } from "./properties";
import type { StackWorkspace } from "./stackWorkspace";

/** What all resources share in one operation of Pulumi's. */
export interface Operation extends Connection {
  declarations: Declarations;
  workspace: StackWorkspace;
  /** Ids that a person named for this one run (`SEAM_TAKE_OVER`): what has one of them is this stack's own. */
  takeOver: ReadonlySet<string>;
}

/** Why an argument cannot be used. The reason never quotes the value, which may be personal or secret. */
export interface CheckFailure {
  /** The argument, or undefined where the resource as a whole cannot be used. */
  property?: string;
  reason: string;
}

/** Checked arguments, with the defaults that `check` fills in. */
export interface Checked {
  inputs: Record<string, unknown>;
  failures: CheckFailure[];
}

/** What a change of arguments means. */
export interface Difference {
  changes: boolean;
  /** The arguments that make a replacement necessary. */
  replaces?: string[];
  /** Whether a replacement creates the new object before it deletes the old one. Default: the old one is deleted first. */
  createFirst?: boolean;
}

/** What a read found: outputs, and the arguments as they would have to be for Seam to be as it is. */
export interface Observed<Inputs, Outputs> {
  outputs: Outputs;
  inputs: Inputs;
}

/**
 * What a resource is, apart from Pulumi's SDK. `check` and `diff` run serially and in previews, so they make no call;
 * the rest run in parallel, only when something is applied.
 */
export interface Lifecycle<Inputs extends Properties, Outputs extends Properties> {
  /** What messages call it, as in "user identity". */
  noun: string;
  /** @param olds The arguments that the state has; empty for a resource that is to be created. */
  check(olds: Readonly<Partial<Inputs>>, news: Properties): Checked;
  diff(id: string, olds: Readonly<Outputs>, news: Readonly<Inputs>): Difference;
  create(
    operation: Operation,
    inputs: Readonly<Inputs>,
    self: Declaration,
  ): Promise<{ id: string; outputs: Outputs }>;
  /**
   * @param known What the state has; empty where an id is read that no state has yet.
   * @returns undefined where the object is gone.
   */
  read(
    operation: Operation,
    id: string,
    known: Readonly<Partial<Outputs>>,
  ): Promise<Observed<Inputs, Outputs> | undefined>;
  update(operation: Operation, id: string, olds: Readonly<Outputs>, news: Readonly<Inputs>): Promise<Outputs>;
  /** Not called for what `staysInSeam` says stays, which needs neither key nor call. */
  delete(operation: Operation, id: string, outputs: Readonly<Outputs>): Promise<void>;
  staysInSeam(outputs: Readonly<Outputs>): boolean;
  /** The values that no two declared resources can share; those that are not known yet are left out. */
  uniqueValues(inputs: Properties): UniqueValue[];
  /** The id that a resource with these arguments will have, where the arguments give it. */
  idFrom?(inputs: Properties): string | undefined;
  /** Whether an operation counts its deletion as somebody's teardown. */
  tearsDown: boolean;
}
