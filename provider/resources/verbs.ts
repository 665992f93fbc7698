import type * as pulumi from "@pulumi/pulumi";
import type { Connection } from "../connection";
import type { Claims } from "./ownership";

/** Properties as the engine sends them: parsed JSON, with `unknownValue` for what a preview cannot know yet. */
export type Properties = Readonly<Record<string, unknown>>;

/** What the engine puts where a value is not known before the apply. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A property that is a text, or undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** What the verbs of all resources share in one operation of Pulumi's. */
export interface Operation extends Connection {
  claims: Claims;
}

/** The verbs of a resource. `check` and `diff` run serially and in previews: they make no call. */
export interface Verbs {
  check(olds: Properties, news: Properties): pulumi.dynamic.CheckResult;
  diff(id: string, olds: Properties, news: Properties): pulumi.dynamic.DiffResult;
  create(operation: Operation, inputs: Properties): Promise<pulumi.dynamic.CreateResult>;
  read(operation: Operation, id: string, props: Properties): Promise<pulumi.dynamic.ReadResult>;
  update(
    operation: Operation,
    id: string,
    olds: Properties,
    news: Properties,
  ): Promise<pulumi.dynamic.UpdateResult>;
  /** Not called for what `keeps` says is kept, which needs neither key nor call. */
  delete(operation: Operation, id: string, props: Properties): Promise<void>;
  /** Whether delete leaves everything in Seam as it is. */
  keeps(props: Properties): boolean;
}
