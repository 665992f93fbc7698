import * as v from "valibot";
import { redact } from "../../provider/seam/redaction";

/** What Pulumi is going to do with one of this package's resources. */
export interface Step {
  does: "create" | "update" | "replace" | "delete";
  resource: "UserIdentity" | "AcsUserLink" | "AcsUser";
  urn: string;
  /** The resource's name in the program. */
  name: string;
  /** Seam's id (of a link both), where the resource exists. */
  id: string | undefined;
  /** Outputs in the state, and the inputs that the program gives; without Pulumi's own. */
  old: Readonly<Record<string, unknown>>;
  new: Readonly<Record<string, unknown>>;
  /** The resource with which it goes, so that nothing is done for itself. */
  deletedWith: string | undefined;
  /** What the state says it depends on, its parent included: Pulumi deletes it before these. */
  dependsOn: readonly string[];
  /** What it comes after in the program as it is now. */
  comesAfter: readonly string[];
  /** Pulumi only forgets it: `retainOnDelete`. */
  retained: boolean;
  /** The name of a provider of the program's own, which may be for another workspace. */
  provider: string | undefined;
}

const resource = v.object({
  id: v.optional(v.string()),
  inputs: v.optional(v.record(v.string(), v.unknown()), {}),
  outputs: v.optional(v.record(v.string(), v.unknown()), {}),
  deletedWith: v.optional(v.string(), ""),
  parent: v.optional(v.string()),
  dependencies: v.optional(v.nullable(v.array(v.string())), []),
  retainOnDelete: v.optional(v.boolean(), false),
  provider: v.optional(v.string(), ""),
});

const preview = v.object({
  steps: v.optional(
    v.array(
      v.object({
        op: v.string(),
        urn: v.string(),
        oldState: v.optional(resource),
        newState: v.optional(resource),
      }),
    ),
    [],
  ),
  diagnostics: v.optional(
    v.array(
      v.object({
        severity: v.optional(v.string()),
        message: v.optional(v.string(), ""),
        urn: v.optional(v.string()),
      }),
    ),
    [],
  ),
});

/** Halves of a replacement are listed besides `replace`, or instead. */
const verbs: Readonly<Record<string, Step["does"]>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  "create-replacement": "replace",
  "delete-replaced": "replace",
};

/** These change nothing in Seam: they read, or only write the state. */
const harmless: readonly string[] = [
  "same",
  "read",
  "read-replacement",
  "refresh",
  "discard",
  "discard-replaced",
  "remove-pending-replace",
  "import",
  "import-replacement",
];

/**
 * Reads what `pulumi preview --json` printed.
 *
 * @throws Error if it is something else, or says that the preview failed.
 */
export function readPreview(text: string): Step[] {
  const json = parseJson(text);
  const parsed = v.safeParse(preview, json);
  // A preview without steps leaves them out, but tells of one of the others.
  const printed = ["steps", "duration", "changeSummary", "diagnostics"].some((name) =>
    Object.hasOwn(json, name),
  );
  if (!parsed.success || !printed) {
    throw new Error("this is not what `pulumi preview --json` prints: it has no steps");
  }
  const failures = parsed.output.diagnostics.filter((one) => one.severity === "error");
  if (failures.length > 0) {
    const messages = failures.map((one) => `\n  ${redact(one.message.trim())}`).join("");
    throw new Error(`the preview failed, so there is nothing to plan for:${messages}`);
  }
  const steps = new Map<string, Step>();
  const created = new Set<string>();
  for (const { op, urn, oldState, newState } of parsed.output.steps) {
    const [, , type = "", ...name] = urn.split("::");
    const own = /(?:^|\$)pulumi-nodejs:dynamic\/seam:(UserIdentity|AcsUserLink|AcsUser)$/.exec(type)?.[1];
    if (own === undefined || harmless.includes(op)) continue;
    const does = verbs[op];
    if (does === undefined) {
      throw new Error(
        `the preview wants to do "${op}" with ${redact(urn)}, which this version of pulumi-seam does not know, so it cannot say what is at stake. Update pulumi-seam`,
      );
    }
    if (op !== "delete-replaced" && does !== "delete") created.add(urn);
    // One resource can be deleted twice: itself, and what an interrupted replacement left of it.
    const key = does === "delete" ? `delete ${urn} ${oldState?.id}` : `${does} ${urn}`;
    const half = steps.get(key);
    steps.set(key, {
      does,
      resource: own as Step["resource"],
      urn,
      name: name.join("::"),
      id: oldState?.id ?? half?.id,
      old: oldState === undefined ? (half?.old ?? {}) : visible({ ...oldState.inputs, ...oldState.outputs }),
      new: newState === undefined ? (half?.new ?? {}) : visible(newState.inputs),
      deletedWith: oldState?.deletedWith || half?.deletedWith,
      dependsOn: oldState === undefined ? (half?.dependsOn ?? []) : before(oldState),
      comesAfter: newState === undefined ? (half?.comesAfter ?? []) : before(newState),
      retained: oldState?.retainOnDelete ?? half?.retained ?? false,
      provider: ownProvider((newState ?? oldState)?.provider ?? "") ?? half?.provider,
    });
  }
  return [...steps.values()].map((step) =>
    // Nothing comes in its place: an earlier run had come that far.
    step.does === "replace" && !created.has(step.urn) ? { ...step, does: "delete" } : step,
  );
}

/** From a reference, `<urn>::<id>`; Pulumi names those that it makes itself `default` or `default_<version>`. */
function ownProvider(reference: string): string | undefined {
  const name = reference.split("::")[3];
  return name === undefined || /^default(_\d+)*$/.test(name) ? undefined : name;
}

function before({ parent, dependencies }: v.InferOutput<typeof resource>): string[] {
  return [...(dependencies ?? []), ...(parent === undefined ? [] : [parent])];
}

/** The CLI may print warnings before the JSON. */
function parseJson(text: string): object {
  const start = text.indexOf("{");
  if (start === -1) throw new Error("this is not what `pulumi preview --json` prints: it holds no JSON");
  try {
    return JSON.parse(text.slice(start)) as object;
  } catch {
    throw new Error("this is not what `pulumi preview --json` prints: its JSON is cut off or broken");
  }
}

function visible(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== "__provider"));
}
