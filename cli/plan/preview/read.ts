import { text } from "../../../provider/resources/properties";
import { redact } from "../../../provider/seam/redaction";
import { type ResourceKind, resourceKinds, type Step } from "../forecast/types";
import { secret } from "../forecast/values";
import { documentsOf } from "./document";
import { type Operation, type RawPreview, rawPreview, type State } from "./forms";
import { NotUnderstoodError } from "./notUnderstood";

/** The settings of an explicit provider of the program, before and after. */
export interface ProviderSettings {
  name: string;
  old: Readonly<Record<string, unknown>> | undefined;
  new: Readonly<Record<string, unknown>> | undefined;
}

/** A preview that completed, with everything in it about this package's resources. */
export interface Preview {
  /** Steps that change something, in Pulumi's order. */
  steps: readonly Step[];
  /** Resources that do not change, as far as they are listed. */
  unchanged: readonly Step[];
  /** Whether all unchanged resources are listed: `--show-sames`. */
  listsUnchanged: boolean;
  /** Whether it contains dependencies; the streamed format does not. */
  showsDependencies: boolean;
  /** The stack's configuration, without its secrets. */
  config: Readonly<Record<string, string>>;
  providers: readonly ProviderSettings[];
  /** The URNs of all resources that the preview deletes or replaces, those of other packages included. */
  deletedUrns: ReadonlySet<string>;
}

/** The two halves of a replacement are listed in addition to `replace`, or in place of it. */
const verbs = new Map<string, Step["does"]>([
  ["same", "same"],
  ["create", "create"],
  ["update", "update"],
  ["replace", "replace"],
  ["delete", "delete"],
  ["create-replacement", "replace"],
  ["delete-replaced", "replace"],
]);

/** Operations that change nothing in Seam: they read, or only write the state. */
const harmless = new Set([
  "read",
  "read-replacement",
  "refresh",
  "discard",
  "discard-replaced",
  "remove-pending-replace",
  "import",
  "import-replacement",
]);

/**
 * Reads a preview in any format that contains all steps: the output of `pulumi preview --json`, streamed or not.
 *
 * @throws NotUnderstoodError for anything else, for a preview that failed, and for an incomplete one.
 */
export function readPreview(bytes: Uint8Array): Preview {
  const raw = rawPreview(documentsOf(bytes));
  refuseMissingSteps(raw);
  const all = stepsOf(raw.operations);
  const same = raw.operations.filter(({ op }) => op === "same").length;
  return {
    steps: all.filter(({ does }) => does !== "same"),
    unchanged: all.filter(({ does }) => does === "same"),
    listsUnchanged: same >= (raw.counted?.same ?? 0),
    showsDependencies: raw.showsDependencies,
    config: raw.config,
    providers: raw.operations.flatMap(providerOf),
    deletedUrns: new Set(raw.operations.filter(({ op }) => deletes(op)).map(({ urn }) => urn)),
  };
}

function deletes(op: string): boolean {
  const does = verbs.get(op);
  return does === "delete" || does === "replace";
}

/** Rejects a preview that lists fewer changes than Pulumi counted: it was filtered or cut off. */
function refuseMissingSteps({ operations, counted = {} }: RawPreview): void {
  const listed = new Map<string, Set<string>>();
  for (const { op, urn, oldState } of operations) {
    const does = verbs.get(op) ?? op;
    const seen = listed.get(does) ?? new Set();
    listed.set(does, seen.add(`${urn} ${does === "delete" ? oldState?.id : ""}`));
  }
  for (const [op, expected] of Object.entries(counted)) {
    // Unchanged resources are only listed on request, and what changes nothing in Seam is not at stake.
    if (op === "same" || harmless.has(op)) continue;
    const found = listed.get(verbs.get(op) ?? op)?.size ?? 0;
    if (found >= expected) continue;
    throw new NotUnderstoodError(
      `the preview is incomplete: Pulumi counted ${expected} to ${redact(op)}, and it lists ${found}. Give all that \`pulumi preview --json\` printed`,
    );
  }
}

