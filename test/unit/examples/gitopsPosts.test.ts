import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text as readAll } from "node:stream/consumers";

// Runs the npm scripts of examples/gitops that call neither `pulumi` nor the guard, against programs and servers that record
// their requests.

const example = join(__dirname, "..", "..", "..", "examples", "gitops");
const { scripts } = JSON.parse(readFileSync(join(example, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
const marker = "<!-- pulumi-seam plan -->";
const secret = "a-token-that-must-not-leave";

/** Records its arguments, and prints the answer of the test. */
const fakeGh = `#!/usr/bin/env node
const { appendFileSync } = require("node:fs");
const args = process.argv.slice(2);
appendFileSync(process.env.FAKE_LOG, JSON.stringify(args) + "\\n");
const answer = Object.entries(JSON.parse(process.env.FAKE_ANSWERS)).find(([start]) => args.join(" ").startsWith(start));
process.stdout.write(JSON.stringify(answer ? answer[1] : {}));
`;

/** Replaces `pulumi-seam`: records its arguments, and prints the output of the test. */
const fakeSeam = `#!/usr/bin/env node
const { appendFileSync } = require("node:fs");
appendFileSync(process.env.FAKE_LOG, JSON.stringify(process.argv.slice(2)) + "\\n");
process.stdout.write(process.env.FAKE_PLAN ?? "");
process.exitCode = Number(process.env.FAKE_STATUS ?? "0");
`;

interface RecordedRequest {
  what: string;
  token: unknown;
  body: unknown;
}

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A server that records its requests. */
class FakeApi {
  readonly requests: RecordedRequest[] = [];
  /** Answers by the beginning of "METHOD /path"; the first match is sent. */
  answers: Record<string, Answer> = {};
  /** Answers of a single test, which take precedence. */
  overrides: Record<string, Answer> = {};

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FakeApi> {
    const server = createServer();
    const api = new FakeApi(server);
    server.on("request", (request, response) => {
      void readAll(request).then((text) => {
        const what = `${request.method} ${request.url}`;
        const token = request.headers["private-token"] ?? request.headers.authorization;
        api.requests.push({ what, token, body: text === "" ? undefined : (JSON.parse(text) as unknown) });
        const [, answer = { status: 404, body: {} }] =
          [...Object.entries(api.overrides), ...Object.entries(api.answers)].find(([start]) =>
            what.startsWith(start),
          ) ?? [];
        response.writeHead(answer.status ?? 200, answer.headers);
        response.end(JSON.stringify(answer.body ?? {}));
      });
    });
    server.listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  get written(): RecordedRequest[] {
    return this.requests.filter(({ what }) => !what.startsWith("GET "));
  }
  close(): void {
    this.server.close();
  }
}

interface Outcome {
  status: number;
  output: string;
}

describe("examples/gitops", function () {
  this.timeout(60_000);

  let folder: string;
  let api: FakeApi;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-seam-gitops-"));
    for (const name of ["package.json", "pipeline"]) {
      cpSync(join(example, name), join(folder, name), { recursive: true });
    }
    mkdirSync(join(folder, "bin"));
    for (const [name, program] of Object.entries({ gh: fakeGh, "pulumi-seam": fakeSeam })) {
      writeFileSync(join(folder, "bin", name), program);
      chmodSync(join(folder, "bin", name), 0o755);
    }
    api = await FakeApi.start();
  });
  afterEach(() => {
    api.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const path = (name: string): string => join(folder, name);
  const file = (name: string): string => readFileSync(path(name), "utf8");
  const calls = (): string[][] =>
    existsSync(path("calls"))
      ? file("calls")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as string[])
      : [];

  /** Runs an npm script as npm does, but without npm's start-up time. */
  function run(script: string, args: string[], env: Record<string, string>): Promise<Outcome> {
    const command = scripts[script] ?? "false";
    return new Promise((resolve) => {
      execFile(
        "sh",
        ["-c", `${command} "$@"`, "sh", ...args],
        {
          cwd: folder,
          env: {
            ...process.env,
            ...env,
            PATH: [path("bin"), process.env.PATH].join(delimiter),
            FAKE_LOG: path("calls"),
          },
        },
        (error, stdout, stderr) =>
          resolve({ status: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` }),
      );
    });
  }

  const gitHub = (): Record<string, string> => ({
    GITHUB_API_URL: api.url,
    GITHUB_REPOSITORY: "acme/access",
    GITHUB_TOKEN: secret,
    HEAD_SHA: "abc",
    HEAD_BRANCH: "leavers",
    HEAD_REPOSITORY: "acme/access",
    BASE_BRANCH: "main",
    RUN_URL: "https://example.com/run/7",
  });
  const pull = (
    number: number,
    { branch = "leavers", repository = "acme/access", base = "main", sha = "abc" },
  ) => ({
    number,
    state: "open",
    head: { sha, ref: branch, repo: { full_name: repository } },
    base: { ref: base },
  });
  /** One commit, and five pull requests that contain it. */
  const pulls = [
    pull(3, { branch: "leavers-2" }),
    pull(4, { repository: "mallory/access" }),
    pull(5, {}),
    pull(6, { base: "release" }),
    pull(7, { repository: "acme/access-fork" }),
    pull(8, { sha: "other" }),
  ];
  const answerPulls = (found: object[] = pulls, comments: object[] = []): void => {
    api.answers = {
      "GET /repos/acme/access/pulls?": { body: found },
      "GET /repos/acme/access/issues/5/comments": { body: comments },
      "POST /": { body: {} },
      "PATCH /": { body: {} },
    };
  };

  describe("post:github", () => {
    const bot = { login: "github-actions[bot]" };
    const post = (text: string | undefined, env: Record<string, string> = {}): Promise<Outcome> => {
      if (text !== undefined) writeFileSync(path("comment.md"), text);
      return run("post:github", [], { ...gitHub(), ...env });
    };

    it("posts on the pull request that has the commit, the branch, its owner and the base", async () => {
      answerPulls(pulls, [{ id: 1, user: bot, body: "another workflow's" }]);
      assert.equal((await post(`${marker}\n\nTwo created.\n`)).status, 0);
      assert.deepEqual(api.written, [
        {
          what: "POST /repos/acme/access/issues/5/comments",
          token: `Bearer ${secret}`,
          body: { body: `${marker}\n\nTwo created.\n` },
        },
      ]);
    });

    it("requests exactly that branch and that base, with any characters in the branch's name", async () => {
      answerPulls([]);
      await post("x", { HEAD_BRANCH: "a&base=release#b" });
      const { searchParams } = new URL((api.requests[0]?.what ?? "").replace("GET ", ""), api.url);
      assert.deepEqual(
        ["head", "base", "state"].map((name) => searchParams.getAll(name)),
        [["acme:a&base=release#b"], ["main"], ["open"]],
      );
    });

    it("posts nothing if two pull requests match, and names them", async () => {
      answerPulls([pull(5, {}), pull(9, {})]);
      const { status, output } = await post("Two created.");
      assert.notEqual(status, 0);
      assert.match(output, /#5, #9/);
      assert.deepEqual(api.written, []);
    });

    it("replaces its own comment, and nobody else's", async () => {
      answerPulls(pulls, [
        { id: 1, user: { login: "mallory" }, body: `${marker} mine` },
        { id: 2, user: bot, body: `${marker}\n\nOne created.` },
      ]);
      await post(`${marker}\n\nTwo created.\n`);
      assert.deepEqual(
        api.written.map(({ what }) => what),
        ["PATCH /repos/acme/access/issues/comments/2"],
      );
    });

    it("finds its own comment if there are several pages", async () => {
      const others = Array.from({ length: 100 }, (_, id) => ({ id, user: { login: "ada" }, body: "hello" }));
      answerPulls();
      api.overrides = {
        "GET /repos/acme/access/issues/5/comments?per_page=100&page=1": { body: others },
        "GET /repos/acme/access/issues/5/comments?per_page=100&page=2": {
          body: [{ id: 222, user: bot, body: marker }],
        },
      };
      await post("Two created.");
      assert.equal(api.written[0]?.what, "PATCH /repos/acme/access/issues/comments/222");
    });

    it("replaces the comment of an older commit if the run left no text", async () => {
      answerPulls(pulls, [{ id: 2, user: bot, body: `${marker}\n\nOne created.` }]);
      await post(undefined);
      assert.match(
        JSON.stringify(api.written[0]?.body),
        /the preview failed.*https:\/\/example\.com\/run\/7/,
      );
    });

    it("posts nothing if the pull request has a newer commit", async () => {
      answerPulls();
      assert.equal((await post("Two created.", { HEAD_SHA: "an older one" })).status, 0);
      assert.deepEqual(api.written, []);
    });

    it("shortens a comment to the length that GitHub accepts", async () => {
      answerPulls();
      await post("x".repeat(100_000));
      const { body } = api.written[0]?.body as { body: string };
      assert.ok(body.length < 65_536);
    });

    it("sends the token to no other address, in any request", async () => {
      const other = await FakeApi.start();
      try {
        for (const start of ["GET /repos/acme/access/pulls", "POST /"]) {
          answerPulls();
          const status = start.startsWith("GET") ? 301 : 307;
          api.overrides = { [start]: { status, headers: { location: `${other.url}/x` } } };
          const outcome = await post("Two created.");
          assert.notEqual(outcome.status, 0);
          assert.match(outcome.output, /redirected/);
          assert.doesNotMatch(outcome.output, new RegExp(secret));
        }
        assert.deepEqual(other.requests, []);
      } finally {
        other.close();
      }
    });
  });

  describe("status:github", () => {
    const status = async (env: Record<string, string>): Promise<unknown> => {
      answerPulls();
      await run("status:github", [], { ...gitHub(), PREVIEW: "success", GUARD: "success", ...env });
      const [written] = api.written;
      if (written === undefined) return undefined;
      assert.equal(written.what, "POST /repos/acme/access/statuses/abc");
      const { state, context } = written.body as { state: string; context: string };
      assert.equal(context, "seam access");
      return state;
    };

    it("is a success if the preview and the guard succeeded", async () => {
      assert.equal(await status({}), "success");
    });

    for (const [why, env] of Object.entries({
      "the guard failed": { GUARD: "failure" },
      "the guard did not run": { GUARD: "" },
      "the guard was skipped": { GUARD: "skipped" },
      "the preview failed": { PREVIEW: "failure" },
      "it comes from a fork, whatever the guard says": { UNSEEN: "fork" },
      "it comes from Dependabot": { UNSEEN: "dependabot" },
    })) {
      it(`is a failure if ${why}`, async () => {
        assert.equal(await status(env), "failure");
      });
    }

    it("is not set on a commit that no pull request into this base contains", async () => {
      assert.equal(await status({ BASE_BRANCH: "elsewhere" }), undefined);
    });
  });

  describe("comment", () => {
    const hostile = [
      "jean (UserIdentity): create",
      "![](https://evil.example/pixel.png) @acme/everybody #1",
      "/merge",
      "```",
      "````",
      "<img src=x> [look](https://evil.example)\u202e\u0007\u001b[31m",
    ].join("\n");
    const comment = async (env: Record<string, string>): Promise<string> => {
      await run("comment", [], env);
      return file("comment.md");
    };

    it("is the output of the command for a branch of this repository", async () => {
      assert.equal(await comment({ FAKE_PLAN: `${marker}\n\nTwo.\n` }), `${marker}\n\nTwo.\n`);
      assert.deepEqual(calls(), [["plan", "preview.json", "--format", "markdown"]]);
    });

    for (const author of ["fork", "dependabot"]) {
      it(`is a code block below a warning if it comes from ${author}`, async () => {
        const text = await comment({ FAKE_PLAN: hostile, UNSEEN: author });
        assert.ok(text.startsWith(`${marker}\n\n> [!IMPORTANT]\n> **This comes from `));
        assert.match(text, /deletes \*\*cannot be seen here\*\*/);
        const [, fence = "", inside = ""] = /\n\n(`{3,})text\n([^]*)\n\1\n$/.exec(text) ?? [];
        assert.match(inside, /pixel\.png/);
        for (const [ticks] of inside.matchAll(/`+/g)) {
          assert.ok(ticks.length < fence.length, "nothing inside ends the block");
        }
        assert.doesNotMatch(text, /[\u202e\u0007\u001b]/);
        assert.doesNotMatch(text.slice(0, text.indexOf(fence)), /evil|@acme/);
      });
    }

    it("ends the code block of text that is too long", async () => {
      const text = await comment({ FAKE_PLAN: "x".repeat(70_000), UNSEEN: "fork" });
      assert.ok(text.length < 65_000);
      assert.match(text, /\n```\n$/);
    });

    it("says that the preview failed if the command cannot read it", async () => {
      const text = await comment({ FAKE_PLAN: "x", FAKE_STATUS: "2", RUN_URL: "https://example.com/run/7" });
      assert.match(text, /the preview failed[^]*https:\/\/example\.com\/run\/7/);
    });
  });

  describe("receive", () => {
    const receive = (env = {}): Promise<Outcome> => run("receive", [path("made")], env);
    const previewOf = (stack: string): string =>
      JSON.stringify({ steps: [{ urn: `urn:pulumi:${stack}::seam-gitops::pulumi:pulumi:Stack::x` }] });
    beforeEach(() => {
      mkdirSync(path("made"));
      writeFileSync(path("preview.json"), "an older one");
    });

    it("accepts preview.json and no other file", async () => {
      writeFileSync(path("made/preview.json"), "{}");
      writeFileSync(path("made/package.json"), "{}");
      assert.equal((await receive()).status, 0);
      assert.equal(file("preview.json"), "{}");
      assert.notEqual(file("package.json"), "{}");
    });

    it("rejects the preview of another stack, because an empty stack deletes nothing", async () => {
      writeFileSync(path("made/preview.json"), previewOf("prod"));
      assert.equal((await receive()).status, 0);
      writeFileSync(path("made/preview.json"), previewOf("empty"));
      const { status, output } = await receive();
      assert.notEqual(status, 0);
      assert.match(output, /not of the stack "prod"/);
      assert.ok(!existsSync(path("preview.json")));
      assert.equal((await receive({ UNSEEN: "fork" })).status, 0, "the comment says that it is empty");
    });

    it("leaves no preview if the run created none", async () => {
      assert.equal((await receive()).status, 0);
      assert.ok(!existsSync(path("preview.json")));
    });

    it("does not follow a symbolic link", async () => {
      writeFileSync(path("own-file"), "of this job");
      symlinkSync(path("own-file"), path("made/preview.json"));
      assert.notEqual((await receive()).status, 0);
      assert.ok(!existsSync(path("preview.json")));
    });
  });

  describe("approved", () => {
    const plan = '{"resourcePlans":{}}';
    const digest = `sha256:${createHash("sha256").update(plan).digest("hex")}`;
    beforeEach(() => {
      writeFileSync(path("plan.json"), plan);
      writeFileSync(path("comment.md"), "what it does\n");
    });
    const approved = (text: string): Promise<Outcome> => run("approved", [], { APPROVED_PLAN: text });

    it("accepts the digest that the reviewer saw", async () => {
      await run("digest", [], { GITHUB_RUN_ID: "7", GITHUB_OUTPUT: path("outputs") });
      assert.equal(file("outputs"), `digest=${digest}\n`);
      const seen = /Digest of this plan: `([^`]+)`/.exec(file("comment.md"))?.[1] ?? "";
      assert.match(file("comment.md"), /^what it does\n/);
      assert.match(file("comment.md"), new RegExp(`-f run=7 -f digest=${digest}`));
      assert.equal((await approved(seen)).status, 0);
    });

    it("rejects a plan that differs by a single byte", async () => {
      writeFileSync(path("plan.json"), `${plan} `);
      const { status, output } = await approved(digest);
      assert.notEqual(status, 0);
      assert.match(output, /Nothing was applied/);
    });

    it("rejects a plan that nobody approved", async () => {
      assert.notEqual((await approved("")).status, 0);
    });

    it("names for GitLab the variable with which to start the job", async () => {
      await run("digest", [], { GITHUB_RUN_ID: "" });
      assert.match(file("comment.md"), new RegExp(`APPROVED_PLAN\` = \`${digest}`));
    });
  });

  describe("plan:run", () => {
    const created = {
      path: ".github/workflows/apply.yml",
      event: "push",
      head_branch: "main",
      head_sha: "abc",
    };
    const check = (changed: object, newest = "abc", id = "7"): Promise<Outcome> => {
      api.answers = {
        "GET /repos/acme/access/actions/runs/7": { body: { ...created, ...changed } },
        "GET /repos/acme/access/git/ref/heads/main": { body: { object: { sha: newest } } },
      };
      return run("plan:run", [], { ...gitHub(), GITHUB_REF_NAME: "main", GITHUB_SHA: "abc", PLAN_RUN: id });
    };

    it("accepts the plan of the newest commit of main", async () => {
      assert.equal((await check({})).status, 0);
    });

    for (const [why, changed] of Object.entries({
      "another workflow created, which may be of a branch": { path: ".github/workflows/preview.yml" },
      "no push started": { event: "pull_request" },
      "is about another branch": { head_branch: "leavers" },
      "is about another commit": { head_sha: "older" },
    })) {
      it(`rejects a plan that ${why}`, async () => {
        assert.notEqual((await check(changed)).status, 0);
      });
    }

    it("rejects a plan if main has a newer commit, and an id that is not a number", async () => {
      assert.notEqual((await check({}, "newer")).status, 0);
      assert.notEqual((await check({}, "abc", "7/../8")).status, 0);
    });
  });

  describe("reviewers:github", () => {
    const reviewed = async (answer: Answer): Promise<string> => {
      api.answers = { "GET /repos/acme/access/environments/production": answer };
      await run("reviewers:github", [], { ...gitHub(), GITHUB_OUTPUT: path("outputs") });
      return file("outputs");
    };

    it("finds a required review", async () => {
      const rules = [{ type: "branch_policy" }, { type: "required_reviewers", reviewers: [{}] }];
      assert.equal(await reviewed({ body: { protection_rules: rules } }), "reviewed=true\n");
    });

    for (const [why, answer] of Object.entries<Answer>({
      "nobody has to review": { body: { protection_rules: [{ type: "branch_policy" }] } },
      "the list of reviewers is empty": {
        body: { protection_rules: [{ type: "required_reviewers", reviewers: [] }] },
      },
      "there is no such environment": { status: 404 },
      "it may not be read": { status: 403 },
    })) {
      it(`finds none if ${why}`, async () => {
        assert.equal(await reviewed(answer), "reviewed=false\n");
      });
    }
  });

  describe("drift:issue", () => {
    const open = (issues: object[]): Promise<Outcome> =>
      run("drift:issue", [], {
        RUN_URL: "https://example.com/run/7",
        FAKE_ANSWERS: JSON.stringify({ "issue list": issues }),
      });

    it("opens an issue that names the run", async () => {
      await open([]);
      const args = calls().at(-1) ?? [];
      assert.deepEqual(args.slice(0, 4), ["issue", "create", "--label", "drift"]);
      assert.match(args.at(-1) ?? "", /https:\/\/example\.com\/run\/7/);
    });

    it("opens no second issue", async () => {
      await open([{ number: 3 }]);
      assert.deepEqual(
        calls().map((args) => args.slice(0, 2).join(" ")),
        ["label create", "issue list"],
      );
    });
  });

  const gitLab = (): Record<string, string> => ({
    CI_API_V4_URL: api.url,
    CI_PROJECT_ID: "7",
    CI_DEFAULT_BRANCH: "main",
    MERGE_REQUEST: "5",
    GITLAB_TOKEN: secret,
  });

  describe("receive:gitlab", () => {
    const merge = { sha: "abc", target_branch: "main", source_project_id: 7, target_project_id: 7 };
    const receive = (changed: object = {}, jobs: object[] = [], env = {}): Promise<Outcome> => {
      writeFileSync(path("preview.json"), "an older one");
      api.answers = {
        "GET /projects/7/merge_requests/5/pipelines": {
          body: [
            { id: 21, sha: "older", source: "merge_request_event" },
            { id: 22, sha: "abc", source: "push" },
            { id: 20, sha: "abc", source: "merge_request_event" },
          ],
        },
        "GET /projects/7/merge_requests/5": { body: { ...merge, ...changed } },
        "GET /projects/7/pipelines/20/jobs": {
          body: [{ id: 30, name: "preview", status: "success" }, { id: 31, name: "other" }, ...jobs],
        },
        "GET /projects/7/jobs/30/artifacts/preview.json": { body: { steps: [] } },
      };
      return run("receive:gitlab", [], { ...gitLab(), ...env });
    };

    it("downloads the preview of the newest commit", async () => {
      assert.equal((await receive()).status, 0);
      assert.equal(file("preview.json"), '{"steps":[]}');
    });

    it("downloads none while a later preview of the commit runs", async () => {
      assert.equal((await receive({}, [{ id: 40, name: "preview", status: "running" }])).status, 0);
      assert.ok(!existsSync(path("preview.json")));
    });

    it("follows a redirect to GitLab's storage without the token", async () => {
      const other = await FakeApi.start();
      try {
        other.answers = { "GET /store": { body: { steps: [1] } } };
        api.overrides = {
          "GET /projects/7/jobs/30/artifacts": { status: 302, headers: { location: `${other.url}/store` } },
        };
        assert.equal((await receive()).status, 0);
        assert.equal(file("preview.json"), '{"steps":[1]}');
        assert.deepEqual(
          other.requests.map(({ token }) => token),
          [undefined],
        );
      } finally {
        other.close();
      }
    });

    for (const [why, changed, env] of [
      ["of a fork", { source_project_id: 8 }, {}],
      ["into another branch", { target_branch: "release" }, {}],
      ["whose number is not one", {}, { MERGE_REQUEST: "5/../6" }],
    ] as const) {
      it(`rejects a merge request ${why}`, async () => {
        assert.notEqual((await receive(changed, [], env)).status, 0);
      });
    }
  });

  describe("post:gitlab", () => {
    let notes: object[];
    beforeEach(() => {
      notes = [];
    });
    const post = async (text = `${marker}\n\nTwo created.\n`): Promise<Outcome> => {
      writeFileSync(path("comment.md"), text);
      api.answers = {
        "GET /user": { body: { id: 9 } },
        "GET /projects/7/merge_requests/5/notes": { body: notes },
        "POST /": {},
        "PUT /": {},
      };
      return run("post:gitlab", [], gitLab());
    };

    it("posts a note on the merge request", async () => {
      notes = [{ id: 3, author: { id: 1 }, body: `${marker} somebody else's` }];
      await post();
      assert.deepEqual(api.written, [
        {
          what: "POST /projects/7/merge_requests/5/notes",
          token: secret,
          body: { body: `${marker}\n\nTwo created.\n` },
        },
      ]);
    });

    it("replaces its own latest note", async () => {
      notes = [{ id: 4, author: { id: 9 }, body: `${marker} old` }];
      await post();
      assert.equal(api.written[0]?.what, "PUT /projects/7/merge_requests/5/notes/4");
    });

    it("escapes what GitLab would run as a command", async () => {
      await post(`${marker}\n\n/merge\n  /approve\n> /close\na/b`);
      assert.deepEqual(api.written[0]?.body, {
        body: `${marker}\n\n\\/merge\n  \\/approve\n> \\/close\na/b`,
      });
    });

    it("sends the token to no other address", async () => {
      const other = await FakeApi.start();
      try {
        api.overrides = { "POST /": { status: 307, headers: { location: `${other.url}/x` } } };
        const { status, output } = await post();
        assert.notEqual(status, 0);
        assert.match(output, /redirected/);
        assert.deepEqual(other.requests, []);
      } finally {
        other.close();
      }
    });
  });
});
