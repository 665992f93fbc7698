import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { promisify } from "node:util";

// The npm scripts of examples/gitops that talk to GitHub and GitLab, against programs that note what they are asked.

const example = join(__dirname, "..", "..", "..", "examples", "gitops");
const marker = "<!-- pulumi-seam plan -->";

interface Call {
  args: string[];
  input: string;
}

/** Stands for `gh`: notes its arguments and its input, and answers with what the test has written. */
const fakeGh = `#!/usr/bin/env node
const { appendFileSync, readFileSync } = require("node:fs");
const args = process.argv.slice(2);
const input = args.includes("body=@-") ? readFileSync(0, "utf8") : "";
appendFileSync(process.env.FAKE_LOG, JSON.stringify({ args, input }) + "\\n");
const answers = JSON.parse(process.env.FAKE_ANSWERS);
const answer = Object.entries(answers).find(([start]) => args.join(" ").startsWith(start));
process.stdout.write(JSON.stringify(answer ? answer[1] : {}));
`;

describe("examples/gitops", function () {
  this.timeout(60_000);

  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-seam-gitops-"));
    writeFileSync(join(folder, "gh"), fakeGh);
    chmodSync(join(folder, "gh"), 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const log = (): string => join(folder, "calls");
  const calls = (): Call[] =>
    existsSync(log())
      ? readFileSync(log(), "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as Call)
      : [];
  const run = (script: string, args: string[], env: Record<string, string>) =>
    promisify(execFile)("npm", ["run", "--silent", script, "--", ...args], {
      cwd: example,
      env: {
        ...process.env,
        ...env,
        PATH: [folder, process.env.PATH].join(delimiter),
        FAKE_LOG: log(),
      },
    });

  describe("post:github", () => {
    const post = (comments: object[], text: string | undefined, env: Record<string, string> = {}) => {
      const file = join(folder, "comment.md");
      if (text !== undefined) writeFileSync(file, text);
      return run("post:github", [file], {
        GH_REPO: "acme/access",
        HEAD_SHA: "abc",
        FROM_FORK: "false",
        RUN_URL: "https://example.com/run/7",
        ...env,
        FAKE_ANSWERS: JSON.stringify({
          "pr list": [
            { number: 4, headRefOid: "other", isCrossRepository: false },
            // The same commits, of the fork that they came from or of a branch of this repository.
            { number: 6, headRefOid: "abc", isCrossRepository: env.FROM_FORK !== "true" },
            { number: 5, headRefOid: "abc", isCrossRepository: env.FROM_FORK === "true" },
          ],
          "api repos/acme/access/issues/5/comments": [comments.slice(0, 1), comments.slice(1)],
        }),
      });
    };
    const bot = { login: "github-actions[bot]" };
    const written = (): Call => calls().at(-1) ?? { args: [], input: "" };

    it("posts a comment on the pull request that has the commit", async () => {
      await post([{ id: 1, user: bot, body: "another workflow's" }], `${marker}\n\nTwo created.\n`);
      assert.deepEqual(written(), {
        args: ["api", "--method", "POST", "repos/acme/access/issues/5/comments", "--field", "body=@-"],
        input: `${marker}\n\nTwo created.\n`,
      });
    });

    it("writes over its own comment, and over nobody else's", async () => {
      const comments = [
        { id: 1, user: { login: "mallory" }, body: `${marker} mine` },
        { id: 2, user: bot, body: `${marker}\n\nOne created.` },
      ];
      await post(comments, `${marker}\n\nTwo created.\n`);
      assert.deepEqual(written().args.slice(0, 4), [
        "api",
        "--method",
        "PATCH",
        "repos/acme/access/issues/comments/2",
      ]);
    });

    it("says of a fork that deletions cannot be seen, whatever the fork wrote", async () => {
      await post([], "Two created.", { FROM_FORK: "true" });
      assert.ok(written().input.startsWith(`${marker}\n\n> [!IMPORTANT]\n> **This comes from a fork`));
      assert.match(written().input, /deletes \*\*cannot be seen here\*\*/);
      assert.match(written().input, /Two created\.\n$/);
    });

    it("replaces what an older commit's comment says when the run left no text", async () => {
      await post([{ id: 2, user: bot, body: `${marker}\n\nOne created.` }], undefined);
      assert.match(written().args.join(" "), /PATCH repos\/acme\/access\/issues\/comments\/2/);
      assert.match(written().input, /the preview failed[^]*https:\/\/example\.com\/run\/7/);
    });

    it("posts nothing when the pull request has moved on", async () => {
      await post([], "Two created.", { HEAD_SHA: "an older one" });
      assert.deepEqual(
        calls().map(({ args }) => args[0]),
        ["pr"],
      );
    });

    it("keeps to the length that GitHub takes", async () => {
      await post([], "x".repeat(100_000));
      assert.ok(written().input.length < 65_536);
    });
  });

  describe("drift:issue", () => {
    const open = (issues: object[]) =>
      run("drift:issue", [], {
        RUN_URL: "https://example.com/run/7",
        FAKE_ANSWERS: JSON.stringify({ "issue list": issues }),
      });

    it("opens an issue that names the run", async () => {
      await open([]);
      const { args } = calls().at(-1) ?? { args: [] };
      assert.deepEqual(args.slice(0, 4), ["issue", "create", "--label", "drift"]);
      assert.match(args.at(-1) ?? "", /https:\/\/example\.com\/run\/7/);
    });

    it("opens no second one", async () => {
      await open([{ number: 3 }]);
      assert.deepEqual(
        calls().map(({ args }) => args.slice(0, 2).join(" ")),
        ["label create", "issue list"],
      );
    });
  });

  describe("post:gitlab", () => {
    interface Asked {
      what: string;
      token: unknown;
      body: unknown;
    }
    let server: Server;
    let asked: Asked[];
    let notes: { id: number; author: { id: number }; body: string }[];
    before(async () => {
      server = createServer((request, response) => {
        void readAll(request).then((text) => {
          const url = request.url ?? "";
          const body = text === "" ? undefined : (JSON.parse(text) as unknown);
          asked.push({ what: `${request.method} ${url}`, token: request.headers["private-token"], body });
          const first = url.endsWith("page=1");
          if (first) response.setHeader("x-next-page", "2");
          const answer = url.endsWith("/user") ? { id: 9 } : first ? [] : notes;
          response.end(JSON.stringify(answer));
        });
      }).listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
    });
    after(() => server.close());
    beforeEach(() => {
      asked = [];
      notes = [];
    });

    const post = async (): Promise<Asked | undefined> => {
      const file = join(example, "comment.md");
      writeFileSync(file, `${marker}\n\nTwo created.\n`);
      try {
        await run("post:gitlab", [], {
          CI_API_V4_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          CI_PROJECT_ID: "7",
          CI_MERGE_REQUEST_IID: "5",
          GITLAB_TOKEN: "a token",
        });
      } finally {
        rmSync(file);
      }
      return asked.at(-1);
    };

    it("posts a note on the merge request", async () => {
      notes = [{ id: 3, author: { id: 1 }, body: `${marker} somebody else's` }];
      assert.deepEqual(await post(), {
        what: "POST /projects/7/merge_requests/5/notes",
        token: "a token",
        body: { body: `${marker}\n\nTwo created.\n` },
      });
    });

    it("writes over its own last note", async () => {
      notes = [{ id: 4, author: { id: 9 }, body: `${marker} old` }];
      assert.equal((await post())?.what, "PUT /projects/7/merge_requests/5/notes/4");
    });
  });
});
