import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { StatusLine } from "../../../cli/terminal";
import { SimulatedWorkspace } from "../../simulatedWorkspace";

const program = join(__dirname, "..", "..", "..", "dist", "cli", "main.js");

describe("the status line of a teardown", () => {
  /** What it writes to a terminal with this many columns. */
  function shown(columns: number, text: string): string {
    const terminal = process.stderr;
    const properties = ["isTTY", "columns", "write"] as const;
    const before = properties.map((name) => Object.getOwnPropertyDescriptor(terminal, name));
    let written = "";
    const set = (name: string, value: unknown): void => {
      Object.defineProperty(terminal, name, { value, configurable: true, writable: true });
    };
    set("isTTY", true);
    set("columns", columns);
    set("write", (piece: string) => {
      written += piece;
      return true;
    });
    try {
      new StatusLine().show(text);
    } finally {
      properties.forEach((name, index) => {
        const descriptor = before[index];
        if (descriptor === undefined) Reflect.deleteProperty(terminal, name);
        else Object.defineProperty(terminal, name, descriptor);
      });
    }
    return written.replace("\r\u001b[2K", "");
  }

  it("is complete if the terminal's width is unknown, and otherwise cut to that width", () => {
    assert.equal(shown(0, "3 s, waiting for 2 phones"), "3 s, waiting for 2 phones");
    assert.equal(shown(80, "3 s, waiting for 2 phones"), "3 s, waiting for 2 phones");
    assert.equal(shown(10, "3 s, waiting for 2 phones"), "3 s, waiti".slice(0, 9));
  });
});

describe("pulumi-seam teardown in a terminal", function () {
  this.timeout(60_000);

  let seam: SimulatedWorkspace;
  beforeEach(async function () {
    // Only the `script` of Linux gives a command a terminal in this way.
    if (process.platform !== "linux") this.skip();
    seam = await SimulatedWorkspace.start({ deletionTimeMs: [600, 600], eventDelayMs: 5 }, 1);
    const id = await seam.createUserIdentity({ user_identity_key: "jean", full_name: "Jean Doe" });
    const acs_user_id = await seam.createAcsUser(await seam.acsSystemId(0), "jean@example.com", id);
    await seam.act("credentials", { acs_user_id, count: 2 });
  });
  afterEach(() => seam?.close());

  /** Types the answer at the prompt. */
  function answer(typed: string): Promise<{ status: number | null; output: string }> {
    const command = `'${process.execPath}' '${program}' teardown jean`;
    const child = spawn("script", ["-qec", command, "/dev/null"], { env: { ...process.env, ...seam.env } });
    let output = "";
    let prompted = false;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (prompted || !output.includes("Type yes: ")) return;
      prompted = true;
      child.stdin.write(typed);
    });
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (status) => resolve({ status, output }));
    });
  }

  it("prompts with a masked name and the systems, and counts what it waits for", async () => {
    const { status, output } = await answer("yes\r");
    assert.equal(status, 0, output);
    assert.match(output, /user identity \S+ \(J\*\*\* D\*\*\*\), with/);
    assert.match(output, /ACS user \S+ in Lobby/);
    assert.match(output, /waiting for 2 credentials/);
    assert.equal((await seam.state()).user_identities.length, 0);
  });

  for (const [key, typed] of [
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
    ["no", "no\r"],
  ] as const) {
    it(`deletes nothing after ${key}, and reports it`, async () => {
      const { status, output } = await answer(typed);
      assert.match(output, /nothing was deleted/);
      assert.equal(status, 1);
      assert.equal((await seam.state()).user_identities.length, 1);
    });
  }
});
