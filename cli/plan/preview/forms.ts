import { stripVTControlCharacters } from "node:util";
import * as v from "valibot";
import { NotUnderstoodError } from "./notUnderstood";

// The formats in which the Pulumi CLI prints a preview with all its steps, limited to the fields that are read here.

const properties = v.optional(v.nullable(v.record(v.string(), v.unknown())), {});

const state = v.object({
  type: v.optional(v.string(), ""),
  urn: v.optional(v.string(), ""),
  id: v.optional(v.string()),
  inputs: properties,
  outputs: properties,
  deletedWith: v.optional(v.string(), ""),
  parent: v.optional(v.string(), ""),
  dependencies: v.optional(v.nullable(v.array(v.string())), []),
  retainOnDelete: v.optional(v.boolean(), false),
  provider: v.optional(v.string(), ""),
});
export type State = v.InferOutput<typeof state>;

const operation = v.object({
  op: v.string(),
  urn: v.string(),
  oldState: v.optional(v.nullable(state)),
  newState: v.optional(v.nullable(state)),
});
export type Operation = v.InferOutput<typeof operation>;

const changes = v.record(v.string(), v.number());
const config = v.optional(v.record(v.string(), v.string()), {});

const diagnostic = v.object({
  severity: v.optional(v.string(), ""),
  message: v.optional(v.string(), ""),
});

/** `pulumi preview --json`: one document. */
const digest = v.object({
  config,
  steps: v.optional(v.array(operation), []),
  diagnostics: v.optional(v.array(diagnostic), []),
  changeSummary: v.optional(changes),
  maybeCorrupt: v.optional(v.boolean(), false),
});

const eventState = v.optional(v.nullable(state));

/** One of the events that `--json` prints with PULUMI_ENABLE_STREAMING_JSON_PREVIEW, one per line. */
const event = v.object({
  sequence: v.number(),
  preludeEvent: v.optional(v.object({ config })),
  resourcePreEvent: v.optional(
    v.object({
      metadata: v.object({ op: v.string(), urn: v.string(), old: eventState, new: eventState }),
    }),
  ),
  diagnosticEvent: v.optional(diagnostic),
  summaryEvent: v.optional(
    v.object({
      resourceChanges: changes,
      maybeCorrupt: v.optional(v.boolean(), false),
      isPreview: v.optional(v.boolean(), true),
      result: v.optional(v.string(), ""),
    }),
  ),
  errorEvent: v.optional(v.object({ error: v.optional(v.string(), "") })),
  cancelEvent: v.optional(v.looseObject({})),
});

/** A complete preview, read from any of the formats. */
export interface RawPreview {
  operations: readonly Operation[];
  config: Readonly<Record<string, string>>;
  /** How many operations of each kind Pulumi counted; undefined if the document does not contain it. */
  counted: Readonly<Record<string, number>> | undefined;
  /** Whether the states contain dependencies and `deletedWith`. */
  showsDependencies: boolean;
}

/** @throws NotUnderstoodError for anything but a preview that completed. */
export function rawPreview(documents: readonly unknown[]): RawPreview {
  const [first] = documents;
  if (!isObject(first)) throw new NotUnderstoodError(notAPreview("it is JSON, but not an object"));
  if (Object.hasOwn(first, "sequence")) return fromEvents(documents);
  if (documents.length > 1) throw new NotUnderstoodError(notAPreview("it is several JSON documents"));
  return fromDigest(first);
}

function fromDigest(document: object): RawPreview {
  const known = ["steps", "changeSummary", "diagnostics"].some((name) => Object.hasOwn(document, name));
  if (!known || Object.hasOwn(document, "result"))
    throw new NotUnderstoodError(notAPreview(describeOther(document)));
  const read = v.safeParse(digest, document);
  if (!read.success) {
    throw new NotUnderstoodError(notAPreview(`${v.getDotPath(read.issues[0]) ?? "it"} has another form`));
  }
  const { steps, diagnostics, changeSummary, maybeCorrupt, config: settings } = read.output;
  refuseFailures(diagnostics);
  if (maybeCorrupt) throw new NotUnderstoodError(corrupt);
  if (changeSummary === undefined && steps.length === 0) {
    throw new NotUnderstoodError(
      "the preview has neither steps nor a change summary, so it did not run to its end",
    );
  }
  return { operations: steps, config: settings, counted: changeSummary, showsDependencies: true };
}

