import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";

const program = join(__dirname, "..", "..", "..", "dist", "cli", "main.js");

describe("pulumi-seam simulate", () => {
  const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });

  it("prints how to use the workspace, answers requests, and ends cleanly", async () => {
    const child = spawn(process.execPath, [
      program,
      "simulate",
      "--port",
      "0",
      "--api-key",
      "seam_test_mine",
    ]);
    let reported = "";
    for await (const text of child.stdout) {
      reported += String(text);
      if (reported.includes("Ctrl-C")) break;
    }
    const url = /SEAM_ENDPOINT=(\S+)/.exec(reported)?.[1] ?? "";
    assert.match(reported, /SEAM_API_KEY=seam_test_mine/);
    assert.match(reported, /a0000000-0000-4000-8000-000000000001 {2}Lobby/);
    const headers = { authorization: "Bearer seam_test_mine" };
    assert.equal((await fetch(`${url}/workspaces/get`, { method: "POST", headers })).status, 200);
    const taken = run("simulate", "--port", new URL(url).port);
    assert.equal(taken.status, 1);
    assert.match(
      taken.stderr,
      /^pulumi-seam: port \d+ on 127\.0\.0\.1 is in use by another program: .* choose another port \(`--port`/,
    );
    child.kill("SIGTERM");
    const code = await new Promise((resolve) => child.on("exit", resolve));
    assert.equal(code, 0);
  });

  it("prints its usage, and what it does not understand", () => {
    const help = run("simulate", "--help");
    assert.equal(help.status, 0);
    assert.match(help.stdout, /--rate-limit/);
    const wrong = run("simulate", "--port", "many");
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /whole number/);
    const beyond = run("simulate", "--port", "70000");
    assert.equal(beyond.status, 2);
    assert.match(beyond.stderr, /'--port <number>' argument '70000' is invalid\. It must be at most 65535/);
    assert.equal(run("simulat").status, 2);
    assert.equal(run("--version").stdout.trim(), "0.1.0");
  });
});