function stepsOf(operations: readonly Operation[]): Step[] {
  const steps = new Map<string, Step>();
  const created = new Set<string>();
  for (const { op, urn, oldState, newState } of operations) {
    const resource = resourceOf(urn);
    refuseOtherType(resource, { op, urn, oldState, newState });
    if (resource === undefined || harmless.has(op)) continue;
    const does = verbs.get(op);
    if (does === undefined) {
      throw new NotUnderstoodError(
        `the preview wants to do "${op}" with ${redact(urn)}, which this version of pulumi-seam does not know, so it cannot say what is at stake. Update pulumi-seam`,
      );
    }
    if (op !== "delete-replaced" && does !== "delete") created.add(urn);
    // One resource can be deleted twice: its current object, and the old one that an interrupted replacement left.
    const key = does === "delete" ? `delete ${urn} ${oldState?.id}` : `${does} ${urn}`;
    const half = steps.get(key);
    const [old, new_] = [oldState ?? undefined, newState ?? undefined];
    steps.set(key, {
      does,
      resource,
      urn,
      name: urn.split("::").slice(3).join("::"),
      id: old?.id || half?.id,
      old: old === undefined ? (half?.old ?? {}) : visible({ ...old.inputs, ...old.outputs }),
      new: new_ === undefined ? (half?.new ?? {}) : visible(new_.inputs ?? {}),
      code: {
        old: old === undefined ? half?.code.old : old.inputs?.__provider,
        new: new_ === undefined ? half?.code.new : new_.inputs?.__provider,
      },
      deletedWith: old?.deletedWith || half?.deletedWith,
      dependsOn: old === undefined ? (half?.dependsOn ?? []) : dependenciesOf(old),
      comesAfter: new_ === undefined ? (half?.comesAfter ?? []) : dependenciesOf(new_),
      retained: old?.retainOnDelete ?? half?.retained ?? false,
      provider: ownProvider((new_ ?? old)?.provider ?? "") ?? half?.provider,
    });
  }
  return [...steps.values()].map((step) =>
    // Nothing is created in its place: an earlier run completed that half.
    step.does === "replace" && !created.has(step.urn) ? { ...step, does: "delete" } : step,
  );
}

/** The kind of resource that a URN names; undefined for resources of other packages. */
function resourceOf(urn: string): ResourceKind | undefined {
  const type = urn.split("::")[2] ?? "";
  const own = /(?:^|\$)(?:pulumi-nodejs:dynamic\/seam|seam:index):([^:$]+)$/.exec(type)?.[1];
  if (own === undefined) return undefined;
  const kind = resourceKinds.find((name) => name === own);
  if (kind !== undefined) return kind;
  throw new NotUnderstoodError(
    `the preview has a resource of the type ${type}, which this version of pulumi-seam does not know, so it cannot say what is at stake. Update pulumi-seam`,
  );
}

/** Whether a state's provider code is this package's, whatever type the resource has. */
function runsOwnCode(state: State | null | undefined): boolean {
  return text(state?.inputs?.__provider)?.includes("pulumi-seam/provider") === true;
}

/**
 * Rejects a resource of this package under a type of another: an alias can move one there, where no plan sees what happens to it,
 * and the delete of the old one still runs this package's code.
 */
function refuseOtherType(resource: ResourceKind | undefined, { urn, oldState, newState }: Operation): void {
  const before =
    oldState == null ? undefined : (resourceOf(oldState.urn) ?? resourceOf(`::::${oldState.type}`));
  const hidden = resource === undefined && (runsOwnCode(oldState) || runsOwnCode(newState));
  if (!hidden && (before === undefined || before === resource)) return;
  throw new NotUnderstoodError(
    `the preview has ${before ?? "a resource"} of pulumi-seam under another type, as ${redact(urn)}, so it cannot say what is at stake: review why the program gives it this type or alias, and remove that`,
  );
}

function providerOf({ urn, oldState, newState }: Operation): ProviderSettings[] {
  const [, , type, ...name] = urn.split("::");
  if (type === undefined || !/(?:^|\$)pulumi:providers:(?:pulumi-nodejs|seam)$/.test(type)) return [];
  return [
    {
      name: name.join("::"),
      old: oldState == null ? undefined : visible(oldState.inputs ?? {}),
      new: newState == null ? undefined : visible(newState.inputs ?? {}),
    },
  ];
}

/**
 * The name of an explicit provider, from a reference `<urn>::<id>`. Pulumi names default providers `default` or
 * `default_<version>`.
 */
function ownProvider(reference: string): string | undefined {
  const name = reference.split("::")[3];
  return name === undefined || /^default(_\d+)*$/.test(name) ? undefined : name;
}

function dependenciesOf({ parent, dependencies }: State): string[] {
  return [...(dependencies ?? []), ...(parent === "" ? [] : [parent])];
}

/** Properties without Pulumi's own, with secrets in one normalized form. */
function visible(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name, value]) => name !== "__provider" && value !== null)
      .map(([name, value]) => [name, isWrappedSecret(value) ? secret : value]),
  );
}

/** Whether a value has Pulumi's marker of a secret in a serialized state, which the streamed format shows. */
function isWrappedSecret(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    text(Reflect.get(value, "4dabf18193072939515e22adb298388d")) !== undefined
  );
}
