import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import fc from "fast-check";
import { type AnsweringSeam, answeringSeam } from "../../answeringSeam";
import { type CommandOutcome, runSeamCommand } from "../../seamCommand";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

const program = join(__dirname, "..", "..", "..", "dist", "cli", "main.js");
const apiKey = "seam_hostile1_9fQ2zLk7Wm4TxVb8";
const bareKey = apiKey.slice("seam_".length);
const percent = (text: string): string =>
  Array.from(text, (one) => `%${one.charCodeAt(0).toString(16)}`).join("");

const keyForms = [
  apiKey,
  bareKey,
  apiKey.toUpperCase(),
  `Bearer%20${apiKey}`,
  percent(apiKey),
  Buffer.from(apiKey).toString("base64"),
  Buffer.from(`x${apiKey}`).toString("base64url"),
  Buffer.from(apiKey).toString("hex"),
  Array.from(apiKey, (one) => `&#${one.charCodeAt(0)};`).join(""),
  Array.from(apiKey, (one) => `\\u00${one.charCodeAt(0).toString(16)}`).join(""),
  Array.from(apiKey).join("\u200b"),
];
/** The part of each form that remains in an output that leaks it, in lower case. */
const leaks = [
  bareKey,
  percent(bareKey),
  Buffer.from(apiKey).toString("base64").slice(0, 36),
  Buffer.from(`x${apiKey}`).toString("base64").slice(4, 36),
  Buffer.from(bareKey).toString("hex"),
  Array.from(bareKey, (one) => `&#${one.charCodeAt(0)};`).join(""),
  Array.from(bareKey, (one) => `\\u00${one.charCodeAt(0).toString(16)}`).join(""),
].map((form) => form.toLowerCase());

const piece = fc.oneof(
  fc.constantFrom(
    ...["\u001b[31m", "\u001b]8;;http://evil.example\u0007", "\u009b2J", "\u0000", "\b", "\u007f", "\u0085"],
    ...[
      "\n::error::boom",
      "\r\n##[error]boom",
      "::add-mask::x",
      "##vso[task.complete]",
      "##teamcity[x]",
      ":",
    ],
    ...[
      "\u202e",
      "\u2066",
      "\u200b",
      "\u061c",
      "\ufeff",
      "\u2028",
      "\u{e0041}",
      "\ud800",
      "\udc00",
      "\u00ad",
    ],
    ...["|", "\\|", "`", "```\n", "\n\n# x", "<img src=x>", "<!--", "-->", "</details>", "[a](//b)", "@all"],
    ...["=cmd|' /C calc'!A0", "+1+1", "-1", "@SUM(A1)", '"', "'", "\t", "$(id)", "Jean Doe", "Zoë", "\n"],
  ),
  fc.constantFrom(...keyForms),
  fc.string({ unit: "binary", maxLength: 4 }),
);
const hostile = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(""));
/** The texts of one run; each command gets all of them in every place where text can be. */
const texts = fc.array(hostile, { minLength: 12, maxLength: 12 });

const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const workspaceId = uuid(999);

