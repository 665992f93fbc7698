import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { deep } from "../depth";

const runs = Number(process.env.SCHEDULES ?? (deep ? 1_000 : 40));
const seed = Number(process.env.SEED ?? randomInt(2 ** 30));
const processes = 2;

describe(`random schedules of faults, delays and a busy app (${runs} of them, SEED=${seed})`, function () {
  this.timeout(40 * 60_000);

  it("keep the order, change nobody else, and all end", async () => {
    const script = join(__dirname, "runSchedules.ts");
    const results = Array.from({ length: processes }, (_, index) => {
      const args = [String(Math.ceil(runs / processes)), String(seed + index * 1000), "4"];
      const child = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", script, ...args], {
        stdio: ["ignore", "inherit", "pipe"],
      });
      let said = "";
      child.stderr.on("data", (text) => {
        said += String(text);
      });
      return new Promise<{ code: number | null; said: string }>((resolve) => {
        child.on("close", (code) => resolve({ code, said }));
      });
    });
    for (const { code, said } of await Promise.all(results)) assert.equal(code, 0, said);
  });
});
