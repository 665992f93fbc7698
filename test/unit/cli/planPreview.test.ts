import assert from "node:assert/strict";
import { NotUnderstoodError } from "../../../cli/plan/preview/notUnderstood";
import { readPreview } from "../../../cli/plan/preview/read";
import { environmentFor } from "../../../cli/plan/runPreview";
import { urnOf } from "./planSteps";

const urn = urnOf("UserIdentity", "jean");
const stack = "urn:pulumi:dev::app::pulumi:pulumi:Stack::app-dev";
const state = { id: "i", inputs: { fullName: "Jean" }, outputs: { workspaceId: "w" } };
const digest = {
  config: { "seam:requestTimeoutSeconds": "20" },
  steps: [
    { op: "same", urn: stack, oldState: { custom: false }, newState: { custom: false }, detailedDiff: null },
    {
      op: "delete",
      urn,
      oldState: { ...state, deletedWith: "x", dependencies: [stack] },
      detailedDiff: null,
    },
  ],
  duration: 8237243082,
  changeSummary: { delete: 1, same: 2 },
};
/** As the CLI prints them with PULUMI_ENABLE_STREAMING_JSON_PREVIEW. */
const events = [
  { sequence: 0, timestamp: 1, preludeEvent: { config: digest.config } },
  { sequence: 1, timestamp: 1, diagnosticEvent: { prefix: "debug: ", message: "RPC", severity: "debug" } },
  {
    ...{ sequence: 2, timestamp: 1 },
    resourcePreEvent: {
      metadata: { op: "same", urn: stack, old: { id: "", inputs: {} }, new: { id: "", inputs: {} } },
      planning: true,
    },
  },
  {
    ...{ sequence: 3, timestamp: 1 },
    resourcePreEvent: {
      metadata: {
        ...{ op: "delete", urn, new: null },
        old: {
          ...state,
          inputs: {
            fullName: "Jean",
            phoneNumber: {
              "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
              ciphertext: "[secret]",
            },
          },
          provider: `${stack}::x`,
        },
      },
    },
  },
  {
    ...{ sequence: 4, timestamp: 1 },
    summaryEvent: {
      ...{ maybeCorrupt: false, durationSeconds: 7, resourceChanges: digest.changeSummary, PolicyPacks: {} },
      ...{ isPreview: true, result: "succeeded" },
    },
  },
  { sequence: 5, timestamp: 1, cancelEvent: {} },
];
const lines = (all: readonly object[]): string => `${all.map((one) => JSON.stringify(one)).join("\n")}\n`;
const read = (input: unknown) =>
  readPreview(
    input instanceof Uint8Array
      ? input
      : Buffer.from(typeof input === "string" ? input : JSON.stringify(input)),
  );
const without = (...numbers: number[]) => events.filter(({ sequence }) => !numbers.includes(sequence));
const failing = (message: string) => ({ ...digest, diagnostics: [{ severity: "error", message }] });

