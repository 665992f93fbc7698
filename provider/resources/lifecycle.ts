import type { Connection } from "../connection";
import type { Declaration, Declarations } from "./declarations";
import type { Properties, UniqueValue } from "./properties";
import type { StackWorkspace } from "./stackWorkspace";

/** The objects that all resources share in one Pulumi operation. */
export interface Operation extends Connection {
  declarations: Declarations;
  workspace: StackWorkspace;
  /** The ids that a person named for this run (`SEAM_TAKE_OVER`): objects with these ids belong to this stack. */
  takeOver: ReadonlySet<string>;
}

/** The reason why an argument is invalid. It never quotes the value, which may be personal or secret. */
export interface CheckFailure {
  /** The argument, or undefined if the failure concerns the entire resource. */
  property?: string;
  reason: string;
}

/** Checked arguments, with the defaults that `check` sets. */
export interface Checked {
  inputs: Record<string, unknown>;
  failures: CheckFailure[];
}

/** The effect of a change of arguments. */
export interface Difference {
  changes: boolean;
  /** The arguments that require a replacement. */
  replaces?: string[];
  /** Whether a replacement creates the new object before it deletes the old one. Default: the old one is deleted first. */
  createFirst?: boolean;
}

/** The result of a read: outputs, and the arguments that correspond to the object in Seam. */
export interface Observed<Inputs, Outputs> {
  outputs: Outputs;
  inputs: Inputs;
}

/**
 * A kind of resource, independent of Pulumi's SDK. `check` and `diff` run serially and in previews, so they send no calls; the
 * other methods run in parallel, and only in an apply.
 */
export interface Lifecycle<Inputs extends Properties, Outputs extends Properties> {
  /** The name of the kind in messages, as in "user identity". */
  noun: string;
  /** @param olds The arguments in the state; empty for a new resource. */
  check(olds: Readonly<Partial<Inputs>>, news: Properties): Checked;
  diff(id: string, olds: Readonly<Outputs>, news: Readonly<Inputs>): Difference;
  create(
    operation: Operation,
    inputs: Readonly<Inputs>,
    self: Declaration,
  ): Promise<{ id: string; outputs: Outputs }>;
  /**
   * @param known The outputs in the state; empty for an id that is in no state yet.
   * @returns undefined if the object is gone.
   */
  read(
    operation: Operation,
    id: string,
    known: Readonly<Partial<Outputs>>,
  ): Promise<Observed<Inputs, Outputs> | undefined>;
  update(operation: Operation, id: string, olds: Readonly<Outputs>, news: Readonly<Inputs>): Promise<Outputs>;
  /** Not called if `staysInSeam` returns true: releasing a resource needs neither a key nor a call. */
  delete(operation: Operation, id: string, outputs: Readonly<Outputs>): Promise<void>;
  staysInSeam(outputs: Readonly<Outputs>): boolean;
  /** The values that no two declared resources can share, without those that are not known yet. */
  uniqueValues(inputs: Properties): UniqueValue[];
  /** The id that a resource with these arguments will have, if the arguments determine it. */
  idFrom?(inputs: Properties): string | undefined;
  /** Whether its deletion counts as a teardown for `seam:maxTeardowns`. */
  tearsDown: boolean;
}