function fromEvents(documents: readonly unknown[]): RawPreview {
  const read = v.safeParse(v.array(event), documents);
  if (!read.success) {
    throw new NotUnderstoodError(notAPreview("it is a stream of events, one of which has another form"));
  }
  const events = read.output;
  refuseMissingEvents(events);
  refuseFailures([
    ...events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []),
    ...events.flatMap(({ errorEvent }) =>
      errorEvent === undefined ? [] : { severity: "error", message: errorEvent.error },
    ),
  ]);
  const [summary, ...otherSummaries] = events.flatMap(({ summaryEvent }) => summaryEvent ?? []);
  const [prelude, ...otherPreludes] = events.flatMap(({ preludeEvent }) => preludeEvent ?? []);
  if (summary === undefined) {
    throw new NotUnderstoodError("the stream of preview events ends before its summary: it was cut off");
  }
  if (otherSummaries.length > 0 || otherPreludes.length > 0) {
    throw new NotUnderstoodError(notAPreview("it is several streams of events"));
  }
  if (!summary.isPreview) {
    throw new NotUnderstoodError(notAPreview("these are the events of an update that was carried out"));
  }
  if (summary.maybeCorrupt) throw new NotUnderstoodError(corrupt);
  if (summary.result !== "" && summary.result !== "succeeded") {
    throw new NotUnderstoodError(`the preview ended as "${summary.result}", so there is nothing to plan for`);
  }
  return {
    operations: events.flatMap(({ resourcePreEvent }) => {
      if (resourcePreEvent === undefined) return [];
      const { op, urn, old, new: new_ } = resourcePreEvent.metadata;
      return [{ op, urn, oldState: old, newState: new_ }];
    }),
    config: prelude?.config ?? {},
    counted: summary.resourceChanges,
    showsDependencies: false,
  };
}

/** Rejects a stream without some of its lines: the settings, a step or an error may be in these. */
function refuseMissingEvents(events: readonly { sequence: number }[]): void {
  const seen = new Set(events.map(({ sequence }) => sequence));
  const missing = Array.from({ length: seen.size }, (_, number) => number).find(
    (number) => !seen.has(number),
  );
  if (missing === undefined) return;
  throw new NotUnderstoodError(
    `the stream of preview events is incomplete: event ${missing} is missing. Give all that \`pulumi preview --json\` printed`,
  );
}

function refuseFailures(diagnostics: readonly v.InferOutput<typeof diagnostic>[]): void {
  const failures = diagnostics.filter(({ severity }) => severity === "error");
  if (failures.length === 0) return;
  const messages = failures.map(({ message }) => `\n  ${withoutValues(message).trim()}`).join("");
  throw new NotUnderstoodError(`the preview failed, so there is nothing to plan for:${messages}`);
}

/** Removes the values that Pulumi adds to messages about rejected arguments, secret or not. */
function withoutValues(message: string): string {
  return stripVTControlCharacters(message)
    .replace(/<\{%.*?%\}>/gs, "")
    .split(/(?=\n\s*- property )/)
    .map((part) => part.replace(/(\bproperty \S+) (?:with )?value [\s\S]*( has a problem:)/, "$1$2"))
    .join("");
}

const corrupt =
  "Pulumi says that the result of the preview may be corrupt, so there is nothing to plan for. Run `pulumi refresh`, then preview again";

function notAPreview(what: string): string {
  return `this is not what \`pulumi preview --json\` prints: ${what}. Give what \`pulumi preview --json --show-sames\` prints`;
}

/** Describes other documents that could be mistaken for a preview. */
function describeOther(document: object): string {
  const has = (name: string): boolean => Object.hasOwn(document, name);
  if (has("summary") || has("result")) {
    return "it is the summary that `pulumi preview --output json` prints, which does not say what happens to which arguments. Use `--json`";
  }
  if (has("resourcePlans")) return "it is an update plan, as `--save-plan` writes it";
  if (has("deployment") || has("checkpoint")) return "it is a state, as `pulumi stack export` prints it";
  if (Object.keys(document).length === 0) return "it is an empty object";
  return "it has no steps";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