describe("reading a preview", () => {
  for (const [form, input] of [
    ["the document of --json", digest],
    ["the same, indented", JSON.stringify(digest, null, 4)],
    ["the same, with a byte order mark", `\u{feff}${JSON.stringify(digest)}`],
    ["streamed events", lines(events)],
    ["streamed events with Windows' line ends", lines(events).replaceAll("\n", "\r\n")],
  ] as const) {
    it(`reads ${form}`, () => {
      const { steps, config, listsUnchanged } = read(input);
      assert.deepEqual(
        steps.map(({ does, name, id }) => [does, name, id]),
        [["delete", "jean", "i"]],
      );
      assert.deepEqual(config, digest.config);
      assert.equal(listsUnchanged, false, "one unchanged resource is not listed");
    });
  }

  it("has one form for secrets, and says what a format does not show", () => {
    const streamed = read(lines(events));
    assert.equal(streamed.steps[0]?.old.phoneNumber, "[secret]");
    assert.deepEqual([streamed.showsDependencies, read(digest).showsDependencies], [false, true]);
  });

  const utf16 = Buffer.from(`\u{feff}${JSON.stringify(digest)}`, "utf16le");
  const summary = { result: "failed", duration: 5, summary: { delete: 400 } };
  for (const [what, input, says] of [
    ["nothing", "", /is empty/],
    ["the summary of --output json", summary, /--output json/],
    ["the same with its resources", { ...summary, resources: [{ urn, op: "delete" }] }, /--output json/],
    ["an empty object", {}, /an empty object/],
    ["an empty list", [], /not an object/],
    ["an empty list of steps", { steps: [] }, /neither steps nor a change summary/],
    [
      "a change summary without steps",
      { changeSummary: { delete: 400 } },
      /counted 400 to delete, and it lists 0/,
    ],
    ["steps that were filtered", { ...digest, steps: digest.steps.slice(0, 1) }, /counted 1 to delete/],
    ["UTF-16", utf16, /UTF-16/],
    ["UTF-16 without a mark", utf16.subarray(2), /UTF-16/],
    ["bytes that are no text", Buffer.from([0x7b, 0xc3, 0x28]), /not UTF-8/],
    ["text before", `> app@1.0.0 preview\n\n${JSON.stringify(digest)}`, /other text before the JSON/],
    [
      "text after",
      `${JSON.stringify(digest)}\nPermalink: https://example.com\n`,
      /other text after the JSON/,
    ],
    ["a part", JSON.stringify(digest).slice(0, -9), /cut off or broken/],
    ["two documents", lines([digest, digest]), /several JSON documents/],
    ["what a terminal shows", "Previewing update (dev):\n  - jean delete\n", /contains no JSON/],
    ["a stream that was cut", lines(without(4, 5)), /ends before its summary/],
    ["a stream with a step missing", lines(without(3)), /event 3 is missing/],
    ["a stream without its start", lines(without(0)), /event 0 is missing/],
    ["a stream after a whole one", lines([...events, ...events]), /several streams/],
    ["a stream after a whole one, cut off", lines([...events, ...without(4, 5)]), /several streams/],
    [
      "counts of replacements by their halves",
      { ...digest, changeSummary: { ...digest.changeSummary, "delete-replaced": 3 } },
      /counted 3 to delete-replaced, and it lists 0/,
    ],
    [
      "counts of an operation that it does not list",
      { ...digest, changeSummary: { ...digest.changeSummary, purge: 9 } },
      /counted 9 to purge, and it lists 0/,
    ],
    [
      "a stream that failed",
      lines([...events, { sequence: 6, timestamp: 1, errorEvent: { error: "boom" } }]),
      /failed.*boom/s,
    ],
    ["a state", { version: 3, deployment: {} }, /pulumi stack export/],
    ["an update plan", { resourcePlans: {} }, /--save-plan/],
    ["a corrupt one", { ...digest, maybeCorrupt: true }, /corrupt/],
    [
      "an operation of Object's",
      { steps: [{ op: "toString", urn, oldState: state }] },
      /"toString".*Update pulumi-seam/,
    ],
    [
      "a resource of a later version",
      { steps: [{ op: "delete", urn: urn.replace("UserIdentity", "Door"), oldState: state }] },
      /seam:Door.*Update/,
    ],
    ["a failed preview", failing("the program threw"), /the preview failed.*the program threw/s],
  ] as const) {
    it(`rejects ${what}`, () => {
      assert.throws(
        () => read(input),
        (error) => error instanceof NotUnderstoodError && says.test(error.message),
      );
    });
  }

  const ours = "pulumi-nodejs:dynamic/seam:UserIdentity";
  const foreign = urn.replace("dynamic/seam:", "dynamic/hr:");
  const code = { __provider: 'exports.handler = () => require("pulumi-seam/provider").userIdentity' };
  for (const op of ["replace", "same", "update"]) {
    for (const [what, oldState] of [
      ["its old URN", { ...state, urn }],
      ["its old type", { ...state, type: ours }],
      ["the code in its state", { ...state, inputs: code }],
    ] as const) {
      it(`rejects a resource of this package that is moved to another type (${op}), by ${what}`, () => {
        const moved = { op, urn: foreign, oldState, newState: { id: "i", inputs: {} } };
        assert.throws(
          () => read({ steps: [moved], changeSummary: { [op]: 1 } }),
          (error) => error instanceof NotUnderstoodError && /under another type/.test(error.message),
        );
      });
    }
  }

  it("reads a resource that is renamed, or moved to a component, by an alias", () => {
    const moved = urn.replace("pulumi-nodejs:", "acme:index:Office$pulumi-nodejs:").replace("jean", "jo");
    const oldState = { ...state, urn, type: ours, inputs: code };
    const { steps } = read({
      steps: [{ op: "update", urn: moved, oldState, newState: { id: "i", inputs: code } }],
      changeSummary: { update: 1 },
    });
    assert.deepEqual(
      steps.map(({ does, resource, name }) => [does, resource, name]),
      [["update", "UserIdentity", "jo"]],
    );
  });

  it("lists what is deleted of other packages, too", () => {
    const office = "urn:pulumi:dev::app::acme:index:Office::berlin";
    const { deletedUrns } = read({
      steps: [...digest.steps, { op: "delete", urn: office, oldState: {} }],
      changeSummary: { delete: 2, same: 2 },
    });
    assert.deepEqual([...deletedUrns], [urn, office]);
  });

  it("rejects events of an update that was carried out", () => {
    const carriedOut = events.map((event) =>
      "summaryEvent" in event
        ? { ...event, summaryEvent: { ...event.summaryEvent, isPreview: false } }
        : event,
    );
    assert.throws(() => read(lines(carriedOut)), /was carried out/);
  });

  for (const message of [
    "error: pulumi-nodejs:dynamic/seam:UserIdentity resource 'jean': property emailAddress value {&{{hush.doe@example}}} has a problem: must be an e-mail address\n",
    "<{%reset%}>r resource 'jean': property emailAddress value {hush has a problem: hush} has a problem: must be an e-mail address<{%reset%}>",
    "r resource 'jean' has a problem: bad\n\t\t- property emailAddress with value '{hush}' has a problem: must be an e-mail address\n\t\t- property fullName with value '{hu\nsh}' has a problem: empty",
  ]) {
    it("never prints the value that Pulumi adds to a rejected argument", () => {
      assert.throws(
        () => read(failing(message)),
        (error) =>
          error instanceof Error &&
          !/hush|sh\}/.test(error.message) &&
          /property emailAddress has a problem: must be an e-mail address/.test(error.message) &&
          !error.message.includes("<{%"),
      );
    });
  }

  it("runs a preview that the environment cannot change, of the stack that it names", () => {
    const env = environmentFor({
      ...{
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
        PULUMI_OPTION_TARGET: "x",
        PULUMI_OPTION_REFRESH: "true",
      },
      ...{ PULUMI_OPTION_STACK: "prod", PULUMI_CONFIG_PASSPHRASE: "p", PATH: "/bin", FORCE_COLOR: "1" },
    });
    assert.deepEqual(Object.keys(env).sort(), [
      ...["NO_COLOR", "PATH", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_OPTION_STACK", "PULUMI_SKIP_UPDATE_CHECK"],
    ]);
  });
});