describe("hostile text", function () {
  this.timeout(120_000);

  let seam: AnsweringSeam;
  const folder = mkdtempSync(join(tmpdir(), "pulumi-seam-hostile-"));
  before(async () => {
    seam = await answeringSeam();
  });
  after(() => seam.close());

  function assertHarmless(what: string, { stdout, stderr }: CommandOutcome): void {
    const json = stdout.startsWith("{") || stdout.startsWith("[{") || stdout.startsWith("[\n");
    for (const [stream, text] of Object.entries({ stdout, stderr })) {
      const where = `${what}, ${stream}: ${JSON.stringify(text)}`;
      // The command itself writes the zero-width space that ends mentions in Markdown.
      const acting =
        /(?![\n\ufe0e\ufe0f\u200b])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
      const found = acting.exec(text)?.[0];
      assert.equal(found, undefined, `U+${found?.codePointAt(0)?.toString(16)} in ${where}`);
      assert.ok(what.includes("markdown") || !text.includes("\u200b"), where);
      assert.doesNotMatch(text, /^\s*::|##\w{0,32}\[/m, where);
      for (const leak of leaks) assert.ok(!text.toLowerCase().includes(leak), `${leak} in ${where}`);
      assert.doesNotMatch(text, /^\s+at .*:\d+:\d+\)?$/m, `a stack trace in ${where}`);
    }
    if (json) assert.doesNotThrow(() => void JSON.parse(stdout), `no JSON: ${what}: ${stdout}`);
    if (!what.includes("markdown")) return;
    for (const line of stdout.split("\n")) {
      const outsideCode = line.replace(/`[^`]*`/g, "");
      assert.doesNotMatch(outsideCode, /(?<!\\)<(?:img|!--(?! pulumi-seam plan -->))/, `${what}: ${line}`);
      assert.doesNotMatch(line, /^#/, `${what}: ${line}`);
    }
  }

  /** Answers with a workspace of one person, in which every text is hostile. */
  function answerWith(given: readonly string[]): void {
    const text = (index: number): string => given[index % given.length] ?? "";
    const issue = [{ error_code: text(0), warning_code: text(1), message: text(2) }];
    const common = { workspace_id: workspaceId, errors: issue, warnings: issue, created_at: text(3) };
    const identity = {
      ...common,
      user_identity_id: uuid(1),
      user_identity_key: text(4),
      email_address: text(5),
      phone_number: text(6),
      full_name: text(7),
      display_name: text(8),
      acs_user_ids: [uuid(2)],
    };
    const acsUser = {
      ...common,
      acs_user_id: text(9),
      acs_system_id: uuid(3),
      user_identity_id: uuid(1),
      full_name: text(10),
      email_address: text(11),
      display_name: text(0),
    };
    Object.assign(seam.answers, {
      "/workspaces/get": {
        workspace: { workspace_id: workspaceId, name: text(1), is_sandbox: true },
      },
      "/user_identities/list": { user_identities: [identity] },
      "/user_identities/get": { user_identity: identity },
      "/acs/users/list": { acs_users: [acsUser] },
      "/acs/users/get": { acs_user: { ...acsUser, acs_user_id: uuid(2) } },
      "/acs/systems/list": { acs_systems: [{ acs_system_id: uuid(3), name: text(2) }] },
      "/acs/credentials/list": {
        acs_credentials: [
          { acs_credential_id: text(3), acs_user_id: text(9), access_method: text(4), display_name: text(5) },
        ],
      },
      "/phones/list": { phones: [{ device_id: text(6), display_name: text(7) }] },
      "/client_sessions/list": {
        client_sessions: [{ client_session_id: text(8), user_identity_id: uuid(1) }],
      },
      "/user_identities/enrollment_automations/list": {
        enrollment_automations: [{ enrollment_automation_id: text(10), user_identity_id: uuid(1) }],
      },
      "/access_grants/list": {
        access_grants: [{ ...common, access_grant_id: text(11), user_identity_id: uuid(1), name: text(0) }],
      },
      "/access_grants/get_related": {
        batch: { devices: [{ name: text(1), display_name: text(2) }], acs_entrances: [{ name: text(3) }] },
      },
      "/access_methods/list": { access_methods: [{ access_method_id: text(4), mode: text(5) }] },
      "/events/list": { events: [] },
    });
  }

  const urn = (type: string, name: string): string =>
    `urn:pulumi:dev::app::pulumi-nodejs:dynamic/seam:${type}::${name}`;
  function previewOf(given: readonly string[]): string {
    const steps = given.flatMap((text, index) => {
      const state = { fullName: text, emailAddress: text, userIdentityKey: text, __provider: text };
      const ops = ["create", "delete", "update", "replace"];
      const op = ops[index % ops.length] ?? "";
      const old = { oldState: { id: uuid(1), inputs: state, outputs: { ...state, workspaceId } } };
      const other = given[(index + 1) % given.length];
      const news = { ...state, fullName: other, phoneNumber: other };
      return [
        {
          op,
          urn: urn("UserIdentity", text),
          ...(op === "create" ? {} : old),
          ...(op === "delete" ? {} : { newState: { inputs: news } }),
        },
        {
          op: index % 2 === 0 ? "create" : "delete",
          urn: urn("AcsUser", `${text}${index}`),
          ...(index % 2 === 0
            ? { newState: { inputs: { acsSystemId: uuid(3), emailAddress: text, fullName: text } } }
            : { oldState: { id: uuid(2), inputs: { fullName: text }, outputs: { workspaceId } } }),
        },
        {
          op: "delete",
          urn: urn("AcsUserLink", `${text}link${index}`),
          oldState: { id: `${uuid(1)}/${uuid(2)}`, inputs: {}, outputs: { workspaceId } },
        },
      ];
    });
    return JSON.stringify({ config: { "seam:endpoint": given[0], "seam:workspaceId": given[1] }, steps });
  }

  function programFolder(given: readonly string[]): string {
    const at = mkdtempSync(join(folder, "program-"));
    writeFileSync(
      join(at, "Pulumi.yaml"),
      JSON.stringify({ name: given[0], runtime: given[1], config: { "seam:apiKey": given[2] } }),
    );
    writeFileSync(
      join(at, "Pulumi.dev.yaml"),
      JSON.stringify({ config: { "seam:endpoint": given[3], "seam:workspaceId": given[4] } }),
    );
    writeFileSync(join(at, "Pulumi.e\u202e\u001b[2J\n::error::x.yaml"), `config: [${given[5]}`);
    for (const [name, versionText] of [
      ["pulumi-seam", given[6]],
      ["@pulumi/pulumi", given[7]],
    ] as const) {
      mkdirSync(join(at, "node_modules", name), { recursive: true });
      writeFileSync(join(at, "node_modules", name, "package.json"), JSON.stringify({ version: versionText }));
    }
    const pulumi = join(at, "pulumi");
    writeFileSync(
      pulumi,
      `#!${process.execPath}\nprocess.stderr.write(${JSON.stringify(given.join("\n"))}); process.exit(255);\n`,
    );
    chmodSync(pulumi, 0o755);
    return at;
  }

  let property = 0;
  async function always(check: (given: readonly string[]) => Promise<void>): Promise<void> {
    property += 1;
    const seed = Number(process.env.HOSTILE_TEXT_SEED ?? Date.now() % 1_000_000) + property;
    console.log(`        seed ${seed}`);
    await fc.assert(
      fc.asyncProperty(texts, (given) => check(given)),
      { numRuns: Number(process.env.HOSTILE_TEXT_RUNS ?? 1), seed, endOnFailure: true },
    );
  }
  const env = (): Record<string, string> => ({ SEAM_API_KEY: apiKey, SEAM_ENDPOINT: seam.url });
  const run = async (what: string, args: string[], more: Parameters<typeof runSeamCommand>[1] = {}) => {
    const outcome = await runSeamCommand(args, { ...more, env: { ...env(), ...more.env } });
    assertHarmless(what, outcome);
    return outcome;
  };

  for (const format of ["text", "markdown", "json"]) {
    it(`has no effect in a plan as ${format}`, () =>
      always(async (given) => {
        answerWith(given);
        const input = previewOf(given);
        const args = ["plan", "-", "--format", format];
        const outcome = await run(`plan ${format}`, [...args, "--max-deletes", "0"], { input });
        assert.ok(outcome.status === 0 || outcome.status === 3, outcome.stderr);
        await run(`plan ${format} shown`, [...args, "--show-personal-data"], { input });
      }));
  }

  it("has no effect in input that is not a preview, and in errors from Pulumi", () =>
    always(async (given) => {
      const input = JSON.stringify({ steps: [{ op: given[0], urn: urn("UserIdentity", given[1] ?? "") }] });
      assert.equal((await run("plan op", ["plan", "-"], { input })).status, 2);
      await run("plan text", ["plan", "-"], { input: given.join("\n") });
      const diagnostics = given.map((message) => ({ severity: "error", message, urn: message }));
      await run("plan diagnostics", ["plan", "-"], { input: JSON.stringify({ steps: [], diagnostics }) });
      const at = programFolder(given);
      await run("plan runs Pulumi", ["plan", "--cwd", at, "--show-personal-data"], { env: { PATH: at } });
    }));

  it("has no effect in doctor's findings", () =>
    always(async (given) => {
      answerWith(given);
      const at = programFolder(given);
      await run("doctor", ["doctor", "--cwd", at], { env: { PATH: at } });
      await run("doctor json", ["doctor", "--cwd", at, "--json"], { env: { PATH: at } });
      const badEndpoint = { PATH: at, SEAM_ENDPOINT: (given[0] ?? "").replaceAll("\0", "") };
      await run("doctor endpoint", ["doctor", "--cwd", at], { env: badEndpoint });
    }));

  it("has no effect in import and teardown, in any object of the workspace", () =>
    always(async (given) => {
      answerWith(given);
      const out = mkdtempSync(join(folder, "import-"));
      await run("import", ["import", "--all", "--out", out, "--names", "name"]);
      await run("import id", ["import", uuid(1), "--force", "--out", out]);
      await run("teardown dry run", ["teardown", uuid(1), "--dry-run"]);
      await run("teardown dry run json", ["teardown", uuid(1), "--dry-run", "--json"]);
      await run("teardown", ["teardown", uuid(1), "--yes", "--timeout", "1"]);
      await run("teardown json", ["teardown", uuid(1), "--yes", "--timeout", "1", "--json"]);
      const named = (given[1] ?? "").replaceAll("\0", "");
      await run("teardown named", ["teardown", "--dry-run", "--", named]);
      await run("unknown option", ["teardown", `--${named.replaceAll("=", "")}`]);
    }));

  it("has no effect in what simulate prints", () =>
    always(async (given) => {
      const stateFile = join(mkdtempSync(join(folder, "state-")), "state.json");
      await (await SimulatedWorkspace.start({}, 1, stateFile)).close();
      const state = JSON.parse(readFileSync(stateFile, "utf8"), (name, value: unknown) =>
        name === "name" && typeof value === "string" ? given[0] : value,
      ) as unknown;
      writeFileSync(stateFile, JSON.stringify(state));
      const child = spawn(process.execPath, [program, "simulate", "--port", "0", "--state", stateFile], {
        env: { ...process.env, ...env() },
      });
      const outcome = { status: null, stdout: "", stderr: "" };
      child.stderr.on("data", (text) => (outcome.stderr += String(text)));
      child.stdout.on("data", (text) => {
        outcome.stdout += String(text);
        if (outcome.stdout.includes("Ctrl-C")) child.kill("SIGTERM");
      });
      await new Promise((resolve) => child.on("close", resolve));
      assert.match(outcome.stdout, /Ctrl-C/, outcome.stderr);
      assertHarmless("simulate", outcome);
    }));
});
